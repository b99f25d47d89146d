package releve.sip.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One set of credentials: an Authorization or Proxy-Authorization field (RFC 3261 sections 20.7 and 20.28, RFC 8760).
 *
 * @param scheme Digest, or another as it came
 * @param params the scheme's parameters; names compare without regard to case
 */
public record Credentials(String scheme, Params params) {
    /** @throws MalformedMessageException when the text is no credentials with at least one parameter */
    public static Credentials parse(String text) throws MalformedMessageException {
        Cursor c = new Cursor(text);
        c.skipSpace();
        String scheme = c.token("credentials");
        return new Credentials(scheme, AuthParams.parse(c, "credentials"));
    }

    /** All credentials of that header that can be read, one per field. */
    public static List<Credentials> all(Headers headers, String name) {
        List<Credentials> all = new ArrayList<>(1);
        for (String field : headers.fields(name)) {
            try {
                all.add(parse(field));
            } catch (MalformedMessageException _) {
                // Credentials that cannot be read prove nothing.
                continue;
            }
        }
        return all;
    }

    public boolean isDigest() {
        return scheme.equalsIgnoreCase("Digest");
    }

    public @Nullable String username() {
        return params.get("username");
    }

    public @Nullable String realm() {
        return params.get("realm");
    }

    public @Nullable String nonce() {
        return params.get("nonce");
    }

    public @Nullable String uri() {
        return params.get("uri");
    }

    public @Nullable String response() {
        return params.get("response");
    }

    public @Nullable String cnonce() {
        return params.get("cnonce");
    }

    public @Nullable String qop() {
        return params.get("qop");
    }

    public @Nullable String opaque() {
        return params.get("opaque");
    }

    /** MD5, SHA-256 … in the spelling that came; MD5 when absent. */
    public String algorithm() {
        return Objects.requireNonNullElse(params.get("algorithm"), "MD5");
    }

    /** The nonce count, 8 hexadecimal digits, as a number; -1 when absent or unreadable. */
    public long nonceCount() {
        String nc = params.get("nc");
        if (nc == null || nc.length() != 8) {
            return -1;
        }
        long n = 0;
        for (int i = 0; i < nc.length(); i++) {
            int digit = Character.digit(nc.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            n = n * 16 + digit;
        }
        return n;
    }

    @Override
    public String toString() {
        return AuthParams.toString(scheme, params);
    }
}
