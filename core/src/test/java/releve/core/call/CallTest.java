package releve.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import releve.core.common.AgentId;
import releve.core.common.CallResult;
import releve.core.common.EndedBy;
import releve.core.common.ReservationId;
import releve.core.common.Termination;

/** Every event in every state of a call: where it goes, and what it asks of the engine. */
class CallTest {
    private static final Instant NOW = Instant.parse("2030-01-01T09:00:00Z");
    private static final Target AGENT =
            new Target.Agent(new AgentId("ann"), new ReservationId(1), "sip:ann@192.0.2.20");
    private static final List<String> STATES =
            List.of("dialing", "ringing", "cancelling", "waiting", "transferring", "connected", "ended");

    @ParameterizedTest
    @CsvSource({
        // event,         dialing,      ringing,      cancelling,   waiting,      transferring, connected, ended
        "ringing,         ringing,      ringing,      cancelling,   transferring, transferring, connected, ended",
        "answered,        transferring, transferring, ended,        transferring, transferring, connected, ended",
        "486,             ended,        ended,        ended,        transferring, transferring, connected, ended",
        "487,             ended,        ended,        ended,        transferring, transferring, connected, ended",
        "silence,         ended,        ended,        ended,        transferring, transferring, connected, ended",
        "withheld,        ended,        ended,        ended,        transferring, transferring, connected, ended",
        "deadline,        cancelling,   cancelling,   ended,        ended,        ended,        connected, ended",
        "early deadline,  dialing,      ringing,      ended,        transferring, transferring, connected, ended",
        "give up,         cancelling,   cancelling,   cancelling,   ended,        ended,        connected, ended",
        "target found,    dialing,      ringing,      cancelling,   transferring, transferring, connected, ended",
        "bridged,         dialing,      ringing,      cancelling,   transferring, connected,    connected, ended",
        "bridge failed,   dialing,      ringing,      cancelling,   transferring, transferring, connected, ended",
        "customer,        dialing,      ringing,      cancelling,   ended,        ended,        ended,     ended",
        "target,          dialing,      ringing,      cancelling,   transferring, transferring, ended,     ended",
        "dropped,         dialing,      ringing,      cancelling,   ended,        ended,        ended,     ended",
        "unfollow,        dialing,      ringing,      cancelling,   transferring, transferring, ended,     ended"
    })
    void shouldGoWhereThePictureSays(
            String event,
            String dialing,
            String ringing,
            String cancelling,
            String waiting,
            String transferring,
            String connected,
            String ended) {
        List<String> expected = List.of(dialing, ringing, cancelling, waiting, transferring, connected, ended);
        for (int i = 0; i < STATES.size(); i++) {
            Call call = in(STATES.get(i));
            boolean wasOver = call.state() instanceof CallState.Ended;
            List<CallEffect> effects = step(call, event);
            assertThat(call.state().phase())
                    .as("%s while %s", event, STATES.get(i))
                    .isEqualTo(expected.get(i));
            assertThat(effects.stream().filter(CallEffect.Ended.class::isInstance))
                    .as("ends exactly when it says so: %s while %s", event, STATES.get(i))
                    .hasSize(call.state() instanceof CallState.Ended && !wasOver ? 1 : 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "dialing,      deadline,      CancelInvite",
        "dialing,      ringing,       Rang",
        "ringing,      answered,      Answered WantsTarget",
        "cancelling,   answered,      HangUp Ended",
        "cancelling,   deadline,      HangUp Ended",
        "waiting,      target found,  Bridge",
        "waiting,      deadline,      HangUp Ended",
        "waiting,      customer,      HangUp Ended",
        "transferring, bridged,       Connected",
        "transferring, bridge failed, TargetFailed WantsTarget",
        "transferring, deadline,      HangUp TargetFailed Ended",
        "transferring, customer,      HangUp TargetFreed Ended",
        "transferring, give up,       HangUp TargetFreed Ended",
        "transferring, dropped,       HangUp TargetFreed Ended",
        "connected,    customer,      HangUp TargetDone Ended",
        "connected,    target,        HangUp TargetDone Ended",
        "connected,    dropped,       HangUp TargetDone Ended",
        "connected,    unfollow,      Forget TargetDone Ended"
    })
    void shouldAskTheEngineForWhatTheTransitionNeeds(String state, String event, String effects) {
        assertThat(step(in(state), event).stream()
                        .map(effect -> effect.getClass().getSimpleName())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(effects);
    }

    @ParameterizedTest
    @CsvSource({
        "ringing,      deadline;487, NO_ANSWER,           CUSTOMER",
        "ringing,      486,          BUSY,                CUSTOMER",
        "ringing,      silence,      NETWORK_DROP,        NETWORK",
        "dialing,      silence,      DIAL_ERROR,          NETWORK",
        "dialing,      withheld,     STORE_LOST,          DIALER",
        "cancelling,   487,          CANCELLED_BY_DIALER, DIALER",
        "cancelling,   486,          BUSY,                CUSTOMER",
        "cancelling,   answered,     DIALER_ABANDON,      DIALER",
        "waiting,      deadline,     DIALER_ABANDON,      DIALER",
        "waiting,      customer,     CUSTOMER_ABANDON,    CUSTOMER",
        "transferring, deadline,     DIALER_ABANDON,      DIALER",
        "transferring, dropped,      DIAL_ERROR,          NETWORK",
        "connected,    customer,     VOICE,               CUSTOMER",
        "connected,    target,       VOICE,               AGENT",
        "connected,    dropped,      VOICE,               NETWORK",
        "connected,    unfollow,     VOICE,               UNKNOWN"
    })
    void shouldSayHowItEnded(String state, String events, CallResult result, EndedBy by) {
        Call call = in(state);
        for (String event : events.split(";")) {
            step(call, event);
        }
        assertThat(((CallState.Ended) call.state()).termination())
                .satisfies(t -> assertThat(t.result()).isEqualTo(result))
                .satisfies(t -> assertThat(t.endedBy()).isEqualTo(by))
                .satisfies(t -> assertThat(t.reason()).isNotBlank());
    }

    @Test
    void shouldCountACallShorterThanTheMinimumAsCustomerAbandon() {
        Call call = in("connected");
        call.step(new CallEvent.CustomerHungUp(), NOW.plusMillis(999));
        assertThat(((CallState.Ended) call.state()).termination().result()).isEqualTo(CallResult.CUSTOMER_ABANDON);
    }

    @Test
    void shouldTryThreeTargetsAndNoMore() {
        Call call = in("waiting");
        for (int i = 1; i <= 3; i++) {
            assertThat(call.state()).isInstanceOf(CallState.Transferring.class);
            step(call, "target found");
            step(call, "bridge failed");
        }
        assertThat(((CallState.Ended) call.state()).termination())
                .isEqualTo(new Termination(
                        CallResult.DIALER_ABANDON, EndedBy.DIALER, "sip:ann@192.0.2.20: 486 Busy Here"));
    }

    @Test
    void shouldKeepTheRingLimitFromTheStartWhenItRings() {
        Call call = in("dialing");
        call.step(new CallEvent.Ringing(), NOW.plusSeconds(10));
        assertThat(call.deadline()).contains(NOW.plusSeconds(32));
    }

    private static final Treatment HANG_UP = new Treatment.HangUp();

    private static Call analysing(Treatment ofMachine) {
        Call call = call(Duration.ofSeconds(3), ofMachine, new Treatment.HangUp());
        assertThat(call.step(new CallEvent.AnalysisPromised(), NOW)).isEmpty();
        assertThat(call.step(new CallEvent.Answered(), NOW)).containsExactly(new CallEffect.Answered());
        assertThat(call.deadline()).contains(NOW.plusSeconds(3));
        return call;
    }

    private static CallResult resultOf(Call call) {
        return ((CallState.Ended) call.state()).termination().result();
    }

    @ParameterizedTest
    @CsvSource({
        "MACHINE,         ANSWERING_MACHINE",
        "MACHINE_TONE,    ANSWERING_MACHINE",
        "NETWORK_MACHINE, NETWORK_MACHINE",
        "FAX,             FAX",
        "DEAD_AIR,        DEAD_AIR",
        "SIT_INTERCEPT,   OPERATOR_INTERCEPT",
        "SIT_VACANT,      NOT_IN_SERVICE",
        "SIT_REORDER,     NO_DIAL_TONE",
        "SIT_NO_CIRCUIT,  NO_DIAL_TONE",
        "SIT_OTHER,       DIAL_ERROR"
    })
    void shouldHangUpWhatIsNoPersonWithTheVerdictAsResult(Verdict verdict, CallResult result) {
        Call call = analysing(HANG_UP);
        assertThat(call.step(new CallEvent.Analysed(verdict), NOW.plusSeconds(1)))
                .startsWith(new CallEffect.HangUp())
                .hasSize(2);
        assertThat(resultOf(call)).isEqualTo(result);
    }

    @Test
    void shouldServeAPersonAndCountTheWaitFromTheVerdict() {
        Call call = analysing(HANG_UP);
        assertThat(call.step(new CallEvent.Analysed(Verdict.HUMAN), NOW.plusSeconds(1)))
                .containsExactly(new CallEffect.WantsTarget());
        assertThat(call.deadline()).contains(NOW.plusSeconds(3));
        call.step(new CallEvent.TargetFound(AGENT), NOW.plusSeconds(1));
        assertThat(call.step(new CallEvent.Analysed(Verdict.MACHINE), NOW.plusSeconds(2)))
                .as("a verdict that comes when an agent is being called")
                .isEmpty();
    }

    @Test
    void shouldNotWaitForAVerdictThatNobodyHasPromised() {
        Call call = call(Duration.ofSeconds(3), HANG_UP, new Treatment.HangUp());
        assertThat(call.step(new CallEvent.Answered(), NOW))
                .containsExactly(new CallEffect.Answered(), new CallEffect.WantsTarget());
        call.step(new CallEvent.Analysed(Verdict.MACHINE), NOW.plusSeconds(1));
        assertThat(resultOf(call))
                .as("one that comes before anybody was found counts all the same")
                .isEqualTo(CallResult.ANSWERING_MACHINE);
    }

    @Test
    void shouldIgnoreVerdictsWhereAnswersAreNotAnalysed() {
        Call call = call(Duration.ZERO, HANG_UP, new Treatment.HangUp());
        call.step(new CallEvent.AnalysisPromised(), NOW);
        assertThat(call.step(new CallEvent.Analysed(Verdict.SIT_VACANT), NOW)).isEmpty();
        assertThat(call.step(new CallEvent.Answered(), NOW)).contains(new CallEffect.WantsTarget());
        assertThat(call.step(new CallEvent.Analysed(Verdict.FAX), NOW)).isEmpty();
    }

    @Test
    void shouldCancelACallWhenTheNetworkPlaysATone() {
        Call call = call(Duration.ofSeconds(3), HANG_UP, new Treatment.HangUp());
        call.step(new CallEvent.Ringing(), NOW);
        assertThat(call.step(new CallEvent.Analysed(Verdict.SIT_VACANT), NOW))
                .containsExactly(new CallEffect.CancelInvite());
        Call crossed = call(Duration.ofSeconds(3), HANG_UP, new Treatment.HangUp());
        crossed.step(new CallEvent.Analysed(Verdict.SIT_VACANT), NOW);
        crossed.step(new CallEvent.Answered(), NOW);
        step(call, "487");
        for (Call ended : List.of(call, crossed)) {
            assertThat(ended.toneHeard()).isTrue();
            assertThat(((CallState.Ended) ended.state()).termination())
                    .isEqualTo(new Termination(
                            CallResult.NOT_IN_SERVICE, EndedBy.NETWORK, "analysed as number not in service"));
        }
    }

    @Test
    void shouldKeepAVerdictThatCameBeforeTheAnswer() {
        Call call = call(Duration.ofSeconds(3), HANG_UP, new Treatment.HangUp());
        call.step(new CallEvent.AnalysisPromised(), NOW);
        assertThat(call.step(new CallEvent.Analysed(Verdict.FAX), NOW)).isEmpty();
        call.step(new CallEvent.Answered(), NOW);
        assertThat(resultOf(call)).isEqualTo(CallResult.FAX);
    }

    @Test
    void shouldTakeWhoeverIsNotKnownInTimeForAPerson() {
        Call call = analysing(HANG_UP);
        Instant due = NOW.plusSeconds(3);
        assertThat(call.step(new CallEvent.Deadline(due), due.minusMillis(1))).isEmpty();
        assertThat(call.step(new CallEvent.Deadline(due), due)).containsExactly(new CallEffect.WantsTarget());
        assertThat(call.deadline()).contains(NOW.plusSeconds(5));
    }

    @Test
    void shouldServeAMachineWhenTheCampaignDoes() {
        Call call = analysing(new Treatment.Serve());
        assertThat(call.step(new CallEvent.Analysed(Verdict.MACHINE), NOW))
                .containsExactly(new CallEffect.WantsTarget());
    }

    @Test
    void shouldEndACallThatIsLeftWhileItIsAnalysed() {
        Call left = analysing(HANG_UP);
        left.step(new CallEvent.CustomerHungUp(), NOW);
        assertThat(resultOf(left)).isEqualTo(CallResult.CUSTOMER_ABANDON);

        Call dropped = analysing(HANG_UP);
        dropped.step(new CallEvent.Dropped("no RTP"), NOW);
        assertThat(resultOf(dropped)).isEqualTo(CallResult.DIAL_ERROR);

        Call givenUp = analysing(HANG_UP);
        givenUp.step(giveUp(), NOW);
        assertThat(resultOf(givenUp)).isEqualTo(CallResult.DIALER_ABANDON);
    }

    @Test
    void shouldCountAMachineThatSomebodyServedAsOne() {
        Call call = analysing(new Treatment.Serve());
        call.step(new CallEvent.Analysed(Verdict.NETWORK_MACHINE), NOW);
        call.step(new CallEvent.TargetFound(AGENT), NOW);
        call.step(new CallEvent.Bridged(), NOW);
        call.step(new CallEvent.TargetHungUp(), NOW);
        assertThat(resultOf(call)).isEqualTo(CallResult.NETWORK_MACHINE);

        Call alone = analysing(new Treatment.Serve());
        alone.step(new CallEvent.Analysed(Verdict.MACHINE), NOW);
        step(alone, "deadline");
        assertThat(resultOf(alone)).as("a machine is not abandoned").isEqualTo(CallResult.ANSWERING_MACHINE);
    }

    private static Call call(Duration analysis, Treatment ofMachine, Treatment.OfPerson ofAbandoned) {
        return new Call(
                new Call.Limits(
                        Duration.ofSeconds(32),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        analysis,
                        ofMachine,
                        ofAbandoned),
                NOW);
    }

    private static Call in(String state) {
        Call call = call(Duration.ZERO, HANG_UP, new Treatment.HangUp());
        List<CallEvent> way = switch (state) {
            case "dialing" -> List.of();
            case "ringing" -> List.of(new CallEvent.Ringing());
            case "cancelling" -> List.of(new CallEvent.Ringing(), giveUp());
            case "waiting" -> List.of(new CallEvent.Answered());
            case "transferring" -> List.of(new CallEvent.Answered(), new CallEvent.TargetFound(AGENT));
            case "connected" ->
                List.of(new CallEvent.Answered(), new CallEvent.TargetFound(AGENT), new CallEvent.Bridged());
            case "ended" -> List.of(new CallEvent.Failed(486, "Busy Here", 0, 0, true));
            default -> throw new IllegalArgumentException(state);
        };
        way.forEach(event -> call.step(event, NOW));
        return call;
    }

    private static CallEvent giveUp() {
        return new CallEvent.GiveUp(new Termination(CallResult.CANCELLED_BY_DIALER, EndedBy.DIALER, "stop now"));
    }

    private static List<CallEffect> step(Call call, String event) {
        Instant late = call.deadline().orElse(NOW.plusSeconds(60));
        return switch (event) {
            case "ringing" -> call.step(new CallEvent.Ringing(), NOW);
            case "answered" -> call.step(new CallEvent.Answered(), NOW);
            case "486" -> call.step(new CallEvent.Failed(486, "Busy Here", 0, 0, true), NOW);
            case "487" -> call.step(new CallEvent.Failed(487, "Request Terminated", 0, 0, true), NOW);
            case "silence" -> call.step(new CallEvent.Failed(408, "no reply", 0, 0, false), NOW);
            case "withheld" -> call.step(new CallEvent.Withheld("the right had run out"), NOW);
            case "deadline" -> call.step(new CallEvent.Deadline(late), late);
            case "early deadline" -> call.step(new CallEvent.Deadline(late), late.minusMillis(1));
            case "give up" -> call.step(giveUp(), NOW);
            case "target found" -> call.step(new CallEvent.TargetFound(AGENT), NOW);
            case "bridged" -> call.step(new CallEvent.Bridged(), NOW);
            case "bridge failed" -> call.step(new CallEvent.BridgeFailed("486 Busy Here"), NOW);
            case "customer" -> call.step(new CallEvent.CustomerHungUp(), NOW.plusSeconds(30));
            case "target" -> call.step(new CallEvent.TargetHungUp(), NOW.plusSeconds(30));
            case "dropped" -> call.step(new CallEvent.Dropped("no RTP"), NOW.plusSeconds(30));
            case "unfollow" -> call.step(new CallEvent.Unfollow("the limit has passed"), NOW);
            default -> throw new IllegalArgumentException(event);
        };
    }
}
