package releve.sip.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import releve.sip.message.Challenge;
import releve.sip.message.Credentials;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Headers;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;

/** Both halves of digest authentication against the RFC's example and against each other. */
class DigestTest {
    private static final String URI = "sip:registrar.example.com";

    private final SplittableRandom random = new SplittableRandom(11);
    private final DigestServer server = server(DigestAlgorithm.SHA_256, DigestAlgorithm.MD5);
    private long nowMs = 50_000;

    private DigestServer server(DigestAlgorithm... algorithms) {
        return new DigestServer(
                "example.com",
                List.of(algorithms),
                user -> user.equals("bob") ? Optional.of("zanzibar") : Optional.empty(),
                random);
    }

    private DigestClient client(String username, String secret) {
        return new DigestClient(List.of(new Account("example.com", username, secret)), random);
    }

    private static SipRequest request(Method method, String uri, List<Header> more) {
        Headers.Builder headers = new Headers.Builder()
                .add(HeaderName.VIA, "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa")
                .add(HeaderName.FROM, "<sip:bob@example.com>;tag=1")
                .add(HeaderName.TO, "<sip:bob@example.com>")
                .add(HeaderName.CALL_ID, "c1")
                .add(HeaderName.CSEQ, "1 " + method)
                .addAll(more);
        return SipRequest.of(method, uri, headers.build());
    }

    private static SipRequest register(List<Header> more) {
        return request(Method.REGISTER, URI, more);
    }

    private static SipResponse response(int status, List<Header> more) {
        Headers.Builder headers = new Headers.Builder()
                .add(HeaderName.VIA, "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa")
                .add(HeaderName.FROM, "<sip:bob@example.com>;tag=1")
                .add(HeaderName.TO, "<sip:bob@example.com>;tag=2")
                .add(HeaderName.CALL_ID, "c1")
                .add(HeaderName.CSEQ, "1 REGISTER")
                .addAll(more);
        return SipResponse.of(status, "No", headers.build(), new byte[0]);
    }

    private static Header header(String name, String value) {
        return new Header(name, value);
    }

    private SipResponse challenge() {
        DigestServer.Verdict.Challenged challenged =
                (DigestServer.Verdict.Challenged) server.verify(register(List.of()), nowMs);
        return response(401, challenged.challenges());
    }

    @Test
    void shouldComputeTheExamplesOfTheRfc() {
        String nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
        String cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        Digest md5 = new Digest(
                DigestAlgorithm.MD5,
                "Mufasa",
                "http-auth@example.org",
                "GET",
                "/dir/index.html",
                nonce,
                "00000001",
                cnonce);
        Digest sha256 = new Digest(
                DigestAlgorithm.SHA_256,
                "Mufasa",
                "http-auth@example.org",
                "GET",
                "/dir/index.html",
                nonce,
                "00000001",
                cnonce);
        assertThat(md5.response("Circle of Life")).isEqualTo("8ca523f5e9506fed4657c9700eebdbec");
        assertThat(sha256.response("Circle of Life"))
                .isEqualTo("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
    }

    @Test
    void shouldAcceptRightCredentialsInEveryAlgorithm() {
        for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
            DigestServer only = server(algorithm);
            var challenged = (DigestServer.Verdict.Challenged) only.verify(register(List.of()), nowMs);
            assertThat(challenged.wrong()).isFalse();
            List<Header> credentials = client("bob", "zanzibar")
                    .answer(register(List.of()), response(401, challenged.challenges()))
                    .orElseThrow();
            assertThat(only.verify(register(credentials), nowMs))
                    .as(algorithm.token())
                    .isEqualTo(new DigestServer.Verdict.Accepted("bob"));
        }
    }

    @Test
    void shouldAnswerTheStrongestChallengeWhateverItsPlace() throws Exception {
        List<Header> challenges = List.of(
                header("WWW-Authenticate", "Digest realm=\"example.com\", nonce=\"n1\", algorithm=MD5, qop=\"auth\""),
                header(
                        "WWW-Authenticate",
                        "Digest realm=\"example.com\", nonce=\"n2\", algorithm=SHA-256, qop=\"auth,auth-int\""),
                header(
                        "WWW-Authenticate",
                        "Digest realm=\"example.com\", nonce=\"n3\", algorithm=SHA-999, qop=\"auth\""),
                header(
                        "WWW-Authenticate",
                        "Digest realm=\"example.com\", nonce=\"n4\", algorithm=SHA-256-sess, qop=\"auth-int\""));
        List<Header> credentials = client("bob", "x")
                .answer(register(List.of()), response(401, challenges))
                .orElseThrow();
        assertThat(credentials).hasSize(1);
        Credentials shown = Credentials.parse(credentials.getFirst().value());
        assertThat(shown.algorithm()).isEqualTo("SHA-256");
        assertThat(shown.nonce()).isEqualTo("n2");
    }

