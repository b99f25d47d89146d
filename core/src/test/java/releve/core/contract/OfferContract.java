package releve.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import releve.core.agent.AgentState;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactOutcome;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.OfferKind;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.ContactId;
import releve.core.common.ReservationId;
import releve.core.store.Change;
import releve.core.store.DialerStore.CommitResult;

/** What every {@link DialerStore} does with contacts that are offered to agents, and with what agents promised. */
public abstract class OfferContract extends StoreScene {
    private long epoch;

    /** What one offer is about. */
    private record Offered(AttemptId offer, Contact contact, AgentId agent, ReservationId reservation) {}

    @BeforeEach
    void take() {
        epoch = take(a, LONG);
    }

    private ReservationId reserved(AgentId agent) {
        ReservationId reservation = ReservationId.of(pair, epoch, NUMBERS.incrementAndGet());
        store.commit(a, epoch, List.of(new Change.ReservationRequested(reservation, campaign, group, agent, 10, AT)));
        world().route();
        assertThat(store.granted(a)).containsKey(reservation);
        return reservation;
    }

    private Offered offered() {
        contact();
        AgentId agent = readyAgent();
        ReservationId reservation = reserved(agent);
        Contact contact = store.claim(a, epoch, campaign, 1).orElseThrow().getFirst();
        Offered offered =
                new Offered(AttemptId.of(pair, epoch, NUMBERS.incrementAndGet()), contact, agent, reservation);
        assertThat(store.commit(a, epoch, List.of(offer(offered)))).isEqualTo(CommitResult.ALL_APPLIED);
        return offered;
    }

    private Change.ContactOffered offer(Offered o) {
        return new Change.ContactOffered(
                o.offer(),
                OfferKind.PREVIEW,
                o.contact().campaign(),
                o.contact().id(),
                o.contact().nextPhone(),
                o.agent(),
                o.reservation(),
                world().now().plusSeconds(60),
                AT);
    }

    private static Change.OfferEnded ended(Offered o, OfferAnswer answer, ContactStatus status) {
        ContactOutcome outcome =
                status == ContactStatus.DIALED ? null : new ContactOutcome(status, AT.plusSeconds(1800), false);
        return new Change.OfferEnded(o.offer(), o.contact().id(), o.agent(), answer, outcome, AT);
    }

    private static Change.AttemptStarted started(Offered o) {
        return new Change.AttemptStarted(
                o.offer(),
                o.contact().campaign(),
                o.contact().id(),
                o.contact().nextPhone(),
                "call-" + o.offer(),
                o.contact().attempts() + 1,
                AT);
    }

    private AgentState state(Offered o) {
        return world().agent(o.agent()).state();
    }

    private ContactStatus status(Offered o) {
        return world().contact(o.contact().id()).status();
    }

    /** The agent skips what he sees; another contact is to be offered to him in its place. */
    private Offered nextAfterSkipping(Offered o) {
        contact();
        Contact next = store.claim(a, epoch, campaign, 1).orElseThrow().getFirst();
        world().answer(o.agent(), o.offer(), OfferAnswer.SKIP);
        return new Offered(AttemptId.of(pair, epoch, NUMBERS.incrementAndGet()), next, o.agent(), o.reservation());
    }

    @Test
    void shouldTellTheDialerWhatTheAgentAnswered() {
        Offered o = offered();
        assertThat(state(o)).isEqualTo(AgentState.PREVIEW);
        assertThat(store.answered(a)).isEmpty();

        assertThat(world().answer(o.agent(), o.offer(), OfferAnswer.SKIP)).isTrue();
        assertThat(store.answered(a)).isEqualTo(Map.of(o.offer(), OfferAnswer.SKIP));
        assertThat(store.answered(b)).isEmpty();
        assertThat(state(o)).isEqualTo(AgentState.RESERVED);

        store.commit(a, epoch, List.of(ended(o, OfferAnswer.SKIP, ContactStatus.RETRY)));
        assertThat(store.answered(a)).isEmpty();
        assertThat(status(o)).isEqualTo(ContactStatus.RETRY);
        assertThat(state(o)).isEqualTo(AgentState.RESERVED);
    }

