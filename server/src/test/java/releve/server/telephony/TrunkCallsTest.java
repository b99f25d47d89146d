package releve.server.telephony;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import releve.core.call.CallEvent;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.EndedBy;
import releve.core.engine.Command;
import releve.core.engine.Event;
import releve.server.trunk.TrunkFile;
import releve.sip.agent.SipEvent;
import releve.sip.agent.UserAgent;
import releve.sip.agent.UserAgentConfig;
import releve.sip.auth.DigestAlgorithm;
import releve.sip.auth.DigestServer;
import releve.sip.message.Header;
import releve.sip.sdp.Sdp;
import releve.sip.transaction.Transport;
import releve.sip.transport.EndpointConfig;
import releve.sip.transport.SipEndpoint;

/** Calls through a trunk of two gateways on loopback, of which north comes first. */
class TrunkCallsTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    private Path prompts;

    private final BlockingDeque<Event> reported = new LinkedBlockingDeque<>();
    /** Events of other attempts that came meanwhile, the last one first. */
    private final Deque<Event> passedOver = new ArrayDeque<>();

    private final Gateway north = new Gateway(1);
    private final Gateway south = new Gateway(2);
    private volatile boolean mayDial = true;
    private Telephony telephony;
    private int attempts;

    /** A peer that does with a call what the test says, and keeps what came. */
    private static final class Gateway {
        final BlockingQueue<SipEvent.IncomingCall> calls = new LinkedBlockingQueue<>();
        final BlockingQueue<SipEvent> events = new LinkedBlockingQueue<>();
        final SipEndpoint endpoint;
        volatile Answer answer = (call, agent, nowMs) -> agent.answer(call.call(), sdp(40_000), nowMs);

        interface Answer {
            void to(SipEvent.IncomingCall call, UserAgent agent, long nowMs);
        }

        Gateway(long seed) {
            try {
                endpoint = SipEndpoint.open(
                        UserAgentConfig.at(new InetSocketAddress(LOOPBACK, 0)),
                        new SplittableRandom(seed),
                        this::onEvent);
            } catch (java.io.IOException e) {
                throw new AssertionError(e);
            }
        }

        private void onEvent(SipEvent event, UserAgent agent, long nowMs) {
            events.add(event);
            if (event instanceof SipEvent.IncomingCall call) {
                calls.add(call);
                answer.to(call, agent, nowMs);
            }
        }

        void refuses(int status, Header... headers) {
            answer = (call, agent, nowMs) -> agent.reject(call.call(), status, List.of(headers), nowMs);
        }

        int port() {
            return endpoint.address().getPort();
        }
    }

    private static String sdp(int port) {
        return Sdp.audio(LOOPBACK.getHostAddress(), port, 1).toString();
    }

    @BeforeEach
    void open() throws Exception {
        open("");
    }

    private void open(String more) throws Exception {
        open(more, "127.0.0.1:" + north.port());
    }

    private void open(String more, String northUri) throws Exception {
        if (telephony != null) {
            telephony.close();
            reported.clear();
            passedOver.clear();
        }
        String yaml = """
                trunks:
                  - name: acme
                    callsPerSecond: 100
                    answerWithin: 0.5
                    %s
                    gateways:
                      - {name: north, uri: "%s", priority: 1}
                      - {name: south, uri: "127.0.0.1:%d", priority: 2}
                """.formatted(more, northUri, south.port());
        telephony = Telephony.open(
                new Telephony.Config(
                        new InetSocketAddress(LOOPBACK, 0),
                        TrunkFile.parse(yaml, "trunks.yaml", prompts, Map.of("PASSWORD", "secret")),
                        Set.of(),
                        100,
                        prompts,
                        () -> mayDial),
                reported::add);
        Awaitility.await()
                .until(() -> !telephony.trunks().isEmpty()
                        && telephony.trunks().getFirst().gateways().stream()
                                .allMatch(gateway -> gateway.state().equals("up")));
    }

    @AfterEach
    void close() {
        telephony.close();
        north.endpoint.close();
        south.endpoint.close();
    }

    private AttemptId dial() {
        AttemptId attempt = AttemptId.of(1, 1, ++attempts);
        telephony.dial(new Command.Dial(attempt, "+12025550100", "+12025550199", "call-" + attempts));
        return attempt;
    }

    private <T extends CallEvent> T next(AttemptId attempt, Class<T> type) throws InterruptedException {
        for (Event event = passedOver.poll(); event != null; event = passedOver.poll()) {
            reported.addFirst(event);
        }
        for (Event event = reported.poll(10, TimeUnit.SECONDS);
                event != null;
                event = reported.poll(10, TimeUnit.SECONDS)) {
            if (event instanceof Event.CallReported report
                    && report.attempt().equals(attempt)
                    && type.isInstance(report.event())) {
                return type.cast(report.event());
            }
            passedOver.addFirst(event);
        }
        throw new AssertionError("no " + type.getSimpleName() + " of " + attempt + " came");
    }

    private SipEvent.IncomingCall at(Gateway gateway) throws InterruptedException {
        SipEvent.IncomingCall call = gateway.calls.poll(10, TimeUnit.SECONDS);
        assertThat(call).as("a call at the gateway").isNotNull();
        return call;
    }

    private List<Event> toldOfTheTrunk() {
        List<Event> told = new ArrayList<>(passedOver);
        told.addAll(reported);
        told.removeIf(Event.CallReported.class::isInstance);
        return told;
    }

    @Test
    void shouldGiveTheCallToTheGatewayOfTheBestPriority() throws Exception {
        next(dial(), CallEvent.Answered.class);
        SipEvent.IncomingCall call = at(north);
        assertThat(call.requestUri()).isEqualTo("sip:+12025550100@127.0.0.1:" + north.port());
        assertThat(call.callId()).isEqualTo("call-1");
        assertThat(south.calls).isEmpty();
        Awaitility.await()
                .until(() -> telephony.trunks().getFirst().gateways().getFirst().calls() == 1);
        north.endpoint.submit((agent, nowMs) -> agent.bye(call.call(), null, nowMs));
        Awaitility.await().until(() -> telephony.trunks().getFirst().calls() == 0);
    }

    @Test
    void shouldOfferTheSameAttemptToTheNextGatewayAfter503() throws Exception {
        north.refuses(503);
        AttemptId attempt = dial();
        next(attempt, CallEvent.Answered.class);
        assertThat(at(north).callId()).isEqualTo(at(south).callId());
        assertThat(toldOfTheTrunk())
                .as("one gateway takes calls, so dialing goes on")
                .noneMatch(event -> event instanceof Event.TrunkPaused
                        || event instanceof Event.TrunkDown down
                                && !down.reason().endsWith("not asked yet"));
        assertThat(telephony.live()).isEqualTo(1);
        dial();
        at(south);
        assertThat(north.calls).as("who answered 503 is left in peace").isEmpty();
    }

    @Test
    void shouldOfferTheCallToTheNextGatewayWhenOneIsSilent() throws Exception {
        InetSocketAddress address = north.endpoint.address();
        north.endpoint.close();
        try (DatagramSocket mute = new DatagramSocket(address)) {
            next(dial(), CallEvent.Answered.class);
            assertThat(at(south).callId()).isEqualTo("call-1");
            assertThat(mute.getLocalPort()).isEqualTo(address.getPort());
        }
    }

    @Test
    void shouldReportWhatTheFirstGatewaySaidWhenTheSecondSaysNothing() throws Exception {
        north.refuses(503);
        InetSocketAddress address = south.endpoint.address();
        south.endpoint.close();
        try (DatagramSocket mute = new DatagramSocket(address)) {
            CallEvent.Failed failed = next(dial(), CallEvent.Failed.class);
            assertThat(failed.status()).isEqualTo(503);
            assertThat(failed.heard()).isTrue();
            assertThat(mute.getLocalPort()).isEqualTo(address.getPort());
        }
    }

    @Test
    void shouldHearFromTheNetworkThatNobodyIsAtAGateway() throws Exception {
        north.endpoint.close();
        Awaitility.await()
                .until(() -> telephony
                        .trunks()
                        .getFirst()
                        .gateways()
                        .getFirst()
                        .reason()
                        .equals("it cannot be reached"));
        next(dial(), CallEvent.Answered.class);
        assertThat(at(south).callId()).isEqualTo("call-1");
    }

    @Test
    void shouldNotRingASecondPhoneWhenTheGatewayFailsAfterTheFirstRang() throws Exception {
        north.answer = (call, agent, nowMs) -> {
            agent.ring(call.call(), 180, null, nowMs);
            agent.reject(call.call(), 503, List.of(), nowMs);
        };
        CallEvent.Failed failed = next(dial(), CallEvent.Failed.class);
        assertThat(failed.status()).isEqualTo(503);
        assertThat(south.calls).isEmpty();
    }

    @Test
    void shouldPauseDialingForAsLongAsTheGatewayThatRestsTheShortestAskedFor() throws Exception {
        north.refuses(503, new Header("Retry-After", "20"));
        south.refuses(503, new Header("Retry-After", "2"));
        CallEvent.Failed failed = next(dial(), CallEvent.Failed.class);
        assertThat(failed.status()).isEqualTo(503);
        assertThat(failed.heard()).isTrue();
        AttemptId second = dial();
        assertThat(next(second, CallEvent.NotTaken.class).because().reason())
                .isEqualTo("not sent: every gateway that is up has refused calls for now");
        assertThat(telephony.live()).isZero();
        Awaitility.await().until(() -> reported.stream().anyMatch(Event.TrunkUp.class::isInstance));
        south.answer = (call, agent, nowMs) -> agent.answer(call.call(), sdp(40_000), nowMs);
        next(dial(), CallEvent.Answered.class);
    }

    @Test
    void shouldTellThePauseBeforeTheFailureThatCausedIt() throws Exception {
        north.refuses(503, new Header("Retry-After", "20"));
        south.refuses(503, new Header("Retry-After", "10"));
        reported.clear();
        passedOver.clear();
        dial();
        Event first = reported.poll(10, TimeUnit.SECONDS);
        assertThat(first).isInstanceOfSatisfying(Event.TrunkPaused.class, paused -> {
            assertThat(paused.pause().toMillis()).isBetween(9_000L, 10_000L);
            assertThat(paused.reason()).startsWith("the trunk acme takes no calls for now: it answered 503");
        });
        assertThat(reported.poll(10, TimeUnit.SECONDS)).isInstanceOf(Event.CallReported.class);
    }

    @Test
    void shouldUseNobodysAttemptUpWhenTheTrunkRefusesWhoWeAre() throws Exception {
        north.refuses(403);
        south.refuses(401, new Header("WWW-Authenticate", "Digest realm=\"acme\", nonce=\"n\""));
        CallEvent.NotTaken north403 = next(dial(), CallEvent.NotTaken.class);
        assertThat(north403.because().result()).isEqualTo(CallResult.SIP_UNAUTHORISED);
        assertThat(north403.because().endedBy()).isEqualTo(EndedBy.NETWORK);
        assertThat(north403.because().reason()).isEqualTo("the trunk acme refuses our calls: 403 Forbidden");
        assertThat(next(dial(), CallEvent.NotTaken.class).because().reason())
                .isEqualTo("the trunk acme refuses our calls: 401 Unauthorized");
        Awaitility.await()
                .until(() -> reported.stream().anyMatch(Event.TrunkDown.class::isInstance)
                        || telephony.trunks().getFirst().gateways().stream().noneMatch(gateway -> gateway.usable()));
        assertThat(telephony.trunks().getFirst().gateways())
                .extracting(gateway -> gateway.reason())
                .containsExactly("it refuses our calls: 403 Forbidden", "it refuses our calls: 401 Unauthorized");
    }

    @Test
    void shouldCountA403OfAGatewayThatServesForTheNumber() throws Exception {
        next(dial(), CallEvent.Answered.class);
        north.refuses(403);
        assertThat(next(dial(), CallEvent.Failed.class).status()).isEqualTo(403);
    }

    @Test
    void shouldShowCredentialsToATrunkThatAsksForThem() throws Exception {
        open("credentials: {user: releve, realm: acme, passwordEnvironment: PASSWORD}");
        DigestServer server = new DigestServer(
                "acme",
                List.of(DigestAlgorithm.SHA_256, DigestAlgorithm.MD5),
                user -> user.equals("releve") ? Optional.of("secret") : Optional.empty(),
                new SplittableRandom(1));
        north.answer = (call, agent, nowMs) -> {
            switch (server.verify(call.invite(), nowMs)) {
                case DigestServer.Verdict.Accepted _ -> agent.answer(call.call(), sdp(40_000), nowMs);
                case DigestServer.Verdict.Challenged challenged ->
                    agent.reject(call.call(), 401, challenged.challenges(), nowMs);
                case DigestServer.Verdict.Misused _ -> agent.reject(call.call(), 400, List.of(), nowMs);
            }
        };
        next(dial(), CallEvent.Answered.class);
        at(north);
        assertThat(at(north).invite().headers().values("Authorization")).anyMatch(value -> value.contains("SHA-256"));
        assertThat(telephony.trunks().getFirst().calls()).isLessThanOrEqualTo(1);
    }

    @Test
    void shouldSayWhoCallsAndForHowLongTheSessionLasts() throws Exception {
        open("""
                caller: {domain: example.org, asserted: true, withheld: true}
                    sessionTimer: {expires: 1800, min: 90}
                    outboundProxy: 127.0.0.1:%d""".formatted(south.port()));
        next(dial(), CallEvent.Answered.class);
        SipEvent.IncomingCall call = at(south);
        assertThat(north.calls).as("everything goes through the proxy").isEmpty();
        assertThat(call.requestUri()).endsWith(":" + north.port());
        assertThat(call.invite().headers().values("Route")).containsExactly("<sip:127.0.0.1:" + south.port() + ";lr>");
        assertThat(call.from()).isEqualTo("sip:anonymous@anonymous.invalid");
        assertThat(call.invite().headers().values("P-Asserted-Identity"))
                .containsExactly("<sip:+12025550199@example.org>");
        assertThat(call.invite().headers().values("Privacy")).containsExactly("id");
        assertThat(call.invite().headers().first("Session-Expires")).startsWith("1800");
    }

    @Test
    void shouldSpreadABurstOverTheCallsOfASecondAndShedWhatIsMore() throws Exception {
        open("ports: 12");
        List<AttemptId> burst = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            burst.add(dial());
        }
        for (int i = 0; i < 12; i++) {
            next(burst.get(i), CallEvent.Answered.class);
        }
        for (int i = 12; i < 20; i++) {
            CallEvent.NotTaken shed = next(burst.get(i), CallEvent.NotTaken.class);
            assertThat(shed.because().reason()).isEqualTo("not sent: all ports are taken");
            assertThat(shed.because().result()).isEqualTo(CallResult.NO_DIAL_TONE);
            assertThat(shed.because().endedBy()).isEqualTo(EndedBy.DIALER);
        }
        assertThat(telephony.live()).isEqualTo(12);
    }

    @Test
    void shouldSendNothingLaterOnceTheRightToDialIsNotSure() throws Exception {
        north.answer = (call, agent, nowMs) -> {
            mayDial = false;
            agent.reject(call.call(), 503, List.of(), nowMs);
        };
        assertThat(next(dial(), CallEvent.Failed.class).status()).isEqualTo(503);
        assertThat(south.calls).isEmpty();
    }

    @Test
    void shouldForgetACallThatIsGivenUpWhileItWaitsForItsTurn() throws Exception {
        mayDial = true;
        List<AttemptId> burst = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            burst.add(dial());
        }
        AttemptId last = burst.getLast();
        telephony.cancel(new Command.CancelDial(last));
        assertThat(next(last, CallEvent.NotTaken.class).because().reason())
                .isEqualTo("not sent: given up before its turn came");
        Awaitility.await().until(() -> north.calls.size() == 39);
        assertThat(telephony.live()).isEqualTo(39);
    }

    @Test
    void shouldReachAGatewayOverTcpAndHearFromItOnTheSameWay() throws Exception {
        BlockingQueue<SipEvent> atGateway = new LinkedBlockingQueue<>();
        UserAgentConfig config = UserAgentConfig.at(new InetSocketAddress(LOOPBACK, 0));
        try (SipEndpoint streams = SipEndpoint.open(
                EndpointConfig.udp(config.local()).listening(Transport.TCP, config.local()),
                config,
                new SplittableRandom(3),
                (event, agent, nowMs) -> {
                    atGateway.add(event);
                    if (event instanceof SipEvent.IncomingCall call) {
                        agent.answer(call.call(), sdp(40_000), nowMs);
                    }
                })) {
            open(
                    "",
                    "127.0.0.1:%d;transport=tcp"
                            .formatted(streams.address(Transport.TCP).getPort()));
            AttemptId attempt = dial();
            next(attempt, CallEvent.Answered.class);
            SipEvent.IncomingCall call = take(atGateway, SipEvent.IncomingCall.class);
            assertThat(call.source().transport()).isEqualTo(Transport.TCP);
            take(atGateway, SipEvent.Acknowledged.class);
            streams.submit((agent, nowMs) -> agent.bye(call.call(), null, nowMs));
            next(attempt, CallEvent.CustomerHungUp.class);
        }
    }

    private static <T extends SipEvent> T take(BlockingQueue<SipEvent> events, Class<T> type)
            throws InterruptedException {
        SipEvent event = events.poll(10, TimeUnit.SECONDS);
        while (event != null && !type.isInstance(event)) {
            event = events.poll(10, TimeUnit.SECONDS);
        }
        assertThat(event).as("a %s", type.getSimpleName()).isNotNull();
        return type.cast(event);
    }

    @Test
    void shouldNotListenToStrangers() throws Exception {
        try (SipEndpoint stranger = SipEndpoint.open(
                UserAgentConfig.at(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.9"), 0)),
                new SplittableRandom(9),
                (event, agent, nowMs) -> north.events.add(event))) {
            north.events.clear();
            stranger.submit((agent, nowMs) -> agent.options("sip:releve@127.0.0.1", telephony.address(), nowMs));
            assertThat(north.events.poll(1, TimeUnit.SECONDS)).isNull();
        }
    }
}
