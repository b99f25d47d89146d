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
 * @param guarantee for how long after an abandoned call its customer is dialed only with an agent kept for him, 0 to 31
 *     days; a campaign without agents does not dial him as long. The UK's rule is 72 h
 */
public record AbandonSettings(
        Duration after,
        AbandonTreatment treatment,
        @Nullable String message,
        @Nullable String ivrUri,
        Duration guarantee) {
    /** After 2 s, without a word; 72 h. */
    public static final AbandonSettings DEFAULT =
            new AbandonSettings(Duration.ofSeconds(2), AbandonTreatment.HANG_UP, null, null, Duration.ofHours(72));

    public AbandonSettings withAfter(Duration newAfter) {
        return new AbandonSettings(newAfter, treatment, message, ivrUri, guarantee);
    }

    public AbandonSettings withGuarantee(Duration newGuarantee) {
        return new AbandonSettings(after, treatment, message, ivrUri, newGuarantee);
    }

    /** The same, with that recording for those who are abandoned. */
    public AbandonSettings withMessage(String recording) {
        return new AbandonSettings(after, AbandonTreatment.MESSAGE, recording, ivrUri, guarantee);
    }

    /** The same, with that IVR for those who are abandoned. */
    public AbandonSettings withIvr(String uri) {
        return new AbandonSettings(after, AbandonTreatment.IVR, message, uri, guarantee);
    }
}
