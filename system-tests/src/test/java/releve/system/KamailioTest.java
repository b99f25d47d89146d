package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import releve.server.config.FreePorts;
import releve.sip.agent.InviteRequest;
import releve.sip.agent.RegisterRequest;
import releve.sip.agent.SipEvent;
import releve.sip.auth.Account;
import releve.sip.auth.DigestClient;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Transport;

/**
 * Kamailio as registrar and proxy between two user agents of ours, with authentication and record-route. It refuses
 * requests within a dialog that do not follow the route set, so a re-INVITE and a BYE that arrive have followed it.
 */
class KamailioTest {
    private static final String SECRET = "a secret";

    @TempDir
    Path directory;

    private Process kamailio;
    private InetSocketAddress proxy;
    private InetSocketAddress secureProxy;
    private OwnCertificate certificate;

    @BeforeEach
    void startKamailio() throws Exception {
        proxy = FreePorts.address();
        secureProxy = FreePorts.address();
        certificate = new OwnCertificate(directory);
        Path config = directory.resolve("kamailio.cfg");
        try (var in = KamailioTest.class.getResourceAsStream("/kamailio/kamailio.cfg")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(
                    config,
                    text.replace("@PORT@", Integer.toString(proxy.getPort()))
                            .replace("@TLS_PORT@", Integer.toString(secureProxy.getPort()))
                            .replace("@DIRECTORY@", directory.toString()));
        }
        kamailio = new ProcessBuilder(
                        "kamailio",
                        "-f",
                        config.toString(),
                        "-DD",
                        "-E",
                        "-m",
                        "64",
                        "-M",
                        "8",
                        "-Y",
                        directory.toString(),
                        "-P",
                        directory.resolve("kamailio.pid").toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(new File(directory.toFile(), "kamailio.log"))
                .start();
        awaitAnswer();
    }

    @AfterEach
    void stopKamailio() throws Exception {
        kamailio.destroy();
        if (!kamailio.waitFor(5, TimeUnit.SECONDS)) {
            kamailio.descendants().forEach(ProcessHandle::destroyForcibly);
            kamailio.destroyForcibly();
        }
    }

    /** Its 404 or 407 says that it is up; a closed port says at once that it is not. */
    private void awaitAnswer() {
        Awaitility.await("Kamailio answers; its log is " + directory.resolve("kamailio.log"))
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    assertThat(kamailio.isAlive())
                            .as(() -> "Kamailio runs; it said: " + log())
                            .isTrue();
                    return PeerAgent.answers(proxy);
                });
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("kamailio.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static DigestClient digest(String user, long seed) {
        return new DigestClient(List.of(Account.anyRealm(user, SECRET)), new SplittableRandom(seed));
    }

    private Hop proxyOver(Transport transport) {
        return Hop.of(transport, transport.isSecure() ? secureProxy : proxy);
    }

    private long register(PeerAgent agent, String user, long seed) throws Exception {
        return register(agent, user, Transport.UDP, seed);
    }

    private long register(PeerAgent agent, String user, Transport transport, long seed) throws Exception {
        RegisterRequest registration = new RegisterRequest(
                "sip:127.0.0.1:" + proxy.getPort(),
                List.of(proxyOver(transport)),
                "sip:" + user + "@127.0.0.1:" + proxy.getPort(),
                60,
                digest(user, seed));
        long number = agent.ask((ua, nowMs) -> ua.register(registration, nowMs));
        assertThat(agent.next(SipEvent.Registered.class).expiresSeconds()).isBetween(1, 60);
        return number;
    }

    private InviteRequest callThroughProxy(String from, String to, long seed) {
        return callThroughProxy(from, to, Transport.UDP, seed);
    }

    private InviteRequest callThroughProxy(String from, String to, Transport transport, long seed) {
        String host = "127.0.0.1:" + proxy.getPort();
        return InviteRequest.of(
                        "sip:" + to + "@" + host,
                        proxyOver(transport),
                        "sip:" + from + "@" + host,
                        "sip:" + to + "@" + host)
                .withSdp(PeerAgent.SDP)
                .withAuthenticator(digest(from, seed));
    }

