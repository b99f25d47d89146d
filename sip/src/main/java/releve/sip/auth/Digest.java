package releve.sip.auth;

import org.jspecify.annotations.Nullable;

/**
 * What goes into a response (RFC 7616 section 3.4.1), with quality of protection {@code auth} or none (RFC 2069, which RFC
 * 3261 section 22.4 keeps for old servers).
 *
 * @param method the request's method
 * @param uri the digest-uri, as it stands in the credentials
 * @param nonceCount 8 hexadecimal digits, or null without quality of protection
 * @param cnonce the client's nonce, or null without quality of protection
 */
record Digest(
        DigestAlgorithm algorithm,
        String username,
        String realm,
        String method,
        String uri,
        String nonce,
        @Nullable String nonceCount,
        @Nullable String cnonce) {

    String response(String secret) {
        String a1 = algorithm.hash(username + ":" + realm + ":" + secret);
        if (algorithm.isSession()) {
            a1 = algorithm.hash(a1 + ":" + nonce + ":" + (cnonce == null ? "" : cnonce));
        }
        String a2 = algorithm.hash(method + ":" + uri);
        return nonceCount == null
                ? algorithm.hash(a1 + ":" + nonce + ":" + a2)
                : algorithm.hash(a1 + ":" + nonce + ":" + nonceCount + ":" + cnonce + ":auth:" + a2);
    }
}