    @Test
    void shouldNotShowWrongCredentialsTwice() {
        DigestClient client = client("bob", "wrong");
        List<Header> credentials =
                client.answer(register(List.of()), challenge()).orElseThrow();
        var verdict = (DigestServer.Verdict.Challenged) server.verify(register(credentials), nowMs);
        assertThat(verdict.wrong()).isTrue();
        assertThat(client.answer(register(credentials), response(401, verdict.challenges())))
                .isEmpty();
    }

    @Test
    void shouldTellUnknownUsersNothingElseThanWrongPasswords() {
        List<Header> unknown = client("eve", "zanzibar")
                .answer(register(List.of()), challenge())
                .orElseThrow();
        List<Header> wrong =
                client("bob", "eve").answer(register(List.of()), challenge()).orElseThrow();
        assertThat(names(server.verify(register(unknown), nowMs)))
                .isEqualTo(names(server.verify(register(wrong), nowMs)));
    }

    private static List<String> names(DigestServer.Verdict verdict) {
        return ((DigestServer.Verdict.Challenged) verdict)
                .challenges().stream()
                        .map(h -> h.value().replaceAll("nonce=\"[0-9a-f]+\"", "nonce"))
                        .toList();
    }

    @Test
    void shouldRefuseReplayedCredentialsAsStale() throws Exception {
        List<Header> credentials = client("bob", "zanzibar")
                .answer(register(List.of()), challenge())
                .orElseThrow();
        assertThat(server.verify(register(credentials), nowMs)).isInstanceOf(DigestServer.Verdict.Accepted.class);
        var verdict = (DigestServer.Verdict.Challenged) server.verify(register(credentials), nowMs);
        assertThat(Challenge.parse(verdict.challenges().getFirst().value()).isStale())
                .isTrue();
    }

    @Test
    void shouldUseANonceAgainWithTheNextCountUntilItIsStale() throws Exception {
        DigestClient client = client("bob", "zanzibar");
        client.answer(register(List.of()), challenge());
        long first = count(client);
        for (long i = 1; i <= 20; i++) {
            List<Header> next = client.forNew("REGISTER", URI);
            assertThat(Credentials.parse(next.getFirst().value()).nonceCount()).isEqualTo(first + i);
            assertThat(server.verify(register(next), nowMs)).isInstanceOf(DigestServer.Verdict.Accepted.class);
        }
        nowMs += DigestServer.NONCE_LIFE_MS + 1;
        List<Header> old = client.forNew("REGISTER", URI);
        var stale = (DigestServer.Verdict.Challenged) server.verify(register(old), nowMs);
        assertThat(stale.wrong()).isFalse();
        List<Header> renewed =
                client.answer(register(old), response(401, stale.challenges())).orElseThrow();
        assertThat(server.verify(register(renewed), nowMs)).isInstanceOf(DigestServer.Verdict.Accepted.class);
    }

    private static long count(DigestClient client) throws Exception {
        return Credentials.parse(client.forNew("REGISTER", URI).getFirst().value())
                .nonceCount();
    }

    @Test
    void shouldTryAgainWhenAnOldNonceIsRefusedWithoutSayingThatItIsStale() {
        DigestClient client = client("bob", "zanzibar");
        client.answer(register(List.of()), challenge());
        List<Header> reused = client.forNew("REGISTER", URI);
        List<Header> again = client.answer(register(reused), challenge()).orElseThrow();
        assertThat(server.verify(register(again), nowMs)).isInstanceOf(DigestServer.Verdict.Accepted.class);
        assertThat(client.answer(register(again), challenge())).isEmpty();
    }

