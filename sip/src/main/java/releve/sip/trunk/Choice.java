package releve.sip.trunk;

import java.util.List;
import releve.sip.transaction.Hop;

/** Where a call goes, or why it goes nowhere now. */
public sealed interface Choice {
    /**
     * To this gateway; a port and a token of its rate have been taken. {@link Trunk#ended} gives the port back.
     *
     * @param trunk the trunk's name
     * @param gateway the gateway's name
     * @param hops where it is, best first; at least one
     */
    record Chosen(String trunk, String gateway, List<Hop> hops) implements Choice {}

    /**
     * Nowhere; nothing has been taken.
     *
     * @param refusal the least lasting reason among the gateways
     * @param retryAtMs when it is worth trying again by the passing of time, or {@link Long#MAX_VALUE}
     */
    record Refused(Refusal refusal, long retryAtMs) implements Choice {}
}
