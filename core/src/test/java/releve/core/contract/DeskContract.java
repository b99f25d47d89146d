package releve.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import releve.core.agent.AgentCommand;
import releve.core.agent.AgentState;
import releve.core.campaign.Campaign;
import releve.core.campaign.ContactOutcome;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.DialingMode;
import releve.core.campaign.Disposition;
import releve.core.campaign.RetryDelays;
import releve.core.campaign.Staffing;
import releve.core.common.AgentId;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.core.common.ReservationId;
import releve.core.store.Change;
import releve.core.store.Change.AttemptStarted;

/** What agents do at their desktops, and whom the routing gateway gives to whom. */
public abstract class DeskContract extends StoreScene {
    private long epoch;

    /** An agent in his call. */
    private record Talk(AgentId agent, ReservationId reservation, AttemptStarted call) {}

    @BeforeEach
    void take() {
        epoch = take(a, LONG);
    }

    private Talk talk() {
        contact();
        AttemptStarted call = started(a, epoch);
        AgentId agent = readyAgent();
        ReservationId reservation = request(a, epoch);
        assertThat(world().route()).isEqualTo(1);
        store.commit(
                a,
                epoch,
                List.of(new Change.AttemptConnected(call.attempt(), agent, reservation, "leg", AT.plusSeconds(3))));
        assertThat(state(agent)).isEqualTo(AgentState.TALKING);
        return new Talk(agent, reservation, call);
    }

    private AgentState state(AgentId agent) {
        return world().agent(agent).state();
    }

    private void wrapUp(Talk talk, Instant deadline) {
        store.commit(a, epoch, List.of(new Change.AgentWrapUp(talk.agent(), talk.reservation(), deadline)));
    }

    @Test
    void shouldNameThoseWhoWillNotBeThereAfterTheirCall() {
        long epoch = take(a, LONG);
        AgentId wants = readyAgent();
        AgentId stays = readyAgent();
        request(a, epoch);
        request(a, epoch);
        world().route();
        assertThat(store.leaving()).doesNotContain(wants, stays);

        world().ask(wants, new AgentCommand.LogOut("home"));
        assertThat(world().agent(wants).state()).isEqualTo(AgentState.RESERVED);
        assertThat(store.leaving()).contains(wants).doesNotContain(stays);
    }

    @Test
    void shouldNameThoseWhoHaveJustGoneOnABreak() {
        AgentId breaks = readyAgent();
        world().ask(breaks, new AgentCommand.NotReady("break"));
        assertThat(store.leaving()).contains(breaks);
        world().ask(breaks, new AgentCommand.Ready());
        assertThat(store.leaving()).doesNotContain(breaks);
    }

    @Test
    void shouldLetAnAgentComeAndGoAsHeLikesWhileHeHasNoCall() {
        AgentId agent = loggedIn();
        assertThat(state(agent)).isEqualTo(AgentState.NOT_READY);
        assertThat(world().ask(agent, new AgentCommand.Ready())).isEmpty();
        assertThat(world().ask(agent, new AgentCommand.NotReady("lunch"))).isEmpty();
        assertThat(state(agent)).isEqualTo(AgentState.NOT_READY);
        assertThat(world().ask(agent, new AgentCommand.LogOut("going home"))).isEmpty();
        assertThat(world().ask(agent, new AgentCommand.Ready())).isPresent();
        assertThat(state(agent)).isEqualTo(AgentState.LOGGED_OUT);
    }

    @Test
    void shouldKeepAWishUntilTheWrapUpEnds() {
        Talk pausing = talk();
        Talk leaving = talk();
        Talk staying = talk();
        assertThat(world().ask(pausing.agent(), new AgentCommand.NotReady("lunch")))
                .isEmpty();
        assertThat(world().ask(leaving.agent(), new AgentCommand.LogOut("going home")))
                .isEmpty();
        assertThat(state(pausing.agent())).isEqualTo(AgentState.TALKING);
        assertThat(world().wishOf(pausing.agent())).contains(AgentState.NOT_READY);

        Instant past = world().now().minusSeconds(1);
        List.of(pausing, leaving, staying).forEach(talk -> wrapUp(talk, past));
        assertThat(world().wishOf(pausing.agent())).contains(AgentState.NOT_READY);
        assertThat(world().endWrapUps()).isEqualTo(3);

        assertThat(state(pausing.agent())).isEqualTo(AgentState.NOT_READY);
        assertThat(world().wishOf(pausing.agent())).isEmpty();
        assertThat(state(leaving.agent())).isEqualTo(AgentState.LOGGED_OUT);
        assertThat(state(staying.agent())).isEqualTo(AgentState.READY);
        assertThat(world().endWrapUps()).isZero();
    }

