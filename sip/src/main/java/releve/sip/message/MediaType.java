package releve.sip.message;

/**
 * A Content-Type value, or one range of Accept (RFC 3261 sections 20.1 and 20.15).
 *
 * @param type such as application; * in a range
 * @param subtype such as sdp; * in a range
 * @param params charset, boundary, version, q …
 */
public record MediaType(String type, String subtype, Params params) {
    public static MediaType parse(String text) throws MalformedMessageException {
        Cursor c = new Cursor(text);
        c.skipSpace();
        String type = c.token("a media type");
        c.expect('/', "a media type");
        String subtype = c.token("a media type");
        Params params = Params.parse(c, "a media type");
        c.expectEnd("a media type");
        return new MediaType(type, subtype, params);
    }

    /** Whether a Content-Type is of that type/subtype: as nearly everybody writes it, or in another way. */
    static boolean matches(String contentType, String typeAndSubtype) {
        if (contentType.equals(typeAndSubtype)) {
            return true;
        }
        try {
            return parse(contentType).is(typeAndSubtype);
        } catch (MalformedMessageException _) {
            return false;
        }
    }

    /** Whether this is type/subtype, without regard to case and parameters. */
    public boolean is(String typeAndSubtype) {
        int slash = type.length();
        return typeAndSubtype.length() == slash + 1 + subtype.length()
                && typeAndSubtype.charAt(slash) == '/'
                && typeAndSubtype.regionMatches(true, 0, type, 0, slash)
                && typeAndSubtype.regionMatches(true, slash + 1, subtype, 0, subtype.length());
    }

    /** Whether a range of Accept covers a media type. */
    public boolean accepts(MediaType other) {
        return type.equals("*")
                || (type.equalsIgnoreCase(other.type)
                        && (subtype.equals("*") || subtype.equalsIgnoreCase(other.subtype)));
    }

    /** Whether who sent these headers understands this type: without Accept everything, with an empty one nothing. */
    public boolean isAccepted(Headers headers) {
        if (!headers.has(HeaderName.ACCEPT)) {
            return true;
        }
        for (String range : headers.values(HeaderName.ACCEPT)) {
            try {
                if (!range.isEmpty() && parse(range).accepts(this)) {
                    return true;
                }
            } catch (MalformedMessageException _) {
                // A range that cannot be read covers nothing.
                continue;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return type + "/" + subtype + params;
    }
}
