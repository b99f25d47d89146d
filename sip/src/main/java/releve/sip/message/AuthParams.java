package releve.sip.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code scheme name=value, name=value …}: what challenges and credentials share (RFC 3261 section 25.1, RFC 7616). */
sealed interface AuthParams permits Challenge, Credentials {
    /** The most parameters in one field. */
    int PARAMS_MAX = 32;

    /** Makes one of them. */
    interface Form<T extends AuthParams> {
        T of(String scheme, Params params);
    }

    String scheme();

    Params params();

    default boolean isDigest() {
        return scheme().equalsIgnoreCase("Digest");
    }

    default @Nullable String realm() {
        return params().get("realm");
    }

    default @Nullable String nonce() {
        return params().get("nonce");
    }

    default @Nullable String opaque() {
        return params().get("opaque");
    }

    /** MD5, SHA-256 … in the spelling that came; MD5 when absent. */
    default String algorithm() {
        return Objects.requireNonNullElse(params().get("algorithm"), "MD5");
    }

    /** Reads one field. @param where what the field is called in errors */
    static <T extends AuthParams> T parse(String text, String where, Form<T> form) throws MalformedMessageException {
        Cursor c = new Cursor(text);
        c.skipSpace();
        String scheme = c.token(where);
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
        return form.of(scheme, Params.of(list));
    }

    /** All fields of that name that can be read, in their order: what cannot be read proves nothing and cannot be answered. */
    static <T extends AuthParams> List<T> all(Headers headers, String name, String where, Form<T> form) {
        List<T> all = new ArrayList<>(1);
        for (String field : headers.fields(name)) {
            try {
                all.add(parse(field, where, form));
            } catch (MalformedMessageException _) {
                // Another one may do.
                continue;
            }
        }
        return all;
    }

    /** The field as it is written. */
    default String text() {
        StringBuilder out = new StringBuilder(160).append(scheme()).append(' ');
        String separator = "";
        for (Params.Param p : params().list()) {
            out.append(separator).append(p.name()).append('=').append(p.raw());
            separator = ", ";
        }
        return out.toString();
    }
}
