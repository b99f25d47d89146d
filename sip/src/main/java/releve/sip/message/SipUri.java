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
        String scheme = colon < 0 ? "" : text.substring(0, colon);
        boolean sips = scheme.equalsIgnoreCase("sips");
        if (!sips && !scheme.equalsIgnoreCase("sip")) {
            throw new MalformedMessageException("a URI is neither sip nor sips");
        }
        checkCharacters(text);
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
        Params params = params(text.substring(c.at, question < 0 ? text.length() : question));
        return new SipUri(sips ? "sips" : "sip", user, host, port, params, headers);
    }

    private static Params params(String text) throws MalformedMessageException {
        Params params = Params.NONE;
        if (text.isEmpty()) {
            return params;
        }
        if (text.charAt(0) != ';') {
            throw new MalformedMessageException("the host of a URI is wrong");
        }
        for (String part : text.substring(1).split(";", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            if (name.isEmpty()) {
                throw new MalformedMessageException("a parameter of a URI has no name");
            }
            params = params.with(name, equals < 0 ? null : part.substring(equals + 1));
        }
        return params;
    }

    /** Checks a URI of any scheme: sip and sips by their grammar, others for a scheme and legal characters. */
    static void check(String uri) throws MalformedMessageException {
        int colon = uri.indexOf(':');
        if (colon <= 0) {
            throw new MalformedMessageException("a URI has no scheme");
        }
        if (isSip(uri)) {
            checkSip(uri, colon + 1);
            return;
        }
        for (int i = 0; i < colon; i++) {
            char c = uri.charAt(i);
            if (!Character.isLetterOrDigit(c) && c != '+' && c != '-' && c != '.') {
                throw new MalformedMessageException("the scheme of a URI is wrong");
            }
        }
        checkCharacters(uri);
    }

    /** What {@link #parse} refuses, found without making anything: every address of every message passes here. */
    private static void checkSip(String text, int from) throws MalformedMessageException {
        checkCharacters(text);
        int at = text.indexOf('@', from);
        if (at == from || (at > from && text.charAt(from) == ':')) {
            throw new MalformedMessageException("the user of a URI is empty");
        }
        int end = Cursor.skipHost(text, at < 0 ? from : at + 1, "a URI");
        if (end < text.length() && text.charAt(end) == ':') {
            end = Cursor.skipNumber(text, end + 1, 65535, "the port of a URI");
        }
        int question = text.indexOf('?', end);
        checkParams(text, end, question < 0 ? text.length() : question);
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

    private static void checkCharacters(String uri) throws MalformedMessageException {
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c <= ' ' || c == 0x7f || c == '<' || c == '>' || c == '"') {
                throw new MalformedMessageException("a URI contains an illegal character");
            }
        }
    }

    /** Whether the text has the scheme sip or sips. */
    public static boolean isSip(String uri) {
        return uri.regionMatches(true, 0, "sip:", 0, 4) || uri.regionMatches(true, 0, "sips:", 0, 5);
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
