package releve.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.ReservationId;
import releve.core.engine.Command;
import releve.core.store.Change;

class CommitTest {
    private static final Change CHANGE = new Change.ReservationWithdrawn(ReservationId.of(1, 1, 1), "no longer wanted");
    private static final Command.AfterCommit CLAIM = new Command.ClaimContacts(new CampaignId(1), 4);
    private static final Command.AfterCommit DIAL =
            new Command.Dial(AttemptId.of(1, 1, 1), "+12025550100", "+12025550199", "call-1");

    @Test
    void shouldTakeNothingWhenNothingWaits() {
        assertThat(Commit.next(new ArrayDeque<>())).isEmpty();
    }

    @Test
    void shouldTakeWhatWaitsInOrder() {
        Batch one = new Batch(1, List.of(CHANGE), List.of(DIAL));
        Batch two = new Batch(1, List.of(CHANGE), List.of());
        Queue<Batch> waiting = new ArrayDeque<>(List.of(one, two));

        assertThat(Commit.next(waiting)).contains(new Commit(List.of(one, two)));
        assertThat(waiting).isEmpty();
    }

    @Test
    void shouldEndWithAnErrandOfTheStoreSoThatItComesBeforeLaterChanges() {
        Batch claims = new Batch(1, List.of(CHANGE), List.of(DIAL, CLAIM));
        Batch later = new Batch(1, List.of(CHANGE), List.of());
        Queue<Batch> waiting = new ArrayDeque<>(List.of(claims, later));

        Commit commit = Commit.next(waiting).orElseThrow();
        assertThat(commit.batches()).containsExactly(claims);
        assertThat(commit.errands()).hasSize(1);
        assertThat(waiting).containsExactly(later);
    }

    @Test
    void shouldNeverMixEpochs() {
        Batch one = new Batch(1, List.of(CHANGE), List.of());
        Batch two = new Batch(2, List.of(CHANGE), List.of());
        assertThat(Commit.next(new ArrayDeque<>(List.of(one, two)))
                        .orElseThrow()
                        .batches())
                .containsExactly(one);
    }

    @Test
    void shouldEndAtItsSize() {
        Batch large = new Batch(1, Collections.nCopies(Commit.CHANGES_MAX, CHANGE), List.of());
        Batch later = new Batch(1, List.of(CHANGE), List.of());
        assertThat(Commit.next(new ArrayDeque<>(List.of(large, later)))
                        .orElseThrow()
                        .batches())
                .containsExactly(large);
    }
}
