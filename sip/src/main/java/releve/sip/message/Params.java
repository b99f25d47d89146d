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
        while (to > from && Cursor.isSpace(c.text.charAt(to - 1))) {
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

    /** Where the name of the first parameter from there on begins; the end when there is none. */
    private int nameFrom(int start) {
        int semicolon = text.indexOf(';', start, to);
        return semicolon < 0 ? to : skipSpace(semicolon + 1);
    }

    private int nameTo(int start) {
        int at = start;
        while (at < to && text.charAt(at) != '=' && text.charAt(at) != ';' && !Cursor.isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Where the value of the name that ends there begins, or -1 for a flag. */
    private int valueFrom(int nameTo) {
        int at = skipSpace(nameTo);
        return at < to && text.charAt(at) == '=' ? skipSpace(at + 1) : -1;
    }

    private int valueTo(int start) {
        int at = start;
        if (at < to && text.charAt(at) == '"') {
            at++;
            while (at < to && text.charAt(at) != '"') {
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
            return Math.min(at + 1, to);
        }
        while (at < to && text.charAt(at) != ';' && !Cursor.isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private int skipSpace(int start) {
        int at = start;
        while (at < to && Cursor.isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Where the name of that parameter ends, or -1 when it is absent. */
    private int find(String name) {
        int nameFrom = nameFrom(from);
        while (nameFrom < to) {
            int nameTo = nameTo(nameFrom);
            if (nameTo - nameFrom == name.length() && text.regionMatches(true, nameFrom, name, 0, name.length())) {
                return nameTo;
            }
            int valueFrom = valueFrom(nameTo);
            nameFrom = nameFrom(valueFrom < 0 ? nameTo : valueTo(valueFrom));
        }
        return -1;
    }

    private @Nullable String raw(int nameTo) {
        int valueFrom = valueFrom(nameTo);
        return valueFrom < 0 ? null : text.substring(valueFrom, valueTo(valueFrom));
    }

    /** All of them, in order. */
    public List<Param> list() {
        List<Param> list = new ArrayList<>();
        int nameFrom = nameFrom(from);
        while (nameFrom < to) {
            int nameTo = nameTo(nameFrom);
            list.add(new Param(text.substring(nameFrom, nameTo), raw(nameTo)));
            int valueFrom = valueFrom(nameTo);
            nameFrom = nameFrom(valueFrom < 0 ? nameTo : valueTo(valueFrom));
        }
        return list;
    }

    /** Whether the parameter is there, with or without a value. */
    public boolean has(String name) {
        return find(name) >= 0;
    }

    /** The parameter's value without quotes; null when it is absent or a flag. */
    public @Nullable String get(String name) {
        int nameTo = find(name);
        String raw = nameTo < 0 ? null : raw(nameTo);
        return raw == null ? null : Cursor.unquote(raw);
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
                ? of(list().stream()
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
