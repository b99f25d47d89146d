package releve.sip.message;

import org.jspecify.annotations.Nullable;

/**
 * One Via value (RFC 3261 section 20.42, RFC 3581).
 *
 * @param transport UDP, TCP, TLS … as it came
 * @param host sent-by host: name, IPv4 address or bracketed IPv6 reference
 * @param port sent-by port, or -1 when absent
 * @param params branch, received, rport and others
 */
public record Via(String transport, String host, int port, Params params) {
    /** The branch prefix of RFC 3261 transactions (section 8.1.1.7). */
    public static final String MAGIC_COOKIE = "z9hG4bK";

    /** Parses one value, not a comma-separated list. */
    public static Via parse(String text) throws MalformedMessageException {
        return parse(new Cursor(text), true);
    }

    /** Parses the first value of a field that may hold several. */
    static Via parseFirst(String text) throws MalformedMessageException {
        return parse(new Cursor(text), false);
    }

    private static Via parse(Cursor c, boolean toEnd) throws MalformedMessageException {
        String name = c.name("Via");
        c.expect('/', "Via");
        String version = c.name("Via");
        if (!name.equalsIgnoreCase("SIP") || !version.equals("2.0")) {
            throw new MalformedMessageException("the protocol of Via is not SIP/2.0");
        }
        c.expect('/', "Via");
        String transport = c.name("Via");
        int before = c.at;
        c.skipSpace();
        if (c.at == before) {
            throw new MalformedMessageException("the sent-by of Via is missing");
        }
        String host = c.host("Via");
        c.skipSpace();
        int port = -1;
        if (c.eat(':')) {
            c.skipSpace();
            port = (int) c.number(65535, "the port of Via");
        }
        Params params = Params.parse(c, "Via");
        c.skipSpace();
        if (!c.atEnd() && (toEnd || c.peek() != ',')) {
            throw new MalformedMessageException("text follows the end of Via");
        }
        return new Via(transport, host, port, params);
    }

    public @Nullable String branch() {
        return params.get("branch");
    }

    /** Whether the branch follows RFC 3261, so that it alone names the transaction at this sent-by. */
    public boolean hasMagicCookie() {
        String branch = branch();
        return branch != null
                && branch.length() > MAGIC_COOKIE.length()
                && branch.regionMatches(true, 0, MAGIC_COOKIE, 0, MAGIC_COOKIE.length());
    }

    /** The sent-by port, 5060 when none is given (5061 for TLS). */
    public int portOrDefault() {
        return port >= 0 ? port : transport.equalsIgnoreCase("TLS") ? 5061 : 5060;
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(96)
                .append("SIP/2.0/")
                .append(transport)
                .append(' ')
                .append(host);
        if (port >= 0) {
            out.append(':').append(port);
        }
        params.appendTo(out);
        return out.toString();
    }
}
