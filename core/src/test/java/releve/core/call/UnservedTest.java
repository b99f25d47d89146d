package releve.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import releve.core.common.AgentId;
import releve.core.common.CallResult;
import releve.core.common.EndedBy;
import releve.core.common.ReservationId;
import releve.core.common.Termination;

/** What becomes of customers whom nobody could serve in time, and of machines. */
class UnservedTest {
    private static final Instant NOW = Instant.parse("2030-01-01T09:00:00Z");
    private static final Target AGENT =
            new Target.Agent(new AgentId("ann"), new ReservationId(1), "sip:ann@192.0.2.20");
    private static final Target IVR = new Target.Ivr("sip:ivr@192.0.2.30");
    private static final Target REFUGE = new Target.AbandonIvr("sip:sorry@192.0.2.30");
    private static final Treatment.OfPerson HANG_UP = new Treatment.HangUp();
    private static final Treatment.OfPerson SORRY = new Treatment.Play("sorry.wav");
    private static final Treatment TONE = new Treatment.PlayAfterTone("hello.wav", Duration.ofSeconds(20));

    private static Call answered(Treatment ofMachine, Treatment.OfPerson ofAbandoned) {
        Call call = new Call(
                new Call.Limits(
                        Duration.ofSeconds(32),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(3),
                        ofMachine,
                        ofAbandoned),
                NOW);
        call.step(new CallEvent.AnalysisPromised(), NOW);
        call.step(new CallEvent.Answered(), NOW);
        return call;
    }

    private static CallEffect needsNobody(CallResult result, String reason) {
        return new CallEffect.NeedsNobody(new Termination(result, EndedBy.DIALER, reason));
    }

    private static Call human(Treatment.OfPerson ofAbandoned) {
        Call call = answered(HANG_UP, ofAbandoned);
        analysed(call, Verdict.HUMAN);
        return call;
    }

    private static List<CallEffect> analysed(Call call, Verdict verdict) {
        return call.step(new CallEvent.Analysed(verdict), NOW);
    }

    private static List<CallEffect> due(Call call) {
        Instant at = call.deadline().orElseThrow();
        return call.step(new CallEvent.Deadline(at), at);
    }

    private static Termination ended(Call call) {
        return ((CallState.Ended) call.state()).termination();
    }

    @Test
    void shouldPlayTheMessageToACustomerWhomNobodyServes() {
        Call call = human(SORRY);
        assertThat(due(call))
                .containsExactly(
                        needsNobody(CallResult.DIALER_ABANDON, "nobody was free within the limit"),
                        new CallEffect.PlayAndHangUp("sorry.wav"));
        assertThat(call.unsettled()).as("needs nobody any more").isFalse();
        call.step(new CallEvent.Played(), NOW);
        call.step(new CallEvent.Dropped("we ended the call"), NOW);
        assertThat(ended(call).result()).isEqualTo(CallResult.DIALER_ABANDON);
        assertThat(ended(call).reason()).isEqualTo("nobody was free within the limit; the message was played");
    }

    @Test
    void shouldNotClaimThatAMessageWasHeardWhenTheCustomerLeft() {
        Call call = human(SORRY);
        due(call);
        call.step(new CallEvent.CustomerHungUp(), NOW);
        assertThat(ended(call).reason()).isEqualTo("nobody was free within the limit");
    }

    @Test
    void shouldFreeTheAgentWhoDidNotTakeTheCallBeforeTheMessagePlays() {
        Call call = human(SORRY);
        call.step(new CallEvent.TargetFound(AGENT), NOW);
        assertThat(due(call))
                .contains(new CallEffect.PlayAndHangUp("sorry.wav"))
                .hasAtLeastOneElementOfType(CallEffect.TargetFailed.class);
    }

    @Test
    void shouldEndAMessageThatDoesNotEnd() {
        Call call = human(SORRY);
        due(call);
        assertThat(call.deadline()).contains(NOW.plusSeconds(2).plus(Unserved.PLAY_LIMIT));
        assertThat(due(call)).startsWith(new CallEffect.HangUp()).hasSize(2);
    }