    @Test
    void shouldLetAWishBeWithdrawnDuringTheCall() {
        Talk talk = talk();
        assertThat(world().ask(talk.agent(), new AgentCommand.Ready()))
                .as("there is no wish to withdraw")
                .isPresent();
        world().ask(talk.agent(), new AgentCommand.LogOut("going home"));
        assertThat(world().ask(talk.agent(), new AgentCommand.Ready())).isEmpty();
        assertThat(world().wishOf(talk.agent())).isEmpty();
        wrapUp(talk, world().now().minusSeconds(1));
        world().endWrapUps();
        assertThat(state(talk.agent())).isEqualTo(AgentState.READY);
    }

    @Test
    void shouldLeaveAWrapUpAloneWhoseTimeIsNotOver() {
        Talk talk = talk();
        wrapUp(talk, world().now().plusSeconds(60));
        assertThat(world().endWrapUps()).isZero();
        assertThat(state(talk.agent())).isEqualTo(AgentState.WRAP_UP);
        assertThat(world().ask(talk.agent(), new AgentCommand.Ready())).isEmpty();
        assertThat(state(talk.agent())).isEqualTo(AgentState.READY);
    }

    @Test
    void shouldKeepAnAgentInHisCallWhenHeLogsInAgainAndForgetThatHeWishedToLeave() {
        Talk talk = talk();
        world().ask(talk.agent(), new AgentCommand.LogOut("my screen is frozen"));
        world().logIn(talk.agent(), Set.of(group), "sip:elsewhere@127.0.0.1:5090");
        assertThat(state(talk.agent())).isEqualTo(AgentState.TALKING);
        assertThat(world().wishOf(talk.agent())).isEmpty();
    }

    @Test
    void shouldServeTheAgentFirstWhoHasBeenIdleLongestThoughHeWasReservedMeanwhile() {
        AgentId first = readyAgent();
        readyAgent();
        for (int round = 1; round <= 3; round++) {
            ReservationId reservation = request(a, epoch);
            world().route();
            assertThat(store.granted(a).get(reservation).agent()).isEqualTo(first);
            store.commit(a, epoch, List.of(new Change.ReservationWithdrawn(reservation, "not needed")));
        }
    }

    @Test
    void shouldServeHimLastWhoHasJustHadACall() {
        Talk talk = talk();
        AgentId rested = readyAgent();
        wrapUp(talk, world().now().minusSeconds(1));
        world().endWrapUps();
        ReservationId reservation = request(a, epoch);
        world().route();
        assertThat(store.granted(a).get(reservation).agent()).isEqualTo(rested);
    }

    @Test
    void shouldReserveNoMoreAgentsThanACampaignsShare() {
        CampaignId blended = campaign("blended", Staffing.by(group).withShare(50, 1));
        CampaignId other = campaign("other", Staffing.by(group));
        for (int i = 0; i < 4; i++) {
            readyAgent();
        }
        ask(blended, 4);
        world().route();
        assertThat(store.granted(a)).as("half of four, and one").hasSize(3);
        List<ReservationId> asked = ask(other, 2);
        world().route();
        assertThat(store.granted(a)).hasSize(4).containsKey(asked.getFirst());
    }

    private CampaignId campaign(String name, Staffing staffing) {
        return world().campaign(Campaign.named(
                        name + " " + NUMBERS.incrementAndGet(), DialingMode.PROGRESSIVE_AGENT, "+12025550100")
                .withStaffing(staffing));
    }

