package releve.sip.message;

import org.jspecify.annotations.Nullable;

/**
 * One Via value (RFC 3261 section 20.42, RFC 3581). It stays the text that it came in, and its parts are read when they are
 * asked for.
 */
public final class Via {
    /** The branch prefix of RFC 3261 transactions (section 8.1.1.7). */
    public static final String MAGIC_COOKIE = "z9hG4bK";

    private final String text;
    private final int transportFrom;
    private final int transportTo;
    private final int hostFrom;
    private final int hostTo;
    private final int port;
    private final Params params;

    private Via(String text, int transportFrom, int transportTo, int hostFrom, int hostTo, int port, Params params) {
        this.text = text;
        this.transportFrom = transportFrom;
        this.transportTo = transportTo;
        this.hostFrom = hostFrom;
        this.hostTo = hostTo;
        this.port = port;
        this.params = params;
    }

    /** Parses one value, not a comma-separated list. */
    public static Via parse(String text) throws MalformedMessageException {
        return parse(new Cursor(text), true);
    }

    /** Parses the first value of a field that may hold several. */
    static Via parseFirst(String text) throws MalformedMessageException {
        return parseFirst(new Cursor(text));
    }

    static Via parseFirst(Cursor c) throws MalformedMessageException {
        return parse(c, false);
    }

    private static Via parse(Cursor c, boolean toEnd) throws MalformedMessageException {
        String name = c.name("Via");
        c.expect('/', "Via");
        String version = c.name("Via");
        if (!name.equalsIgnoreCase("SIP") || !version.equals("2.0")) {
            throw new MalformedMessageException("the protocol of Via is not SIP/2.0");
        }
        c.expect('/', "Via");
        int transportFrom = c.at;
        c.skipToken("Via");
        int transportTo = c.at;
        c.skipSpace();
        if (c.at == transportTo) {
            throw new MalformedMessageException("the sent-by of Via is missing");
        }
        int hostFrom = c.at;
        int hostTo = Cursor.skipHost(c.text, hostFrom, c.end, "Via");
        c.at = hostTo;
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
        return new Via(c.text, transportFrom, transportTo, hostFrom, hostTo, port, params);
    }

    /** UDP, TCP, TLS … as it came. */
    public String transport() {
        return text.substring(transportFrom, transportTo);
    }

    /** The host of sent-by: name, IPv4 address or bracketed IPv6 reference. */
    public String host() {
        return text.substring(hostFrom, hostTo);
    }

    /** The port of sent-by, or -1 when absent. */
    public int port() {
        return port;
    }

    /** The branch, received, rport and others. */
    public Params params() {
        return params;
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
        boolean tls = transportTo - transportFrom == 3 && text.regionMatches(true, transportFrom, "TLS", 0, 3);
        return port >= 0 ? port : tls ? 5061 : 5060;
    }

    /** Whether sent-by is that host, in that spelling, at that port. */
    public boolean isSentBy(String host, int atPort) {
        return hostTo - hostFrom == host.length() && text.startsWith(host, hostFrom) && portOrDefault() == atPort;
    }

    /** The same with other parameters. */
    public Via with(Params changed) {
        return new Via(text, transportFrom, transportTo, hostFrom, hostTo, port, changed);
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(96)
                .append("SIP/2.0/")
                .append(text, transportFrom, transportTo)
                .append(' ')
                .append(text, hostFrom, hostTo);
        if (port >= 0) {
            out.append(':').append(port);
        }
        params.appendTo(out);
        return out.toString();
    }
}
