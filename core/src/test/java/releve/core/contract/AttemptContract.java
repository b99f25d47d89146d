package releve.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static releve.core.common.CallResult.BUSY;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import releve.core.campaign.Abandonment;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactOutcome;
import releve.core.campaign.ContactStatus;
import releve.core.common.CallResult;
import releve.core.common.EndedBy;
import releve.core.common.Termination;
import releve.core.contract.StoreWorld.AttemptView;
import releve.core.contract.StoreWorld.ContactView;
import releve.core.store.Change;
import releve.core.store.Change.AttemptStarted;
import releve.core.store.DialerStore.CommitResult;

/** The course of attempts in the ledger. */
public abstract class AttemptContract extends StoreScene {
    @Test
    void shouldApplyAWholeCallInOneBatchInItsOrder() {
        contact();
        long epoch = take(a, LONG);
        AttemptStarted call = start(epoch, claimOne(a, epoch));
        List<Change> whole = List.of(
                call,
                new Change.AttemptRang(call.attempt(), AT.plusSeconds(1)),
                new Change.AttemptAnswered(call.attempt(), AT.plusSeconds(2)),
                new Change.AttemptConnected(call.attempt(), null, null, "ivr-leg", AT.plusSeconds(3)),
                busy(call));

        assertThat(store.commit(a, epoch, whole)).isEqualTo(CommitResult.ALL_APPLIED);

        AttemptView view = attempt(call);
        assertThat(view)
                .isEqualTo(new AttemptView(
                        BUSY.code(),
                        EndedBy.CUSTOMER,
                        AT.plusSeconds(5),
                        AT.plusSeconds(1),
                        AT.plusSeconds(2),
                        AT.plusSeconds(3),
                        null,
                        false));
        ContactView contact = new ContactView(ContactStatus.RETRY, 1, AT.plusSeconds(3600));
        assertThat(world().contact(call.contact())).isEqualTo(contact);

        assertThat(store.commit(a, epoch, whole)).as("repeated").isEqualTo(CommitResult.ALL_APPLIED);
        assertThat(attempt(call)).isEqualTo(view);
        assertThat(world().contact(call.contact())).isEqualTo(contact);
    }

    @Test
    void shouldNotCountAnAttemptThatTheCustomerCannotHaveNoticed() {
        contact();
        long epoch = take(a, LONG);
        AttemptStarted call = started(a, epoch);
        store.commit(
                a,
                epoch,
                List.of(new Change.AttemptEnded(
                        call.attempt(),
                        call.contact(),
                        new Termination(BUSY, EndedBy.NETWORK, "503"),
                        new ContactOutcome(ContactStatus.PENDING, null, false),
                        AT)));
        assertThat(world().contact(call.contact())).isEqualTo(new ContactView(ContactStatus.PENDING, 0, null));
    }

    @Test
    void shouldCommitHundredsOfChangesAtOnce() {
        contacts(200);
        long epoch = take(a, LONG);
        List<AttemptStarted> starts = store.claim(a, epoch, campaign, 200).orElseThrow().stream()
                .map(contact -> start(epoch, contact))
                .toList();
        assertThat(store.commit(a, epoch, List.copyOf(starts))).isEqualTo(CommitResult.ALL_APPLIED);
        List<Change> rest = new ArrayList<>();
        starts.forEach(start -> {
            rest.add(new Change.AttemptRang(start.attempt(), AT.plusSeconds(1)));
            rest.add(busy(start));
        });
        assertThat(store.commit(a, epoch, rest)).isEqualTo(CommitResult.ALL_APPLIED);
        assertThat(starts).allMatch(start -> status(start.contact()) == ContactStatus.RETRY);
    }

    @Test
    void shouldTellWhoIsOwedAnAgentFromTheLedger() {
        contacts(3);
        long epoch = take(a, LONG);
        List<Contact> contacts = store.claim(a, epoch, campaign, 3).orElseThrow();
        assertThat(contacts).noneMatch(Contact::agentOwed);
        Instant now = world().now();
        ended(epoch, contacts.get(0), CallResult.DIALER_ABANDON, now);
        ended(epoch, contacts.get(1), CallResult.DIALER_ABANDON, now.minus(Duration.ofHours(73)));
        ended(epoch, contacts.get(2), CallResult.BUSY, now);
        assertThat(store.claim(a, epoch, campaign, 3).orElseThrow())
                .hasSize(3)
                .allSatisfy(contact -> assertThat(contact.agentOwed())
                        .as(contact.toString())
                        .isEqualTo(contact.id().equals(contacts.getFirst().id())));
        assertThat(store.held(a, epoch)).filteredOn(Contact::agentOwed).hasSize(1);
    }

    @Test
    void shouldCountAbandonedCallsByPartsOfTheWindow() {
        contacts(4);
        long epoch = take(a, LONG);
        List<Contact> contacts = store.claim(a, epoch, campaign, 4).orElseThrow();
        Instant now = world().now();
        Instant before = now.minus(Duration.ofHours(20));
        ended(epoch, contacts.get(0), CallResult.DIALER_ABANDON, before);
        ended(epoch, contacts.get(1), CallResult.VOICE, now);
        ended(epoch, contacts.get(2), CallResult.BUSY, now);
        ended(epoch, contacts.get(3), CallResult.DIALER_ABANDON, now.minus(Duration.ofHours(25)));
        Abandonment counted = store.abandonment().stream()
                .filter(each -> each.campaign().equals(campaign))
                .findFirst()
                .orElseThrow();
        assertThat(counted.percent()).isEqualTo(50);
        assertThat(counted.parts()).hasSize(2);
        assertThat(counted.parts().getFirst()).satisfies(part -> {
            assertThat(part.abandoned()).isEqualTo(1);
            assertThat(Duration.between(part.from(), before)).isBetween(Duration.ZERO, Duration.ofMinutes(15));
        });
    }

    private void ended(long epoch, Contact contact, CallResult result, Instant at) {
        AttemptStarted call = start(epoch, contact);
        store.commit(
                a,
                epoch,
                List.of(
                        call,
                        new Change.AttemptEnded(
                                call.attempt(),
                                contact.id(),
                                new Termination(result, EndedBy.DIALER, "nobody was free"),
                                new ContactOutcome(ContactStatus.RETRY, at, true),
                                at)));
    }
}
