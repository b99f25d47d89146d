package releve.sip.races;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every race of transactions and dialogs, on virtual time and a network that loses, doubles and reorders: calls that are
 * answered, rejected, cancelled, forked, changed and ended by both sides at once, and adopted by an heir when one side dies.
 * After each race both sides agree and nothing is left of it.
 */
class RacesTest {
    private static final int CALLS = 100;
    private static final long FIRST = Long.getLong("releve.races.first", 1);
    private static final int SEEDS = Integer.getInteger("releve.races.seeds", 1_000);
    /** In few seeds nobody may happen to die. */
    private static final int SEEDS_TO_COUNT_CRASHES = 100;
    /** Within so many seeds every planted bug has to show. */
    private static final int SEEDS_TO_FIND = 100;

    @Test
    void shouldEndEveryCallAtBothSidesAndLeaveNothing() {
        LongAdder sent = new LongAdder();
        LongAdder reached = new LongAdder();
        LongAdder up = new LongAdder();
        LongAdder adopted = new LongAdder();
        LongAdder inPeace = new LongAdder();
        LongStream.range(FIRST, FIRST + SEEDS).parallel().forEach(seed -> {
            Race.Outcome outcome = Race.run(seed, CALLS, null);
            sent.add(outcome.sent());
            reached.add(outcome.reached());
            up.add(outcome.up());
            adopted.add(outcome.adopted());
            inPeace.add(outcome.inPeace());
        });
        System.out.printf(
                "%,d calls over %,d seeds: %,d phones reached, %,d answered, %,d adopted after a crash, %,d of them in peace, %,d messages%n",
                SEEDS * CALLS, SEEDS, reached.sum(), up.sum(), adopted.sum(), inPeace.sum(), sent.sum());
        assertThat(up.sum()).as("calls that were answered").isGreaterThan(SEEDS * CALLS / 4L);
        if (SEEDS >= SEEDS_TO_COUNT_CRASHES) {
            assertThat(adopted.sum()).as("ends of calls that were adopted").isGreaterThan(SEEDS);
            assertThat(inPeace.sum())
                    .as("calls adopted while nothing went on in them")
                    .isGreaterThan(SEEDS / 10L);
        }
        assertThat(reached.sum()).as("phones reached, forks among them").isGreaterThan(SEEDS * CALLS);
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindPlantedBug(PlantedBug bug) {
        Optional<String> found = LongStream.rangeClosed(1, SEEDS_TO_FIND)
                .mapToObj(seed -> violation(seed, bug))
                .flatMap(Optional::stream)
                .findFirst();
        String first = found.orElseGet(() -> fail(bug + " was not found within " + SEEDS_TO_FIND + " seeds"));
        System.out.println(bug + ": " + first.lines().findFirst().orElseThrow());
    }

    private static Optional<String> violation(long seed, PlantedBug bug) {
        try {
            Race.run(seed, CALLS, bug);
            return Optional.empty();
        } catch (Violation e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @Test
    void shouldRunTheSameWayWhenSeedIsTheSame() {
        assertThat(Race.run(42, CALLS, null)).isEqualTo(Race.run(42, CALLS, null));
    }
}