    @Test
    void shouldSendACustomerWhomNobodyServesToTheIvr() {
        Call call = human(new Treatment.Divert(REFUGE));
        assertThat(due(call))
                .containsExactly(
                        needsNobody(CallResult.ABANDONED_TO_IVR, "nobody was free within the limit"),
                        new CallEffect.Divert(REFUGE));
        assertThat(call.targetsTried()).isEqualTo(1);
        assertThat(call.step(new CallEvent.Bridged(), NOW)).containsExactly(new CallEffect.Diverted(REFUGE));
        assertThat(call.deadline()).as("an IVR takes its time").isEmpty();
        assertThat(call.step(new CallEvent.TargetHungUp(), NOW))
                .startsWith(new CallEffect.HangUp(), new CallEffect.TargetDone(REFUGE));
        assertThat(ended(call).result()).isEqualTo(CallResult.ABANDONED_TO_IVR);
    }

    @ParameterizedTest
    @CsvSource({"refused", "late", "left", "dropped", "let go"})
    void shouldCountACustomerWhoDidNotReachTheIvrAsAbandoned(String how) {
        Call call = human(new Treatment.Divert(REFUGE));
        due(call);
        switch (how) {
            case "refused" -> call.step(new CallEvent.BridgeFailed("486 Busy Here"), NOW);
            case "late" -> due(call);
            case "left" -> call.step(new CallEvent.CustomerHungUp(), NOW);
            case "dropped" -> call.step(new CallEvent.Dropped("no answer to a re-INVITE"), NOW);
            default -> call.step(new CallEvent.Unfollow("the process stops"), NOW);
        }
        assertThat(ended(call).result()).isEqualTo(CallResult.DIALER_ABANDON);
        assertThat(ended(call).reason()).contains(REFUGE.uri());
    }

    @Test
    void shouldPlayTheMessageToAMachineWhenItsToneIsHeard() {
        Call call = answered(TONE, HANG_UP);
        assertThat(analysed(call, Verdict.MACHINE))
                .containsExactly(needsNobody(CallResult.ANSWERING_MACHINE, "analysed as answering machine"));
        assertThat(call.deadline()).contains(NOW.plusSeconds(20));
        assertThat(analysed(call, Verdict.MACHINE_TONE)).containsExactly(new CallEffect.PlayAndHangUp("hello.wav"));
        call.step(new CallEvent.Played(), NOW);
        call.step(new CallEvent.Dropped("we ended the call"), NOW);
        assertThat(ended(call).result()).isEqualTo(CallResult.ANSWERING_MACHINE);
        assertThat(ended(call).reason()).endsWith("the message was played");
    }

    @Test
    void shouldPlayTheMessageAtOnceWhenTheToneIsTheFirstThatIsKnown() {
        assertThat(analysed(answered(TONE, HANG_UP), Verdict.MACHINE_TONE))
                .contains(new CallEffect.PlayAndHangUp("hello.wav"));
    }

    @Test
    void shouldLeaveNoMessageWhereNoToneIsHeard() {
        Call late = answered(TONE, HANG_UP);
        analysed(late, Verdict.MACHINE);
        assertThat(due(late)).startsWith(new CallEffect.HangUp());
        assertThat(ended(late).reason()).endsWith("no terminating tone was heard");

        Call gone = answered(TONE, HANG_UP);
        analysed(gone, Verdict.MACHINE);
        gone.step(new CallEvent.CustomerHungUp(), NOW);
        assertThat(ended(gone).result()).isEqualTo(CallResult.ANSWERING_MACHINE);
    }

    @Test
    void shouldGiveAMachineToTheIvrAndItsPortBack() {
        Call call = answered(new Treatment.Divert(IVR), HANG_UP);
        assertThat(analysed(call, Verdict.MACHINE)).endsWith(new CallEffect.Divert(IVR));
        assertThat(call.target()).isEqualTo(IVR);
        assertThat(call.step(new CallEvent.BridgeFailed("none of its ports is free"), NOW))
                .contains(new CallEffect.TargetDone(IVR));
        assertThat(ended(call).result()).isEqualTo(CallResult.ANSWERING_MACHINE);
    }

    @Test
    void shouldLeaveWhoIsWithAnIvrToItWhenTheProcessStops() {
        Call call = human(new Treatment.Divert(REFUGE));
        due(call);
        call.step(new CallEvent.Bridged(), NOW);
        assertThat(call.step(new CallEvent.Unfollow("the process stops"), NOW)).startsWith(new CallEffect.Forget());

        Call hearing = human(SORRY);
        due(hearing);
        assertThat(hearing.step(new CallEvent.Unfollow("the process stops"), NOW))
                .as("nobody would end it")
                .startsWith(new CallEffect.HangUp());
    }
}
