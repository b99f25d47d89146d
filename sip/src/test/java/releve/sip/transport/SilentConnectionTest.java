package releve.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import releve.sip.agent.SipEvent;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Transport;

/** Peers over TCP that do not read, say nothing, or never come to the point: what each limit of connections does. */
class SilentConnectionTest {
    private static final String PING = "\r\n\r\n";
    private static final String OPTIONS =
            "OPTIONS sip:b@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK%d\r\n"
                    + "From: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\nCall-ID: c%d\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n"
                    + "X-Filler: %s\r\nContent-Length: 0\r\n\r\n";
    private static final ConnectionLimits PATIENT =
            ConnectionLimits.DEFAULT.withCounts(8, 8, 64 * 1024).withTimes(20_000, 20_000, 60_000, 0, 20_000);

    private Phone phone;
    private ServerSocket server;

    @BeforeEach
    void listen() throws Exception {
        server = new ServerSocket();
        server.setReceiveBufferSize(4 * 1024);
        server.bind(Phone.LOOPBACK);
        server.setSoTimeout(20_000);
    }

    @AfterEach
    void close() throws Exception {
        phone.close();
        server.close();
    }

    private void open(ConnectionLimits limits) throws Exception {
        phone = new Phone(
                1, Phone.config().listening(Transport.TCP, Phone.LOOPBACK).withLimits(limits));
    }

    private Hop server() {
        return Hop.of(Transport.TCP, (InetSocketAddress) server.getLocalSocketAddress());
    }

    private Socket connect() throws IOException {
        InetSocketAddress at = phone.endpoint.address(Transport.TCP);
        Socket socket = new Socket(at.getAddress(), at.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private Socket accept() throws IOException {
        Socket socket = server.accept();
        socket.setSoTimeout(20_000);
        return socket;
    }

    private void untilCounted(TransportCounter counter) throws InterruptedException {
        Phone.until(counter + " is 1", () -> phone.endpoint.counted(counter) == 1);
    }

    /** Reads until this has come, whatever before it. */
    private static void awaits(InputStream in, String text) throws IOException {
        StringBuilder last = new StringBuilder();
        while (last.indexOf(text) < 0) {
            int next = in.read();
            assertThat(next).as("before '%s' came", text.strip()).isNotNegative();
            last.append((char) next);
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    // Who does not read

    @Test
    void shouldTellEveryRequestWhenItsPeerDoesNotRead() throws Exception {
        open(PATIENT);
        String filler = "x".repeat(8 * 1024);
        int invites = 0;
        while (phone.endpoint.counted(TransportCounter.CLOSED_NOT_READING) == 0) {
            assertThat(++invites).as("INVITEs until the limit is reached").isLessThan(10_000);
            phone.invite(Phone.request(server()).withHeader("X-Filler", filler));
            // The INVITE leaves after the command: by now it has.
            phone.run((_, _) -> 0);
        }
        for (int i = 0; i < invites; i++) {
            SipEvent.InviteFailed failed = phone.expect(SipEvent.InviteFailed.class);
            assertThat(failed.status()).isEqualTo(503);
            assertThat(failed.local()).isTrue();
        }
        assertThat((int) phone.run((agent, _) -> agent.calls())).isZero();
        assertThat(phone.endpoint.lastClosing()).contains("it does not read what we send");
    }

    @Test
    void shouldCloseTheConnectionOfWhoAsksAndDoesNotReadAndServeOthers() throws Exception {
        open(PATIENT);
        String filler = "x".repeat(1_000);
        try (Socket deaf = connect()) {
            for (int i = 0; phone.endpoint.counted(TransportCounter.CLOSED_NOT_READING) == 0; i++) {
                assertThat(i).as("requests until the limit is reached").isLessThan(200_000);
                send(deaf, OPTIONS.formatted(i, i, filler));
            }
        } catch (IOException _) {
            // Closed while it wrote.
        }
        untilCounted(TransportCounter.CLOSED_NOT_READING);
        try (Socket good = connect()) {
            send(good, OPTIONS.formatted(0, 0, ""));
            awaits(good.getInputStream(), "SIP/2.0 200");
        }
    }

    // Who says nothing

    @Test
    void shouldCloseAConnectionOnWhichNothingIsSaid() throws Exception {
        open(PATIENT.withTimes(20_000, 20_000, 300, 0, 20_000));
        try (Socket idle = connect()) {
            send(idle, OPTIONS.formatted(0, 0, ""));
            awaits(idle.getInputStream(), "\r\n\r\n");
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            assertThat(phone.endpoint.counted(TransportCounter.CLOSED_IDLE)).isEqualTo(1);
        }
    }

    @Test
    void shouldGiveUpAPeerThatHasAnsweredAPingAndAnswersNoMore() throws Exception {
        open(PATIENT.withTimes(20_000, 20_000, 60_000, 100, 200));
        phone.invite(server());
        try (Socket peer = accept()) {
            awaits(peer.getInputStream(), "m=audio");
            awaits(peer.getInputStream(), PING);
            send(peer, "\r\n");
            assertThat(phone.expect(SipEvent.InviteFailed.class).status()).isEqualTo(503);
            assertThat(phone.endpoint.counted(TransportCounter.CLOSED_SILENT)).isEqualTo(1);
        }
    }

    @Test
    void shouldNotGiveUpAPeerThatKnowsNoPings() throws Exception {
        open(PATIENT.withTimes(20_000, 20_000, 60_000, 100, 200));
        phone.invite(server());
        try (Socket peer = accept()) {
            awaits(peer.getInputStream(), "m=audio");
            for (int i = 0; i < 5; i++) {
                awaits(peer.getInputStream(), PING);
            }
            assertThat(phone.endpoint.connections()).isEqualTo(1);
            assertThat(phone.endpoint.counted(TransportCounter.CLOSED_SILENT)).isZero();
        }
    }

    // Who never comes to the point

    @Test
    void shouldCloseTheConnectionOfWhoSendsAMessageByteAfterByte() throws Exception {
        open(PATIENT.withTimes(20_000, 300, 60_000, 0, 20_000));
        byte[] message = OPTIONS.formatted(0, 0, "x".repeat(50_000)).getBytes(StandardCharsets.UTF_8);
        try (Socket slow = connect()) {
            for (int i = 0; phone.endpoint.counted(TransportCounter.CLOSED_SLOW) == 0; i++) {
                assertThat(i).as("bytes until the limit is reached").isLessThan(message.length);
                slow.getOutputStream().write(message, i, 1);
                Thread.sleep(1);
            }
        } catch (IOException _) {
            // Closed while it wrote.
        }
        untilCounted(TransportCounter.CLOSED_SLOW);
    }
}
