package releve.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeClockTest {
    private static final Instant START = Instant.parse("2030-01-01T09:00:00Z");

    private Instant wall = START;
    private long nanos = -7;
    private long bootMs = 86_400_000;
    private final NodeClock clock = new NodeClock(() -> wall, () -> nanos, () -> bootMs);

    private void passes(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
        bootMs += time.toMillis();
    }

    /** The monotonic clock stands still, the wall clock has gone on when the machine wakes. */
    private void suspended(Duration time) {
        wall = wall.plus(time);
        bootMs += time.toMillis();
    }

    @Test
    void shouldGoOnWithTheMonotonicClockWhateverTheWallClockDoes() {
        passes(Duration.ofSeconds(3));
        wall = wall.minusSeconds(3_600);
        passes(Duration.ofSeconds(2));
        assertThat(clock.now()).isEqualTo(START.plusSeconds(5));
    }

    @Test
    void shouldNotSuspectASuspensionWhileBothClocksRun() {
        for (int i = 0; i < 1_000; i++) {
            passes(Duration.ofSeconds(1));
            wall = wall.plusMillis(1); // the wall clock is being slewed
            assertThat(clock.suspectedSuspension()).isFalse();
        }
    }

    @Test
    void shouldReportASuspensionOnceAndShowItUntilThen() {
        suspended(Duration.ofSeconds(8));
        assertThat(clock.wouldSuspectSuspension()).isTrue();
        assertThat(clock.wouldSuspectSuspension())
                .as("asking does not report it")
                .isTrue();
        assertThat(clock.suspectedSuspension()).isTrue();
        assertThat(clock.suspectedSuspension()).isFalse();
        assertThat(clock.wouldSuspectSuspension()).isFalse();
    }

    /** By more than it, or by about as much. */
    @ParameterizedTest
    @CsvSource({"8000, 10000", "4598, 4994"})
    void shouldSuspectASuspensionThatACorrectionOfTheWallClockHides(long suspendedMs, long correctedMs) {
        suspended(Duration.ofMillis(suspendedMs));
        wall = wall.minusMillis(correctedMs);
        assertThat(clock.wouldSuspectSuspension()).isTrue();
        assertThat(clock.suspectedSuspension()).isTrue();
        assertThat(clock.suspectedSuspension()).isFalse();
    }

    @Test
    void shouldSuspectTheSuspensionAfterTheWallClockWasSetBack() {
        wall = wall.minusSeconds(60);
        clock.suspectedSuspension();
        passes(Duration.ofSeconds(5));
        suspended(Duration.ofSeconds(8));
        assertThat(clock.suspectedSuspension()).isTrue();
    }
}
