package releve.sip.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One set of credentials: an Authorization or Proxy-Authorization field (RFC 3261 sections 20.7 and 20.28, RFC 8760).
 *
 * @param scheme Digest, or another as it came
 * @param params the scheme's parameters; names compare without regard to case
 */
public record Credentials(String scheme, Params params) implements AuthParams {
    /** @throws MalformedMessageException when the text is no credentials with at least one parameter */
    public static Credentials parse(String text) throws MalformedMessageException {
        return AuthParams.parse(text, "credentials", Credentials::new);
    }

    /** All credentials of that header that can be read, one per field. */
    public static List<Credentials> all(Headers headers, String name) {
        return AuthParams.all(headers, name, "credentials", Credentials::new);
    }

    public @Nullable String username() {
        return params.get("username");
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
        return text();
    }
}
