package releve.sip.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import releve.sip.auth.Account;
import releve.sip.auth.DigestAlgorithm;
import releve.sip.auth.DigestClient;
import releve.sip.auth.DigestServer;
import releve.sip.dialog.Locator;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.SipMessage;
import releve.sip.message.SipParser;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.registrar.Binding;
import releve.sip.registrar.Registrar;
import releve.sip.transaction.Hop;

/** Our registrations against our registrar (RFC 3261 section 10), on virtual time. */
class RegistrationTest {
    private static final InetSocketAddress A = LossyNetwork.address(1);
    private static final InetSocketAddress B = LossyNetwork.address(2);
    private static final String BOB = "sip:bob@example.com";

    private final LossyNetwork net = new LossyNetwork(8);
    private final Registrar registrar = registrar(100);
    private final List<SipEvent> atA = new ArrayList<>();
    private final UserAgent a = net.add(UserAgentConfig.at(A), (e, _) -> atA.add(e));
    private final UserAgent b = net.add(UserAgentConfig.at(B), (_, _) -> {});

    private static Registrar registrar(int addresses) {
        return new Registrar(
                "example.com",
                new DigestServer(
                        "example.com",
                        List.of(DigestAlgorithm.SHA_256),
                        user -> user.startsWith("bob") ? Optional.of("zanzibar") : Optional.empty(),
                        new SplittableRandom(1)),
                addresses);
    }

    private static RegisterRequest bob(int expiresSeconds, String secret) {
        return new RegisterRequest(
                "sip:example.com",
                List.of(Hop.udp(B)),
                BOB,
                expiresSeconds,
                new DigestClient(List.of(Account.anyRealm("bob", secret)), new SplittableRandom(2)));
    }

    private Stream<SipRequest> registers() {
        return net.sent.stream().filter(w -> w.message() instanceof SipRequest).map(w -> (SipRequest) w.message());
    }

    private List<Binding> bindings() {
        return registrar.bindings(BOB, net.nowMs);
    }

    @Test
    void shouldRegisterWithCredentialsAndKeepTheRegistrationForADay() {
        b.serve(registrar);
        long number = a.register(bob(600, "zanzibar"), net.nowMs);
        net.run(1_000);
        assertThat(atA).containsExactly(new SipEvent.Registered(number, 600));
        assertThat(bindings()).hasSize(1);
        assertThat(bindings().getFirst().hop().address()).isEqualTo(A);
        assertThat(registrar.locate(BOB, net.nowMs))
                .contains(bindings().getFirst().hop());
        for (int i = 0; i < 24 * 60; i++) {
            net.run(60_000);
            assertThat(bindings()).hasSize(1);
        }
        assertThat(atA).allMatch(e -> e.equals(new SipEvent.Registered(number, 600)));
        assertThat(registers().map(SipRequest::callId).distinct()).hasSize(1);
        assertThat(registers().map(r -> r.cseq().number())).isSorted().doesNotHaveDuplicates();
        assertThat(a.unregister(number, net.nowMs)).isTrue();
        assertThat(a.unregister(number, net.nowMs)).isFalse();
        net.run(60_000);
        assertThat(atA.getLast()).isEqualTo(new SipEvent.Unregistered(number));
        assertThat(bindings()).isEmpty();
        assertThat(a.deadlines() + a.transactions()).isZero();
    }

    @Test
    void shouldAskForLongerWhenTheRegistrarFindsTheTimeTooBrief() {
        b.serve(registrar);
        long number = a.register(bob(10, "zanzibar"), net.nowMs);
        net.run(1_000);
        assertThat(atA).containsExactly(new SipEvent.Registered(number, Registrar.EXPIRES_MIN_SECONDS));
    }

    @Test
    void shouldBackOffWhileTheRegistrarIsAwayAndReturnWithIt() {
        net.loses = w -> w.to().equals(B);
        long number = a.register(bob(600, "zanzibar"), net.nowMs);
        b.serve(registrar);
        net.run(3_600_000);
        List<SipEvent> failures = List.copyOf(atA);
        assertThat(failures).hasSizeBetween(4, 9);
        long last = 0;
        for (SipEvent failure : failures) {
            SipEvent.RegistrationFailed failed = (SipEvent.RegistrationFailed) failure;
            assertThat(failed.status()).isEqualTo(408);
            assertThat(failed.retryMs()).isBetween(last / 2, BackOff.MAX_MS);
            last = failed.retryMs();
        }
        net.loses = _ -> false;
        net.run(BackOff.MAX_MS);
        assertThat(atA.getLast()).isEqualTo(new SipEvent.Registered(number, 600));
    }

