package releve.sip.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a header value ({@code ;name=value}), in their order. Names compare without regard to case
 * (RFC 3261 section 7.3.1).
 *
 * @param list the parameters in order
 */
public record Params(List<Param> list) {
    /**
     * One parameter.
     *
     * @param name its name as it came
     * @param raw its value as it came, quotes included, or null for a flag
     */
    public record Param(String name, @Nullable String raw) {}

    public static final Params NONE = new Params(List.of());

    public Params {
        list = List.copyOf(list);
    }

    static Params parse(Cursor c, String where) throws MalformedMessageException {
        c.skipSpace();
        if (c.peek() != ';') {
            return NONE;
        }
        List<Param> list = new ArrayList<>(2);
        while (c.eat(';')) {
            c.skipSpace();
            String name = c.name(where);
            c.skipSpace();
            String value = null;
            if (c.eat('=')) {
                c.skipSpace();
                value = c.peek() == '"' ? c.quoted(where) : bareValue(c, where);
            }
            list.add(new Param(name, value));
            c.skipSpace();
        }
        return new Params(list.size() == 1 ? List.of(list.getFirst()) : list);
    }

    /** Reads over what {@link #parse} would read, and makes nothing of it. */
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

    private static String bareValue(Cursor c, String where) throws MalformedMessageException {
        int from = c.at;
        skipBareValue(c, where);
        return c.text.substring(from, c.at);
    }

    /** A token or a host; the colons of a bare IPv6 address occur in {@code received} (RFC 5118 section 4.5). */
    private static void skipBareValue(Cursor c, String where) throws MalformedMessageException {
        int from = c.at;
        while (!c.atEnd() && (Cursor.isTokenChar(c.peek()) || "[]:/@".indexOf(c.peek()) >= 0)) {
            c.at++;
        }
        if (c.at == from) {
            throw new MalformedMessageException("a parameter value is missing in " + where);
        }
    }

    /** Whether the parameter is there, with or without a value. */
    public boolean has(String name) {
        for (Param p : list) {
            if (p.name().equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /** The parameter's value without quotes; null when it is absent or a flag. */
    public @Nullable String get(String name) {
        for (int i = 0; i < list.size(); i++) {
            Param p = list.get(i);
            if (p.name().equalsIgnoreCase(name)) {
                return p.raw() == null ? null : Cursor.unquote(p.raw());
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
        List<Param> copy = new ArrayList<>(list.size() + 1);
        boolean replaced = false;
        for (Param p : list) {
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
        return new Params(copy);
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
        for (int i = 0; i < list.size(); i++) {
            Param p = list.get(i);
            out.append(';').append(p.name());
            if (p.raw() != null) {
                out.append('=').append(p.raw());
            }
        }
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        appendTo(out);
        return out.toString();
    }
}
