package releve.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static releve.core.common.CallResult.BUSY;
import static releve.core.common.CallResult.UNKNOWN_DIALER_FAILED;
import static releve.core.common.CallResult.VOICE;

import java.util.List;
import org.junit.jupiter.api.Test;
import releve.core.agent.AgentCommand;
import releve.core.agent.AgentState;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactStatus;
import releve.core.common.AgentId;
import releve.core.common.ContactId;
import releve.core.common.EndedBy;
import releve.core.common.ReservationId;
import releve.core.common.Side;
import releve.core.contract.StoreWorld.AgentView;
import releve.core.contract.StoreWorld.ContactView;
import releve.core.store.Change;
import releve.core.store.Change.AttemptStarted;
import releve.core.store.DialerStore.CommitResult;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.Takeover;

/** What becomes of calls, contacts and agents when the right to dial changes hands, in order or not. */
public abstract class SuccessionContract extends StoreScene {
    @Test
    void shouldCloseAttemptsAsUnknownAndGiveCachedContactsBackWhenTheHolderFailed() {
        List<ContactId> ids = contacts(3);
        long epoch = take(a, NONE);
        List<Contact> claimed = store.claim(a, epoch, campaign, 3).orElseThrow();
        AttemptStarted dialed = start(epoch, claimed.getFirst());
        store.commit(a, epoch, List.of(dialed));

        assertThat(store.acquire(b, LONG)).contains(new Takeover(epoch + 1, 1, 2));

        assertThat(attempt(dialed).result()).isEqualTo(UNKNOWN_DIALER_FAILED.code());
        assertThat(attempt(dialed).endedBy()).isEqualTo(EndedBy.UNKNOWN);
        assertThat(world().contact(dialed.contact())).isEqualTo(new ContactView(ContactStatus.CLOSED, 1, null));
        assertThat(status(ids.get(1))).isEqualTo(ContactStatus.PENDING);
        assertThat(status(ids.get(2))).isEqualTo(ContactStatus.PENDING);
    }

    @Test
    void shouldNeverRedialWhatATakeoverClosed() {
        contact();
        long epoch = take(a, NONE);
        started(a, epoch);
        long next = take(b, LONG);
        assertThat(store.claim(b, next, campaign, 10).orElseThrow()).isEmpty();
    }

    @Test
    void shouldCorrectTheResultWhenTheDialerTurnsOutToLive() {
        contact();
        long epoch = take(a, NONE);
        AttemptStarted call = started(a, epoch);
        take(b, LONG);

        CommitResult result = store.commit(
                a,
                epoch,
                List.of(
                        new Change.AttemptRang(call.attempt(), AT.plusSeconds(1)),
                        new Change.AttemptAnswered(call.attempt(), AT.plusSeconds(2)),
                        busy(call)));

        assertThat(result).isEqualTo(CommitResult.ALL_APPLIED);
        assertThat(attempt(call).result()).isEqualTo(BUSY.code());
        assertThat(attempt(call).endedBy()).isEqualTo(EndedBy.CUSTOMER);
        assertThat(attempt(call).endedAt()).isEqualTo(AT.plusSeconds(5));
        assertThat(attempt(call).corrected()).isTrue();
        assertThat(status(call.contact())).isEqualTo(ContactStatus.CLOSED);
    }

    @Test
    void shouldKeepItsOwnCallsWhenAHolderTakesTheRightAgain() {
        contacts(2);
        long epoch = take(a, NONE);
        AttemptStarted call = started(a, epoch);
        Contact cached = claimOne(a, epoch);

        assertThat(store.acquire(a, LONG)).contains(new Takeover(epoch + 1, 0, 1));

        assertThat(attempt(call).result()).isNull();
        assertThat(status(cached.id())).isEqualTo(ContactStatus.PENDING);
        store.commit(a, epoch + 1, List.of(voice(call)));
        assertThat(attempt(call).result()).isEqualTo(VOICE.code());
    }

    @Test
    void shouldFreeReservedAgentsAndWrapUpTalkingOnesWhenTheHolderFailed() {
        contact();
        long epoch = take(a, NONE);
        AttemptStarted call = started(a, epoch);
        AgentId talking = readyAgent();
        ReservationId first = request(a, epoch);
        assertThat(world().route()).isEqualTo(1);
        store.commit(
                a,
                epoch,
                List.of(new Change.AttemptConnected(call.attempt(), talking, first, "leg", AT.plusSeconds(3))));
        AgentId reserved = readyAgent();
        request(a, epoch);
        assertThat(world().route()).isEqualTo(1);
        request(a, epoch);

        take(b, LONG);

        assertThat(world().agent(reserved).state()).isEqualTo(AgentState.READY);
        assertThat(world().agent(talking).state()).isEqualTo(AgentState.WRAP_UP);
        assertThat(world().agent(talking).deadline()).isNotNull();
        assertThat(world().route())
                .as("the failed dialer's open request is gone")
                .isZero();
        assertThat(store.granted(a)).isEmpty();
    }

    @Test
    void shouldHaveAnAgentTalkWhoseCallWasClosedBeforeItsConnectionCouldBeWritten() {
        Freed freed = freed();
        assertThat(world().agent(freed.agent()).state()).isEqualTo(AgentState.READY);

        store.commit(a, freed.epoch(), List.of(freed.connected()));

        assertThat(world().agent(freed.agent()))
                .isEqualTo(new AgentView(
                        AgentState.TALKING, freed.connected().reservation().value(), null));
        ReservationId others = request(b, freed.epoch() + 1);
        assertThat(world().route()).as("he is not called a second time").isZero();
        store.commit(b, freed.epoch() + 1, List.of(new Change.ReservationWithdrawn(others, "no longer wanted")));

        store.commit(a, freed.epoch(), List.of(voice(freed.call()), freed.wrapUp()));
        assertThat(attempt(freed.call()).result()).isEqualTo(VOICE.code());
        assertThat(world().agent(freed.agent()).state()).isEqualTo(AgentState.WRAP_UP);
        assertThat(world().agent(freed.agent()).deadline())
                .isEqualTo(freed.wrapUp().deadline());

        assertThat(world().ask(freed.agent(), new AgentCommand.Ready())).isEmpty();
        store.commit(a, freed.epoch(), List.of(freed.connected()));
        assertThat(world().agent(freed.agent()).state()).as("told again").isEqualTo(AgentState.READY);
    }

