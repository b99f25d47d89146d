package releve.sip.message;

import java.util.List;

/**
 * One challenge: a WWW-Authenticate or Proxy-Authenticate field (RFC 3261 sections 20.27 and 20.44, RFC 8760). Each
 * field holds one challenge; they are not joined with commas (section 7.3.1).
 *
 * @param scheme Digest, or another as it came
 * @param params the scheme's parameters; names compare without regard to case
 */
public record Challenge(String scheme, Params params) implements AuthParams {
    /** @throws MalformedMessageException when the text is no challenge with at least one parameter */
    public static Challenge parse(String text) throws MalformedMessageException {
        return AuthParams.parse(text, "a challenge", Challenge::new);
    }

    /** All challenges of that header that can be read, in their order; the server prefers the first. */
    public static List<Challenge> all(Headers headers, String name) {
        return AuthParams.all(headers, name, "a challenge", Challenge::new);
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
        return text();
    }
}
