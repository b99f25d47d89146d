package releve.core.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import releve.core.common.Side;
import releve.core.pair.PeerHealth;
import releve.core.store.DialerStore.NodeId;

/** Which processes run, as their heartbeats show them. */
final class Nodes {
    private static final class Row {
        final NodeId node;
        final String version;
        String phase = "standby";
        boolean ready;
        String notReadyReason = "starting";
        Instant seenAt;

        @Nullable
        String stopped;

        Row(NodeId node, String version, Instant now) {
            this.node = node;
            this.version = version;
            this.seenAt = now;
        }
    }

    private final Map<NodeId, Row> rows = new LinkedHashMap<>();

    /** Enters a process; one of its side that has been silent for so long is superseded. @return whether it may run */
    boolean register(NodeId node, String version, Duration silentFor, Instant now) {
        for (Row row : rows.values()) {
            if (row.stopped == null && row.node.pair() == node.pair() && row.node.side() == node.side()) {
                if (!row.seenAt.isBefore(now.minus(silentFor))) {
                    return false;
                }
                row.stopped = "superseded: its heartbeat had ceased";
            }
        }
        rows.put(node, new Row(node, version, now));
        return true;
    }

    /** @return why the process should stop, when it has been superseded meanwhile */
    Optional<String> beat(NodeId node, String phase, boolean ready, String notReadyReason, Instant now) {
        Row row = rows.get(node);
        if (row == null || row.stopped != null) {
            return Optional.of(row == null || row.stopped == null ? "it is not registered" : row.stopped);
        }
        row.phase = phase;
        row.ready = ready;
        row.notReadyReason = notReadyReason;
        row.seenAt = now;
        return Optional.empty();
    }

    void stopped(NodeId node, String reason) {
        Row row = rows.get(node);
        if (row != null && row.stopped == null) {
            row.stopped = reason;
        }
    }

    /** The process of that side that was started last, unless it has stopped. */
    Optional<PeerHealth.Heartbeat> latest(int pair, Side side, Instant now) {
        return rows.values().stream()
                .filter(row -> row.node.pair() == pair && row.node.side() == side)
                .reduce((earlier, later) -> later)
                .filter(row -> row.stopped == null)
                .map(row -> new PeerHealth.Heartbeat(
                        row.node.instance(),
                        row.version,
                        row.phase,
                        row.ready,
                        row.notReadyReason,
                        Duration.between(row.seenAt, now)));
    }

    /** Processes that have stopped, or have not been heard of for so long. */
    List<NodeId> silent(int pair, Duration silentFor, Instant now) {
        return rows.values().stream()
                .filter(row -> row.node.pair() == pair)
                .filter(row -> row.stopped != null || row.seenAt.isBefore(now.minus(silentFor)))
                .map(row -> row.node)
                .toList();
    }
}
