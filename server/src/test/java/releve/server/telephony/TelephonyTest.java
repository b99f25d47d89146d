package releve.server.telephony;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import releve.core.call.CallEvent;
import releve.core.call.Verdict;
import releve.core.campaign.CpaSettings;
import releve.core.common.AttemptId;
import releve.core.engine.Command;
import releve.core.engine.Event;
import releve.server.trunk.TrunkPlan;
import releve.sip.agent.SipEvent;
import releve.sip.agent.UserAgentConfig;
import releve.sip.message.BodyPart;
import releve.sip.message.GatewayAnalysis;
import releve.sip.sdp.Sdp;
import releve.sip.transport.SipEndpoint;

/** Telephony against real user agents on loopback: one plays the trunk with its customer, one the agent's phone. */
class TelephonyTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final AttemptId ATTEMPT = AttemptId.of(1, 1, 1);

    @TempDir
    private Path prompts;

    private final BlockingQueue<Event> reported = new LinkedBlockingQueue<>();
    private final BlockingQueue<SipEvent> atCustomer = new LinkedBlockingQueue<>();
    private final BlockingQueue<SipEvent> atAgent = new LinkedBlockingQueue<>();
    private SipEndpoint customer;
    private SipEndpoint agentPhone;
    private Telephony telephony;

    @BeforeEach
    void open() throws Exception {
        customer = phone(1, atCustomer);
        agentPhone = phone(2, atAgent);
        telephony = Telephony.open(
                new Telephony.Config(
                        new InetSocketAddress(LOOPBACK, 0),
                        TrunkPlan.of(customer.address(), 1_000, 100, true),
                        Set.of(LOOPBACK),
                        100,
                        prompts,
                        () -> true),
                reported::add);
        assertThat(next(Event.TrunkUp.class, any -> true))
                .as("the trunk answers OPTIONS")
                .isNotNull();
    }

    @AfterEach
    void close() {
        telephony.close();
        customer.close();
        agentPhone.close();
    }

    @Test
    void shouldShowTheTrunkThatAnswersOptions() {
        Awaitility.await().until(() -> telephony.trunks().getFirst().usable());
        assertThat(telephony.trunks().getFirst().gateways().getFirst().reason()).isEqualTo("it answers");
    }

    @Test
    void shouldBridgeCustomerWithAgentSoThatMediaFlowsDirectly() throws Exception {
        long atCustomerCall = answeredCustomer();
        long atAgentCall = bridged(atCustomerCall);

        SipEvent.IncomingCall offered = (SipEvent.IncomingCall) lastIncoming;
        assertThat(Sdp.parse(offered.sdp()).firstAudio().port()).isEqualTo(40_000);

        agentPhone.submit((agent, nowMs) -> agent.bye(atAgentCall, null, nowMs));
        next(CallEvent.TargetHungUp.class);
        telephony.hangUp(new Command.HangUp(ATTEMPT));
        assertThat(take(atCustomer, SipEvent.CallEnded.class).byRemote()).isTrue();
    }

    @Test
    void shouldReportCustomerWhoHangsUpAndEndTheAgentsLeg() throws Exception {
        long atCustomerCall = answeredCustomer();
        bridged(atCustomerCall);
        customer.submit((agent, nowMs) -> agent.bye(atCustomerCall, null, nowMs));
        next(CallEvent.CustomerHungUp.class);
        telephony.hangUp(new Command.HangUp(ATTEMPT));
        assertThat(take(atAgent, SipEvent.CallEnded.class).byRemote()).isTrue();
    }

    private static final Command.Dial ANALYSED =
            new Command.Dial(ATTEMPT, "+12025550100", "+12025550199", "call-1", Optional.of(CpaSettings.DEFAULT));

    @Test
    void shouldReportWhatTheGatewayPromisesAndHears() throws Exception {
        telephony.dial(ANALYSED);
        SipEvent.IncomingCall incoming = take(atCustomer, SipEvent.IncomingCall.class);
        assertThat(Sdp.parse(incoming.sdp()).firstAudio()).isNotNull();
        assertThat(GatewayAnalysis.parse(incoming.invite().parts().getLast().content()))
                .contains(new GatewayAnalysis.Request(608, 2500, 3000, 112, 30_000));
        customer.submit((agent, nowMs) -> {
            agent.attach(incoming.call(), new GatewayAnalysis.Enabled().asPart());
            agent.ringReliably(incoming.call(), 180, null, nowMs);
        });
        next(CallEvent.AnalysisPromised.class);
        next(CallEvent.Ringing.class);
        heard(incoming.call(), GatewayAnalysis.Heard.SITVC);
        assertThat(next(CallEvent.Analysed.class).verdict()).isEqualTo(Verdict.SIT_VACANT);
        customer.submit((agent, nowMs) -> agent.answer(incoming.call(), sdp(40_000), nowMs));
        next(CallEvent.Answered.class);
        heard(incoming.call(), GatewayAnalysis.Heard.ASMT);
        assertThat(next(CallEvent.Analysed.class).verdict()).isEqualTo(Verdict.MACHINE_TONE);
    }

    private void heard(long call, GatewayAnalysis.Heard heard) {
        BodyPart body = new GatewayAnalysis.Detected(heard).asPart();
        Awaitility.await().until(() -> {
            CompletableFuture<Boolean> sent = new CompletableFuture<>();
            customer.submit(
                    (agent, nowMs) -> sent.complete(agent.update(call, body.contentType(), body.content(), nowMs)));
            return sent.get(5, TimeUnit.SECONDS);
        });
    }

    @Test
    void shouldAskNothingOfTheGatewayWhereNothingIsAnalysed() throws Exception {
        dial();
        assertThat(take(atCustomer, SipEvent.IncomingCall.class).invite().parts())
                .hasSize(1);
    }

    @Test
    void shouldEndTheLegOfWhoDidNotTakeTheCallWhenItGoesToAnother() throws Exception {
        answeredCustomer();
        telephony.bridge(new Command.Bridge(ATTEMPT, agentUri(), "to-agent-1"));
        SipEvent.IncomingCall slow = take(atAgent, SipEvent.IncomingCall.class);
        agentPhone.submit((agent, nowMs) -> agent.ring(slow.call(), 180, null, nowMs));
        telephony.bridge(new Command.Bridge(ATTEMPT, agentUri(), "to-agent-2"));
        // The CANCEL waits for a provisional response, so the second call may come before it.
        Awaitility.await()
                .until(() -> atAgent.stream()
                                        .filter(SipEvent.IncomingCall.class::isInstance)
                                        .count()
                                == 1
                        && atAgent.stream().anyMatch(SipEvent.CancelledByPeer.class::isInstance));
        assertThat(atAgent)
                .anyMatch(
                        event -> event instanceof SipEvent.CancelledByPeer cancelled && cancelled.call() == slow.call())
                .anyMatch(event -> event instanceof SipEvent.IncomingCall call
                        && call.callId().equals("to-agent-2"));
    }

    @Test
    void shouldReportBusyCustomer() throws Exception {
        dial();
        SipEvent.IncomingCall incoming = take(atCustomer, SipEvent.IncomingCall.class);
        customer.submit((agent, nowMs) -> agent.reject(incoming.call(), 486, java.util.List.of(), nowMs));
        assertThat(next(CallEvent.Failed.class).status()).isEqualTo(486);
    }

    @Test
    void shouldCancelRingingCustomer() throws Exception {
        dial();
        SipEvent.IncomingCall incoming = take(atCustomer, SipEvent.IncomingCall.class);
        customer.submit((agent, nowMs) -> agent.ring(incoming.call(), 180, null, nowMs));
        next(CallEvent.Ringing.class);
        telephony.cancel(new Command.CancelDial(ATTEMPT));
        assertThat(next(CallEvent.Failed.class).status()).isEqualTo(487);
        take(atCustomer, SipEvent.CancelledByPeer.class);
    }

    @Test
    void shouldKeepCustomerWhenAgentsPhoneRefuses() throws Exception {
        answeredCustomer();
        telephony.bridge(new Command.Bridge(ATTEMPT, agentUri(), "to-agent-1"));
        SipEvent.IncomingCall first = take(atAgent, SipEvent.IncomingCall.class);
        agentPhone.submit((agent, nowMs) -> agent.reject(first.call(), 486, java.util.List.of(), nowMs));
        assertThat(next(CallEvent.BridgeFailed.class).reason()).startsWith("486");
        telephony.bridge(new Command.Bridge(ATTEMPT, agentUri(), "to-agent-2"));
        SipEvent.IncomingCall second = take(atAgent, SipEvent.IncomingCall.class);
        assertThat(second.callId()).isEqualTo("to-agent-2");
    }

    @Test
    void shouldRefuseTargetThatIsNoLiteralAddress() throws Exception {
        answeredCustomer();
        telephony.bridge(new Command.Bridge(ATTEMPT, "sip:someone@phones.example", "to-agent-1"));
        assertThat(next(CallEvent.BridgeFailed.class).reason()).contains("phones.example");
    }

    @Test
    void shouldFollowNoAttemptWhoseLegsAreOver() throws Exception {
        long atCustomerCall = answeredCustomer();
        bridged(atCustomerCall);
        customer.submit((agent, nowMs) -> agent.bye(atCustomerCall, null, nowMs));
        next(CallEvent.CustomerHungUp.class);
        telephony.hangUp(new Command.HangUp(ATTEMPT));
        Awaitility.await().until(() -> telephony.live() == 0);
    }

    @Test
    void shouldCallTheAgentsPhoneFirstAndThenConnectItWithTheCustomer() throws Exception {
        SipEvent.IncomingCall atCustomerCall = agentTakesHisOwnCall();
        assertThat(atCustomerCall.callId()).isEqualTo("call-1");
        assertThat(Sdp.parse(atCustomerCall.sdp()).firstAudio().port()).isEqualTo(50_000);

        customer.submit((agent, nowMs) -> agent.ring(atCustomerCall.call(), 183, sdp(40_000), nowMs));
        next(CallEvent.Ringing.class);
        SipEvent.IncomingReinvite early = take(atAgent, SipEvent.IncomingReinvite.class);
        assertThat(Sdp.parse(early.sdp()).firstAudio().port()).isEqualTo(40_000);
        agentPhone.submit((agent, nowMs) -> agent.answerReinvite(early.call(), sdp(50_000), nowMs));

        customer.submit((agent, nowMs) -> agent.answer(atCustomerCall.call(), sdp(40_000), nowMs));
        next(CallEvent.Answered.class);
        next(CallEvent.Bridged.class);

        agentPhone.submit((agent, nowMs) -> agent.bye(early.call(), null, nowMs));
        next(CallEvent.TargetHungUp.class);
        assertThat(take(atCustomer, SipEvent.CallEnded.class).byRemote()).isTrue();
        Awaitility.await().until(() -> telephony.live() == 0);
    }

    @Test
    void shouldTellTheAgentsPhoneOfMediaThatOnlyTheAnswerBrings() throws Exception {
        SipEvent.IncomingCall atCustomerCall = agentTakesHisOwnCall();
        customer.submit((agent, nowMs) -> agent.ring(atCustomerCall.call(), 180, null, nowMs));
        customer.submit((agent, nowMs) -> agent.answer(atCustomerCall.call(), sdp(40_002), nowMs));
        next(CallEvent.Answered.class);
        SipEvent.IncomingReinvite told = take(atAgent, SipEvent.IncomingReinvite.class);
        assertThat(Sdp.parse(told.sdp()).firstAudio().port()).isEqualTo(40_002);
        agentPhone.submit((agent, nowMs) -> agent.answerReinvite(told.call(), sdp(50_000), nowMs));
        next(CallEvent.Bridged.class);
        customer.submit((agent, nowMs) -> agent.bye(atCustomerCall.call(), null, nowMs));
        next(CallEvent.CustomerHungUp.class);
        assertThat(take(atAgent, SipEvent.CallEnded.class).byRemote()).isTrue();
    }

    @Test
    void shouldEndTheAgentsLegWhenTheCustomerHeCallsIsBusy() throws Exception {
        SipEvent.IncomingCall atCustomerCall = agentTakesHisOwnCall();
        customer.submit((agent, nowMs) -> agent.reject(atCustomerCall.call(), 486, java.util.List.of(), nowMs));
        assertThat(next(CallEvent.Failed.class).status()).isEqualTo(486);
        assertThat(take(atAgent, SipEvent.CallEnded.class).byRemote()).isTrue();
        Awaitility.await().until(() -> telephony.live() == 0);
    }

    @Test
    void shouldCancelTheCustomerWhenTheAgentHangsUpWhileItRings() throws Exception {
        SipEvent.IncomingCall atCustomerCall = agentTakesHisOwnCall();
        customer.submit((agent, nowMs) -> agent.ring(atCustomerCall.call(), 180, null, nowMs));
        next(CallEvent.Ringing.class);
        long agentsCall = atAgentCall;
        agentPhone.submit((agent, nowMs) -> agent.bye(agentsCall, null, nowMs));
        next(CallEvent.TargetHungUp.class);
        take(atCustomer, SipEvent.CancelledByPeer.class);
        assertThat(next(CallEvent.Failed.class).status()).isEqualTo(487);
    }

    @Test
    void shouldCallNoCustomerWhenTheAgentsOwnPhoneRefuses() throws Exception {
        dialFromAgent();
        SipEvent.IncomingCall incoming = take(atAgent, SipEvent.IncomingCall.class);
        agentPhone.submit((agent, nowMs) -> agent.reject(incoming.call(), 486, java.util.List.of(), nowMs));
        assertThat(next(CallEvent.BridgeFailed.class).reason()).startsWith("486");
        Awaitility.await().until(() -> telephony.live() == 0);
        assertThat(atCustomer).noneMatch(SipEvent.IncomingCall.class::isInstance);
    }

    @Test
    void shouldGiveUpBeforeTheCustomerIsCalled() throws Exception {
        dialFromAgent();
        take(atAgent, SipEvent.IncomingCall.class);
        telephony.cancel(new Command.CancelDial(ATTEMPT));
        assertThat(next(CallEvent.Failed.class).status()).isEqualTo(487);
        take(atAgent, SipEvent.CancelledByPeer.class);
        assertThat(telephony.live()).isZero();
    }

    @Test
    void shouldPlayARecordingToTheCustomerAndThenHangUp() throws Exception {
        Files.write(prompts.resolve("sorry.wav"), WavSamples.silence(1_600));
        answeredCustomer();
        long startNs = System.nanoTime();
        telephony.playAndHangUp(ATTEMPT, "sorry.wav");
        next(CallEvent.Played.class);
        assertThat(take(atCustomer, SipEvent.CallEnded.class).byRemote()).isTrue();
        assertThat(System.nanoTime() - startNs).isGreaterThanOrEqualTo(180_000_000L);
    }

    @Test
    void shouldHangUpAtOnceWhenThereIsNoSuchRecording() throws Exception {
        answeredCustomer();
        telephony.playAndHangUp(ATTEMPT, "absent.wav");
        assertThat(take(atCustomer, SipEvent.CallEnded.class).byRemote()).isTrue();
    }

    private long atAgentCall;

    private void dialFromAgent() {
        telephony.dialFromAgent(
                ATTEMPT, "+12025550199", new AgentFirst.Order("+12025550100", "call-1", agentUri(), "to-agent-1"));
    }

    /** @return the customer's call that follows */
    private SipEvent.IncomingCall agentTakesHisOwnCall() throws Exception {
        dialFromAgent();
        SipEvent.IncomingCall incoming = take(atAgent, SipEvent.IncomingCall.class);
        assertThat(incoming.callId()).isEqualTo("to-agent-1");
        atAgentCall = incoming.call();
        agentPhone.submit((agent, nowMs) -> agent.answer(incoming.call(), sdp(50_000), nowMs));
        return take(atCustomer, SipEvent.IncomingCall.class);
    }

    private SipEvent lastIncoming;

    private long answeredCustomer() throws Exception {
        dial();
        SipEvent.IncomingCall incoming = take(atCustomer, SipEvent.IncomingCall.class);
        assertThat(incoming.requestUri()).startsWith("sip:+12025550100@");
        customer.submit((agent, nowMs) -> agent.answer(incoming.call(), sdp(40_000), nowMs));
        next(CallEvent.Answered.class);
        return incoming.call();
    }

    private long bridged(long atCustomerCall) throws Exception {
        telephony.bridge(new Command.Bridge(ATTEMPT, agentUri(), "to-agent-1"));
        SipEvent.IncomingCall incoming = take(atAgent, SipEvent.IncomingCall.class);
        lastIncoming = incoming;
        assertThat(incoming.invite().headers().values("Call-Info")).anyMatch(value -> value.contains("answer-after=0"));
        agentPhone.submit((agent, nowMs) -> agent.answer(incoming.call(), sdp(50_000), nowMs));
        SipEvent.IncomingReinvite reinvite = take(atCustomer, SipEvent.IncomingReinvite.class);
        assertThat(Sdp.parse(reinvite.sdp()).firstAudio().port()).isEqualTo(50_000);
        customer.submit((agent, nowMs) -> agent.answerReinvite(atCustomerCall, sdp(40_000), nowMs));
        next(CallEvent.Bridged.class);
        return incoming.call();
    }

    private void dial() {
        telephony.dial(new Command.Dial(ATTEMPT, "+12025550100", "+12025550199", "call-1"));
    }

    private String agentUri() {
        return "sip:agent1@" + LOOPBACK.getHostAddress() + ":"
                + agentPhone.address().getPort();
    }

    private static String sdp(int port) {
        return Sdp.audio(LOOPBACK.getHostAddress(), port, 1).toString();
    }

    private static SipEndpoint phone(long seed, BlockingQueue<SipEvent> events) throws Exception {
        return SipEndpoint.open(
                UserAgentConfig.at(new InetSocketAddress(LOOPBACK, 0)),
                new SplittableRandom(seed),
                (event, agent, nowMs) -> events.add(event));
    }

    private <T extends CallEvent> T next(Class<T> type) throws InterruptedException {
        Event.CallReported report = next(Event.CallReported.class, event -> type.isInstance(event.event()));
        assertThat(report).as("a report of %s", type.getSimpleName()).isNotNull();
        return type.cast(report.event());
    }

    private <T extends Event> T next(Class<T> type, Predicate<T> wanted) throws InterruptedException {
        for (Event event = reported.poll(10, TimeUnit.SECONDS);
                event != null;
                event = reported.poll(10, TimeUnit.SECONDS)) {
            if (type.isInstance(event) && wanted.test(type.cast(event))) {
                return type.cast(event);
            }
        }
        return null;
    }

    private static <T extends SipEvent> T take(BlockingQueue<SipEvent> events, Class<T> type)
            throws InterruptedException {
        for (SipEvent event = events.poll(10, TimeUnit.SECONDS);
                event != null;
                event = events.poll(10, TimeUnit.SECONDS)) {
            if (type.isInstance(event)) {
                return type.cast(event);
            }
        }
        throw new AssertionError("no " + type.getSimpleName() + " came");
    }
}
