package releve.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import releve.core.agent.AgentState;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.OfferKind;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.Handover;
import releve.core.common.ReservationId;
import releve.core.store.Change;
import releve.core.store.Change.AttemptStarted;
import releve.core.store.DialerStore.CommitResult;
import releve.core.store.DialerStore.Elsewhere;

/** A handover before everything is settled: what stays with the side that settles, and how long. */
public abstract class OverlapContract extends StoreScene {
    @Test
    void shouldHandCachedContactsOverAndLeaveOfferedOnesWithTheSideThatSettles() {
        contacts(2);
        long epoch = take(a, LONG);
        Offered offered = offered(epoch);
        Contact cached = claimOne(a, epoch);

        assertThat(overlap(epoch)).contains(epoch + 1);
        assertThat(overlap(epoch)).as("repeated").contains(epoch + 1);

        assertThat(store.held(b, epoch + 1)).extracting(Contact::id).containsExactly(cached.id());
        assertThat(store.held(a, epoch))
                .extracting(Contact::id)
                .containsExactly(offered.contact().id());
    }

    @Test
    void shouldLetTheSideThatSettlesDialWhatItHadOfferedAndNothingElse() {
        contacts(2);
        long epoch = take(a, LONG);
        Offered offered = offered(epoch);
        Contact cached = claimOne(a, epoch);
        overlap(epoch);

        AttemptStarted accepted = offered.accepted();
        assertThat(store.commit(a, epoch, List.of(offered.ended(OfferAnswer.ACCEPT), accepted)))
                .isEqualTo(CommitResult.ALL_APPLIED);
        assertThat(attempt(accepted).result()).isNull();

        AttemptStarted other = start(epoch, cached);
        assertThat(store.commit(a, epoch, List.of(other)).refused()).containsOnlyKeys(other.attempt());
        ReservationId wanted = ReservationId.of(pair, epoch, NUMBERS.incrementAndGet());
        assertThat(store.commit(a, epoch, List.of(new Change.ReservationRequested(wanted, campaign, group, 1, AT)))
                        .epochOver())
                .isTrue();
        assertThat(store.claim(a, epoch, campaign, 1)).isEmpty();
    }

    @Test
    void shouldRenewTheRightToSettleForItsHolderOnly() {
        long epoch = take(a, LONG);
        assertThat(store.renewSettling(a, epoch, LONG)).as("before").isFalse();
        overlap(epoch);
        assertThat(store.renewSettling(a, epoch, LONG)).isTrue();
        assertThat(store.renewSettling(a, epoch + 1, LONG)).isFalse();
        assertThat(store.renewSettling(b, epoch, LONG)).isFalse();
        assertThat(store.renew(a, epoch, LONG)).as("the right to dial").isFalse();
    }

    @Test
    void shouldGrantNoRightToSettleAfterASequentialHandover() {
        contact();
        long epoch = take(a, LONG);
        Offered offered = offered(epoch);
        handOver(epoch, LONG);
        assertThat(store.renewSettling(a, epoch, LONG)).isFalse();
        AttemptStarted late = offered.accepted();
        assertThat(store.commit(a, epoch, List.of(late)).refused()).containsOnlyKeys(late.attempt());
    }

    @Test
    void shouldSettleASideThatDiedWhileItSettledOnlyOnceItsRightHasExpired() {
        contact();
        world().register(a, LONG);
        world().register(b, LONG);
        long epoch = take(a, LONG);
        Offered offered = offered(epoch);
        store.handOver(a, epoch, b, LONG, Handover.OVERLAP);

        world().closeAbandoned(pair, NONE);
        assertThat(status(offered.contact().id())).as("it may yet dial").isEqualTo(ContactStatus.ACTIVE);

        store.renewSettling(a, epoch, NONE);
        world().closeAbandoned(pair, NONE);
        assertThat(status(offered.contact().id())).isEqualTo(ContactStatus.PENDING);
        assertThat(world().agent(offered.agent()).state()).isEqualTo(AgentState.READY);
        assertThat(store.renewSettling(a, epoch, LONG)).as("it is thought dead").isFalse();
        AttemptStarted late = offered.accepted();
        assertThat(store.commit(a, epoch, List.of(late)).refused()).containsOnlyKeys(late.attempt());
    }

    @Test
    void shouldTakeWhatItSettlesWithItWhenItHasTheRightAgain() {
        contact();
        long epoch = take(a, LONG);
        Offered offered = offered(epoch);
        store.handOver(a, epoch, b, NONE, Handover.OVERLAP);

        long again = take(a, LONG);

        assertThat(again).isEqualTo(epoch + 2);
        assertThat(store.renewSettling(a, epoch, LONG)).isFalse();
        assertThat(store.held(a, again))
                .extracting(Contact::id)
                .containsExactly(offered.contact().id());
        AttemptStarted accepted = offered.accepted();
        assertThat(store.commit(a, again, List.of(offered.ended(OfferAnswer.ACCEPT), accepted)))
                .isEqualTo(CommitResult.ALL_APPLIED);
    }

    @Test
    void shouldCountWhatOthersOfThePairHaveUnderWay() {
        contacts(3);
        long epoch = take(a, LONG);
        assertThat(store.elsewhere(b)).isEqualTo(Elsewhere.NOTHING);
        AttemptStarted talks = started(a, epoch);
        store.commit(a, epoch, List.of(new Change.AttemptConnected(talks.attempt(), null, null, "leg", AT)));
        started(a, epoch);
        offered(epoch);
        overlap(epoch);

        assertThat(store.elsewhere(b)).isEqualTo(new Elsewhere(2, 1, 1));
        assertThat(store.elsewhere(a)).isEqualTo(Elsewhere.NOTHING);
        store.commit(a, epoch, List.of(voice(talks)));
        assertThat(store.elsewhere(b)).isEqualTo(new Elsewhere(1, 1, 1));
    }

    private Optional<Long> overlap(long epoch) {
        return store.handOver(a, epoch, b, LONG, Handover.OVERLAP);
    }

    /** A contact that a shows to an agent. */
    private record Offered(AttemptId offer, Contact contact, AgentId agent) {
        AttemptStarted accepted() {
            return new AttemptStarted(
                    offer, contact.campaign(), contact.id(), contact.nextPhone(), "call-" + offer, 1, AT);
        }

        Change ended(OfferAnswer answer) {
            return new Change.OfferEnded(offer, contact.id(), agent, answer, null, AT);
        }
    }

    private Offered offered(long epoch) {
        Contact contact = claimOne(a, epoch);
        AgentId agent = readyAgent();
        ReservationId reservation = request(a, epoch);
        assertThat(world().route()).isEqualTo(1);
        AttemptId offer = AttemptId.of(pair, epoch, NUMBERS.incrementAndGet());
        store.commit(
                a,
                epoch,
                List.of(new Change.ContactOffered(
                        offer,
                        OfferKind.PREVIEW,
                        campaign,
                        contact.id(),
                        contact.nextPhone(),
                        agent,
                        reservation,
                        AT.plusSeconds(60),
                        AT)));
        assertThat(world().agent(agent).state()).isEqualTo(AgentState.PREVIEW);
        return new Offered(offer, contact, agent);
    }
}
