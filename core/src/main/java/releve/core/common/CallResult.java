package releve.core.common;

/** How an attempt ended; the codes are the field's, those from 100 up are Relève's own. */
public enum CallResult {
    NOT_ATTEMPTED(0, "not attempted"),
    DIAL_ERROR(2, "error while dialing"),
    NOT_IN_SERVICE(3, "number not in service"),
    NO_RINGBACK(4, "no ringback"),
    OPERATOR_INTERCEPT(5, "operator intercept"),
    NO_DIAL_TONE(6, "no dial tone"),
    INVALID_NUMBER(7, "invalid number"),
    NO_ANSWER(8, "no answer"),
    BUSY(9, "busy"),
    VOICE(10, "voice"),
    FAX(11, "fax"),
    ANSWERING_MACHINE(12, "answering machine"),
    CANCELLED_BY_DIALER(13, "cancelled by dialer"),
    CALLBACK_REQUESTED(14, "callback requested"),
    CALLBACK_FROM_MACHINE(15, "callback from answering machine"),
    DIALER_ABANDON(16, "dialer abandon"),
    PERSONAL_CALLBACK_FAILED(17, "personal-callback reservation failed"),
    AGENT_REJECTED(18, "agent rejected"),
    AGENT_CLOSED(19, "agent closed"),
    ABANDONED_TO_IVR(20, "abandoned to IVR"),
    CUSTOMER_ABANDON(21, "customer abandon"),
    NETWORK_MACHINE(22, "network answering machine"),
    WRONG_NUMBER(23, "wrong number"),
    WRONG_PERSON(24, "wrong person"),
    RETURNED_UNATTEMPTED(25, "returned unattempted"),
    DO_NOT_CALL(26, "do not call"),
    NETWORK_DROP(27, "network drop while ringing"),
    DEAD_AIR(28, "dead air"),
    SIP_UNSUPPORTED(29, "SIP unsupported"),
    SIP_UNAUTHORISED(30, "SIP unauthorised"),
    SIP_INVALID(31, "SIP invalid"),
    STORE_LOST(32, "cancelled, store lost"),
    AGENT_TIMED_OUT(33, "agent timed out"),
    UNKNOWN_DIALER_FAILED(100, "unknown, dialer failed"),
    OUTSIDE_CALLING_HOURS(101, "outside calling hours at dial time"),
    ATTEMPT_CAP(102, "attempt cap"),
    CONSENT_MISSING(103, "consent missing");

    private final int code;
    private final String meaning;

    CallResult(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    public String meaning() {
        return meaning;
    }

    /** Whether a person answered whom the dialer gave up, to an IVR or not. */
    public boolean isAbandoned() {
        return this == DIALER_ABANDON || this == ABANDONED_TO_IVR;
    }

    /**
     * The result with that code.
     *
     * @throws IllegalArgumentException when no result has it
     */
    public static CallResult ofCode(int code) {
        for (CallResult result : values()) {
            if (result.code == code) {
                return result;
            }
        }
        throw new IllegalArgumentException("no call result has the code " + code);
    }
}
