package releve.sip.message;

/**
 * The command sequence (RFC 3261 section 20.16).
 *
 * @param number 0 to 2^31-1
 * @param method the request's method
 */
public record CSeq(int number, Method method) {
    public static CSeq parse(String text) throws MalformedMessageException {
        return parse(new Cursor(text));
    }

    static CSeq parse(Cursor c) throws MalformedMessageException {
        int number = (int) c.number(Integer.MAX_VALUE, "CSeq");
        int before = c.at;
        c.skipSpace();
        if (c.at == before) {
            throw new MalformedMessageException("the method of CSeq is missing");
        }
        Method method = Method.of(c, "CSeq");
        c.expectEnd("CSeq");
        return new CSeq(number, method);
    }

    @Override
    public String toString() {
        return number + " " + method.name();
    }
}
