package releve.sip.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import releve.sip.message.Challenge;
import releve.sip.message.Credentials;
import releve.sip.message.Header;
import releve.sip.message.Params;
import releve.sip.message.SipRequest;

/**
 * The server's half of digest authentication (RFC 3261 section 22.2, RFC 7616, RFC 8760): one challenge per algorithm, the
 * strongest first, with quality of protection {@code auth}, which every client has that RFC 3261 allows to answer.
 *
 * <p>Whoever is refused learns nothing but that: an unknown user name, a wrong password and a nonce that is not ours get the
 * same new challenge.
 */
public final class DigestServer {
    /** How long a nonce holds, ms. */
    public static final long NONCE_LIFE_MS = 300_000;

    /** The most nonces in use at once; beyond, the oldest is stale. */
    public static final int NONCES_MAX = 10_000;

    private final String realm;
    private final List<DigestAlgorithm> algorithms;
    private final Function<String, Optional<String>> secrets;
    private final Nonces nonces;

    /** What a request's credentials are worth. */
    public sealed interface Verdict {
        /** They are right. */
        record Accepted(String username) implements Verdict {}

        /**
         * There are none, or they are wrong or too old: answer 401 with these headers.
         *
         * @param challenges one WWW-Authenticate per algorithm
         * @param wrong whether credentials for this realm were shown and refused, other than for a stale nonce
         */
        record Challenged(List<Header> challenges, boolean wrong) implements Verdict {}

        /** They are for another request than the one that carries them: answer 400. */
        record Misused(String reason) implements Verdict {}
    }

    /**
     * @param realm shown to people, as a rule the domain name
     * @param algorithms offered, the preferred one first
     * @param secrets the password of a user name, empty when there is no such user
     * @param random secure: nonces must not be guessed
     * @throws IllegalArgumentException when no algorithm is offered or the realm is not to be written in quotes
     */
    public DigestServer(
            String realm,
            List<DigestAlgorithm> algorithms,
            Function<String, Optional<String>> secrets,
            RandomGenerator random) {
        if (algorithms.isEmpty() || realm.indexOf('"') >= 0 || realm.indexOf('\\') >= 0) {
            throw new IllegalArgumentException("a realm without algorithms, or whose name cannot be quoted");
        }
        this.realm = realm;
        this.algorithms = List.copyOf(algorithms);
        this.secrets = secrets;
        this.nonces = new Nonces(random, NONCE_LIFE_MS, NONCES_MAX);
    }

    /** Judges a request that must come from a known user. */
    public Verdict verify(SipRequest request, long nowMs) {
        boolean shown = false;
        for (Credentials credentials : Credentials.all(request.headers(), "Authorization")) {
            if (!credentials.isDigest() || !realm.equals(credentials.realm())) {
                continue;
            }
            shown = true;
            if (credentials.uri() != null && !request.uri().equals(credentials.uri())) {
                return new Verdict.Misused("the credentials are for another Request-URI");
            }
            Digest digest = digest(request, credentials);
            if (digest == null || !isRight(digest, credentials)) {
                continue;
            }
            long count = digest.nonceCount() == null ? 1 : credentials.nonceCount();
            switch (nonces.check(digest.nonce(), count, nowMs)) {
                case FRESH -> {
                    nonces.use(digest.nonce(), count, nowMs);
                    return new Verdict.Accepted(digest.username());
                }
                case STALE -> {
                    return new Verdict.Challenged(challenges(true, nowMs), false);
                }
                case FOREIGN -> {}
            }
        }
        return new Verdict.Challenged(challenges(false, nowMs), shown);
    }

    /** What the credentials claim to prove, or null when something is missing or not on offer. */
    private @Nullable Digest digest(SipRequest request, Credentials credentials) {
        DigestAlgorithm algorithm = DigestAlgorithm.of(credentials.algorithm()).orElse(null);
        String username = credentials.username();
        String nonce = credentials.nonce();
        String uri = credentials.uri();
        String qop = credentials.qop();
        String count = credentials.params().get("nc");
        if (algorithm == null || !algorithms.contains(algorithm) || username == null || nonce == null || uri == null) {
            return null;
        }
        if (qop != null && (!qop.equalsIgnoreCase("auth") || count == null || credentials.nonceCount() < 1)) {
            return null;
        }
        if ((qop != null || algorithm.isSession()) && credentials.cnonce() == null) {
            return null;
        }
        return new Digest(
                algorithm,
                username,
                realm,
                request.method().name(),
                uri,
                nonce,
                qop == null ? null : count,
                credentials.cnonce());
    }

    private boolean isRight(Digest digest, Credentials credentials) {
        Optional<String> secret = secrets.apply(digest.username());
        String response = credentials.response();
        // The work is the same for a user that does not exist, so that the time taken tells nothing.
        String expected = digest.response(secret.orElse(""));
        return secret.isPresent() && response != null && equal(expected, response);
    }

    private static boolean equal(String expected, String response) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), response.getBytes(StandardCharsets.UTF_8));
    }

    private List<Header> challenges(boolean stale, long nowMs) {
        List<Header> challenges = new ArrayList<>(algorithms.size());
        for (DigestAlgorithm algorithm : algorithms) {
            Params params = Params.NONE
                    .with("realm", '"' + realm + '"')
                    .with("nonce", '"' + nonces.make(nowMs) + '"')
                    .with("algorithm", algorithm.token())
                    .with("qop", "\"auth\"");
            params = stale ? params.with("stale", "true") : params;
            challenges.add(new Header("WWW-Authenticate", new Challenge("Digest", params).toString()));
        }
        return List.copyOf(challenges);
    }

    /** Nonces with which somebody has proved to know a secret, and that are remembered for it. */
    public int noncesInUse() {
        return nonces.used();
    }
}