    @Test
    void shouldLeaveAnAgentToTheDialerThatReservedHimMeanwhile() {
        Freed freed = freed();
        ReservationId others = request(b, freed.epoch() + 1);
        assertThat(world().route()).isEqualTo(1);

        store.commit(a, freed.epoch(), List.of(freed.connected(), voice(freed.call()), freed.wrapUp()));

        assertThat(world().agent(freed.agent())).isEqualTo(new AgentView(AgentState.RESERVED, others.value(), null));
    }

    @Test
    void shouldWrapAnAgentUpWhoTalksAfterAllWhenHisDialerThenDies() {
        Freed freed = freed();
        world().register(a, LONG);
        store.commit(a, freed.epoch(), List.of(freed.connected()));

        world().closeAbandoned(pair, NONE);

        assertThat(world().agent(freed.agent()).state()).isEqualTo(AgentState.WRAP_UP);
        assertThat(world().agent(freed.agent()).reservation()).isNull();
    }

    /** An agent whom a takeover freed while his dialer, which lived on without the store, connected his call. */
    private record Freed(
            long epoch,
            AttemptStarted call,
            AgentId agent,
            Change.AttemptConnected connected,
            Change.AgentWrapUp wrapUp) {}

    private Freed freed() {
        contact();
        long epoch = take(a, NONE);
        AttemptStarted call = started(a, epoch);
        AgentId agent = readyAgent();
        ReservationId reservation = request(a, epoch);
        assertThat(world().route()).isEqualTo(1);
        take(b, LONG);
        return new Freed(
                epoch,
                call,
                agent,
                new Change.AttemptConnected(call.attempt(), agent, reservation, "leg", AT.plusSeconds(3)),
                new Change.AgentWrapUp(agent, reservation, AT.plusSeconds(90)));
    }

    @Test
    void shouldWaitForTheBatchInFlightAndThenShutTheOldEpochOut() throws Exception {
        contacts(150);
        long epoch = take(a, NONE);
        List<Contact> cached = store.claim(a, epoch, campaign, 150).orElseThrow();
        List<AttemptStarted> starts =
                cached.stream().map(contact -> start(epoch, contact)).toList();

        List<Object> results = together(List.of(
                () -> {
                    int committed = 0;
                    for (AttemptStarted start : starts) {
                        committed +=
                                store.commit(a, epoch, List.of(start)).refused().isEmpty() ? 1 : 0;
                    }
                    return committed;
                },
                () -> store.acquire(b, LONG).orElseThrow()));

        int committed = (Integer) results.get(0);
        Takeover takeover = (Takeover) results.get(1);
        assertThat(takeover.closedAsUnknown())
                .as("every start that was acknowledged")
                .isEqualTo(committed);
        assertThat(takeover.returned()).isEqualTo(150 - committed);
        assertThat(store.commit(a, epoch, List.of(starts.getLast())).epochOver())
                .isTrue();
    }

    @Test
    void shouldHandCachedContactsToThePeer() {
        contacts(2);
        long epoch = take(a, LONG);
        AttemptStarted call = started(a, epoch);
        Contact cached = claimOne(a, epoch);

        assertThat(handOver(epoch, LONG)).contains(epoch + 1);

        assertThat(store.lease(pair).holder()).contains(b);
        assertThat(store.held(a, epoch)).isEmpty();
        assertThat(store.held(b, epoch + 1)).containsExactly(cached);
        assertThat(attempt(call).result()).as("a call belongs to its node").isNull();
        assertThat(store.commit(b, epoch + 1, List.of(start(epoch + 1, cached))))
                .isEqualTo(CommitResult.ALL_APPLIED);
        store.commit(a, epoch, List.of(voice(call)));
        assertThat(attempt(call).result()).isEqualTo(VOICE.code());
        assertThat(status(call.contact())).isEqualTo(ContactStatus.CLOSED);
    }

    @Test
    void shouldAnswerARepeatedHandoverAsTheFirst() {
        long epoch = take(a, LONG);
        assertThat(handOver(epoch, LONG)).contains(epoch + 1);
        assertThat(handOver(epoch, LONG)).contains(epoch + 1);
        assertThat(store.lease(pair).epoch()).isEqualTo(epoch + 1);
    }

    @Test
    void shouldNotHandOverWhatAnotherTook() {
        long epoch = take(a, NONE);
        take(b, LONG);
        assertThat(handOver(epoch, LONG)).isEmpty();
        assertThat(store.lease(pair).epoch()).isEqualTo(epoch + 1);
    }

    @Test
    void shouldLeaveCallsOfAHolderThatHandedOverWhenItsPeerFails() {
        contacts(2);
        long epoch = take(a, LONG);
        AttemptStarted monitored = started(a, epoch);
        handOver(epoch, NONE);
        AttemptStarted lost = started(b, epoch + 1);

        take(new NodeId(pair, Side.A, "a-again"), LONG);

        assertThat(attempt(monitored).result()).isNull();
        assertThat(attempt(lost).result()).isEqualTo(UNKNOWN_DIALER_FAILED.code());
    }
}
