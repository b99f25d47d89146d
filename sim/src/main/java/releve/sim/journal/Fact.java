package releve.sim.journal;

/** Something that happened to a call. */
public sealed interface Fact {
    /** Whose it is: the Call-ID of the dialog. */
    String callId();

    /**
     * The first INVITE of a call came. A repeated one is not a second fact.
     *
     * @param to the number or name called: the user part of the request URI
     * @param from the URI of the caller
     * @param source address and port that sent it
     */
    record Invite(String callId, String to, String from, String source) implements Fact {}

    /** It rings: 180 or 183 was sent. */
    record Ringing(String callId, int status) implements Fact {}

    /** It was answered: the first 200 was sent. */
    record Answered(String callId) implements Fact {}

    /** A re-INVITE came and was answered. */
    record Reinvited(String callId) implements Fact {}

    /**
     * It is over; the last fact of every call.
     *
     * @param status the final status of the INVITE
     * @param talkMs from the answer to the end, ms; 0 when it was not answered
     */
    record Ended(String callId, Outcome outcome, int status, Party endedBy, long talkMs) implements Fact {}
}