    @Test
    void shouldStartTheAttemptOfAnAcceptedOfferUnderItsNumber() {
        Offered o = offered();
        world().answer(o.agent(), o.offer(), OfferAnswer.ACCEPT);
        assertThat(store.commit(a, epoch, List.of(ended(o, OfferAnswer.ACCEPT, ContactStatus.DIALED), started(o))))
                .isEqualTo(CommitResult.ALL_APPLIED);
        assertThat(status(o)).isEqualTo(ContactStatus.DIALED);
        assertThat(world().attempt(o.offer())).isPresent();
        assertThat(state(o)).isEqualTo(AgentState.RESERVED);
    }

    @Test
    void shouldLetTheAgentsWordStandThatCameBeforeTheDialersTimeOut() {
        Offered o = offered();
        world().answer(o.agent(), o.offer(), OfferAnswer.ACCEPT);
        store.commit(a, epoch, List.of(new Change.OfferClosing(o.offer(), OfferAnswer.TIMED_OUT, AT)));
        assertThat(store.answered(a)).isEqualTo(Map.of(o.offer(), OfferAnswer.ACCEPT));
    }

    @Test
    void shouldTakeNoAnswerAfterTheDialersTimeOut() {
        Offered o = offered();
        store.commit(a, epoch, List.of(new Change.OfferClosing(o.offer(), OfferAnswer.TIMED_OUT, AT)));
        assertThat(world().answer(o.agent(), o.offer(), OfferAnswer.ACCEPT)).isFalse();
        assertThat(store.answered(a)).isEqualTo(Map.of(o.offer(), OfferAnswer.TIMED_OUT));

        store.commit(
                a,
                epoch,
                List.of(
                        ended(o, OfferAnswer.TIMED_OUT, ContactStatus.RETRY),
                        new Change.AgentUnreachable(o.agent(), o.reservation(), "no answer")));
        assertThat(state(o)).isEqualTo(AgentState.NOT_READY);
        assertThat(status(o)).isEqualTo(ContactStatus.RETRY);
    }

    @Test
    void shouldChangeNothingWhenTheEndOfAnOfferIsRepeated() {
        Offered o = offered();
        List<Change> batch = List.of(
                ended(o, OfferAnswer.WITHDRAWN, ContactStatus.PENDING),
                new Change.ReservationWithdrawn(o.reservation(), "the offer was withdrawn"));
        store.commit(a, epoch, batch);
        store.commit(a, epoch, batch);
        assertThat(state(o)).isEqualTo(AgentState.READY);
        assertThat(status(o)).isEqualTo(ContactStatus.PENDING);
        assertThat(store.claim(a, epoch, campaign, 9).orElseThrow()).hasSize(1);
    }

    @Test
    void shouldOfferTheNextContactInTheBatchThatEndsTheLast() {
        Offered o = offered();
        Offered second = nextAfterSkipping(o);
        store.commit(a, epoch, List.of(ended(o, OfferAnswer.SKIP, ContactStatus.RETRY), offer(second)));
        assertThat(state(o)).isEqualTo(AgentState.PREVIEW);
        assertThat(world().answer(o.agent(), second.offer(), OfferAnswer.ACCEPT))
                .isTrue();
    }

    @Test
    void shouldOfferNothingToAnAgentWhoIsNoLongerReserved() {
        contact();
        AgentId agent = readyAgent();
        ReservationId reservation = reserved(agent);
        store.commit(a, epoch, List.of(new Change.ReservationWithdrawn(reservation, "not needed")));
        Contact contact = store.claim(a, epoch, campaign, 1).orElseThrow().getFirst();
        Offered o = new Offered(AttemptId.of(pair, epoch, NUMBERS.incrementAndGet()), contact, agent, reservation);
        store.commit(a, epoch, List.of(offer(o)));
        assertThat(state(o)).isEqualTo(AgentState.READY);
        store.commit(a, epoch, List.of(new Change.OfferClosing(o.offer(), OfferAnswer.TIMED_OUT, AT)));
        assertThat(store.answered(a)).isEmpty();
    }

    @Test
    void shouldOfferNothingUnderAnOldEpoch() {
        Offered o = offered();
        store.commit(a, epoch, List.of(ended(o, OfferAnswer.SKIP, ContactStatus.RETRY)));
        handOver(epoch, LONG);
        CommitResult result = store.commit(a, epoch, List.of(offer(o)));
        assertThat(result.epochOver()).isTrue();
        assertThat(state(o)).isEqualTo(AgentState.RESERVED);
    }

