package releve.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import releve.sip.agent.SipEvent;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Transport;

/** Peers over TCP that are slow, wrong, gone or silent: each loses its own connection and nobody else's. */
class HostileConnectionTest {
    private static final String OPTIONS =
            "OPTIONS sip:b@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1\r\n"
                    + "From: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n";

    private Phone phone;

    @BeforeEach
    void open() throws Exception {
        ConnectionLimits limits =
                ConnectionLimits.DEFAULT.withCounts(8, 8, 256 * 1024).withTimes(1_000, 500, 3_000, 0, 500);
        phone = new Phone(
                1, Phone.config().listening(Transport.TCP, Phone.LOOPBACK).withLimits(limits));
    }

    @AfterEach
    void close() {
        phone.close();
    }

    private Socket connect() throws Exception {
        var at = phone.endpoint.address(Transport.TCP);
        Socket socket = new Socket(at.getAddress(), at.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws Exception {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private long taken() {
        return phone.endpoint.counted(TransportCounter.CONNECTIONS_ACCEPTED)
                + phone.endpoint.counted(TransportCounter.CONNECTIONS_REFUSED);
    }

    private void assertServes() throws Exception {
        try (Socket good = connect()) {
            send(good, OPTIONS + "Content-Length: 0\r\n\r\n");
            byte[] start = new byte[11];
            InputStream in = good.getInputStream();
            assertThat(in.readNBytes(start, 0, start.length)).isEqualTo(start.length);
            assertThat(new String(start, StandardCharsets.US_ASCII)).isEqualTo("SIP/2.0 200");
        }
    }

    @Test
    void shouldCloseConnectionWhoseMessageDoesNotEnd() throws Exception {
        try (Socket slow = connect()) {
            send(slow, "OPTIONS sip");
            assertThat(slow.getInputStream().read()).isEqualTo(-1);
            assertThat(phone.endpoint.counted(TransportCounter.CLOSED_SLOW)).isEqualTo(1);
            assertServes();
        }
    }

    @Test
    void shouldCloseConnectionThatBreaksTheRulesAndServeOthers() throws Exception {
        try (Socket broken = connect()) {
            send(broken, OPTIONS + "\r\n");
            assertThat(broken.getInputStream().read()).isEqualTo(-1);
            assertThat(phone.endpoint.counted(TransportCounter.CLOSED_BROKEN)).isEqualTo(1);
            assertServes();
        }
    }

    @Test
    void shouldForgetConnectionWhosePeerLeavesInMidMessage() throws Exception {
        try (Socket leaving = connect()) {
            send(leaving, OPTIONS);
        }
        Phone.until("the connection is forgotten", () -> taken() == 1 && phone.endpoint.connections() == 0);
        assertServes();
    }

    @Test
    void shouldRefuseConnectionsBeyondTheLimit() throws Exception {
        Socket[] sockets = new Socket[9];
        for (int i = 0; i < sockets.length; i++) {
            sockets[i] = connect();
        }
        Phone.until("all are accepted or refused", () -> taken() == sockets.length);
        assertThat(phone.endpoint.counted(TransportCounter.CONNECTIONS_REFUSED)).isEqualTo(1);
        assertThat(phone.endpoint.connections()).isLessThanOrEqualTo(8);
        for (Socket socket : sockets) {
            socket.close();
        }
        Phone.until("all are forgotten", () -> phone.endpoint.connections() == 0);
        assertServes();
    }

    @Test
    void shouldTellCallWhenNobodyListensOrPeerHangsUp() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, Phone.LOOPBACK.getAddress())) {
            port = server.getLocalPort();
            Hop to = Hop.of(Transport.TCP, new InetSocketAddress(Phone.LOOPBACK.getAddress(), port));
            phone.invite(to);
            try (Socket taken = server.accept()) {
                assertThat(taken.getInputStream().read()).isEqualTo('I');
            }
            assertThat(phone.expect(SipEvent.InviteFailed.class).status()).isEqualTo(503);
        }
        phone.invite(Hop.of(Transport.TCP, new InetSocketAddress(Phone.LOOPBACK.getAddress(), port)));
        assertThat(phone.expect(SipEvent.InviteFailed.class).status()).isEqualTo(503);
        assertThat(phone.endpoint.counted(TransportCounter.CONNECT_FAILURES)).isEqualTo(1);
    }

    @Test
    void shouldServeOthersWhenGarbageComes() throws Exception {
        int connections = 30;
        long seed = 1_803;
        SplittableRandom random = new SplittableRandom(seed);
        // So busy that many wait to be accepted at once, more than there may be.
        phone.endpoint.submit((_, _) -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300)));
        for (int i = 0; i < connections; i++) {
            byte[] garbage = new byte[1 + random.nextInt(60_000)];
            random.nextBytes(garbage);
            try (Socket socket = connect()) {
                socket.getOutputStream().write(garbage);
            } catch (IOException _) {
                // Closed while we wrote, which is one of the right answers.
            }
        }
        Phone.until("all are accepted or refused, seed " + seed, () -> taken() == connections);
        Phone.until("all are forgotten, seed " + seed, () -> phone.endpoint.connections() == 0);
        assertServes();
    }
}