    private List<ReservationId> ask(CampaignId forCampaign, int count) {
        List<ReservationId> asked = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ReservationId id = ReservationId.of(pair, epoch, NUMBERS.incrementAndGet());
            asked.add(id);
            changes.add(new Change.ReservationRequested(id, forCampaign, group, 1, AT));
        }
        store.commit(a, epoch, changes);
        return asked;
    }

    // The contact has one phone, and the campaign lets three attempts be made.
    @ParameterizedTest
    @CsvSource({
        "VOICE, CLOSED",
        "CALLBACK_REQUESTED, CALLBACK",
        "CALLBACK_FROM_MACHINE, CALLBACK",
        "ANSWERING_MACHINE, RETRY",
        "AGENT_REJECTED, AGENT_REJECTED",
        "AGENT_CLOSED, CLOSED",
        "WRONG_NUMBER, CLOSED",
        "WRONG_PERSON, RETRY",
        "DO_NOT_CALL, CLOSED"
    })
    void shouldMoveTheContactByTheDispositionWhetherItIsSaidBeforeTheEndOrAfter(
            CallResult result, ContactStatus status) {
        Talk before = talk();
        assertThat(world().dispose(before.agent(), before.call().attempt(), said(result, false)))
                .isTrue();
        assertThat(status(before.call().contact())).as("the call goes on").isEqualTo(ContactStatus.DIALED);
        store.commit(a, epoch, List.of(voice(before.call())));
        assertThat(status(before.call().contact())).isEqualTo(status);

        Talk after = talk();
        store.commit(a, epoch, List.of(voice(after.call())));
        wrapUp(after, world().now().plusSeconds(60));
        assertThat(status(after.call().contact())).isEqualTo(ContactStatus.CLOSED);
        assertThat(world().dispose(after.agent(), after.call().attempt(), said(result, false)))
                .isTrue();
        assertThat(world().contact(after.call().contact()))
                .isEqualTo(world().contact(before.call().contact()))
                .satisfies(contact -> assertThat(contact.status()).isEqualTo(status));
    }

    private static Disposition said(CallResult result, boolean personal) {
        boolean callback = result == CallResult.CALLBACK_REQUESTED || result == CallResult.CALLBACK_FROM_MACHINE;
        return new Disposition(result, callback ? AT.plusSeconds(7200) : null, personal, "");
    }

    @Test
    void shouldCountTheRetryThatAnAgentAsksForFromTheEndOfTheCall() {
        Talk talk = talk();
        store.commit(a, epoch, List.of(voice(talk.call())));
        world().dispose(talk.agent(), talk.call().attempt(), said(CallResult.WRONG_PERSON, false));
        assertThat(world().contact(talk.call().contact()).notBefore())
                .isEqualTo(AT.plusSeconds(60).plus(RetryDelays.DEFAULT.notHome()));
    }

    @Test
    void shouldTakeTheLastWordWhenAnAgentSaysItAgain() {
        Talk talk = talk();
        store.commit(a, epoch, List.of(voice(talk.call())));
        wrapUp(talk, world().now().plusSeconds(60));
        world().dispose(talk.agent(), talk.call().attempt(), said(CallResult.CALLBACK_REQUESTED, false));
        world().dispose(talk.agent(), talk.call().attempt(), said(CallResult.AGENT_REJECTED, false));
        assertThat(world().contact(talk.call().contact()))
                .isEqualTo(new StoreWorld.ContactView(ContactStatus.AGENT_REJECTED, 1, null));
    }

    @Test
    void shouldKeepAPersonalPromiseForTheAgentWhoMadeIt() {
        Talk talk = talk();
        store.commit(a, epoch, List.of(voice(talk.call())));
        world().dispose(talk.agent(), talk.call().attempt(), said(CallResult.CALLBACK_REQUESTED, true));
        assertThat(store.claimPersonalCallbacks(a, epoch, campaign, 9).orElseThrow())
                .singleElement()
                .satisfies(contact -> {
                    assertThat(contact.promise().agent()).isEqualTo(talk.agent());
                    assertThat(contact.promise().due()).isEqualTo(AT.plusSeconds(7200));
                });
    }

    @Test
    void shouldNotDecideAnewWhenAnEndIsToldAgain() {
        Talk talk = talk();
        world().dispose(talk.agent(), talk.call().attempt(), said(CallResult.CALLBACK_REQUESTED, true));
        store.commit(a, epoch, List.of(voice(talk.call())));
        assertThat(store.claimPersonalCallbacks(a, epoch, campaign, 1).orElseThrow())
                .hasSize(1);
        Change missed = new Change.CallbackMissed(
                talk.call().contact(),
                CallResult.PERSONAL_CALLBACK_FAILED,
                new ContactOutcome(ContactStatus.CLOSED, null, false));
        store.commit(a, epoch, List.of(missed));

        store.commit(a, epoch, List.of(voice(talk.call())));

        assertThat(status(talk.call().contact())).isEqualTo(ContactStatus.CLOSED);
    }

    @Test
    void shouldTakeNoDispositionOfSomebodyElsesCall() {
        Talk his = talk();
        Talk anothers = talk();
        assertThat(world().dispose(his.agent(), anothers.call().attempt(), said(CallResult.DO_NOT_CALL, false)))
                .isFalse();
        AgentId idle = readyAgent();
        assertThat(world().dispose(idle, his.call().attempt(), said(CallResult.DO_NOT_CALL, false)))
                .isFalse();
        store.commit(a, epoch, List.of(busy(anothers.call())));
        assertThat(status(anothers.call().contact())).isEqualTo(ContactStatus.RETRY);
    }

    @Test
    void shouldLeaveAContactAloneThatADialerHoldsAgain() {
        Talk talk = talk();
        store.commit(
                a,
                epoch,
                List.of(new Change.AttemptEnded(
                        talk.call().attempt(),
                        talk.call().contact(),
                        voice(talk.call()).termination(),
                        new releve.core.campaign.ContactOutcome(ContactStatus.RETRY, AT.plusSeconds(60), true),
                        AT.plusSeconds(60))));
        wrapUp(talk, world().now().plus(Duration.ofMinutes(1)).truncatedTo(ChronoUnit.MILLIS));
        assertThat(claimOne(a, epoch).id()).isEqualTo(talk.call().contact());
        assertThat(world().dispose(talk.agent(), talk.call().attempt(), said(CallResult.AGENT_CLOSED, false)))
                .isTrue();
        assertThat(status(talk.call().contact())).isEqualTo(ContactStatus.ACTIVE);
    }
}
