package releve.server.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import releve.core.common.Side;
import releve.core.pair.Role;
import releve.server.store.GatewayRegistry;
import releve.server.store.NodeRegistry;
import releve.server.store.NodeRegistry.Entry;
import releve.server.store.NodeRegistry.Heartbeat;
import releve.server.trunk.TrunkReport;

/**
 * One side's process, for people and programs.
 *
 * @param running whether its heartbeat is fresh and it has not said that it stopped
 * @param counts calls by state, agents reserved, contacts cached
 * @param trunks where its calls go; none of a process that does not run
 * @param gateways the side's gateways, in this process or in others; none of a former version
 */
record SideReport(
        Side side,
        boolean running,
        String phase,
        @Nullable Instant since,
        String reason,
        String dialing,
        boolean ready,
        @Nullable String notReadyReason,
        Map<String, Integer> counts,
        String waitsFor,
        @Nullable Instant expectedAt,
        @Nullable Instant limitAt,
        List<TrunkReport> trunks,
        String instance,
        @Nullable Integer exitStatus,
        String version,
        String httpUrl,
        Duration heartbeatAge,
        List<RoleReport> gateways) {
    /** What is shown, in the order of a call's life. */
    private static final List<String> IN_FLIGHT =
            List.of("dialing", "ringing", "cancelling", "analysing", "transferring", "connected", "reserved", "cached");

    /** Heartbeats come twice a second; a process silent for this long is taken for gone. */
    static final Duration SILENT_FOR = Duration.ofSeconds(5);

    private static SideReport of(Entry entry, List<RoleReport> gateways) {
        Heartbeat beat = entry.heartbeat();
        boolean stopped = entry.stop().isPresent();
        boolean running = !stopped && entry.age().compareTo(SILENT_FOR) < 0;
        return new SideReport(
                entry.start().node().side(),
                running,
                running || stopped ? beat.phase() : "vanished",
                beat.phaseSince(),
                running || stopped ? beat.phaseReason() : "no heartbeat for " + Times.length(entry.age()),
                running ? beat.dialing() : "no",
                running && beat.ready(),
                beat.notReadyReason(),
                beat.counts(),
                running ? beat.waitsFor() : "",
                beat.expectedAt(),
                beat.limitAt(),
                running ? beat.trunks() : List.of(),
                entry.start().node().instance(),
                entry.stop().map(NodeRegistry.Stop::exitStatus).orElse(null),
                entry.start().version(),
                entry.start().httpUrl(),
                entry.age(),
                gateways);
    }

    /** Both sides, side A first; a side that never ran is absent. */
    static List<SideReport> both(DataSource store, int pair) {
        List<GatewayRegistry.Entry> gateways = new GatewayRegistry(store).latest(pair);
        List<SideReport> found = new ArrayList<>(new NodeRegistry(store)
                .latest(pair).stream()
                        .map(entry -> of(entry, of(entry.start().node().side(), gateways)))
                        .toList());
        for (Side side : Side.values()) {
            if (found.stream().noneMatch(report -> report.side() == side)) {
                found.add(new SideReport(
                        side,
                        false,
                        "absent",
                        null,
                        "never started",
                        "no",
                        false,
                        null,
                        Map.of(),
                        "",
                        null,
                        null,
                        List.of(),
                        "",
                        null,
                        "",
                        "",
                        Duration.ZERO,
                        of(side, gateways)));
            }
        }
        found.sort(java.util.Comparator.comparing(SideReport::side));
        return List.copyOf(found);
    }

    private static List<RoleReport> of(Side side, List<GatewayRegistry.Entry> gateways) {
        return gateways.stream()
                .filter(entry -> entry.node().side() == side)
                .map(RoleReport::of)
                .toList();
    }

    /** The side's gateway of that role, if it has ever run. */
    Optional<RoleReport> gateway(Role role) {
        return gateways.stream().filter(each -> each.isOf(role)).findFirst();
    }

    /** Whether nothing of the side runs any more, in whatever process. */
    boolean isAtRest() {
        return !running && gateways.stream().noneMatch(RoleReport::running);
    }

    /** Counts that are not zero, in words. */
    String inFlight() {
        List<String> parts = new ArrayList<>();
        for (String name : IN_FLIGHT) {
            int count = counts.getOrDefault(name, 0);
            if (count > 0) {
                parts.add(count + " " + name);
            }
        }
        return parts.isEmpty() ? "-" : String.join(", ", parts);
    }

    /** What maintenance waits for, and how long it should and may take, as of now. */
    String outlook(Instant now) {
        if (waitsFor.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder(waitsFor);
        if (expectedAt != null && expectedAt.isAfter(now)) {
            text.append(", about ")
                    .append(Times.length(Duration.between(now, expectedAt)))
                    .append(" left");
        }
        if (limitAt != null && limitAt.isAfter(now)) {
            text.append(", at most ").append(Times.length(Duration.between(now, limitAt)));
        }
        return text.toString();
    }
}
