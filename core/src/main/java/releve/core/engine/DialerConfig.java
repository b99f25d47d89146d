package releve.core.engine;

import java.time.Duration;
import releve.core.store.DialerStore.NodeId;

/**
 * What an operator sets for one dialer.
 *
 * @param ports calls under way at once, 1 to 20000
 * @param callsPerSecond new calls a second, 0.1 to 10000
 * @param monitoringLimit how long a dialer in maintenance follows its connected calls; 90 minutes by default
 * @param transferLimit for an agent's phone or the IVR to take a call
 * @param reservationsOpenMax reservation requests waiting for an agent, for each campaign
 */
public record DialerConfig(
        NodeId node,
        int ports,
        double callsPerSecond,
        Duration monitoringLimit,
        Duration transferLimit,
        int reservationsOpenMax) {

    /** The defaults for that node: 3000 ports, 60 calls a second, 90 minutes, 5 s, 100 requests. */
    public static DialerConfig defaults(NodeId node) {
        return new DialerConfig(node, 3000, 60, Duration.ofMinutes(90), Duration.ofSeconds(5), 100);
    }
}
