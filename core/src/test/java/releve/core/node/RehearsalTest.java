package releve.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import releve.core.store.Change;

class RehearsalTest {
    private static final Instant START = Instant.parse("2030-01-01T09:00:00Z");

    @Test
    void shouldPlaceCallsOfEveryOutcomeInAPairThatIsNoneOfTheRealOnes() {
        List<Change> changes =
                Rehearsal.play(START).stream().flatMap(List::stream).toList();

        assertThat(changes)
                .filteredOn(Change.AttemptStarted.class::isInstance)
                .hasSizeGreaterThan(300)
                .allSatisfy(change -> assertThat(
                                ((Change.AttemptStarted) change).attempt().pair())
                        .isZero());
        assertThat(changes)
                .hasAtLeastOneElementOfType(Change.AttemptConnected.class)
                .hasAtLeastOneElementOfType(Change.AttemptEnded.class)
                .hasAtLeastOneElementOfType(Change.AgentWrapUp.class)
                .hasAtLeastOneElementOfType(Change.ReservationRequested.class);
        assertThat(Rehearsal.NOBODY.pair()).isZero();
    }
}
