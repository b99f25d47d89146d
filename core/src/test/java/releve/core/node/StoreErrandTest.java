package releve.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.Side;
import releve.core.engine.Command;
import releve.core.engine.Event;
import releve.core.memory.MemoryStore;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.StoreUnavailable;

class StoreErrandTest {
    private static final Instant NOW = Instant.parse("2030-01-01T09:00:00Z");
    private static final NodeId US = new NodeId(1, Side.A, "a1");
    private static final CampaignId CAMPAIGN = new CampaignId(1);
    private static final StoreUnavailable ABSENT =
            new StoreUnavailable("the store did not answer", new IllegalStateException());

    private final MemoryStore store = new MemoryStore(() -> NOW, notice -> {});

    private static StoreErrand errand(Command.AfterCommit command) {
        return StoreErrand.of(command).orElseThrow();
    }

    private Event carryOut(Command.AfterCommit command, long epoch) {
        return errand(command).carryOut(store, US, epoch, LeaseTimes.DEFAULT);
    }

    private long hold() {
        return store.acquire(US, LeaseTimes.DEFAULT.ttl()).orElseThrow().epoch();
    }

    @Test
    void shouldLeaveDialsAndTheEndToTheNode() {
        assertThat(StoreErrand.of(new Command.Dial(AttemptId.of(1, 1, 1), "+12025550100", "", "call-1")))
                .isEmpty();
        assertThat(StoreErrand.of(new Command.StopProcess(0, "nothing is under way")))
                .isEmpty();
    }

    @Test
    void shouldKnowWhatMovesTheRightToDial() {
        assertThat(errand(new Command.HandOver(1, "b1")).movesTheRight()).isTrue();
        assertThat(errand(new Command.GiveUpRight(1)).movesTheRight()).isTrue();
        assertThat(errand(new Command.ClaimContacts(CAMPAIGN, 1)).movesTheRight())
                .isFalse();
        assertThat(errand(new Command.ClaimPersonalCallbacks(CAMPAIGN, 1)).movesTheRight())
                .isFalse();
    }

    @Test
    void shouldTellWhatWasClaimedOrThatTheEpochIsOver() {
        long epoch = hold();
        assertThat(carryOut(new Command.ClaimContacts(CAMPAIGN, 5), epoch))
                .isEqualTo(new Event.ContactsClaimed(CAMPAIGN, List.of()));
        assertThat(carryOut(new Command.ClaimContacts(CAMPAIGN, 5), epoch - 1))
                .isEqualTo(new Event.ClaimFailed(CAMPAIGN, "the epoch is over"));
        assertThat(carryOut(new Command.ClaimPersonalCallbacks(CAMPAIGN, 5), epoch))
                .isEqualTo(new Event.PersonalCallbacksClaimed(CAMPAIGN, List.of()));
        assertThat(carryOut(new Command.ClaimPersonalCallbacks(CAMPAIGN, 5), epoch - 1))
                .isEqualTo(new Event.PersonalCallbacksNotClaimed(CAMPAIGN, "the epoch is over"));
    }

    @Test
    void shouldTellTheSameOfAHandoverThatIsRepeated() {
        long epoch = hold();
        Event done = new Event.HandedOver(epoch, "handed over to side B, epoch " + (epoch + 1));
        assertThat(carryOut(new Command.HandOver(epoch, "b1"), epoch)).isEqualTo(done);
        assertThat(carryOut(new Command.HandOver(epoch, "b1"), epoch))
                .as("its answer was lost")
                .isEqualTo(done);
        assertThat(carryOut(new Command.HandOver(epoch, "b2"), epoch))
                .isEqualTo(new Event.HandoverFailed(epoch, "the right was no longer this side's"));
    }

    @Test
    void shouldGiveTheRightUpAlsoWhenItHasGoneAlready() {
        assertThat(carryOut(new Command.GiveUpRight(hold()), 1))
                .isEqualTo(new Event.HandedOver(1, "the right to dial is given up"));
        assertThat(carryOut(new Command.GiveUpRight(1), 1)).isInstanceOf(Event.HandedOver.class);
    }

    @Test
    void shouldSayWhatItMeansThatTheStoreDidNotAnswer() {
        assertThat(errand(new Command.ClaimContacts(CAMPAIGN, 5)).unanswered(ABSENT))
                .isEqualTo(new Event.ClaimFailed(CAMPAIGN, "the store did not answer"));
        assertThat(errand(new Command.ClaimPersonalCallbacks(CAMPAIGN, 5)).unanswered(ABSENT))
                .isEqualTo(new Event.PersonalCallbacksNotClaimed(CAMPAIGN, "the store did not answer"));
        assertThat(errand(new Command.HandOver(1, "b1")).unanswered(ABSENT))
                .isEqualTo(new Event.HandoverFailed(1, "the store is absent: the store did not answer"));
        assertThat(errand(new Command.GiveUpRight(1)).unanswered(ABSENT)).isInstanceOf(Event.HandoverFailed.class);
    }
}
