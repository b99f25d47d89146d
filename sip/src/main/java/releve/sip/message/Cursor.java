package releve.sip.message;

/** A reading position in one header value, or in a part of a longer text; the grammar's terminals of RFC 3261 section 25.1. */
final class Cursor {
    /** Tokens of nearly every message. */
    private static final String[] NAMES = {"branch", "tag", "rport", "received", "lr", "SIP", "2.0", "UDP", "TCP", "TLS"
    };

    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (char c = '0'; c <= '9'; c++) {
            TOKEN[c] = true;
        }
        for (char c = 'a'; c <= 'z'; c++) {
            TOKEN[c] = true;
            TOKEN[Character.toUpperCase(c)] = true;
        }
        for (char c : "-.!%*_+`'~".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    String text;
    /** Where the value ends. */
    int end;

    int at;

    Cursor(String text) {
        this(text, 0, text.length());
    }

    /** Reads the characters {@code [from, end)}. */
    Cursor(String text, int from, int end) {
        this.text = text;
        this.at = from;
        this.end = end;
    }

    /** Goes to another value: one cursor reads all of a message. */
    Cursor to(String newText, int from, int newEnd) {
        text = newText;
        at = from;
        end = newEnd;
        return this;
    }

    static boolean isTokenChar(int c) {
        return c >= 0 && c < 128 && TOKEN[c];
    }

    /** Linear white space, once folding is undone. */
    static boolean isSpace(int c) {
        return c == ' ' || c == '\t';
    }

    static boolean isToken(String s) {
        for (int i = 0; i < s.length(); i++) {
            if (!isTokenChar(s.charAt(i))) {
                return false;
            }
        }
        return !s.isEmpty();
    }

    boolean atEnd() {
        return at >= end;
    }

    int peek() {
        return at < end ? text.charAt(at) : -1;
    }

    void skipSpace() {
        while (at < end && isSpace(text.charAt(at))) {
            at++;
        }
    }

    /** Whether something is there, without white space in it. */
    boolean isOneWord() {
        for (int i = at; i < end; i++) {
            if (isSpace(text.charAt(i))) {
                return false;
            }
        }
        return at < end;
    }

    boolean eat(char c) {
        if (peek() == c) {
            at++;
            return true;
        }
        return false;
    }

    /** Skips white space around one separator, which must be there. */
    void expect(char c, String where) throws MalformedMessageException {
        skipSpace();
        if (!eat(c)) {
            throw new MalformedMessageException("'" + c + "' is missing in " + where);
        }
        skipSpace();
    }

    void expectEnd(String where) throws MalformedMessageException {
        skipSpace();
        if (!atEnd()) {
            throw new MalformedMessageException("text follows the end of " + where);
        }
    }

    String token(String where) throws MalformedMessageException {
        int from = at;
        skipToken(where);
        return text.substring(from, at);
    }

    void skipToken(String where) throws MalformedMessageException {
        int from = at;
        while (at < end && isTokenChar(text.charAt(at))) {
            at++;
        }
        if (at == from) {
            throw new MalformedMessageException("a token is missing in " + where);
        }
    }

    /** Reads a token that often is one of a few names, which then costs no new text. */
    String name(String where) throws MalformedMessageException {
        for (String name : NAMES) {
            int after = at + name.length();
            if (after <= end && text.startsWith(name, at) && (after == end || !isTokenChar(text.charAt(after)))) {
                at = after;
                return name;
            }
        }
        return token(where);
    }

    /** Reads a quoted-string with its quotes and escapes as they came. */
    String quoted(String where) throws MalformedMessageException {
        int from = at;
        skipQuoted(where);
        return text.substring(from, at);
    }

    void skipQuoted(String where) throws MalformedMessageException {
        at++;
        while (at < end) {
            char c = text.charAt(at++);
            if (c == '"') {
                return;
            }
            if (c == '\\') {
                at++;
            }
        }
        at = end;
        throw new MalformedMessageException("a quoted string is not closed in " + where);
    }

    String bareValue(String where) throws MalformedMessageException {
        int from = at;
        while (!atEnd() && ",; \t\"".indexOf(peek()) < 0) {
            at++;
        }
        if (at == from) {
            throw new MalformedMessageException("a value is missing in " + where);
        }
        return text.substring(from, at);
    }

    /** Reads a Call-ID. */
    String callId(String where) throws MalformedMessageException {
        return bareValue(where);
    }

    /** Reads digits as a number from 0 to {@code max}. */
    long number(long max, String where) throws MalformedMessageException {
        int from = at;
        at = skipNumber(text, from, end, max, where);
        return Long.parseLong(text, from, at, 10);
    }

    /** Where digits that begin there end. @throws MalformedMessageException when there are none, or above {@code max} */
    static int skipNumber(String text, int from, int end, long max, String where) throws MalformedMessageException {
        int at = from;
        long n = 0;
        while (at < end && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            n = n * 10 + (text.charAt(at++) - '0');
            if (n > max) {
                throw new MalformedMessageException("a number is too large in " + where);
            }
        }
        if (at == from) {
            throw new MalformedMessageException("a number is missing in " + where);
        }
        return at;
    }

    /** Reads a host: name, IPv4 address or bracketed IPv6 reference. */
    String host(String where) throws MalformedMessageException {
        int from = at;
        at = skipHost(text, from, end, where);
        return text.substring(from, at);
    }

    /** Where a host that begins there ends. @throws MalformedMessageException when there is none, or a wrong one */
    static int skipHost(String text, int from, int end, String where) throws MalformedMessageException {
        int at = from;
        if (at < end && text.charAt(at) == '[') {
            int close = text.indexOf(']', at, end);
            if (close < 0 || close == at + 1) {
                throw new MalformedMessageException("an IPv6 address is not closed in " + where);
            }
            for (int i = at + 1; i < close; i++) {
                char c = text.charAt(i);
                if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
                    throw new MalformedMessageException("an IPv6 address is wrong in " + where);
                }
            }
            return close + 1;
        }
        while (at < end && isHostChar(text.charAt(at))) {
            at++;
        }
        if (at == from) {
            throw new MalformedMessageException("a host is missing in " + where);
        }
        return at;
    }

    private static boolean isHostChar(char c) {
        return (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '-'
                || c == '.'
                || c == '_';
    }

    /** Removes the quotes and escapes of a quoted-string; any other text is returned as it is. */
    static String unquote(String s) {
        if (s.length() < 2 || s.charAt(0) != '"') {
            return s;
        }
        if (s.indexOf('\\') < 0) {
            return s.substring(1, s.length() - 1);
        }
        StringBuilder out = new StringBuilder(s.length());
        for (int i = 1; i < s.length() - 1; i++) {
            char c = s.charAt(i);
            if (c == '\\' && i + 1 < s.length() - 1) {
                c = s.charAt(++i);
            }
            out.append(c);
        }
        return out.toString();
    }

    /** Writes text as a quoted-string. */
    static String quote(String s) {
        StringBuilder out = new StringBuilder(s.length() + 2).append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c);
        }
        return out.append('"').toString();
    }
}
