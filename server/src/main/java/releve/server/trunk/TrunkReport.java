package releve.server.trunk;

import java.time.Instant;
import java.util.List;

/**
 * A trunk as status, console and metrics show it.
 *
 * @param calls under way
 * @param ports the limit of those
 * @param startedLastSecond calls given to it in the last whole second
 * @param callsPerSecond the limit of those
 * @param usable whether a call would be taken now
 * @param reason why not, or that it takes calls, in one clause
 */
public record TrunkReport(
        String name,
        int calls,
        int ports,
        int startedLastSecond,
        double callsPerSecond,
        boolean usable,
        String reason,
        List<GatewayReport> gateways) {
    public TrunkReport {
        gateways = List.copyOf(gateways);
    }

    /**
     * One of its gateways.
     *
     * @param state unknown, up, down, or up and resting
     * @param usable whether calls go there, as far as its answers say
     * @param reason why it is as it is, in one clause
     * @param since when it is so
     * @param leadsTo where it is, as the DNS or its own address says, best first
     */
    public record GatewayReport(
            String name,
            String uri,
            String state,
            boolean usable,
            String reason,
            Instant since,
            int calls,
            int ports,
            int startedLastSecond,
            double callsPerSecond,
            List<String> leadsTo) {
        public GatewayReport {
            leadsTo = List.copyOf(leadsTo);
        }
    }
}
