package releve.core.campaign;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.core.common.CampaignId;

/**
 * What a dialer knows of a campaign; ranges are those of {@link #violations()}.
 *
 * @param skillGroup the agents that serve it; unused by an IVR campaign
 * @param linesPerAgent calls started for each reserved agent, 1 to 100 in steps of 0.1
 * @param noAnswerRingLimit 10 to 90 s
 * @param maximumAttempts 1 to 100, over all retries
 * @param minimumCallDuration 0 to 10 s; a shorter call counts as customer abandon
 * @param wrapUp time for the agent after a call, 0 to 600 s
 * @param abandonAfter from the answer until a call without an agent is abandoned, 0 to 10 s
 * @param ivrPorts calls that the IVR takes at once, 0 to 10000
 * @param ivrUri where live answers of an IVR campaign go
 * @param callerId the number shown to customers
 * @param retry after how long to dial again
 */
public record Campaign(
        CampaignId id,
        String name,
        DialingMode mode,
        boolean running,
        String skillGroup,
        double linesPerAgent,
        Duration noAnswerRingLimit,
        int maximumAttempts,
        Duration minimumCallDuration,
        Duration wrapUp,
        Duration abandonAfter,
        int ivrPorts,
        @Nullable String ivrUri,
        String callerId,
        RetryDelays retry) {

    /** What is out of range, one sentence each; empty when the campaign may run. */
    public List<String> violations() {
        return CampaignRules.violations(this);
    }
}
