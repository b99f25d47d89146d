package releve.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import releve.sip.agent.Counter;
import releve.sip.agent.SipEvent;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Transport;
import releve.sip.transport.TlsSettings.ClientCertificates;

/** Calls over real sockets, each transport with the same calls. */
class TransportsTest {
    @TempDir
    static Path directory;

    private static TestCertificates certificates;
    private static TlsSettings tls;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = new TestCertificates(directory);
        tls = certificates.settings("good", ClientCertificates.NOT_ASKED);
    }

    private static EndpointConfig all(InetSocketAddress at, TlsSettings settings) {
        EndpointConfig config = EndpointConfig.udp(at).secured(settings);
        for (Transport transport : Transport.values()) {
            config = transport == Transport.UDP ? config : config.listening(transport, at);
        }
        return config;
    }

    private static EndpointConfig connecting() throws Exception {
        return Phone.config().secured(certificates.settings(null, ClientCertificates.NOT_ASKED));
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void shouldCarryCallsOverEachTransportOnOneConnection(Transport transport) throws Exception {
        int calls = 20;
        try (Phone callee = new Phone(1, all(Phone.LOOPBACK, tls));
                Phone caller = new Phone(2, connecting())) {
            for (int i = 0; i < calls; i++) {
                caller.invite(callee.hop(transport));
            }
            for (int i = 0; i < calls; i++) {
                SipEvent.IncomingCall in = callee.expect(SipEvent.IncomingCall.class);
                assertThat(in.source().transport()).isEqualTo(transport);
                assertThat(in.invite().topVia().transport()).isEqualTo(transport.name());
            }
            for (int i = 0; i < calls; i++) {
                long call = caller.expect(SipEvent.Answered.class).call();
                caller.run((agent, now) -> agent.bye(call, null, now));
            }
            for (int i = 0; i < calls; i++) {
                assertThat(callee.expect(SipEvent.CallEnded.class).byRemote()).isTrue();
                caller.expect(SipEvent.CallEnded.class);
            }
            assertThat(caller.endpoint.connections()).isEqualTo(transport == Transport.UDP ? 0 : 1);
            assertThat(callee.endpoint.connections()).isEqualTo(transport == Transport.UDP ? 0 : 1);
            long repeated = caller.run((agent, _) -> agent.count(Counter.RETRANSMISSIONS_SENT));
            assertThat(repeated).isZero();
        }
    }

    /** The callee ends the call: its BYE has to come back to a caller whom nobody can connect to. */
    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"WS", "WSS"})
    void shouldReachBrowsersOnTheConnectionTheyMade(Transport transport) throws Exception {
        try (Phone callee = new Phone(1, all(Phone.LOOPBACK, tls));
                Phone caller = new Phone(2, connecting())) {
            caller.invite(Phone.request(callee.hop(transport)));
            long call = callee.expect(SipEvent.IncomingCall.class).call();
            callee.expect(SipEvent.Acknowledged.class);
            callee.run((agent, now) -> agent.bye(call, null, now));
            assertThat(caller.expect(SipEvent.CallEnded.class).byRemote()).isTrue();
            assertThat(callee.endpoint.counted(TransportCounter.CONNECTIONS_MADE))
                    .isZero();
        }
    }

    @Test
    void shouldConnectBackToTheContactWhenCallerListensOnTcp() throws Exception {
        try (Phone callee = new Phone(1, all(Phone.LOOPBACK, tls));
                Phone caller = new Phone(2, Phone.config().listening(Transport.TCP, Phone.LOOPBACK))) {
            caller.invite(callee.hop(Transport.TCP));
            SipEvent.IncomingCall in = callee.expect(SipEvent.IncomingCall.class);
            callee.expect(SipEvent.Acknowledged.class);
            assertThat(in.invite().contact().uri())
                    .isEqualTo("sip:releve@127.0.0.1:"
                            + caller.endpoint.address(Transport.TCP).getPort() + ";transport=tcp");
            callee.run((agent, now) -> agent.bye(in.call(), null, now));
            assertThat(caller.expect(SipEvent.CallEnded.class).byRemote()).isTrue();
            assertThat(caller.endpoint.counted(TransportCounter.CONNECTIONS_ACCEPTED))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void shouldCarryCallsOverIpv6(Transport transport) throws Exception {
        InetAddress v6 = InetAddress.ofLiteral("::1");
        assumeTrue(NetworkInterface.getByInetAddress(v6) != null, "this machine has no IPv6 loopback ::1");
        InetSocketAddress at = new InetSocketAddress(v6, 0);
        TlsSettings named = certificates.settings("good", ClientCertificates.NOT_ASKED);
        try (Phone callee = new Phone(1, all(at, named));
                Phone caller = new Phone(2, EndpointConfig.udp(at).secured(named))) {
            caller.invite(callee.hop(transport).named(TestCertificates.DOMAIN));
            SipEvent.IncomingCall in = callee.expect(SipEvent.IncomingCall.class);
            assertThat(in.invite().topVia().host()).isEqualTo("[0:0:0:0:0:0:0:1]");
            long call = caller.expect(SipEvent.Answered.class).call();
            caller.run((agent, now) -> agent.bye(call, null, now));
            callee.expect(SipEvent.CallEnded.class);
        }
    }

    @Test
    void shouldTakeTheSocketOfThePeersAddressFamily() throws Exception {
        InetAddress v6 = InetAddress.ofLiteral("::1");
        assumeTrue(NetworkInterface.getByInetAddress(v6) != null, "this machine has no IPv6 loopback ::1");
        EndpointConfig both = Phone.config().listening(Transport.UDP, new InetSocketAddress(v6, 0));
        try (Phone callee = new Phone(1, EndpointConfig.udp(new InetSocketAddress(v6, 0)));
                Phone other = new Phone(3, Phone.config());
                Phone caller = new Phone(2, both)) {
            caller.invite(callee.hop(Transport.UDP));
            caller.invite(other.hop(Transport.UDP));
            caller.expect(SipEvent.Answered.class);
            caller.expect(SipEvent.Answered.class);
            assertThat(callee.expect(SipEvent.IncomingCall.class)
                            .source()
                            .address()
                            .getAddress())
                    .isEqualTo(v6);
        }
    }

    // Certificates

    private String refusal(String serverKey, Hop[] to, TlsSettings client) throws Exception {
        EndpointConfig config = Phone.config()
                .secured(certificates.settings(serverKey, ClientCertificates.NOT_ASKED))
                .listening(Transport.TLS, Phone.LOOPBACK);
        try (Phone callee = new Phone(1, config);
                Phone caller = new Phone(2, Phone.config().secured(client))) {
            Hop hop = callee.hop(Transport.TLS);
            caller.invite(to.length == 0 ? hop : hop.named(to[0].domain()));
            SipEvent.InviteFailed failed = caller.expect(SipEvent.InviteFailed.class);
            assertThat(failed.status()).isEqualTo(503);
            assertThat(failed.local()).isTrue();
            assertThat(caller.endpoint.counted(TransportCounter.HANDSHAKES_FAILED))
                    .isEqualTo(1);
            assertThat(callee.events).isEmpty();
            return caller.endpoint.lastClosing();
        }
    }

    @Test
    void shouldRefuseServerWhoseCertificateIsForAnotherName() throws Exception {
        TlsSettings client = certificates.settings(null, ClientCertificates.NOT_ASKED);
        Hop named = Hop.udp(Phone.LOOPBACK).named("bank.example");
        assertThat(refusal("good", new Hop[] {named}, client)).contains("not bank.example");
        // A SIP URI in the certificate is all that counts (RFC 5922 section 7.1).
        Hop dns = Hop.udp(Phone.LOOPBACK).named(TestCertificates.DOMAIN);
        assertThat(refusal("other", new Hop[] {dns}, client)).contains("[elsewhere.test], not " + dns.domain());
        assertThat(refusal("other", new Hop[] {}, client)).contains("not 127.0.0.1");
    }

    @Test
    void shouldRefuseServerWhoseCertificateIsExpiredOrOfNobodyWeTrust() throws Exception {
        TlsSettings client = certificates.settings(null, ClientCertificates.NOT_ASKED);
        assertThat(refusal("expired", new Hop[] {}, client)).contains("TLS failed");
        assertThat(refusal("stranger", new Hop[] {}, client)).contains("TLS failed");
    }

    @Test
    void shouldTakeTheNameOfASipUriAndKeysOfPemFiles() throws Exception {
        EndpointConfig config = Phone.config()
                .secured(certificates.settings("other", ClientCertificates.REQUIRED))
                .listening(Transport.TLS, Phone.LOOPBACK);
        try (Phone callee = new Phone(1, config);
                Phone caller = new Phone(2, Phone.config().secured(certificates.pem()))) {
            caller.invite(callee.hop(Transport.TLS).named("Elsewhere.Test"));
            caller.expect(SipEvent.Answered.class);
        }
    }

    @Test
    void shouldRefuseClientWithoutCertificateWhenOneIsRequired() throws Exception {
        EndpointConfig config = Phone.config()
                .secured(certificates.settings("good", ClientCertificates.REQUIRED))
                .listening(Transport.TLS, Phone.LOOPBACK);
        try (Phone callee = new Phone(1, config);
                Phone nobody = new Phone(2, connecting());
                Phone stranger = new Phone(
                        3, Phone.config().secured(certificates.settings("stranger", ClientCertificates.NOT_ASKED)))) {
            nobody.invite(callee.hop(Transport.TLS));
            assertThat(nobody.expect(SipEvent.InviteFailed.class).status()).isEqualTo(503);
            stranger.invite(callee.hop(Transport.TLS));
            assertThat(stranger.expect(SipEvent.InviteFailed.class).status()).isEqualTo(503);
            // The alert is on its way before the callee has counted.
            Phone.until(
                    "both handshakes are counted",
                    () -> callee.endpoint.counted(TransportCounter.HANDSHAKES_FAILED) == 2);
            assertThat(callee.events).isEmpty();
        }
    }

    @Test
    void shouldAskForSettingsWhenSecureTransportHasNone() {
        assertThatThrownBy(() -> Phone.config().listening(Transport.TLS, Phone.LOOPBACK))
                .hasMessageContaining("need a certificate");
    }

    // Handshakes that do not end

    private static EndpointConfig impatient(int settingUpMax, int setUpMs) {
        ConnectionLimits limits = ConnectionLimits.DEFAULT
                .withCounts(8, settingUpMax, 64 * 1024)
                .withTimes(setUpMs, 20_000, 60_000, 0, 20_000);
        return Phone.config()
                .secured(tls)
                .listening(Transport.TLS, Phone.LOOPBACK)
                .withLimits(limits);
    }

    private static Socket connect(Phone to) throws Exception {
        InetSocketAddress at = to.endpoint.address(Transport.TLS);
        Socket socket = new Socket(at.getAddress(), at.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    @Test
    void shouldMakeRoomForOthersWhenATlsHandshakeIsNeverFinished() throws Exception {
        try (Phone callee = new Phone(1, impatient(1, 1_000))) {
            try (Socket half = connect(callee)) {
                // A record that announces more than ever comes.
                half.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1, 0});
                Phone.until("it has come", () -> callee.endpoint.connections() == 1);
                try (Socket beyond = connect(callee)) {
                    assertThat(beyond.getInputStream().read()).isEqualTo(-1);
                }
                assertThat(callee.endpoint.counted(TransportCounter.CONNECTIONS_REFUSED))
                        .isEqualTo(1);
                assertThat(half.getInputStream().readAllBytes())
                        .as("an alert at most")
                        .hasSizeLessThan(100);
                assertThat(callee.endpoint.counted(TransportCounter.CLOSED_SLOW))
                        .isEqualTo(1);
            }
            try (Phone good = new Phone(2, connecting())) {
                good.invite(callee.hop(Transport.TLS));
                good.expect(SipEvent.Answered.class);
            }
        }
    }

    @Test
    void shouldTellTheCallWhenAServerNeverAnswersItsTlsHandshake() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, Phone.LOOPBACK.getAddress());
                Phone caller = new Phone(1, impatient(8, 500))) {
            caller.invite(Hop.of(Transport.TLS, (InetSocketAddress) silent.getLocalSocketAddress()));
            try (Socket taken = silent.accept()) {
                assertThat(taken.getInputStream().read()).as("a TLS record").isEqualTo(22);
                assertThat(caller.expect(SipEvent.InviteFailed.class).status()).isEqualTo(503);
                assertThat(caller.endpoint.counted(TransportCounter.CLOSED_SLOW))
                        .isEqualTo(1);
            }
        }
    }
}
