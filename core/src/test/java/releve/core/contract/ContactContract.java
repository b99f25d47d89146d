package releve.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static releve.core.common.CallResult.BUSY;
import static releve.core.common.CallResult.VOICE;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import releve.core.campaign.Campaign;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactOutcome;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.DialingMode;
import releve.core.campaign.IvrSettings;
import releve.core.campaign.RetryDelays;
import releve.core.campaign.RetrySettings;
import releve.core.campaign.SelectionOrder;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.EndedBy;
import releve.core.common.ReservationId;
import releve.core.common.Termination;
import releve.core.store.Change;
import releve.core.store.Change.AttemptStarted;
import releve.core.store.DialerStore.CommitResult;

/** Claims of contacts, and the start of attempts to them. */
public abstract class ContactContract extends StoreScene {
    @Test
    void shouldNotClaimUnderAnOldEpoch() {
        contact();
        long epoch = take(a, NONE);
        take(b, LONG);
        assertThat(store.claim(a, epoch, campaign, 1)).isEmpty();
    }

    @Test
    void shouldNeverClaimAContactTwice() throws Exception {
        contacts(200);
        long epoch = take(a, LONG);
        List<Callable<List<Contact>>> tries = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            tries.add(() -> store.claim(a, epoch, campaign, 50).orElseThrow());
        }
        Set<ContactId> seen = new HashSet<>();
        List<Contact> all = together(tries).stream().flatMap(List::stream).toList();
        assertThat(all).allMatch(contact -> seen.add(contact.id()));
        store.claim(a, epoch, campaign, 200).orElseThrow().forEach(contact -> seen.add(contact.id()));
        assertThat(seen).hasSize(200);
    }

    @Test
    void shouldClaimInOrderAndSayWhereAContactCameFrom() {
        List<ContactId> ids = contacts(4);
        long epoch = take(a, LONG);
        comesBackAs(epoch, ContactStatus.RETRY, AT);
        comesBackAs(epoch, ContactStatus.CALLBACK, AT);
        comesBackAs(epoch, ContactStatus.RETRY, world().now().plusSeconds(86_400));

        List<Contact> claimed = store.claim(a, epoch, campaign, 10).orElseThrow();

        assertThat(claimed).extracting(Contact::id).containsExactly(ids.get(1), ids.get(0), ids.get(3));
        assertThat(claimed)
                .extracting(Contact::formerStatus)
                .containsExactly(ContactStatus.CALLBACK, ContactStatus.RETRY, ContactStatus.PENDING);
        assertThat(claimed).extracting(Contact::attempts).containsExactly(1, 1, 0);
    }

    // Pending contacts are claimed by number, so this takes the next of the list while none is due.
    private void comesBackAs(long epoch, ContactStatus status, Instant notBefore) {
        List<Contact> held = store.claim(a, epoch, campaign, 4).orElseThrow();
        Contact next = held.stream()
                .filter(contact -> contact.formerStatus() == ContactStatus.PENDING)
                .findFirst()
                .orElseThrow();
        AttemptStarted start = start(epoch, next);
        List<Change> changes = new ArrayList<>(List.of(
                start,
                new Change.AttemptEnded(
                        start.attempt(),
                        next.id(),
                        new Termination(BUSY, EndedBy.CUSTOMER, "486"),
                        new ContactOutcome(status, notBefore, true),
                        AT)));
        held.stream()
                .filter(contact -> !contact.equals(next))
                .forEach(contact -> changes.add(new Change.ContactReturned(contact.id(), contact.formerStatus())));
        assertThat(store.commit(a, epoch, changes)).isEqualTo(CommitResult.ALL_APPLIED);
    }

    @Test
    void shouldPassOverContactsWhosePhoneIsBeingCalled() {
        String shared = phone();
        world().contact(campaign, shared);
        long epoch = take(a, LONG);
        AttemptStarted call = started(a, epoch);
        world().contact(campaign, phone(), shared);
        assertThat(store.claim(a, epoch, campaign, 10).orElseThrow()).isEmpty();
        store.commit(a, epoch, List.of(voice(call)));
        assertThat(store.claim(a, epoch, campaign, 10).orElseThrow()).hasSize(1);
    }

    @Test
    void shouldGiveAReturnedContactItsFormerStatus() {
        ContactId contact = contact();
        long epoch = take(a, LONG);
        Contact claimed = claimOne(a, epoch);
        Change back = new Change.ContactReturned(contact, claimed.formerStatus());
        store.commit(a, epoch, List.of(back));
        store.commit(a, epoch, List.of(back));
        assertThat(status(contact)).isEqualTo(ContactStatus.PENDING);
    }

    @Test
    void shouldNotReturnWhatAnotherHolds() {
        ContactId contact = contact();
        long epoch = take(a, LONG);
        Contact claimed = claimOne(a, epoch);
        handOver(epoch, LONG);
        store.commit(a, epoch, List.of(new Change.ContactReturned(contact, claimed.formerStatus())));
        assertThat(store.held(b, epoch + 1)).hasSize(1);
    }

    @Test
    void shouldRefuseAStartUnderAnOldEpochAndApplyTheRest() {
        contacts(2);
        long epoch = take(a, NONE);
        AttemptStarted call = started(a, epoch);
        Contact cached = claimOne(a, epoch);
        take(b, LONG);
        AttemptStarted late = start(epoch, cached);
        ReservationId reservation = ReservationId.of(pair, epoch, NUMBERS.incrementAndGet());
        readyAgent();

        CommitResult result = store.commit(
                a,
                epoch,
                List.of(late, new Change.ReservationRequested(reservation, campaign, group, 1, AT), voice(call)));

        assertThat(result.epochOver()).isTrue();
        assertThat(result.refused()).containsOnlyKeys(late.attempt());
        assertThat(world().attempt(late.attempt())).isEmpty();
        assertThat(world().route()).isZero();
        assertThat(attempt(call).result()).isEqualTo(VOICE.code());
    }

    @Test
    void shouldRefuseAStartForAContactThatIsNotHeld() {
        ContactId contact = contact();
        long epoch = take(a, LONG);
        Contact claimed = claimOne(a, epoch);
        store.commit(a, epoch, List.of(new Change.ContactReturned(contact, claimed.formerStatus())));
        AttemptStarted start = start(epoch, claimed);

        CommitResult result = store.commit(a, epoch, List.of(start));

        assertThat(result.epochOver()).isFalse();
        assertThat(result.refused()).containsOnlyKeys(start.attempt());
        assertThat(world().attempt(start.attempt())).isEmpty();
        store.commit(a, epoch, List.of(busy(start)));
        assertThat(world().attempt(start.attempt()))
                .as("a refused start leaves no trace")
                .isEmpty();
        assertThat(status(contact)).isEqualTo(ContactStatus.PENDING);
    }

    @Test
    void shouldRefuseTheSecondOfTwoContactsWithTheSamePhoneAndNameTheFirst() {
        String shared = phone();
        world().contact(campaign, shared);
        world().contact(campaign, shared, phone());
        contact();
        long epoch = take(a, LONG);
        List<Contact> held = store.claim(a, epoch, campaign, 3).orElseThrow();
        List<AttemptStarted> starts =
                held.stream().map(contact -> start(epoch, contact)).toList();

        CommitResult result = store.commit(a, epoch, List.copyOf(starts));

        assertThat(result.refused()).containsOnlyKeys(starts.get(1).attempt());
        assertThat(result.refused().get(starts.get(1).attempt()))
                .contains(starts.get(0).attempt().toString());
        assertThat(status(starts.get(0).contact())).isEqualTo(ContactStatus.DIALED);
        assertThat(status(starts.get(1).contact())).as("still held").isEqualTo(ContactStatus.ACTIVE);
        assertThat(status(starts.get(2).contact())).isEqualTo(ContactStatus.DIALED);
    }

    @Test
    void shouldStartACallToThePhoneThatAnotherLeavesInTheSameBatch() {
        String shared = phone();
        world().contact(campaign, shared);
        world().contact(campaign, shared, phone());
        long epoch = take(a, LONG);
        List<Contact> held = store.claim(a, epoch, campaign, 2).orElseThrow();
        AttemptStarted first = start(epoch, held.get(0));
        store.commit(a, epoch, List.of(first));
        AttemptStarted second = start(epoch, held.get(1));
        assertThat(store.commit(a, epoch, List.of(voice(first), second))).isEqualTo(CommitResult.ALL_APPLIED);
    }

    @Test
    void shouldClaimInTheOrderThatTheCampaignSays() {
        CampaignId other = world().campaign(Campaign.named(
                        "order " + NUMBERS.incrementAndGet(), DialingMode.PROGRESSIVE_IVR, "+12025550100")
                .withIvr(new IvrSettings(1, "sip:ivr@127.0.0.1"))
                .withRetry(new RetrySettings(3, RetryDelays.DEFAULT, new SelectionOrder("PRB"))));
        campaign = other;
        List<ContactId> ids = contacts(3);
        long epoch = take(a, LONG);
        comesBackAs(epoch, ContactStatus.CALLBACK, AT);
        comesBackAs(epoch, ContactStatus.RETRY, AT);
        assertThat(store.claim(a, epoch, other, 2).orElseThrow())
                .extracting(Contact::id)
                .containsExactly(ids.get(2), ids.get(1));
        assertThat(store.claim(a, epoch, other, 2).orElseThrow())
                .extracting(Contact::id)
                .containsExactly(ids.get(0));
    }

    @Test
    void shouldShowWhatIsHeldCallbacksFirstThenRetriesThenPendingOnes() {
        List<ContactId> ids = contacts(3);
        long epoch = take(a, LONG);
        comesBackAs(epoch, ContactStatus.RETRY, AT);
        comesBackAs(epoch, ContactStatus.CALLBACK, AT);
        store.claim(a, epoch, campaign, 3).orElseThrow();
        handOver(epoch, LONG);
        assertThat(store.held(b, epoch + 1))
                .extracting(Contact::id)
                .containsExactly(ids.get(1), ids.get(0), ids.get(2));
    }

    @Test
    void shouldRefuseAStartWhoseNumberOrCallIdWasUsed() {
        contacts(2);
        long epoch = take(a, LONG);
        AttemptStarted call = started(a, epoch);
        store.commit(a, epoch, List.of(busy(call)));
        Contact next = claimOne(a, epoch);
        AttemptStarted fresh = start(epoch, next);
        AttemptStarted sameNumber =
                new AttemptStarted(call.attempt(), campaign, next.id(), next.nextPhone(), fresh.callId(), 1, AT);
        AttemptStarted sameCallId =
                new AttemptStarted(fresh.attempt(), campaign, next.id(), next.nextPhone(), call.callId(), 1, AT);
        assertThat(store.commit(a, epoch, List.of(sameNumber)).refused()).containsOnlyKeys(call.attempt());
        assertThat(store.commit(a, epoch, List.of(sameCallId)).refused()).containsOnlyKeys(fresh.attempt());
        assertThat(attempt(call).result()).isEqualTo(BUSY.code());
        assertThat(status(next.id())).isEqualTo(ContactStatus.ACTIVE);
    }

    @Test
    void shouldRefuseAStartForAContactThatDoesNotExist() {
        contact();
        long epoch = take(a, LONG);
        AttemptStarted call = start(epoch, claimOne(a, epoch));
        AttemptStarted astray = new AttemptStarted(
                call.attempt(), campaign, new ContactId(Long.MAX_VALUE), phone(), call.callId(), 1, AT);
        assertThat(store.commit(a, epoch, List.of(astray)).refused()).containsOnlyKeys(call.attempt());
    }
}