    @Test
    void shouldRegisterCallChangeAndEndThroughTheProxyFromEitherSide() throws Exception {
        try (PeerAgent alice = new PeerAgent("alice");
                PeerAgent bob = new PeerAgent("bob")) {
            long aliceRegistration = register(alice, "alice", 21);
            long bobRegistration = register(bob, "bob", 22);
            callAndEnd(alice.call(callThroughProxy("alice", "bob", 31)), alice, bob, Transport.UDP, true);
            callAndEnd(bob.call(callThroughProxy("bob", "alice", 32)), bob, alice, Transport.UDP, false);
            unregister(alice, aliceRegistration);
            unregister(bob, bobRegistration);
            alice.isQuiet();
            bob.isQuiet();
        }
    }

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource({"TCP, TCP", "TLS, TLS", "TLS, UDP"})
    void shouldRegisterCallChangeAndEndOverEachTransportAndFromOneToTheOther(Transport first, Transport second)
            throws Exception {
        try (PeerAgent alice = PeerAgent.over(first, "alice", certificate.settings());
                PeerAgent bob = PeerAgent.over(second, "bob", certificate.settings())) {
            long aliceRegistration = register(alice, "alice", first, 41);
            long bobRegistration = register(bob, "bob", second, 42);
            callAndEnd(alice.call(callThroughProxy("alice", "bob", first, 43)), alice, bob, second, true);
            callAndEnd(bob.call(callThroughProxy("bob", "alice", second, 44)), bob, alice, first, false);
            unregister(alice, aliceRegistration);
            unregister(bob, bobRegistration);
            alice.isQuiet();
            bob.isQuiet();
        }
    }

    @Test
    void shouldFailACallToAUserWhoHasLeftTheRegistrar() throws Exception {
        try (PeerAgent alice = new PeerAgent("alice");
                PeerAgent bob = new PeerAgent("bob")) {
            unregister(bob, register(bob, "bob", 23));
            alice.call(callThroughProxy("alice", "bob", 24));
            SipEvent.InviteFailed failed = alice.next(SipEvent.InviteFailed.class);
            assertThat(failed.status()).isEqualTo(404);
            assertThat(failed.local()).isFalse();
            alice.isQuiet();
        }
    }

    @Test
    void shouldFailACallWhoseDigestTheProxyFindsWrong() throws Exception {
        DigestClient wrong =
                new DigestClient(List.of(Account.anyRealm("alice", "another secret")), new SplittableRandom(25));
        try (PeerAgent alice = new PeerAgent("alice")) {
            alice.call(callThroughProxy("alice", "bob", 26).withAuthenticator(wrong));
            assertThat(alice.next(SipEvent.InviteFailed.class).status()).isEqualTo(407);
            alice.isQuiet();
        }
    }

    @Test
    void shouldCancelThroughTheProxy() throws Exception {
        try (PeerAgent alice = new PeerAgent("alice");
                PeerAgent bob = new PeerAgent("bob")) {
            register(bob, "bob", 27);
            long call = alice.call(callThroughProxy("alice", "bob", 28));
            long incoming = bob.next(SipEvent.IncomingCall.class).call();
            bob.command((agent, nowMs) -> agent.ring(incoming, 180, null, nowMs));
            while (alice.next(SipEvent.Provisional.class).status() != 180) {
                assertThat(kamailio.isAlive()).isTrue();
            }
            alice.command((agent, nowMs) -> agent.cancel(call, null, nowMs));
            bob.next(SipEvent.CancelledByPeer.class);
            assertThat(alice.next(SipEvent.InviteFailed.class).status()).isEqualTo(487);
            alice.isQuiet();
            bob.isQuiet();
        }
    }

    private static void unregister(PeerAgent agent, long registration) throws Exception {
        agent.command((ua, nowMs) -> ua.unregister(registration, nowMs));
        agent.next(SipEvent.Unregistered.class);
    }

    private void callAndEnd(long out, PeerAgent caller, PeerAgent callee, Transport arriving, boolean callerEnds)
            throws Exception {
        SipEvent.IncomingCall incoming = callee.next(SipEvent.IncomingCall.class);
        assertThat(incoming.source().transport())
                .as("the transport that the callee registered")
                .isEqualTo(arriving);
        assertThat(incoming.invite().headers().values("Record-Route")).isNotEmpty();
        long in = incoming.call();
        callee.command((agent, nowMs) -> agent.ring(in, 180, null, nowMs));
        callee.command((agent, nowMs) -> agent.answer(in, PeerAgent.SDP, nowMs));
        caller.next(SipEvent.Answered.class);
        callee.next(SipEvent.Acknowledged.class);
        caller.command((agent, nowMs) -> agent.reinvite(out, PeerAgent.SDP, nowMs));
        callee.next(SipEvent.IncomingReinvite.class);
        callee.command((agent, nowMs) -> agent.answerReinvite(in, PeerAgent.SDP, nowMs));
        caller.next(SipEvent.ReinviteAnswered.class);
        callee.next(SipEvent.Acknowledged.class);
        PeerAgent ending = callerEnds ? caller : callee;
        PeerAgent ended = callerEnds ? callee : caller;
        ending.command((agent, nowMs) -> agent.bye(callerEnds ? out : in, null, nowMs));
        assertThat(ended.next(SipEvent.CallEnded.class).byRemote()).isTrue();
        assertThat(ending.next(SipEvent.CallEnded.class).byRemote()).isFalse();
    }
}
