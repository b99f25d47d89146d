package releve.sip.trunk;

import java.util.List;

/**
 * A trunk as status pages show it.
 *
 * @param calls under way
 * @param ports the limit of calls
 * @param usable whether a call would be taken now
 * @param reason why not, or that it takes calls, in one clause
 */
public record TrunkView(String name, int calls, int ports, boolean usable, String reason, List<GatewayView> gateways) {
    /**
     * A gateway.
     *
     * @param usable whether calls go there, as far as its answers say; ports and rate do not matter
     * @param reason why it is as it is, in one clause
     * @param sinceMs since when, on the clock that was passed in
     * @param startedLastSecond calls given to it in the last whole second
     * @param callsPerSecond the limit of those
     * @param restMs for how long it is left in peace after a 503, ms, or 0
     * @param hops where it is, for people
     */
    public record GatewayView(
            String name,
            String uri,
            GatewayState state,
            boolean usable,
            String reason,
            long sinceMs,
            int calls,
            int ports,
            int startedLastSecond,
            double callsPerSecond,
            long restMs,
            List<String> hops) {}
}
