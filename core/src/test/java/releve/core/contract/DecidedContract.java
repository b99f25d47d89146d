package releve.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static releve.core.common.CallResult.DIALER_ABANDON;
import static releve.core.common.CallResult.VOICE;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import releve.core.campaign.Abandonment;
import releve.core.campaign.ContactOutcome;
import releve.core.campaign.ContactStatus;
import releve.core.common.EndedBy;
import releve.core.common.Termination;
import releve.core.contract.StoreWorld.ContactView;
import releve.core.store.Change;
import releve.core.store.Change.AttemptStarted;
import releve.core.store.DialerStore.Takeover;

/** What is certain of an attempt whose call goes on, when its dialer fails. */
public abstract class DecidedContract extends StoreScene {
    @Test
    void shouldCountACustomerAsAbandonedWhoseDialerFailsWhileHisMessagePlays() {
        contact();
        long epoch = take(a, NONE);
        AttemptStarted call = started(a, epoch);
        Instant again = AT.plusSeconds(3600);
        store.commit(a, epoch, List.of(decided(call, new ContactOutcome(ContactStatus.RETRY, again, true))));
        assertThat(attempt(call).result()).as("his call goes on").isNull();
        assertThat(status(call.contact())).isEqualTo(ContactStatus.DIALED);

        assertThat(store.acquire(b, LONG)).contains(new Takeover(epoch + 1, 1, 0));

        assertThat(attempt(call).result()).isEqualTo(DIALER_ABANDON.code());
        assertThat(attempt(call).endedBy()).isEqualTo(EndedBy.UNKNOWN);
        assertThat(world().contact(call.contact())).isEqualTo(new ContactView(ContactStatus.RETRY, 1, again));
        assertThat(abandoned()).isEqualTo(1);
    }

    @Test
    void shouldTakeTheDialersWordForAnAbandonedCustomerWhenItTurnsOutToLive() {
        contact();
        long epoch = take(a, NONE);
        AttemptStarted call = started(a, epoch);
        ContactOutcome retry = new ContactOutcome(ContactStatus.RETRY, AT.plusSeconds(3600), true);
        store.commit(a, epoch, List.of(decided(call, retry)));
        take(b, LONG);

        Change.AttemptEnded end = new Change.AttemptEnded(
                call.attempt(),
                call.contact(),
                new Termination(DIALER_ABANDON, EndedBy.CUSTOMER, "nobody was free; the message was played"),
                retry,
                world().now());
        store.commit(a, epoch, List.of(end));

        assertThat(attempt(call).endedBy()).isEqualTo(EndedBy.CUSTOMER);
        assertThat(attempt(call).corrected()).isTrue();
        assertThat(world().contact(call.contact()).attempts())
                .as("counted once")
                .isEqualTo(1);
        assertThat(abandoned()).as("counted once").isEqualTo(1);
    }

    @Test
    void shouldNotDecideAboutAnAttemptThatHasEnded() {
        contact();
        long epoch = take(a, LONG);
        AttemptStarted call = started(a, epoch);
        ContactOutcome retry = new ContactOutcome(ContactStatus.RETRY, AT.plusSeconds(3600), true);
        store.commit(a, epoch, List.of(voice(call)));
        store.commit(a, epoch, List.of(decided(call, retry)));

        assertThat(attempt(call).result()).isEqualTo(VOICE.code());
        assertThat(status(call.contact())).isEqualTo(ContactStatus.CLOSED);
    }

    private static Change.AttemptDecided decided(AttemptStarted start, ContactOutcome outcome) {
        return new Change.AttemptDecided(
                start.attempt(), new Termination(DIALER_ABANDON, EndedBy.DIALER, "nobody was free"), outcome);
    }

    private long abandoned() {
        return store.abandonment().stream()
                .filter(counted -> counted.campaign().equals(campaign))
                .mapToLong(Abandonment::abandoned)
                .sum();
    }
}
