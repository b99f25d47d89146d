package releve.sip.message;

import org.jspecify.annotations.Nullable;

/** Headers that hold a number of seconds: Expires, Min-Expires, Min-SE (RFC 3261 sections 20.19 and 20.23, RFC 4028). */
public final class DeltaSeconds {
    private DeltaSeconds() {}

    /**
     * Reads seconds from 0 to 2^31-1; parameters may follow (RFC 4028 section 5).
     *
     * @throws MalformedMessageException when the text is anything else
     */
    public static int parse(String text) throws MalformedMessageException {
        Cursor c = new Cursor(text);
        c.skipSpace();
        int seconds = (int) c.number(Integer.MAX_VALUE, "a number of seconds");
        Params.parse(c, "a number of seconds");
        c.expectEnd("a number of seconds");
        return seconds;
    }

    /** The seconds of that header, or null when it is absent or cannot be read. */
    public static @Nullable Integer of(Headers headers, String name) {
        String value = headers.first(name);
        if (value == null) {
            return null;
        }
        try {
            return parse(value);
        } catch (MalformedMessageException _) {
            return null;
        }
    }
}
