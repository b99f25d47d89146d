package releve.sip.message;

import java.util.ArrayList;
import java.util.List;

/** {@code scheme name=value, name=value …}: what challenges and credentials share (RFC 3261 section 25.1, RFC 7616). */
final class AuthParams {
    /** The most parameters in one field. */
    static final int PARAMS_MAX = 32;

    private AuthParams() {}

    /** Reads the parameters that follow the scheme up to the end. */
    static Params parse(Cursor c, String where) throws MalformedMessageException {
        List<Params.Param> list = new ArrayList<>(8);
        do {
            c.skipSpace();
            String name = c.token(where);
            c.expect('=', where);
            list.add(new Params.Param(name, c.peek() == '"' ? c.quoted(where) : c.bareValue(where)));
            if (list.size() > PARAMS_MAX) {
                throw new MalformedMessageException("there are too many parameters in " + where);
            }
            c.skipSpace();
        } while (c.eat(','));
        c.expectEnd(where);
        return new Params(list);
    }

    static String toString(String scheme, Params params) {
        StringBuilder out = new StringBuilder(160).append(scheme).append(' ');
        String separator = "";
        for (Params.Param p : params.list()) {
            out.append(separator).append(p.name()).append('=').append(p.raw());
            separator = ", ";
        }
        return out.toString();
    }
}
