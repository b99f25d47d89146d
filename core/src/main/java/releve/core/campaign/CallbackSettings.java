package releve.core.campaign;

import java.time.Duration;

/**
 * Calls that were promised to customers.
 *
 * @param personal whether agents may promise to call back themselves; while it is off, what they have promised waits
 * @param whenAbsent what becomes of a promise whose agent is not there
 * @param window how long after its time a personal callback waits for its agent, 1 min to 24 h
 */
public record CallbackSettings(boolean personal, AbsentAgentRule whenAbsent, Duration window) {
    /** No personal callbacks; another agent; 15 minutes. */
    public static final CallbackSettings DEFAULT =
            new CallbackSettings(false, AbsentAgentRule.OTHER_AGENT, Duration.ofMinutes(15));
}
