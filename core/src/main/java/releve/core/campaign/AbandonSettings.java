package releve.core.campaign;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a live answer that nobody takes is abandoned, and how.
 *
 * @param after from the end of the greeting (without analysis: from the answer) until a call without an agent is abandoned,
 *     0 to 10 s
 * @param treatment what the customer gets then
 * @param message the recording for {@link AbandonTreatment#MESSAGE}, a name in the directory of prompts
 * @param ivrUri the SIP address for {@link AbandonTreatment#IVR}
 */
public record AbandonSettings(
        Duration after,
        AbandonTreatment treatment,
        @Nullable String message,
        @Nullable String ivrUri) {
    /** After 2 s, without a word. */
    public static final AbandonSettings DEFAULT =
            new AbandonSettings(Duration.ofSeconds(2), AbandonTreatment.HANG_UP, null, null);

    public AbandonSettings withAfter(Duration newAfter) {
        return new AbandonSettings(newAfter, treatment, message, ivrUri);
    }
}
