package releve.sip.message;

import org.jspecify.annotations.Nullable;

/**
 * A Session-Expires value (RFC 4028 section 4).
 *
 * @param seconds the session interval, 0 to 2^31-1
 * @param refresher who refreshes, or null when the receiver may choose
 */
public record SessionExpires(int seconds, @Nullable Refresher refresher) {
    /** The side of the INVITE or UPDATE at hand that sends the refreshes. */
    public enum Refresher {
        UAC,
        UAS
    }

    public static SessionExpires parse(String text) throws MalformedMessageException {
        Cursor c = new Cursor(text);
        c.skipSpace();
        int seconds = (int) c.number(Integer.MAX_VALUE, "Session-Expires");
        Params params = Params.parse(c, "Session-Expires");
        c.expectEnd("Session-Expires");
        String refresher = params.get("refresher");
        if (refresher == null) {
            return new SessionExpires(seconds, null);
        }
        if (refresher.equalsIgnoreCase("uac")) {
            return new SessionExpires(seconds, Refresher.UAC);
        }
        if (refresher.equalsIgnoreCase("uas")) {
            return new SessionExpires(seconds, Refresher.UAS);
        }
        throw new MalformedMessageException("the refresher of Session-Expires is neither uac nor uas");
    }

    @Override
    public String toString() {
        if (refresher == null) {
            return Integer.toString(seconds);
        }
        return switch (refresher) {
            case UAC -> seconds + ";refresher=uac";
            case UAS -> seconds + ";refresher=uas";
        };
    }
}
