package releve.app.reconcile;

/** The rows of a reconciliation. Those that must be zero are faults; the others are figures that put them in scale. */
public enum Finding {
    INVITES("INVITEs seen by the carrier", false),
    ATTEMPTS("attempts in the ledger", false),
    LIVE("attempts under way", false),
    UNKNOWN("unknown, dialer failed (100)", false),
    NOT_SENT("not sent: store lost (32), no gateway", false),
    OFFERED_ON("refused by one gateway, offered to the next", false),
    NO_REPLY("sent, no reply from the trunk", false),
    OTHER_LEGS("calls to agents and IVR", false),
    TORN_LINES("journal lines torn by a failure", false),

    /** An attempt that should have reached the carrier and did not. */
    MISSING("missing: in the ledger, not at the carrier", true),
    /** An INVITE to a customer that no attempt accounts for. */
    EXTRA("extra: at the carrier, not in the ledger", true),
    /** More than one call for one attempt: its Call-ID began more than once. */
    DIALED_TWICE("dialed twice for one attempt", true),
    /** A second call to a number while the first was still on. */
    AT_ONCE("one number with two calls at once", true),
    /** A contact was dialed again although an earlier attempt ended as unknown and may have reached him. */
    REDIALED_AFTER_UNKNOWN("redialed after an unknown end", true),
    /**
     * The customer was connected to an agent or IVR and the carrier saw the dialer hang up, although neither the other
     * party (by its own journal if there is one, else by the ledger) nor the network had ended the call before.
     */
    DROPPED("dropped while connected", true),
    /** Ended in the ledger, yet the carrier still holds the call seconds later. */
    LEFT_OPEN("ended in the ledger, open at the carrier", true),
    /** The ledger's result is none that the carrier's account allows. */
    DISAGREEMENT("result disagrees with the carrier", true),
    /** The witness contradicts itself. */
    JOURNAL_PROBLEM("contradictions in the journal", true),
    ATTEMPTS_LEFT("attempts left live", true),
    AGENTS_LEFT("agents left reserved", true),
    ACTIVE_LEFT("contacts left active (A)", true),
    DIALED_LEFT("contacts left dialed (D)", true);

    private final String title;
    private final boolean mustBeZero;

    Finding(String title, boolean mustBeZero) {
        this.title = title;
        this.mustBeZero = mustBeZero;
    }

    public String title() {
        return title;
    }

    public boolean mustBeZero() {
        return mustBeZero;
    }
}
