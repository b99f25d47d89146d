package releve.sip.message;

/**
 * A RAck value (RFC 3262 section 7.2): which reliable provisional response a PRACK acknowledges.
 *
 * @param rseq its RSeq, 1 to 2^32-1
 * @param cseq the number and method of the request it answered
 */
public record RAck(long rseq, CSeq cseq) {
    /** The largest RSeq. */
    public static final long RSEQ_MAX = 0xFFFF_FFFFL;

    public static RAck parse(String text) throws MalformedMessageException {
        Cursor c = new Cursor(text);
        c.skipSpace();
        long rseq = c.number(RSEQ_MAX, "RAck");
        space(c);
        int number = (int) c.number(Integer.MAX_VALUE, "RAck");
        space(c);
        Method method = Method.of(c.token("RAck"));
        c.expectEnd("RAck");
        return new RAck(rseq, new CSeq(number, method));
    }

    private static void space(Cursor c) throws MalformedMessageException {
        int before = c.at;
        c.skipSpace();
        if (c.at == before) {
            throw new MalformedMessageException("a space is missing in RAck");
        }
    }

    /** Reads an RSeq value (section 7.1). */
    public static long parseRSeq(String text) throws MalformedMessageException {
        Cursor c = new Cursor(text);
        c.skipSpace();
        long rseq = c.number(RSEQ_MAX, "RSeq");
        c.expectEnd("RSeq");
        return rseq;
    }

    @Override
    public String toString() {
        return rseq + " " + cseq;
    }
}
