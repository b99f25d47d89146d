package releve.sim.phone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import releve.sip.agent.InviteRequest;
import releve.sip.agent.SipEvent;
import releve.sip.agent.UserAgent;
import releve.sip.agent.UserAgentConfig;
import releve.sip.sdp.Sdp;
import releve.sip.transport.SipEndpoint;

/** The caller's side of the tests: a real user agent on a real socket. */
public final class TestDialer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    public final List<SipEvent> events = new CopyOnWriteArrayList<>();
    private final SipEndpoint endpoint;

    public TestDialer() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        endpoint = SipEndpoint.open(
                UserAgentConfig.at(any), new SplittableRandom(System.nanoTime()), (event, agent, nowMs) -> {
                    events.add(event);
                });
    }

    public InetSocketAddress address() {
        return endpoint.address();
    }

    public static String offer() {
        return Sdp.audio("127.0.0.1", 40_000, 77).toString();
    }

    /** Calls a user at that address. */
    public long invite(String user, InetSocketAddress at) {
        return invite(user, at, request -> request.withSdp(offer()));
    }

    public long invite(String user, InetSocketAddress at, UnaryOperator<InviteRequest> more) {
        String uri = "sip:" + user + "@" + at.getHostString() + ":" + at.getPort();
        InviteRequest request = InviteRequest.of(uri, at, "<sip:dialer@127.0.0.1>", "<" + uri + ">");
        return run((agent, nowMs) -> agent.invite(more.apply(request), nowMs));
    }

    /** Something to do with the user agent. */
    public interface Step<T> {
        T run(UserAgent agent, long nowMs);
    }

    public <T> T run(Step<T> step) {
        CompletableFuture<T> result = new CompletableFuture<>();
        assertThat(endpoint.submit((agent, nowMs) -> result.complete(step.run(agent, nowMs))))
                .isTrue();
        return result.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join();
    }

    /** Waits for the first event of that kind of that call. */
    public <T extends SipEvent.CallEvent> T expect(long call, Class<T> kind) {
        await().atMost(PATIENCE).until(() -> seen(call, kind));
        return events.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(event -> event.call() == call)
                .findFirst()
                .orElseThrow();
    }

    public <T extends SipEvent.CallEvent> boolean seen(long call, Class<T> kind) {
        return events.stream().anyMatch(e -> kind.isInstance(e) && kind.cast(e).call() == call);
    }

    @Override
    public void close() {
        endpoint.close();
        assertThat(endpoint.lastFailure()).isNull();
    }
}
