package releve.sip.message;

/**
 * One header field.
 *
 * @param name a token, in any spelling; kept in canonical form
 * @param value the field's text without folding; must not contain CR or LF
 */
public record Header(String name, String value) {
    /** @throws IllegalArgumentException when the name is no token or the value would break the message's framing */
    public Header {
        if (!Cursor.isToken(name)) {
            throw new IllegalArgumentException("'" + name + "' is not a header name");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\r' || c == '\n') {
                throw new IllegalArgumentException("the value of header " + name + " contains a line break");
            }
        }
        name = HeaderName.canonical(name);
    }
}
