package releve.server.cli;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import releve.core.pair.Role;
import releve.server.store.GatewayRegistry.Entry;
import releve.server.store.NodeRegistry;

/**
 * One side's gateway, for people and programs.
 *
 * @param running whether its heartbeat is fresh and it has not said that it stopped
 * @param desktops connected
 * @param instance the start of its process; the dialer's when they share one
 */
record RoleReport(
        String role,
        boolean running,
        String phase,
        Instant since,
        String reason,
        int desktops,
        String waitsFor,
        @Nullable Instant limitAt,
        String instance,
        @Nullable Integer exitStatus,
        String version,
        String httpUrl,
        Duration heartbeatAge) {

    static RoleReport of(Entry entry) {
        boolean stopped = entry.stop().isPresent();
        boolean running = !stopped && entry.age().compareTo(SideReport.SILENT_FOR) < 0;
        return new RoleReport(
                entry.role().written(),
                running,
                running || stopped ? entry.phase() : "vanished",
                entry.since(),
                running || stopped ? entry.reason() : "no heartbeat for " + Times.length(entry.age()),
                running ? entry.attached() : 0,
                running ? entry.waitsFor() : "",
                entry.limitAt(),
                entry.node().instance(),
                entry.stop().map(NodeRegistry.Stop::exitStatus).orElse(null),
                entry.version(),
                entry.httpUrl(),
                entry.age());
    }

    boolean isOf(Role which) {
        return role.equals(which.written());
    }

    @JsonIgnore
    boolean isInService() {
        return phase.equals("active") || phase.equals("standby");
    }

    /** What maintenance waits for, and how long it may take at most, as of now. */
    String outlook(Instant now) {
        return limitAt == null || !limitAt.isAfter(now)
                ? waitsFor
                : waitsFor + ", at most " + Times.length(Duration.between(now, limitAt));
    }
}