    @Test
    void shouldWithdrawOffersAndFreeAgentsWhenTheDialerFailed() {
        store.release(a, epoch);
        epoch = store.acquire(a, Duration.ZERO).orElseThrow().epoch();
        Offered waiting = offered();
        Offered accepted = offered();
        world().answer(accepted.agent(), accepted.offer(), OfferAnswer.ACCEPT);

        long taken = store.acquire(b, LONG).orElseThrow().epoch();
        assertThat(state(waiting)).isEqualTo(AgentState.READY);
        assertThat(state(accepted)).isEqualTo(AgentState.READY);
        assertThat(status(waiting)).isEqualTo(ContactStatus.PENDING);
        assertThat(store.answered(a)).isEmpty();

        // The one that was replaced wakes up and dials for whoever accepted: it is not let.
        CommitResult late = store.commit(
                a, epoch, List.of(ended(accepted, OfferAnswer.ACCEPT, ContactStatus.DIALED), started(accepted)));
        assertThat(late.refused()).containsKey(accepted.offer());
        assertThat(store.claim(b, taken, campaign, 9).orElseThrow()).hasSize(2);
    }

    @Test
    void shouldMoveTheAgentThroughACallFromHisOwnPhone() {
        Offered o = offered();
        world().answer(o.agent(), o.offer(), OfferAnswer.ACCEPT);
        store.commit(
                a,
                epoch,
                List.of(
                        ended(o, OfferAnswer.ACCEPT, ContactStatus.DIALED),
                        started(o),
                        new Change.AgentDialing(o.agent(), o.reservation(), o.offer())));
        assertThat(state(o)).isEqualTo(AgentState.DIALING);
        store.commit(
                a, epoch, List.of(new Change.AttemptConnected(o.offer(), o.agent(), o.reservation(), "call-t1", AT)));
        assertThat(state(o)).isEqualTo(AgentState.TALKING);
    }

    @Test
    void shouldClaimPromisesThatAreDueTheLongestDueFirst() {
        AgentId zoe = readyAgent();
        ContactId later = contact();
        ContactId first = contact();
        ContactId notYet = contact();
        world().promise(later, zoe, world().now().minusSeconds(10));
        world().promise(first, zoe, world().now().minusSeconds(20));
        world().promise(notYet, zoe, world().now().plusSeconds(600));

        assertThat(store.claim(a, epoch, campaign, 9).orElseThrow()).isEmpty();
        List<Contact> claimed =
                store.claimPersonalCallbacks(a, epoch, campaign, 9).orElseThrow();
        assertThat(claimed).extracting(Contact::id).containsExactly(first, later);
        assertThat(claimed).allSatisfy(contact -> {
            assertThat(contact.formerStatus()).isEqualTo(ContactStatus.PERSONAL_CALLBACK);
            assertThat(contact.promise()).isNotNull();
        });
        assertThat(store.claimPersonalCallbacks(b, epoch, campaign, 9)).isEmpty();
    }

    @Test
    void shouldGiveAPromiseBackWithItsTimeAndItsAgent() {
        AgentId zoe = readyAgent();
        ContactId contact = contact();
        world().promise(contact, zoe, world().now().minusSeconds(10));
        Contact claimed = store.claimPersonalCallbacks(a, epoch, campaign, 1)
                .orElseThrow()
                .getFirst();
        store.commit(a, epoch, List.of(new Change.ContactReturned(contact, ContactStatus.PERSONAL_CALLBACK)));
        Contact again = store.claimPersonalCallbacks(a, epoch, campaign, 1)
                .orElseThrow()
                .getFirst();
        assertThat(again.promise()).isEqualTo(claimed.promise());
    }

