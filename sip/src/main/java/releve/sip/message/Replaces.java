package releve.sip.message;

/**
 * A Replaces value (RFC 3891 section 6.1): the dialog that the INVITE is to take the place of, seen by its receiver.
 *
 * @param callId the dialog's Call-ID
 * @param toTag the receiver's tag in it
 * @param fromTag the tag of the receiver's peer in it
 * @param earlyOnly whether only an early dialog may be replaced
 */
public record Replaces(String callId, String toTag, String fromTag, boolean earlyOnly) {
    public static Replaces parse(String text) throws MalformedMessageException {
        Cursor c = new Cursor(text);
        c.skipSpace();
        String callId = c.callId("Replaces");
        Params params = Params.parse(c, "Replaces");
        c.expectEnd("Replaces");
        String toTag = params.get("to-tag");
        String fromTag = params.get("from-tag");
        if (toTag == null || fromTag == null) {
            throw new MalformedMessageException("Replaces lacks a tag");
        }
        return new Replaces(callId, toTag, fromTag, params.has("early-only"));
    }

    @Override
    public String toString() {
        return callId + ";to-tag=" + toTag + ";from-tag=" + fromTag + (earlyOnly ? ";early-only" : "");
    }
}
