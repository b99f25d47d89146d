package releve.sip.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a header value or a URI ({@code ;name=value}), in their order. Names compare without regard to case
 * (RFC 3261 section 7.3.1). They stay the text that they came in and are looked up when they are asked for: of most
 * messages one or two parameters are ever read.
 */
public final class Params {
    /**
     * One parameter.
     *
     * @param name its name as it came
     * @param raw its value as it came, quotes included, or null for a flag
     */
    public record Param(String name, @Nullable String raw) {}

    public static final Params NONE = new Params("", 0, 0);

    private final String text;
    private final int from;
    private final int to;

    /** The parameters in {@code [from, to)}, whose grammar was checked. */
    private Params(String text, int from, int to) {
        this.text = text;
        this.from = from;
        this.to = to;
    }

    static Params of(String text, int from, int to) {
        return from == to ? NONE : new Params(text, from, to);
    }

    /** Those parameters, in that order. */
    static Params of(List<Param> list) {
        StringBuilder out = new StringBuilder(24 * list.size());
        for (Param p : list) {
            out.append(';').append(p.name());
            if (p.raw() != null) {
                out.append('=').append(p.raw());
            }
        }
        return of(out.toString(), 0, out.length());
    }

    static Params parse(Cursor c, String where) throws MalformedMessageException {
        c.skipSpace();
        int from = c.at;
        check(c, where);
        int to = c.at;
        while (to > from && isSpace(c.text.charAt(to - 1))) {
            to--;
        }
        return of(c.text, from, to);
    }

    /** Reads over parameters and the space around them. */
    static void check(Cursor c, String where) throws MalformedMessageException {
        c.skipSpace();
        while (c.eat(';')) {
            c.skipSpace();
            c.skipToken(where);
            c.skipSpace();
            if (c.eat('=')) {
                c.skipSpace();
                if (c.peek() == '"') {
                    c.skipQuoted(where);
                } else {
                    skipBareValue(c, where);
                }
            }
            c.skipSpace();
        }
    }

    /** A token or a host; the colons of a bare IPv6 address occur in {@code received} (RFC 5118 section 4.5). */
    private static void skipBareValue(Cursor c, String where) throws MalformedMessageException {
        int start = c.at;
        while (!c.atEnd() && (Cursor.isTokenChar(c.peek()) || "[]:/@".indexOf(c.peek()) >= 0)) {
            c.at++;
        }
        if (c.at == start) {
            throw new MalformedMessageException("a parameter value is missing in " + where);
        }
    }

    /** Walks over the parameters, one at a time, and makes nothing of them. */
    private final class Walk {
        private int next = from;
        int nameFrom;
        int nameTo;
        /** Where the value begins, or -1 for a flag. */
        int valueFrom;

        int valueTo;

        boolean next() {
            int semicolon = skip(';', next);
            if (semicolon == to) {
                return false;
            }
            nameFrom = skipSpace(semicolon + 1);
            int at = nameFrom;
            while (at < to && text.charAt(at) != '=' && text.charAt(at) != ';' && !isSpace(text.charAt(at))) {
                at++;
            }
            nameTo = at;
            at = skipSpace(at);
            valueFrom = -1;
            if (at < to && text.charAt(at) == '=') {
                valueFrom = skipSpace(at + 1);
                valueTo = valueEnd(valueFrom);
                at = valueTo;
            }
            next = at;
            return true;
        }

        boolean is(String name) {
            return nameTo - nameFrom == name.length() && text.regionMatches(true, nameFrom, name, 0, name.length());
        }

        @Nullable
        String raw() {
            return valueFrom < 0 ? null : text.substring(valueFrom, valueTo);
        }
    }

    /** Where that character is, from there on; the end when nowhere. */
    private int skip(char c, int start) {
        int found = text.indexOf(c, start, to);
        return found < 0 ? to : found;
    }

    private int skipSpace(int start) {
        int at = start;
        while (at < to && isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    private int valueEnd(int start) {
        int at = start;
        if (at < to && text.charAt(at) == '"') {
            at++;
            while (at < to && text.charAt(at) != '"') {
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
            return Math.min(at + 1, to);
        }
        while (at < to && text.charAt(at) != ';' && !isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** All of them, in order. */
    public List<Param> list() {
        List<Param> list = new ArrayList<>();
        Walk walk = new Walk();
        while (walk.next()) {
            list.add(new Param(text.substring(walk.nameFrom, walk.nameTo), walk.raw()));
        }
        return list;
    }

    /** Whether the parameter is there, with or without a value. */
    public boolean has(String name) {
        Walk walk = new Walk();
        while (walk.next()) {
            if (walk.is(name)) {
                return true;
            }
        }
        return false;
    }

    /** The parameter's value without quotes; null when it is absent or a flag. */
    public @Nullable String get(String name) {
        Walk walk = new Walk();
        while (walk.next()) {
            if (walk.is(name)) {
                String raw = walk.raw();
                return raw == null ? null : Cursor.unquote(raw);
            }
        }
        return null;
    }

    /** The parameter's value as a number of at most 10 digits, or -1 when absent or unreadable. */
    public long number(String name) {
        String value = get(name);
        if (value == null || value.isEmpty() || value.length() > 10) {
            return -1;
        }
        long n = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            n = 10 * n + digit;
        }
        return n;
    }

    /** A copy in which the parameter has the given raw value, in its old place or at the end. */
    public Params with(String name, @Nullable String raw) {
        List<Param> copy = new ArrayList<>();
        boolean replaced = false;
        for (Param p : list()) {
            boolean same = p.name().equalsIgnoreCase(name);
            if (!same) {
                copy.add(p);
            } else if (!replaced) {
                copy.add(new Param(p.name(), raw));
            }
            replaced |= same;
        }
        if (!replaced) {
            copy.add(new Param(name, raw));
        }
        return of(copy);
    }

    /** A copy that has no such parameter. */
    public Params without(String name) {
        return has(name)
                ? new Params(list.stream()
                        .filter(p -> !p.name().equalsIgnoreCase(name))
                        .toList())
                : this;
    }

    void appendTo(StringBuilder out) {
        out.append(text, from, to);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Params params && list().equals(params.list());
    }

    @Override
    public int hashCode() {
        return list().hashCode();
    }

    /** As they came. */
    @Override
    public String toString() {
        return text.substring(from, to);
    }
}