    @Test
    void shouldCloseOrPutOffAPromiseThatWasMissed() {
        AgentId zoe = readyAgent();
        ContactId over = contact();
        ContactId putOff = contact();
        world().promise(over, zoe, world().now().minusSeconds(10));
        world().promise(putOff, zoe, world().now().minusSeconds(5));
        store.claimPersonalCallbacks(a, epoch, campaign, 2).orElseThrow();
        Instant next = world().now().minusSeconds(1);
        store.commit(
                a,
                epoch,
                List.of(
                        new Change.CallbackMissed(
                                over,
                                CallResult.PERSONAL_CALLBACK_FAILED,
                                new ContactOutcome(ContactStatus.CALLBACK_AGENT_UNAVAILABLE, null, false)),
                        new Change.CallbackMissed(
                                putOff,
                                CallResult.PERSONAL_CALLBACK_FAILED,
                                new ContactOutcome(ContactStatus.PERSONAL_CALLBACK, next, false))));
        assertThat(world().contact(over).status()).isEqualTo(ContactStatus.CALLBACK_AGENT_UNAVAILABLE);
        assertThat(store.claimPersonalCallbacks(a, epoch, campaign, 2).orElseThrow())
                .singleElement()
                .satisfies(contact -> {
                    assertThat(contact.id()).isEqualTo(putOff);
                    assertThat(contact.promise().agent()).isEqualTo(zoe);
                });
    }

    @Test
    void shouldReserveTheVeryAgentBeforeAnybodyElseGetsHim() {
        AgentId zoe = readyAgent();
        AgentId kim = readyAgent();
        ReservationId forAnybody = ReservationId.of(pair, epoch, NUMBERS.incrementAndGet());
        ReservationId forKim = ReservationId.of(pair, epoch, NUMBERS.incrementAndGet());
        ReservationId forAbsent = ReservationId.of(pair, epoch, NUMBERS.incrementAndGet());
        store.commit(
                a,
                epoch,
                List.of(
                        new Change.ReservationRequested(forAnybody, campaign, group, 0, AT),
                        new Change.ReservationRequested(forAbsent, campaign, group, new AgentId("nobody"), 10, AT),
                        new Change.ReservationRequested(forKim, campaign, group, kim, 10, AT)));
        world().route();
        assertThat(store.granted(a).get(forKim).agent()).isEqualTo(kim);
        assertThat(store.granted(a).get(forAnybody).agent()).isEqualTo(zoe);
        assertThat(store.granted(a)).doesNotContainKey(forAbsent);
    }

    @Test
    void shouldFindTheVeryAgentBehindManyWhoHaveBeenIdleLonger() {
        for (int i = 0; i < 5; i++) {
            readyAgent();
        }
        AgentId last = readyAgent();
        assertThat(reserved(last)).isNotNull();
        assertThat(world().agent(last).state()).isEqualTo(AgentState.RESERVED);
    }

    @Test
    void shouldNotShowAnOfferAgainThatWasAnsweredWhenItsBatchIsRepeated() {
        Offered o = offered();
        world().answer(o.agent(), o.offer(), OfferAnswer.ACCEPT);
        store.commit(a, epoch, List.of(offer(o)));
        assertThat(state(o)).isEqualTo(AgentState.RESERVED);
        assertThat(store.answered(a)).isEqualTo(Map.of(o.offer(), OfferAnswer.ACCEPT));
    }

    @Test
    void shouldOfferAContactToOneAgentAtATime() {
        Offered o = offered();
        AgentId other = readyAgent();
        Offered second =
                new Offered(AttemptId.of(pair, epoch, NUMBERS.incrementAndGet()), o.contact(), other, reserved(other));
        store.commit(a, epoch, List.of(offer(second)));
        assertThat(state(second)).isEqualTo(AgentState.RESERVED);
        assertThat(world().answer(other, second.offer(), OfferAnswer.ACCEPT)).isFalse();
        assertThat(world().answer(o.agent(), o.offer(), OfferAnswer.ACCEPT)).isTrue();
    }

    @Test
    void shouldLeaveAnAgentAloneWhoLooksAtTheNextContactWhenTheLastOfferEnds() {
        Offered o = offered();
        Offered second = nextAfterSkipping(o);
        store.commit(a, epoch, List.of(offer(second)));
        store.commit(a, epoch, List.of(ended(o, OfferAnswer.SKIP, ContactStatus.RETRY)));
        assertThat(state(o)).isEqualTo(AgentState.PREVIEW);
        assertThat(world().answer(o.agent(), second.offer(), OfferAnswer.ACCEPT))
                .isTrue();
    }

    @Test
    void shouldTakeNoAnswerFromAnAgentWhomTheOfferIsNotMadeTo() {
        Offered o = offered();
        Offered other = offered();
        assertThat(world().answer(other.agent(), o.offer(), OfferAnswer.ACCEPT)).isFalse();
        assertThat(store.answered(a)).isEmpty();
    }
}
