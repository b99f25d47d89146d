package releve.sip.message;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A Session-Expires value (RFC 4028 section 4).
 *
 * @param seconds after which the session ends unless it is refreshed, 0 to 2^31-1
 * @param refresher who refreshes it, as seen from this request and its response; null when that is left open
 */
public record SessionExpires(int seconds, @Nullable Refresher refresher) {
    /** The side of a transaction that refreshes the session. */
    public enum Refresher {
        /** Who sent the request. */
        UAC,
        /** Who answered it. */
        UAS
    }

    /** @throws MalformedMessageException when the text is no such value; an unknown refresher counts as none */
    public static SessionExpires parse(String text) throws MalformedMessageException {
        Cursor c = new Cursor(text);
        c.skipSpace();
        int seconds = (int) c.number(Integer.MAX_VALUE, "Session-Expires");
        String refresher = Params.parse(c, "Session-Expires").get("refresher");
        c.expectEnd("Session-Expires");
        return new SessionExpires(seconds, refresher(refresher));
    }

    private static @Nullable Refresher refresher(@Nullable String name) {
        return switch (name == null ? "" : name.toLowerCase(Locale.ROOT)) {
            case "uac" -> Refresher.UAC;
            case "uas" -> Refresher.UAS;
            default -> null;
        };
    }

    /** The value in those headers, or null when there is none that can be read. */
    public static @Nullable SessionExpires of(Headers headers) {
        String value = headers.first(HeaderName.SESSION_EXPIRES);
        if (value == null) {
            return null;
        }
        try {
            return parse(value);
        } catch (MalformedMessageException _) {
            return null;
        }
    }

    @Override
    public String toString() {
        return refresher == null
                ? Integer.toString(seconds)
                : seconds + ";refresher=" + refresher.name().toLowerCase(Locale.ROOT);
    }
}
