package releve.sip.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A name-addr or addr-spec with its header parameters: From, To, Contact, Route, Record-Route (RFC 3261 section 20.10). It stays
 * the text that it came in, and its parts are read when they are asked for.
 */
public final class NameAddr {
    private final String text;
    private final int from;
    private final int uriFrom;
    private final int uriTo;
    private final int to;

    /** The value in {@code [from, to)} of a text; its URI, without brackets, is in {@code [uriFrom, uriTo)}. */
    private NameAddr(String text, int from, int uriFrom, int uriTo, int to) {
        this.text = text;
        this.from = from;
        this.uriFrom = uriFrom;
        this.uriTo = uriTo;
        this.to = to;
    }

    /** A plain address without display name and parameters. */
    public static NameAddr of(String uri) {
        return new NameAddr("<" + uri + ">", 0, 1, uri.length() + 1, uri.length() + 2);
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
            list.add(parse(c));
        } while (c.eat(','));
        c.expectEnd("an address");
        return list;
    }

    /** Parses the first value of a comma-separated list; the others are not looked at. */
    static NameAddr parseFirst(Cursor c) throws MalformedMessageException {
        NameAddr first = parse(c);
        if (c.peek() != ',') {
            c.expectEnd("an address");
        }
        return first;
    }

    /** Refuses what {@link #parse(String)} refuses. */
    static void check(Cursor c) throws MalformedMessageException {
        read(c);
        c.expectEnd("an address");
    }

    /** Refuses what {@link #parseList} refuses. */
    static void checkList(Cursor c) throws MalformedMessageException {
        do {
            read(c);
        } while (c.eat(','));
        c.expectEnd("an address");
    }

    private static NameAddr parse(Cursor c) throws MalformedMessageException {
        c.skipSpace();
        int from = c.at;
        long uri = read(c);
        int to = c.at;
        while (Cursor.isSpace(c.text.charAt(to - 1))) {
            to--;
        }
        return new NameAddr(c.text, from, (int) (uri >> 32), (int) uri, to);
    }

    /**
     * Reads over one value and the space around it.
     *
     * @return where its URI begins, in the upper half, and ends
     */
    private static long read(Cursor c) throws MalformedMessageException {
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
        int uriFrom = c.at;
        int uriTo = bracketed ? endOfBracketed(c) : endOfBare(c);
        SipUri.check(c.text, uriFrom, uriTo);
        c.at = bracketed ? uriTo + 1 : uriTo;
        Params.check(c, "an address");
        return (long) uriFrom << 32 | uriTo;
    }

    private static void skipDisplayName(Cursor c) {
        while (Cursor.isTokenChar(c.peek()) || Cursor.isSpace(c.peek())) {
            c.at++;
        }
    }

    private static int endOfBracketed(Cursor c) throws MalformedMessageException {
        int close = c.text.indexOf('>', c.at, c.end);
        if (close < 0) {
            throw new MalformedMessageException("'>' is missing in an address");
        }
        return close;
    }

    /** An addr-spec ends at the first separator; its URI parameters would be taken for the header's (20.10). */
    private static int endOfBare(Cursor c) throws MalformedMessageException {
        int end = c.at;
        while (end < c.end && " \t;,<>".indexOf(c.text.charAt(end)) < 0) {
            if (c.text.charAt(end) == '?') {
                throw new MalformedMessageException("a URI with '?' is not in angle brackets");
            }
            end++;
        }
        return end;
    }

    private boolean isBracketed() {
        return uriFrom > from;
    }

    /** Without quotes, possibly empty; null when there is none. */
    public @Nullable String displayName() {
        String before = isBracketed() ? text.substring(from, uriFrom - 1).strip() : "";
        return before.isEmpty() ? null : Cursor.unquote(before);
    }

    /** The URI as it came, without angle brackets. */
    public String uri() {
        return text.substring(uriFrom, uriTo);
    }

    /** Header parameters such as tag. */
    public Params params() {
        int start = isBracketed() ? uriTo + 1 : uriTo;
        while (start < to && text.charAt(start) != ';') {
            start++;
        }
        return Params.of(text, start, to);
    }

    public @Nullable String tag() {
        return params().get("tag");
    }

    /** A copy with this tag. */
    public NameAddr withTag(String tag) {
        int paramsFrom = isBracketed() ? uriTo + 1 : uriTo;
        Params tagged = params().with("tag", tag);
        String changed = text.substring(from, paramsFrom) + tagged;
        return new NameAddr(changed, 0, uriFrom - from, uriTo - from, changed.length());
    }

    /** Whether both came as the same text. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NameAddr that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** As it came, without space around it. */
    @Override
    public String toString() {
        return text.substring(from, to);
    }
}