    @Test
    void shouldAnswerProxiesAndServersOfOneRequestTogether() {
        DigestClient client =
                new DigestClient(List.of(new Account("proxy", "p", "1"), new Account("server", "s", "2")), random);
        SipRequest plain = register(List.of());
        List<Header> first = client.answer(
                        plain,
                        response(
                                407,
                                List.of(header(
                                        "Proxy-Authenticate", "Digest realm=\"proxy\", nonce=\"a\", qop=\"auth\""))))
                .orElseThrow();
        assertThat(first).extracting(Header::name).containsExactly("Proxy-Authorization");
        List<Header> both = client.answer(
                        register(first),
                        response(
                                401,
                                List.of(header(
                                        "WWW-Authenticate", "Digest realm=\"server\", nonce=\"b\", qop=\"auth\""))))
                .orElseThrow();
        assertThat(both).extracting(Header::name).containsExactlyInAnyOrder("Proxy-Authorization", "Authorization");
    }

    @Test
    void shouldShowNothingToARealmItHasNoAccountFor() {
        SipResponse foreign = response(
                401, List.of(header("WWW-Authenticate", "Digest realm=\"elsewhere\", nonce=\"a\", qop=\"auth\"")));
        assertThat(client("bob", "zanzibar").answer(register(List.of()), foreign))
                .isEmpty();
        SipResponse basic = response(401, List.of(header("WWW-Authenticate", "Basic realm=\"example.com\"")));
        assertThat(client("bob", "zanzibar").answer(register(List.of()), basic)).isEmpty();
    }

    @Test
    void shouldAnswerServersWithoutQualityOfProtection() throws Exception {
        SipResponse old =
                response(401, List.of(header("WWW-Authenticate", "Digest realm=\"example.com\", nonce=\"abc\"")));
        Credentials shown = Credentials.parse(client("bob", "zanzibar")
                .answer(register(List.of()), old)
                .orElseThrow()
                .getFirst()
                .value());
        assertThat(shown.qop()).isNull();
        assertThat(shown.params().has("cnonce")).isFalse();
        String a1 = DigestAlgorithm.MD5.hash("bob:example.com:zanzibar");
        String a2 = DigestAlgorithm.MD5.hash("REGISTER:" + URI);
        assertThat(shown.response()).isEqualTo(DigestAlgorithm.MD5.hash(a1 + ":abc:" + a2));
    }

    @Test
    void shouldRefuseCredentialsMadeForAnotherRequest() {
        List<Header> credentials = client("bob", "zanzibar")
                .answer(register(List.of()), challenge())
                .orElseThrow();
        assertThat(server.verify(request(Method.REGISTER, "sip:other.example.com", credentials), nowMs))
                .isInstanceOf(DigestServer.Verdict.Misused.class);
        assertThat(server.verify(request(Method.SUBSCRIBE, URI, credentials), nowMs))
                .isInstanceOf(DigestServer.Verdict.Challenged.class);
    }

    @Test
    void shouldNotAcceptANonceItNeverMade() {
        DigestServer other = server(DigestAlgorithm.MD5);
        var challenged = (DigestServer.Verdict.Challenged) other.verify(register(List.of()), nowMs);
        List<Header> credentials = client("bob", "zanzibar")
                .answer(register(List.of()), response(401, challenged.challenges()))
                .orElseThrow();
        assertThat(server.verify(register(credentials), nowMs)).isInstanceOf(DigestServer.Verdict.Challenged.class);
    }

    @Test
    void shouldRememberNothingOfThoseWhoOnlyAsk() {
        for (int i = 0; i < 1_000; i++) {
            challenge();
        }
        assertThat(server.noncesInUse()).isZero();
    }

    @Test
    void shouldForgetNoNonceThatCouldBeReplayed() {
        Nonces nonces = new Nonces(random, 1_000_000, 3);
        String[] made = new String[5];
        for (int i = 0; i < made.length; i++) {
            made[i] = nonces.make(nowMs + i);
            nonces.use(made[i], 1, nowMs + i);
        }
        assertThat(nonces.used()).isEqualTo(3);
        for (String nonce : made) {
            assertThat(nonces.check(nonce, 1, nowMs + 10)).isEqualTo(Nonces.Verdict.STALE);
        }
        assertThat(nonces.check(nonces.make(nowMs + 10), 1, nowMs + 10)).isEqualTo(Nonces.Verdict.FRESH);
    }

    @Test
    void shouldNeverShowASecret() {
        assertThat(new Account("example.com", "bob", "zanzibar").toString()).doesNotContain("zanzibar");
        assertThat(client("bob", "zanzibar").toString()).doesNotContain("zanzibar");
        assertThat(client("bob", "zanzibar")
                        .answer(register(List.of()), challenge())
                        .toString())
                .doesNotContain("zanzibar");
    }
}
