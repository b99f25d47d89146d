package releve.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import releve.sip.agent.Counter;
import releve.sip.agent.InviteRequest;
import releve.sip.agent.SipEvent;
import releve.sip.agent.UserAgentConfig;
import releve.sip.transaction.Transport;

/** Requests too large for a datagram (RFC 3261 section 18.1.1), over real sockets. */
class LargeRequestsTest {
    private static final int PORTS_TRIED = 20;

    private static InviteRequest large(Phone callee) {
        return Phone.request(callee.hop(Transport.UDP))
                .withHeader("X-Filler", "x".repeat(UserAgentConfig.DATAGRAM_BYTES_MAX));
    }

    /** A phone at a port of which its configuration makes what it wants; others may take a free port meanwhile. */
    private static Phone at(Function<InetSocketAddress, EndpointConfig> config) throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        for (int i = 1; ; i++) {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, loopback)) {
                port = free.getLocalPort();
            }
            try {
                return new Phone(i, config.apply(new InetSocketAddress(loopback, port)));
            } catch (IOException e) {
                if (i == PORTS_TRIED) {
                    throw e;
                }
            }
        }
    }

    @Test
    void shouldTakeTcpAndEndTheCallWhenThePeerListensOnBoth() throws Exception {
        try (Phone callee = at(port -> EndpointConfig.udp(port).listening(Transport.TCP, port));
                Phone caller = new Phone(50, Phone.config())) {
            caller.invite(large(callee));
            SipEvent.IncomingCall in = callee.expect(SipEvent.IncomingCall.class);
            assertThat(in.source().transport()).isEqualTo(Transport.TCP);
            assertThat(in.invite().topVia().transport()).isEqualTo("TCP");
            long call = caller.expect(SipEvent.Answered.class).call();
            callee.expect(SipEvent.Acknowledged.class);
            caller.run((agent, now) -> agent.bye(call, null, now));
            assertThat(callee.expect(SipEvent.CallEnded.class).byRemote()).isTrue();
            caller.expect(SipEvent.CallEnded.class);
            assertThat(caller.endpoint.sendFailures()).isZero();
            assertThat(caller.endpoint.counted(TransportCounter.CONNECTIONS_MADE))
                    .isEqualTo(1);
        }
    }

    @Test
    void shouldFallBackToUdpOnceWhenThePeerRefusesTcp() throws Exception {
        try (Phone callee = at(EndpointConfig::udp);
                Phone caller = new Phone(50, Phone.config())) {
            for (int i = 0; i < 2; i++) {
                caller.invite(large(callee));
                SipEvent.IncomingCall in = callee.expect(SipEvent.IncomingCall.class);
                assertThat(in.source().transport()).isEqualTo(Transport.UDP);
                assertThat(in.invite().topVia().transport()).isEqualTo("UDP");
                long call = caller.expect(SipEvent.Answered.class).call();
                caller.run((agent, now) -> agent.bye(call, null, now));
                caller.expect(SipEvent.CallEnded.class);
            }
            assertThat(caller.endpoint.counted(TransportCounter.CONNECT_FAILURES))
                    .isEqualTo(1);
            assertThat((long) caller.run((agent, _) -> agent.count(Counter.CALLS_OUT)))
                    .isEqualTo(2);
        }
    }
}
