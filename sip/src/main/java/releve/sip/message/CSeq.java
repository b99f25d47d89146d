package releve.sip.message;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The command sequence (RFC 3261 section 20.16).
 *
 * @param number 0 to 2^31-1
 * @param method the request's method
 */
public record CSeq(int number, Method method) {
    private static final int KNOWN_NUMBERS = 8;
    private static final Map<Method, Known[]> KNOWN = new HashMap<>();

    /** One of a dialog's first requests, as nearly every dialog has them. */
    private record Known(CSeq value, String text) {}

    static {
        for (Method method : List.of(Method.INVITE, Method.ACK, Method.BYE, Method.CANCEL, Method.PRACK)) {
            Known[] known = new Known[KNOWN_NUMBERS];
            for (int number = 0; number < KNOWN_NUMBERS; number++) {
                known[number] = new Known(new CSeq(number, method), number + " " + method.name());
            }
            KNOWN.put(method, known);
        }
    }

    private static @Nullable Known known(int number, Method method) {
        Known[] known = number >= 0 && number < KNOWN_NUMBERS ? KNOWN.get(method) : null;
        return known == null ? null : known[number];
    }

    static CSeq of(int number, Method method) {
        Known known = known(number, method);
        return known != null ? known.value : new CSeq(number, method);
    }

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
        return of(number, method);
    }

    /** The header's text; that of a dialog's first requests is always the same and not made anew. */
    public static String text(int number, Method method) {
        Known known = known(number, method);
        return known != null ? known.text : number + " " + method.name();
    }

    @Override
    public String toString() {
        return text(number, method);
    }
}
