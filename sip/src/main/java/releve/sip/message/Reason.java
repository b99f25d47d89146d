package releve.sip.message;

import org.jspecify.annotations.Nullable;

/**
 * One Reason value (RFC 3326): why a request was sent, or the cause behind a response.
 *
 * @param protocol Q.850 or SIP
 * @param cause the cause code of that protocol, 0 to 999
 * @param text for people, or null
 */
public record Reason(String protocol, int cause, @Nullable String text) {
    /** Q.850 normal call clearing. */
    public static final Reason NORMAL_CLEARING = new Reason("Q.850", 16, "Normal call clearing");
    /** The call was answered by another branch (RFC 3326 section 3.1). */
    public static final Reason COMPLETED_ELSEWHERE = new Reason("SIP", 200, "Call completed elsewhere");

    /** @throws IllegalArgumentException when the values cannot be written as a Reason header */
    public Reason {
        if (!Cursor.isToken(protocol) || cause < 0 || cause > 999) {
            throw new IllegalArgumentException("not a reason: " + protocol + " " + cause);
        }
    }

    public static Reason parse(String text) throws MalformedMessageException {
        Cursor c = new Cursor(text);
        c.skipSpace();
        String protocol = c.token("Reason");
        Params params = Params.parse(c, "Reason");
        c.expectEnd("Reason");
        String cause = params.get("cause");
        if (cause == null) {
            throw new MalformedMessageException("Reason has no cause");
        }
        return new Reason(protocol, (int) new Cursor(cause).number(999, "Reason"), params.get("text"));
    }

    /** The Q.850 cause of a message, or null when it gives none that can be read. */
    public static @Nullable Integer q850Of(SipMessage message) {
        for (String value : message.headers().values(HeaderName.REASON)) {
            try {
                Reason reason = parse(value);
                if (reason.protocol.equalsIgnoreCase("Q.850")) {
                    return reason.cause;
                }
            } catch (MalformedMessageException _) {
                // A Reason is a hint: one that cannot be read says nothing, and the message still counts.
                continue;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        String s = protocol + ";cause=" + cause;
        return text == null ? s : s + ";text=" + Cursor.quote(text);
    }
}