    @Test
    void shouldNotHammerTheRegistrarWithAWrongPassword() {
        b.serve(registrar);
        a.register(bob(600, "wrong"), net.nowMs);
        net.run(600_000);
        assertThat(atA).hasSizeBetween(3, 6).allMatch(e -> ((SipEvent.RegistrationFailed) e).status() == 401);
        assertThat(registers().count()).isLessThanOrEqualTo(12);
        assertThat(bindings()).isEmpty();
    }

    @Test
    void shouldUnregisterAfterTheRegisterUnderWay() {
        b.serve(registrar);
        long number = a.register(bob(600, "zanzibar"), net.nowMs);
        assertThat(a.unregister(number, net.nowMs)).isTrue();
        net.run(60_000);
        assertThat(atA.getLast()).isEqualTo(new SipEvent.Unregistered(number));
        assertThat(bindings()).isEmpty();
    }

    @Test
    void shouldAnswer405WhereNobodyRegisters() {
        a.register(bob(600, "zanzibar"), net.nowMs);
        net.run(1_000);
        assertThat(((SipEvent.RegistrationFailed) atA.getFirst()).status()).isEqualTo(405);
    }

    // The registrar by itself

    private int next = 1;

    private Registrar.Reply ask(String user, String callId, int cseq, String... headers) {
        String plain = String.join(
                "\r\n",
                "REGISTER sip:example.com SIP/2.0",
                "Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK" + next++,
                "From: <sip:" + user + "@example.com>;tag=1",
                "To: <sip:" + user + "@example.com>",
                "Call-ID: " + callId,
                "CSeq: " + cseq + " REGISTER");
        String more = headers.length == 0 ? "" : "\r\n" + String.join("\r\n", headers);
        SipRequest first = parse(plain + more + "\r\n\r\n");
        Registrar.Reply challenged = registrar.register(first, Hop.udp(A), net.nowMs);
        if (challenged.status() != 401) {
            return challenged;
        }
        SipResponse response = (SipResponse) message("SIP/2.0 401 Unauthorized\r\n"
                + plain.substring(plain.indexOf("\r\n") + 2) + "\r\n"
                + challenged.headers().stream()
                        .map(h -> h.name() + ": " + h.value() + "\r\n")
                        .reduce("", String::concat)
                + "\r\n");
        String credentials = new DigestClient(List.of(Account.anyRealm(user, "zanzibar")), new SplittableRandom(next))
                .answer(first, response)
                .orElseThrow()
                .getFirst()
                .value();
        return registrar.register(
                parse(plain + more + "\r\nAuthorization: " + credentials + "\r\n\r\n"), Hop.udp(A), net.nowMs);
    }

    private static SipRequest parse(String text) {
        return (SipRequest) message(text);
    }

