package releve.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import releve.sip.agent.Counter;
import releve.sip.agent.InviteRequest;
import releve.sip.agent.SipEvent;
import releve.sip.agent.UserAgentConfig;
import releve.sip.sdp.Sdp;

class SipEndpointTest {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final String SDP = Sdp.audio("127.0.0.1", 4000, 1).toString();

    @Test
    void shouldCarryCallsOverRealSockets() throws Exception {
        int calls = 200;
        CountDownLatch ended = new CountDownLatch(2 * calls);
        AtomicInteger answered = new AtomicInteger();
        try (SipEndpoint callee =
                        SipEndpoint.open(UserAgentConfig.at(LOOPBACK), new SplittableRandom(1), (event, agent, now) -> {
                            switch (event) {
                                case SipEvent.IncomingCall in -> {
                                    agent.ring(in.call(), 180, null, now);
                                    agent.answer(in.call(), SDP, now);
                                }
                                case SipEvent.CallEnded _ -> ended.countDown();
                                default -> {}
                            }
                        });
                SipEndpoint caller =
                        SipEndpoint.open(UserAgentConfig.at(LOOPBACK), new SplittableRandom(2), (event, agent, now) -> {
                            switch (event) {
                                case SipEvent.Answered up -> {
                                    answered.incrementAndGet();
                                    agent.bye(up.call(), null, now);
                                }
                                case SipEvent.CallEnded _ -> ended.countDown();
                                default -> {}
                            }
                        })) {
            String uri = "sip:b@127.0.0.1:" + callee.address().getPort();
            for (int i = 0; i < calls; i++) {
                assertThat(caller.submit((agent, now) -> agent.invite(
                                InviteRequest.of(uri, callee.address(), "sip:a@127.0.0.1", uri)
                                        .withSdp(SDP),
                                now)))
                        .isTrue();
            }
            assertThat(ended.await(40, TimeUnit.SECONDS)).isTrue();
            assertThat(answered).hasValue(calls);
            assertThat(caller.failures() + callee.failures()).isZero();
        }
    }

    @Test
    void shouldSayPortIsInUseWhenItIs() throws Exception {
        try (SipEndpoint first =
                SipEndpoint.open(UserAgentConfig.at(LOOPBACK), new SplittableRandom(1), (_, _, _) -> {})) {
            int port = first.address().getPort();
            assertThatThrownBy(() -> SipEndpoint.open(
                            UserAgentConfig.at(first.address()), new SplittableRandom(1), (_, _, _) -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1 port " + port)
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void shouldGoOnWhenListenerThrowsAndGarbageComes() throws Exception {
        CountDownLatch second = new CountDownLatch(2);
        try (SipEndpoint endpoint =
                SipEndpoint.open(UserAgentConfig.at(LOOPBACK), new SplittableRandom(1), (_, _, _) -> {
                    second.countDown();
                    throw new IllegalStateException("a bug of the listener");
                })) {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.send(new DatagramPacket(new byte[] {1, 2, 3}, 3, endpoint.address()));
            }
            InetSocketAddress self = endpoint.address();
            endpoint.submit((agent, now) -> agent.options("sip:x@127.0.0.1", self, now));
            endpoint.submit((agent, now) -> agent.options("sip:x@127.0.0.1", self, now));
            assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
            CountDownLatch counted = new CountDownLatch(1);
            endpoint.submit((agent, _) -> {
                if (agent.count(Counter.DROPPED_MALFORMED) == 1) {
                    counted.countDown();
                }
            });
            assertThat(counted.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(endpoint.failures()).isEqualTo(2);
        }
        assertThat(LOOPBACK.getPort()).isZero();
    }

    @Test
    void shouldRefuseCommandsWhenClosed() throws Exception {
        SipEndpoint endpoint = SipEndpoint.open(UserAgentConfig.at(LOOPBACK), new SplittableRandom(1), (_, _, _) -> {});
        endpoint.close();
        assertThat(endpoint.submit((_, _) -> {})).isFalse();
    }
}
