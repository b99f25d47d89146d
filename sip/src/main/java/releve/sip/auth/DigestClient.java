package releve.sip.auth;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import releve.sip.message.Challenge;
import releve.sip.message.Credentials;
import releve.sip.message.Header;
import releve.sip.message.Params;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;

/**
 * The client's half of digest authentication, against servers (401) and proxies (407) alike.
 *
 * <p>Of several challenges of one realm the strongest that we have is answered (RFC 8760 section 2.4 leaves the choice to
 * local policy). A realm that refuses credentials is shown none again, unless it says that merely the nonce was stale.
 */
public final class DigestClient implements Authenticator {
    /** The most realms whose nonces are kept; the least recently used goes. */
    public static final int REALMS_MAX = 64;

    private static final String AUTHORIZATION = "Authorization";
    private static final String PROXY_AUTHORIZATION = "Proxy-Authorization";
    private static final HexFormat HEX = HexFormat.of();

    private final List<Account> accounts;
    private final RandomGenerator random;
    private final Map<Realm, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

    /** A protection domain. @param field the header its credentials stand in */
    private record Realm(String field, String name) {}

    /** A challenge that is being answered, and how often it has been (RFC 7616 section 3.4, nc). */
    private static final class Session {
        final Challenge challenge;
        final DigestAlgorithm algorithm;
        final Account account;
        final String cnonce;
        int count;

        Session(Challenge challenge, DigestAlgorithm algorithm, Account account, String cnonce) {
            this.challenge = challenge;
            this.algorithm = algorithm;
            this.account = account;
            this.cnonce = cnonce;
        }
    }

    /** @param accounts the first that is for a realm is shown to it */
    public DigestClient(List<Account> accounts, RandomGenerator random) {
        this.accounts = List.copyOf(accounts);
        this.random = random;
    }

    @Override
    public Optional<List<Header>> answer(SipRequest sent, SipResponse challenged) {
        boolean proxy = challenged.status() == 407;
        if (!proxy && challenged.status() != 401) {
            return Optional.empty();
        }
        String field = proxy ? PROXY_AUTHORIZATION : AUTHORIZATION;
        String challenges = proxy ? "Proxy-Authenticate" : "WWW-Authenticate";
        Map<String, Challenge> strongest = new LinkedHashMap<>();
        for (Challenge challenge : Challenge.all(challenged.headers(), challenges)) {
            String realm = challenge.realm();
            if (realm != null && isAnswerable(challenge)) {
                strongest.merge(realm, challenge, DigestClient::stronger);
            }
        }
        boolean answered = false;
        for (var entry : strongest.entrySet()) {
            answered |= accept(sent, new Realm(field, entry.getKey()), entry.getValue());
        }
        return answered ? Optional.of(credentials(sent, strongest.keySet(), field)) : Optional.empty();
    }

    private static boolean isAnswerable(Challenge challenge) {
        boolean qop = challenge.params().get("qop") == null || challenge.offersQop("auth");
        return challenge.isDigest()
                && challenge.nonce() != null
                && qop
                && algorithm(challenge).isPresent();
    }

    private static Optional<DigestAlgorithm> algorithm(Challenge challenge) {
        return DigestAlgorithm.of(challenge.algorithm());
    }

    private static Challenge stronger(Challenge first, Challenge second) {
        return algorithm(second).orElseThrow().compareTo(algorithm(first).orElseThrow()) > 0 ? second : first;
    }

    /** Takes a challenge up. @return false when we have no account for it, or it has refused what we have */
    private boolean accept(SipRequest sent, Realm realm, Challenge challenge) {
        Account account = account(realm.name());
        if (account == null || (refusedAfresh(sent, realm) && !challenge.isStale())) {
            sessions.remove(realm);
            return false;
        }
        byte[] cnonce = new byte[8];
        random.nextBytes(cnonce);
        sessions.put(realm, new Session(challenge, algorithm(challenge).orElseThrow(), account, HEX.formatHex(cnonce)));
        if (sessions.size() > REALMS_MAX) {
            var oldest = sessions.entrySet().iterator();
            oldest.next();
            oldest.remove();
        }
        return true;
    }

    private @Nullable Account account(String realm) {
        for (Account account : accounts) {
            if (account.isFor(realm)) {
                return account;
            }
        }
        return null;
    }

    /**
     * Whether the realm refuses credentials that were made for a new nonce of its own. Those with a count above 1 used an old
     * nonce again: servers whose nonces are for one use do not all say that it was merely stale.
     */
    private static boolean refusedAfresh(SipRequest sent, Realm realm) {
        return Credentials.all(sent.headers(), realm.field()).stream()
                .anyMatch(shown -> realm.name().equals(shown.realm()) && shown.nonceCount() <= 1);
    }

    /** For the realms just answered, and for those that the request had satisfied before, perhaps on other proxies. */
    private List<Header> credentials(SipRequest sent, Iterable<String> answered, String field) {
        Map<Realm, Boolean> realms = new LinkedHashMap<>();
        for (String name : List.of(AUTHORIZATION, PROXY_AUTHORIZATION)) {
            for (Credentials shown : Credentials.all(sent.headers(), name)) {
                realms.put(new Realm(name, Objects.requireNonNullElse(shown.realm(), "")), true);
            }
        }
        answered.forEach(name -> realms.put(new Realm(field, name), true));
        List<Header> headers = new ArrayList<>(realms.size());
        for (Realm realm : realms.keySet()) {
            Session session = sessions.get(realm);
            if (session != null) {
                headers.add(show(realm, session, sent.method().name(), sent.uri()));
            }
        }
        return headers;
    }

    @Override
    public List<Header> forNew(String method, String uri) {
        List<Header> headers = new ArrayList<>(1);
        for (var entry : sessions.entrySet()) {
            // Without a count a used nonce cannot be told from a replayed one.
            if (entry.getValue().challenge.offersQop("auth")) {
                headers.add(show(entry.getKey(), entry.getValue(), method, uri));
            }
        }
        return headers;
    }

    private static Header show(Realm realm, Session session, String method, String uri) {
        Challenge challenge = session.challenge;
        boolean qop = challenge.offersQop("auth");
        String count = qop ? HEX.toHexDigits(++session.count) : null;
        String nonce = Objects.requireNonNull(challenge.nonce());
        Digest digest = new Digest(
                session.algorithm,
                session.account.username(),
                realm.name(),
                method,
                uri,
                nonce,
                count,
                qop || session.algorithm.isSession() ? session.cnonce : null);
        Params params = Params.NONE
                .with("username", quote(session.account.username()))
                .with("realm", quote(realm.name()))
                .with("nonce", quote(nonce))
                .with("uri", quote(uri))
                .with("response", quote(digest.response(session.account.secret())));
        if (challenge.params().has("algorithm")) {
            params = params.with("algorithm", session.algorithm.token());
        }
        if (digest.cnonce() != null) {
            params = params.with("cnonce", quote(session.cnonce));
        }
        String opaque = challenge.opaque();
        if (opaque != null) {
            params = params.with("opaque", quote(opaque));
        }
        if (count != null) {
            params = params.with("qop", "auth").with("nc", count);
        }
        return new Header(realm.field(), new Credentials("Digest", params).toString());
    }

    private static String quote(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
