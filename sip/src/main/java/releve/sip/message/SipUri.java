package releve.sip.message;

import org.jspecify.annotations.Nullable;

/**
 * A sip or sips URI (RFC 3261 section 19.1).
 *
 * @param scheme sip or sips, in lower case
 * @param user user part as it came, still escaped, password excluded; null when absent
 * @param host name, IPv4 address or bracketed IPv6 reference
 * @param port -1 when absent
 * @param params URI parameters such as transport, lr, user
 * @param headers what follows '?', or an empty text
 */
public record SipUri(String scheme, @Nullable String user, String host, int port, Params params, String headers) {
    /** Parses a sip or sips URI. */
    public static SipUri parse(String text) throws MalformedMessageException {
        int colon = text.indexOf(':');
        boolean sips = colon == 4;
        if (!isSip(text)) {
            throw new MalformedMessageException("a URI is neither sip nor sips");
        }
        checkCharacters(text, 0, text.length());
        Cursor c = new Cursor(text);
        c.at = colon + 1;
        String user = null;
        int at = text.indexOf('@', c.at);
        if (at >= 0) {
            user = text.substring(c.at, at);
            int password = user.indexOf(':');
            user = password < 0 ? user : user.substring(0, password);
            if (user.isEmpty()) {
                throw new MalformedMessageException("the user of a URI is empty");
            }
            c.at = at + 1;
        }
        String host = c.host("a URI");
        int port = -1;
        if (c.eat(':')) {
            port = (int) c.number(65535, "the port of a URI");
        }
        int question = text.indexOf('?', c.at);
        String headers = question < 0 ? "" : text.substring(question + 1);
        int paramsEnd = question < 0 ? text.length() : question;
        checkParams(text, c.at, paramsEnd);
        Params params = Params.of(text, c.at, paramsEnd);
        return new SipUri(sips ? "sips" : "sip", user, host, port, params, headers);
    }

    /** Checks a URI of any scheme: sip and sips by their grammar, others for a scheme and legal characters. */
    static void check(String uri) throws MalformedMessageException {
        check(uri, 0, uri.length());
    }

    /** The same for the characters {@code [from, to)} of a text. */
    static void check(String text, int from, int to) throws MalformedMessageException {
        int colon = text.indexOf(':', from, to);
        if (colon <= from) {
            throw new MalformedMessageException("a URI has no scheme");
        }
        checkCharacters(text, from, to);
        if (isSip(text, from)) {
            checkSip(text, colon + 1, to);
            return;
        }
        for (int i = from; i < colon; i++) {
            char c = text.charAt(i);
            if (!Character.isLetterOrDigit(c) && c != '+' && c != '-' && c != '.') {
                throw new MalformedMessageException("the scheme of a URI is wrong");
            }
        }
    }

    /** What {@link #parse} refuses, found without making anything: every address of every message passes here. */
    private static void checkSip(String text, int from, int to) throws MalformedMessageException {
        int at = text.indexOf('@', from, to);
        if (at == from || (at > from && text.charAt(from) == ':')) {
            throw new MalformedMessageException("the user of a URI is empty");
        }
        int end = Cursor.skipHost(text, at < 0 ? from : at + 1, to, "a URI");
        if (end < to && text.charAt(end) == ':') {
            end = Cursor.skipNumber(text, end + 1, to, 65535, "the port of a URI");
        }
        int question = text.indexOf('?', end, to);
        checkParams(text, end, question < 0 ? to : question);
    }

    private static void checkParams(String text, int from, int to) throws MalformedMessageException {
        if (from < to && text.charAt(from) != ';') {
            throw new MalformedMessageException("the host of a URI is wrong");
        }
        for (int i = from; i < to; i++) {
            boolean nameless =
                    text.charAt(i) == ';' && (i + 1 == to || text.charAt(i + 1) == ';' || text.charAt(i + 1) == '=');
            if (nameless) {
                throw new MalformedMessageException("a parameter of a URI has no name");
            }
        }
    }

    private static void checkCharacters(String text, int from, int to) throws MalformedMessageException {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == 0x7f || c == '<' || c == '>' || c == '"') {
                throw new MalformedMessageException("a URI contains an illegal character");
            }
        }
    }

    /** Whether the text has the scheme sip or sips. */
    public static boolean isSip(String uri) {
        return isSip(uri, 0);
    }

    private static boolean isSip(String text, int from) {
        return text.regionMatches(true, from, "sip:", 0, 4) || text.regionMatches(true, from, "sips:", 0, 5);
    }

    /** The port, or the default of the scheme: 5060, 5061 for sips. */
    public int portOrDefault() {
        return port >= 0 ? port : scheme.equals("sips") ? 5061 : 5060;
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(48).append(scheme).append(':');
        if (user != null) {
            out.append(user).append('@');
        }
        out.append(host);
        if (port >= 0) {
            out.append(':').append(port);
        }
        params.appendTo(out);
        if (!headers.isEmpty()) {
            out.append('?').append(headers);
        }
        return out.toString();
    }
}
