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
