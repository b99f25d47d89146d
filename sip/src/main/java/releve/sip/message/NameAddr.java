package releve.sip.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A name-addr or addr-spec with its header parameters: From, To, Contact, Route, Record-Route (RFC 3261 section 20.10).
 *
 * @param displayName without quotes, or null
 * @param uri the URI as it came, without angle brackets
 * @param params header parameters such as tag
 */
public record NameAddr(@Nullable String displayName, String uri, Params params) {
    /** A plain address without display name and parameters. */
    public static NameAddr of(String uri) {
        return new NameAddr(null, uri, Params.NONE);
    }

    /** Parses one value, not a list. */
    public static NameAddr parse(String text) throws MalformedMessageException {
        Cursor c = new Cursor(text);
        NameAddr parsed = parse(c);
        c.expectEnd("an address");
        return parsed;
    }

    /** Parses a comma-separated list with at least one value. */
    public static List<NameAddr> parseList(String text) throws MalformedMessageException {
        Cursor c = new Cursor(text);
        List<NameAddr> list = new ArrayList<>(1);
        do {
            c.skipSpace();
            list.add(parse(c));
            c.skipSpace();
        } while (c.eat(','));
        c.expectEnd("an address");
        return list;
    }

    /** Refuses what {@link #parse(String)} refuses, and makes nothing: most addresses of most messages are never read. */
    static void check(String text) throws MalformedMessageException {
        Cursor c = new Cursor(text);
        checkOne(c);
        c.expectEnd("an address");
    }

    /** Refuses what {@link #parseList} refuses. */
    static void checkList(String text) throws MalformedMessageException {
        Cursor c = new Cursor(text);
        do {
            checkOne(c);
            c.skipSpace();
        } while (c.eat(','));
        c.expectEnd("an address");
    }

    private static void checkOne(Cursor c) throws MalformedMessageException {
        c.skipSpace();
        int from = c.at;
        if (c.peek() == '"') {
            c.skipQuoted("a display name");
            c.skipSpace();
            if (c.peek() != '<') {
                throw new MalformedMessageException("'<' is missing in an address");
            }
        } else {
            skipDisplayName(c);
        }
        boolean bracketed = c.eat('<');
        if (!bracketed) {
            c.at = from;
        }
        int end = bracketed ? endOfBracketed(c) : endOfBare(c);
        SipUri.check(c.text.substring(c.at, end));
        c.at = bracketed ? end + 1 : end;
        Params.check(c, "an address");
    }

    private static void skipDisplayName(Cursor c) {
        while (Cursor.isTokenChar(c.peek()) || c.peek() == ' ' || c.peek() == '\t') {
            c.at++;
        }
    }

    private static int endOfBracketed(Cursor c) throws MalformedMessageException {
        int close = c.text.indexOf('>', c.at);
        if (close < 0) {
            throw new MalformedMessageException("'>' is missing in an address");
        }
        return close;
    }

    /** An addr-spec ends at the first separator; its URI parameters would be taken for the header's (20.10). */
    private static int endOfBare(Cursor c) throws MalformedMessageException {
        int end = c.at;
        while (end < c.text.length() && " \t;,<>".indexOf(c.text.charAt(end)) < 0) {
            if (c.text.charAt(end) == '?') {
                throw new MalformedMessageException("a URI with '?' is not in angle brackets");
            }
            end++;
        }
        return end;
    }

    private static NameAddr parse(Cursor c) throws MalformedMessageException {
        c.skipSpace();
        if (c.peek() == '"') {
            String display = Cursor.unquote(c.quoted("a display name"));
            c.skipSpace();
            return bracketed(c, display);
        }
        if (c.peek() == '<') {
            return bracketed(c, null);
        }
        int from = c.at;
        skipDisplayName(c);
        if (c.peek() == '<') {
            return bracketed(c, c.text.substring(from, c.at).strip());
        }
        c.at = from;
        return bare(c);
    }

    private static NameAddr bracketed(Cursor c, @Nullable String display) throws MalformedMessageException {
        if (!c.eat('<')) {
            throw new MalformedMessageException("'<' is missing in an address");
        }
        int close = endOfBracketed(c);
        String uri = c.text.substring(c.at, close);
        SipUri.check(uri);
        c.at = close + 1;
        return new NameAddr(display, uri, Params.parse(c, "an address"));
    }

    private static NameAddr bare(Cursor c) throws MalformedMessageException {
        int end = endOfBare(c);
        String uri = c.text.substring(c.at, end);
        SipUri.check(uri);
        c.at = end;
        return new NameAddr(null, uri, Params.parse(c, "an address"));
    }

    public @Nullable String tag() {
        return params.get("tag");
    }

    /** A copy with this tag. */
    public NameAddr withTag(String tag) {
        return new NameAddr(displayName, uri, params.with("tag", tag));
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(64);
        if (displayName != null && !displayName.isEmpty()) {
            out.append(Cursor.quote(displayName)).append(' ');
        }
        out.append('<').append(uri).append('>');
        params.appendTo(out);
        return out.toString();
    }
}
