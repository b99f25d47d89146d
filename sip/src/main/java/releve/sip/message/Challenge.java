package releve.sip.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One challenge: a WWW-Authenticate or Proxy-Authenticate field (RFC 3261 sections 20.27 and 20.44, RFC 8760). Each
 * field holds one challenge; they are not joined with commas (section 7.3.1).
 *
 * @param scheme Digest, or another as it came
 * @param params the scheme's parameters; names compare without regard to case
 */
public record Challenge(String scheme, Params params) {
    /** @throws MalformedMessageException when the text is no challenge with at least one parameter */
    public static Challenge parse(String text) throws MalformedMessageException {
        Cursor c = new Cursor(text);
        c.skipSpace();
        String scheme = c.token("a challenge");
        return new Challenge(scheme, AuthParams.parse(c, "a challenge"));
    }

    /** All challenges of that header that can be read, in their order; the server prefers the first. */
    public static List<Challenge> all(Headers headers, String name) {
        List<Challenge> all = new ArrayList<>(1);
        for (String field : headers.fields(name)) {
            try {
                all.add(parse(field));
            } catch (MalformedMessageException _) {
                // A challenge that cannot be read cannot be answered; another one may do.
                continue;
            }
        }
        return all;
    }

    public boolean isDigest() {
        return scheme.equalsIgnoreCase("Digest");
    }

    public @Nullable String realm() {
        return params.get("realm");
    }

    public @Nullable String nonce() {
        return params.get("nonce");
    }

    public @Nullable String opaque() {
        return params.get("opaque");
    }

    /** MD5, SHA-256 … in the spelling that came; MD5 when absent. */
    public String algorithm() {
        return Objects.requireNonNullElse(params.get("algorithm"), "MD5");
    }

    /** Whether only the nonce was too old, so that the same password may be tried again. */
    public boolean isStale() {
        return "true".equalsIgnoreCase(params.get("stale"));
    }

    /** Whether the qualities of protection name this one, such as auth. */
    public boolean offersQop(String qop) {
        String offered = params.get("qop");
        if (offered != null) {
            for (String one : offered.split(",", -1)) {
                if (one.strip().equalsIgnoreCase(qop)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return AuthParams.toString(scheme, params);
    }
}
