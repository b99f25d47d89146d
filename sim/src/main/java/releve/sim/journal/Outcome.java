package releve.sim.journal;

import java.util.Locale;

/** How a call ended for the one who was called. */
public enum Outcome {
    /** It was answered, and ended later. */
    ANSWERED,
    BUSY,
    /** The caller gave up after the ringing had begun (487). */
    NO_ANSWER,
    /** The caller gave up before anything rang (487). */
    CANCELLED,
    /** The caller gave up (487) when analysis had told him of a tone: the number is vacant. */
    TONE_VACANT,
    /** The same: an operator intercepts. */
    TONE_INTERCEPT,
    /** The same: the network is congested. */
    TONE_CONGESTION,
    INVALID,
    CONGESTION,
    REFUSED,
    UNAVAILABLE;

    /** The word in the journal. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Outcome ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
