package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import releve.sip.agent.Counter;
import releve.sip.agent.InviteRequest;
import releve.sip.agent.SipEvent;
import releve.sip.agent.UserAgent;
import releve.sip.agent.UserAgentConfig;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Transport;
import releve.sip.transport.EndpointConfig;
import releve.sip.transport.SipEndpoint;
import releve.sip.transport.TlsSettings;

/** Our user agent on a free port of the loopback interface, opposite a peer that nobody of us wrote. */
final class PeerAgent implements AutoCloseable {
    static final String SDP = "v=0\r\no=releve 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            + "m=audio 30000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n";
    private static final Duration EVENT_WAIT = Duration.ofSeconds(15);
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final LinkedBlockingQueue<SipEvent> events = new LinkedBlockingQueue<>();
    private final SipEndpoint endpoint;

    /** Over UDP. */
    PeerAgent(String user) throws Exception {
        this(user, EndpointConfig.udp(ANY_PORT));
    }

    private PeerAgent(String user, EndpointConfig listening) throws Exception {
        UserAgentConfig config = UserAgentConfig.at(ANY_PORT).named(user, "Releve");
        endpoint = SipEndpoint.open(listening, config, new SplittableRandom(7), (event, _, _) -> events.add(event));
    }

    /** Over UDP, and over that transport as well. */
    static PeerAgent over(Transport transport, String user, TlsSettings tls) throws Exception {
        EndpointConfig config = EndpointConfig.udp(ANY_PORT).secured(tls);
        return new PeerAgent(user, transport == Transport.UDP ? config : config.listening(transport, ANY_PORT));
    }

    InetSocketAddress address() {
        return endpoint.address();
    }

    /** A call to a user at that address, without an offer as yet. */
    static InviteRequest callTo(String user, InetSocketAddress at) {
        String uri = "sip:" + user + "@" + at.getAddress().getHostAddress() + ":" + at.getPort();
        return InviteRequest.of(uri, Hop.udp(at), "sip:releve@releve.example", uri);
    }

    /** Whether a peer answers OPTIONS within half a second, with whatever: then it is up. */
    static boolean answers(InetSocketAddress peer) throws Exception {
        try (PeerAgent probe = new PeerAgent("probe")) {
            probe.endpoint.submit((agent, nowMs) -> agent.options("sip:probe@127.0.0.1", peer, nowMs));
            return probe.events.poll(500, TimeUnit.MILLISECONDS) instanceof SipEvent.OptionsAnswered;
        }
    }

    <T> T ask(BiFunction<UserAgent, Long, T> command) throws Exception {
        CompletableFuture<T> answer = new CompletableFuture<>();
        assertThat(endpoint.submit((agent, nowMs) -> {
                    try {
                        answer.complete(command.apply(agent, nowMs));
                    } catch (RuntimeException e) {
                        answer.completeExceptionally(e);
                    }
                }))
                .isTrue();
        return answer.get(EVENT_WAIT.toSeconds(), TimeUnit.SECONDS);
    }

    long call(InviteRequest spec) throws Exception {
        return ask((agent, nowMs) -> agent.invite(spec, nowMs));
    }

    /** Gives a command that must make sense now. */
    void command(BiFunction<UserAgent, Long, Boolean> command) throws Exception {
        assertThat(this.<Boolean>ask(command)).as("the command is taken").isTrue();
    }

    /** The next event but provisional ones, which has to be of that kind. */
    <E extends SipEvent> E next(Class<E> kind) throws Exception {
        while (true) {
            SipEvent event = events.poll(EVENT_WAIT.toSeconds(), TimeUnit.SECONDS);
            if (event instanceof SipEvent.Provisional && kind != SipEvent.Provisional.class) {
                continue;
            }
            assertThat(event).as("the next event").isInstanceOf(kind);
            return kind.cast(event);
        }
    }

    /** The next event of any kind, or null when none comes within that time. */
    SipEvent poll(Duration limit) throws InterruptedException {
        return events.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Nothing is left of any call, and nothing failed inside. */
    void isQuiet() throws Exception {
        assertThat(this.<Integer>ask((agent, _) -> agent.calls()))
                .as("calls left")
                .isZero();
        assertThat(events.stream().filter(event -> !(event instanceof SipEvent.Provisional)))
                .isEmpty();
        assertThat(endpoint.failures()).as("%s", endpoint.lastFailure()).isZero();
        assertThat(this.<Long>ask((agent, _) -> agent.count(Counter.DROPPED_MALFORMED)))
                .as("malformed messages")
                .isZero();
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
