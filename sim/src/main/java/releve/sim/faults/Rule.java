package releve.sim.faults;

/** What must hold after every event of a simulated pair, whatever fails. */
public enum Rule {
    ONE_LIVE_ATTEMPT("one live attempt for each contact and each phone number"),
    RIGHT_TO_DIAL("nothing is started under an epoch that is over, or by a node that does not hold the right"),
    NOTHING_NEW_IN_MAINTENANCE("once maintenance has begun only contacts that agents have accepted are dialed"),
    NOT_LISTED("no attempt is started to a number that is on the do-not-call list"),
    WITHIN_HOURS("no INVITE outside the campaign's hours"),
    MAY_BE_DIALED("whoever is dialed is written down as dialed by this very attempt"),
    ACCEPTED_BY_AGENT("a contact that is offered is dialed only when its agent has accepted it"),
    NEVER_REDIALED("a customer whose call was under way when its dialer failed is never redialed by itself"),
    RINGS_NO_LONGER("no phone rings for longer than the ring limit while its dialer lives"),
    NEVER_CUT("no connected call ends because of us"),
    ONE_CALL_PER_AGENT("no agent has two calls, and none who talks is called"),
    SERVES_THE_GROUP("whoever talks with a customer serves the campaign's skill group, or had been offered him"),
    RESERVATION_KNOWN("whoever is reserved is reserved for a request that is in the store"),
    LETS_AGENTS_GO("in maintenance nobody is reserved or asked for who is not needed to settle"),
    STAYS_LOGGED_IN("nobody is logged out who has not asked for it"),
    ONE_RESULT("every attempt ends once, with one result"),
    LEDGER_IS_TRUE("the ledger says of every attempt what the carrier saw, and of none that the carrier did not see"),
    ABANDONMENT_ADDS_UP("abandoned calls and live answers add up to what the carrier saw, in every interval"),
    NOBODY_LEFT("in the end no contact is held, no agent bound, no attempt open, no request waiting"),
    HANDOVER_IN_TIME("the standby is active within the longest ring and margin when agents answer their offers"),
    STOPS_IN_TIME("a dialer in maintenance stops by itself within its limit"),
    TWO_HOLDERS("two nodes never both may start calls"),
    ONE_ACTIVE("a pair that is healed has one active side in each role, and it dials"),
    NO_PANIC("no node fails on an invariant of its own");

    private final String words;

    Rule(String words) {
        this.words = words;
    }

    /** The rule in one clause. */
    public String words() {
        return words;
    }
}
