package releve.sim.journal;

import java.util.Locale;

/** Who ended a call. */
public enum Party {
    CUSTOMER,
    AGENT,
    /** The product: its CANCEL or BYE. */
    DIALER,
    /** Nobody: no ACK came, or the call outlived every limit. */
    TIMEOUT;

    /** The word in the journal. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Party ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
