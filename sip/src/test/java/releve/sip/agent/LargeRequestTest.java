package releve.sip.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Transport;

/** Requests too large for a datagram (RFC 3261 section 18.1.1). */
class LargeRequestTest {
    private static final InetSocketAddress A = LossyNetwork.address(1);
    private static final InetSocketAddress B = LossyNetwork.address(2);

    private final UserAgent agent = new UserAgent(UserAgentConfig.at(A), new SplittableRandom(1));

    private long invite(int filler) {
        return agent.invite(
                InviteRequest.of("sip:b@127.0.0.2", B, "sip:a@127.0.0.1", "sip:b@127.0.0.2")
                        .withHeader("X-Filler", "x".repeat(filler)),
                0);
    }

    private Transmit next() {
        return Objects.requireNonNull(agent.nextTransmit(), "nothing was sent");
    }

    private static String text(Transmit transmit) {
        return new String(transmit.bytes(), StandardCharsets.UTF_8);
    }

    private static String via(Transmit transmit) {
        return text(transmit)
                .lines()
                .filter(line -> line.startsWith("Via: "))
                .findFirst()
                .orElseThrow();
    }

    private void respond(Transmit request, String status, Hop source) {
        List<String> lines = new ArrayList<>(List.of("SIP/2.0 " + status));
        text(request)
                .lines()
                .filter(line -> line.matches("(Via|From|Call-ID|CSeq|To): .*"))
                .forEach(line -> lines.add(line.startsWith("To: ") ? line + ";tag=b" : line));
        lines.add("Content-Length: 0");
        byte[] bytes = (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        agent.receive(bytes, bytes.length, source, 10);
    }

    private <T> @Nullable T event(Class<T> kind) {
        for (SipEvent event = agent.nextEvent(); event != null; event = agent.nextEvent()) {
            if (kind.isInstance(event)) {
                return kind.cast(event);
            }
        }
        return null;
    }

    @Test
    void shouldTakeTcpForLargeRequestsAndUdpForOthers() {
        invite(10);
        assertThat(next().destination().transport()).isEqualTo(Transport.UDP);
        invite(UserAgentConfig.DATAGRAM_BYTES_MAX);
        Transmit large = next();
        assertThat(large.destination()).isEqualTo(Hop.of(Transport.TCP, B));
        assertThat(via(large)).startsWith("Via: SIP/2.0/TCP ");
    }

    @Test
    void shouldCancelAndAcknowledgeWhereTheInviteWent() {
        long call = invite(UserAgentConfig.DATAGRAM_BYTES_MAX);
        Transmit large = next();
        respond(large, "180 Ringing", large.destination());
        assertThat(agent.cancel(call, null, 10)).isTrue();
        Transmit cancel = next();
        assertThat(text(cancel)).startsWith("CANCEL ");
        assertThat(cancel.destination()).isEqualTo(large.destination());
        assertThat(via(cancel)).isEqualTo(via(large));
        respond(large, "487 Request Terminated", large.destination());
        Transmit ack = next();
        assertThat(text(ack)).startsWith("ACK ");
        assertThat(ack.destination()).isEqualTo(large.destination());
        assertThat(event(SipEvent.InviteFailed.class)).isNotNull();
    }

    @Test
    void shouldFallBackToUdpWhenTcpIsRefusedAndRememberThatForAWhile() {
        invite(UserAgentConfig.DATAGRAM_BYTES_MAX);
        Transmit large = next();
        agent.transmitFailed(large, 10);
        Transmit again = next();
        assertThat(again.destination()).isEqualTo(Hop.udp(B));
        assertThat(via(again)).isEqualTo(via(large).replace("/TCP ", "/UDP "));
        assertThat(event(SipEvent.InviteFailed.class)).isNull();
        agent.advance(600);
        assertThat(next().destination()).as("repeated as over UDP").isEqualTo(Hop.udp(B));
        invite(UserAgentConfig.DATAGRAM_BYTES_MAX);
        assertThat(next().destination()).as("another call").isEqualTo(Hop.udp(B));
        agent.advance(TcpForLarge.REFUSED_MS + 10);
        while (agent.nextTransmit() != null) {}
        agent.invite(
                InviteRequest.of("sip:b@127.0.0.2", B, "sip:a@127.0.0.1", "sip:b@127.0.0.2")
                        .withHeader("X-Filler", "x".repeat(UserAgentConfig.DATAGRAM_BYTES_MAX)),
                TcpForLarge.REFUSED_MS + 10);
        assertThat(next().destination().transport()).as("later").isEqualTo(Transport.TCP);
    }

    @Test
    void shouldFailWhenUdpIsRefusedAsWell() {
        invite(UserAgentConfig.DATAGRAM_BYTES_MAX);
        agent.transmitFailed(next(), 10);
        agent.transmitFailed(next(), 10);
        assertThat(event(SipEvent.InviteFailed.class))
                .isNotNull()
                .extracting(SipEvent.InviteFailed::status)
                .isEqualTo(503);
        assertThat(agent.transactions() + agent.deadlines()).isZero();
    }

    @Test
    void shouldSendAsDatagramsWhatTheConfigurationAllows() {
        UserAgent wide = new UserAgent(UserAgentConfig.at(A).withDatagramsTo(8_000), new SplittableRandom(1));
        wide.invite(
                InviteRequest.of("sip:b@127.0.0.2", B, "sip:a@127.0.0.1", "sip:b@127.0.0.2")
                        .withHeader("X-Filler", "x".repeat(4_000)),
                0);
        assertThat(Objects.requireNonNull(wide.nextTransmit()).destination()).isEqualTo(Hop.udp(B));
    }
}
