package releve.core.engine;

import java.time.Duration;
import releve.core.common.Invariants;
import releve.core.store.DialerStore.NodeId;

/**
 * What an operator sets for one dialer.
 *
 * @param ports calls under way at once, 1 to 20000
 * @param callsPerSecond new calls a second, 0.1 to 10000
 * @param monitoringLimit how long a dialer in maintenance follows its connected calls; 90 minutes by default
 * @param transferLimit for an agent's phone or the IVR to take a call
 * @param reservationsOpenMax reservation requests waiting for an agent, for each campaign, 1 to 10000
 */
public record DialerConfig(
        NodeId node,
        int ports,
        double callsPerSecond,
        Duration monitoringLimit,
        Duration transferLimit,
        int reservationsOpenMax) {
    public DialerConfig {
        Invariants.check(ports >= 1 && ports <= 20_000, "ports are 1 to 20000, not %s", ports);
        Invariants.check(
                callsPerSecond >= 0.1 && callsPerSecond <= 10_000,
                "calls per second are 0.1 to 10000, not %s",
                callsPerSecond);
        Invariants.check(!monitoringLimit.isNegative(), "the monitoring limit is not %s", monitoringLimit);
        Invariants.check(transferLimit.isPositive(), "the transfer limit is not %s", transferLimit);
        Invariants.check(
                reservationsOpenMax >= 1 && reservationsOpenMax <= 10_000,
                "open reservation requests are 1 to 10000, not %s",
                reservationsOpenMax);
    }

    /** The defaults for that node: 3000 ports, 60 calls a second, 90 minutes, 5 s, 100 requests. */
    public static DialerConfig defaults(NodeId node) {
        return new DialerConfig(node, 3000, 60, Duration.ofMinutes(90), Duration.ofSeconds(5), 100);
    }
}