    private static SipMessage message(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            return SipParser.parse(bytes, 0, bytes.length);
        } catch (MalformedMessageException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> contacts() {
        return bindings().stream().map(Binding::contact).sorted().toList();
    }

    @Test
    void shouldAddRefreshAndRemoveBindings() {
        assertThat(ask("bob", "c1", 1, "Contact: <sip:one@127.0.0.1>;expires=100, <sip:two@127.0.0.1>", "Expires: 200")
                        .status())
                .isEqualTo(200);
        assertThat(contacts()).containsExactly("sip:one@127.0.0.1", "sip:two@127.0.0.1");
        Registrar.Reply asked = ask("bob", "c1", 2);
        assertThat(asked.headers().stream().map(h -> h.value()))
                .containsExactlyInAnyOrder("<sip:one@127.0.0.1>;expires=100", "<sip:two@127.0.0.1>;expires=200");
        net.nowMs += 100_000;
        assertThat(contacts()).containsExactly("sip:two@127.0.0.1");
        ask("bob", "c1", 3, "Contact: <sip:two@127.0.0.1>;expires=0");
        assertThat(contacts()).isEmpty();
        assertThat(registrar.addresses()).isZero();
    }

    @Test
    void shouldRemoveEverythingForAStarAndOnlyWithExpiresZero() {
        ask("bob", "c1", 1, "Contact: <sip:one@127.0.0.1>");
        assertThat(ask("bob", "c1", 2, "Contact: *").status()).isEqualTo(400);
        assertThat(ask("bob", "c1", 3, "Contact: *", "Contact: <sip:x@127.0.0.1>", "Expires: 0")
                        .status())
                .isEqualTo(400);
        assertThat(contacts()).hasSize(1);
        assertThat(ask("bob", "c1", 4, "Contact: *", "Expires: 0").status()).isEqualTo(200);
        assertThat(contacts()).isEmpty();
    }

    @Test
    void shouldRefuseWhatComesOutOfOrder() {
        ask("bob", "c1", 5, "Contact: <sip:one@127.0.0.1>");
        assertThat(ask("bob", "c1", 4, "Contact: *", "Expires: 0").status()).isEqualTo(500);
        assertThat(contacts()).hasSize(1);
        assertThat(ask("bob", "c2", 1, "Contact: *", "Expires: 0").status())
                .as("another Call-ID is a phone that started anew")
                .isEqualTo(200);
    }

    @Test
    void shouldRefuseStrangersOthersAddressesAndForeignDomains() {
        assertThat(ask("eve", "c1", 1, "Contact: <sip:e@127.0.0.1>").status()).isEqualTo(401);
        SipRequest foreign = parse(
                "REGISTER sip:example.org SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKf\r\n"
                        + "From: <sip:bob@example.org>;tag=1\r\nTo: <sip:bob@example.org>\r\nCall-ID: f\r\nCSeq: 1 REGISTER\r\n\r\n");
        assertThat(registrar.register(foreign, Hop.udp(A), net.nowMs).status()).isEqualTo(404);
    }

    @Test
    void shouldNotLetOneUserBindAnothersAddress() {
        SipRequest plain = parse("REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKg\r\n"
                + "From: <sip:bob@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\nCall-ID: g\r\nCSeq: 1 REGISTER\r\n"
                + "Contact: <sip:eve@127.0.0.1>\r\n\r\n");
        Registrar.Reply challenged = registrar.register(plain, Hop.udp(A), net.nowMs);
        SipResponse response = (SipResponse) message("SIP/2.0 401 Unauthorized\r\n"
                + "Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKg\r\nFrom: <sip:bob@example.com>;tag=1\r\n"
                + "To: <sip:bob@example.com>;tag=2\r\nCall-ID: g\r\nCSeq: 1 REGISTER\r\nWWW-Authenticate: "
                + challenged.headers().getFirst().value() + "\r\n\r\n");
        String credentials = new DigestClient(List.of(Account.anyRealm("bobby", "zanzibar")), new SplittableRandom(4))
                .answer(plain, response)
                .orElseThrow()
                .getFirst()
                .value();
        SipRequest shown = parse("REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKh\r\n"
                + "From: <sip:bob@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\nCall-ID: g\r\nCSeq: 2 REGISTER\r\n"
                + "Contact: <sip:eve@127.0.0.1>\r\nAuthorization: " + credentials + "\r\n\r\n");
        assertThat(registrar.register(shown, Hop.udp(A), net.nowMs).status()).isEqualTo(403);
        assertThat(contacts()).isEmpty();
    }

    @Test
    void shouldTakeNoMorePhonesThanItsLimit() {
        StringBuilder contacts = new StringBuilder("Contact: ");
        for (int i = 0; i <= Registrar.CONTACTS_MAX; i++) {
            contacts.append(i == 0 ? "" : ", ").append("<sip:p").append(i).append("@127.0.0.1>");
        }
        assertThat(ask("bob", "c1", 1, contacts.toString()).status()).isEqualTo(503);
        assertThat(contacts()).isEmpty();
    }

    @Test
    void shouldLocateRegisteredPhonesByTheirAddressOfRecordAndOthersAsBefore() {
        b.serve(registrar);
        Locator locator = registrar.locator(() -> net.nowMs, Locator::literal);
        assertThat(locator.locate(BOB)).isNull();
        a.register(bob(600, "zanzibar"), net.nowMs);
        net.run(1_000);
        assertThat(locator.locate(BOB)).isEqualTo(Hop.udp(A));
        assertThat(locator.locate("sip:bob@127.0.0.9")).isEqualTo(Hop.udp(LossyNetwork.address(9)));
        assertThat(locator.locate("sip:carol@example.com")).isNull();
        net.loses = _ -> true;
        net.run(700_000);
        assertThat(locator.locate(BOB)).as("after its time").isNull();
    }
}
