package releve.sim.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FaultRunTest {
    private static final Duration FAULTY = Duration.ofMinutes(8);

    @Test
    void shouldHoldAllRulesWhateverFails() throws InterruptedException {
        FaultSeries.Sum sum = FaultSeries.of(1, 24, FAULTY, null, 2, outcome -> {});
        assertThat(sum.violations())
                .as(
                        "replay with ./releve simulate-faults --minutes %d --trace --seed and the seed of the violation",
                        FAULTY.toMinutes())
                .isEmpty();
        assertThat(sum.faults().keySet())
                .as("what these worlds have been through")
                .contains("crash", "freeze", "store gone", "store cut off", "clock jump", "trunk", "maintenance");
        assertThat(sum.talks()).isPositive();
    }

    @Test
    void shouldFindEachPlantedBugWithinItsSeeds() throws InterruptedException {
        Map<Bug, Long> found = new EnumMap<>(Bug.class);
        FaultSeries.findAll(1, Bug.SEEDS_MAX, FAULTY, 2, (bug, outcome) -> {
            if (outcome.broken() != null) {
                found.put(bug, outcome.seed());
            }
        });
        assertThat(found.keySet()).containsExactlyInAnyOrder(Bug.values());
    }

    @Test
    void shouldLiveThroughTheSameWorldWithTheSameSeed() {
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        FaultRun.of(7, FAULTY, null, first::add);
        FaultRun.of(7, FAULTY, null, second::add);
        assertThat(first).isNotEmpty().isEqualTo(second);
    }
}
