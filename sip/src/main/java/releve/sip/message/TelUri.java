package releve.sip.message;

/**
 * A tel URI (RFC 3966).
 *
 * @param number the digits with their visual separators, a leading + when global
 * @param params phone-context, ext, isub and others
 */
public record TelUri(String number, Params params) {
    /** The most characters of the number. */
    public static final int NUMBER_MAX = 64;

    private static final String SEPARATORS = "-.()";

    /** @throws MalformedMessageException when the text is no tel URI, or a local number has no phone-context */
    public static TelUri parse(String text) throws MalformedMessageException {
        if (!text.regionMatches(true, 0, "tel:", 0, 4)) {
            throw new MalformedMessageException("a URI is not tel");
        }
        int semicolon = text.indexOf(';');
        String number = text.substring(4, semicolon < 0 ? text.length() : semicolon);
        boolean global = number.startsWith("+");
        int digits = 0;
        for (int i = global ? 1 : 0; i < number.length(); i++) {
            char c = number.charAt(i);
            boolean digit = global ? c >= '0' && c <= '9' : Character.digit(c, 16) >= 0 || c == '*' || c == '#';
            if (!digit && SEPARATORS.indexOf(c) < 0) {
                throw new MalformedMessageException("a tel URI contains what is no digit");
            }
            digits += digit ? 1 : 0;
        }
        if (digits == 0 || number.length() > NUMBER_MAX) {
            throw new MalformedMessageException("the number of a tel URI is empty or too long");
        }
        Cursor c = new Cursor(semicolon < 0 ? "" : text.substring(semicolon));
        Params params = Params.parse(c, "a tel URI");
        c.expectEnd("a tel URI");
        if (!global && !params.has("phone-context")) {
            throw new MalformedMessageException("a local number has no phone-context");
        }
        return new TelUri(number, params);
    }

    public boolean isGlobal() {
        return number.startsWith("+");
    }

    /** The number without visual separators. */
    public String digits() {
        StringBuilder out = new StringBuilder(number.length());
        for (int i = 0; i < number.length(); i++) {
            if (SEPARATORS.indexOf(number.charAt(i)) < 0) {
                out.append(number.charAt(i));
            }
        }
        return out.toString();
    }

    /** Whether both mean the same number (section 4): separators and the order of parameters do not matter. */
    public boolean isEquivalentTo(TelUri other) {
        return digits().equalsIgnoreCase(other.digits())
                && params.list().size() == other.params.list().size()
                && params.list().stream().allMatch(p -> {
                    String mine = params.get(p.name());
                    String theirs = other.params.get(p.name());
                    return other.params.has(p.name())
                            && (mine == null ? theirs == null : mine.equalsIgnoreCase(theirs));
                });
    }

    @Override
    public String toString() {
        return "tel:" + number + params;
    }
}
