package releve.core.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import releve.core.campaign.Campaign;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactOutcome;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.DialingMode;
import releve.core.campaign.Staffing;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.core.common.EndedBy;
import releve.core.common.Side;
import releve.core.common.Termination;
import releve.core.store.Change;
import releve.core.store.DialerStore.NodeId;

/** A store that runs for many days keeps what still matters. */
class ForgettingTest {
    private static final CampaignId ID = new CampaignId(1);
    private static final NodeId NODE = new NodeId(1, Side.A, "a1");

    private Instant now = Instant.parse("2026-03-03T10:00:00Z");
    private final MemoryStore store = new MemoryStore(() -> now, notice -> {});
    private long calls;

    @Test
    void shouldForgetWhatIsOverAndKeepCountingItAgainstTheLimit() {
        store.desks()
                .put(Campaign.named("spring", DialingMode.PREDICTIVE_AGENT, "+12025550100")
                        .withId(ID)
                        .withRunning(true)
                        .withStaffing(Staffing.by("sales")));
        for (int i = 0; i < 4; i++) {
            store.desks().add(ID, List.of("+1202555000" + i));
        }
        long epoch = store.acquire(NODE, Duration.ofDays(2)).orElseThrow().epoch();
        call(epoch, CallResult.VOICE, ContactStatus.CLOSED);
        call(epoch, CallResult.DIALER_ABANDON, ContactStatus.MAXIMUM_ATTEMPTS);
        call(epoch, CallResult.NO_ANSWER, ContactStatus.RETRY);
        now = now.plus(Duration.ofHours(2));
        store.commit(NODE, epoch, List.of(started(epoch)));

        store.desks().forget(now.minus(Duration.ofHours(1)));

        assertThat(store.desks().contacts())
                .as("one is to be dialed again, one is dialed now")
                .extracting(MemoryDesks.ContactRow::status)
                .containsExactly(ContactStatus.RETRY, ContactStatus.DIALED);
        assertThat(store.desks().attempts()).hasSize(1);
        assertThat(store.abandonment().getFirst().liveAnswers()).isEqualTo(2);
        assertThat(store.abandonment().getFirst().abandoned()).isEqualTo(1);
        assertThat(store.desks().add(ID, List.of("+12025550009")).value())
                .as("no number is given twice")
                .isEqualTo(5);
    }

    private Change.AttemptStarted started(long epoch) {
        Contact contact = store.claim(NODE, epoch, ID, 1).orElseThrow().getFirst();
        AttemptId attempt = AttemptId.of(1, epoch, ++calls);
        return new Change.AttemptStarted(attempt, ID, contact.id(), contact.nextPhone(), "call-" + calls, 1, now);
    }

    private void call(long epoch, CallResult result, ContactStatus becomes) {
        Change.AttemptStarted start = started(epoch);
        ContactOutcome outcome =
                new ContactOutcome(becomes, becomes == ContactStatus.RETRY ? now.plus(Duration.ofDays(1)) : null, true);
        store.commit(
                NODE,
                epoch,
                List.of(
                        start,
                        new Change.AttemptEnded(
                                start.attempt(),
                                start.contact(),
                                new Termination(result, EndedBy.CUSTOMER, "over"),
                                outcome,
                                now)));
    }
}
