package releve.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import releve.sip.agent.InviteRequest;
import releve.sip.agent.SipEvent;
import releve.sip.agent.UserAgent;
import releve.sip.agent.UserAgentConfig;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Transport;

/** One end of the tests: a user agent on real sockets that rings and answers whatever comes. */
final class Phone implements AutoCloseable {
    static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    static final String SDP =
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" + "m=audio 4000 RTP/AVP 8\r\n";

    final BlockingQueue<SipEvent> events = new LinkedBlockingQueue<>();
    final SipEndpoint endpoint;

    Phone(long seed, EndpointConfig config) throws Exception {
        endpoint = SipEndpoint.open(
                config, UserAgentConfig.at(config.udp()), new SplittableRandom(seed), (event, agent, now) -> {
                    if (event instanceof SipEvent.IncomingCall in) {
                        agent.ring(in.call(), 180, null, now);
                        agent.answer(in.call(), SDP, now);
                    }
                    events.add(event);
                });
    }

    static EndpointConfig config() {
        return EndpointConfig.udp(LOOPBACK);
    }

    Hop hop(Transport transport) {
        return Hop.of(transport, endpoint.address(transport));
    }

    static InviteRequest request(Hop to) {
        String host = to.address().getAddress().getHostAddress();
        String uri = "sip:b@" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":"
                + to.address().getPort();
        return InviteRequest.of(uri, to, "sip:a@127.0.0.1", uri).withSdp(SDP);
    }

    long invite(Hop to) {
        return invite(request(to));
    }

    long invite(InviteRequest request) {
        return run((agent, now) -> agent.invite(request, now));
    }

    /** Something to do with the user agent. */
    interface Step<T> {
        T run(UserAgent agent, long nowMs);
    }

    <T> T run(Step<T> step) {
        CompletableFuture<T> result = new CompletableFuture<>();
        assertThat(endpoint.submit((agent, now) -> result.complete(step.run(agent, now))))
                .isTrue();
        return result.orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** The next event of that kind, whatever comes before it. */
    <T extends SipEvent> T expect(Class<T> kind) throws InterruptedException {
        long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            SipEvent next = events.poll(untilNs - System.nanoTime(), TimeUnit.NANOSECONDS);
            assertThat(next)
                    .as("%s within 20 s; last closing: %s", kind.getSimpleName(), endpoint.lastClosing())
                    .isNotNull();
            if (kind.isInstance(next)) {
                return kind.cast(next);
            }
        }
    }

    /** Waits until something is so. */
    static void until(String what, java.util.function.BooleanSupplier holds) throws InterruptedException {
        long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(untilNs);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Override
    public void close() {
        assertThat(endpoint.lastFailure()).isNull();
        endpoint.close();
    }
}
