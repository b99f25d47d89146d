package releve.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

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

    @Test
    void shouldSuspectASuspensionThatACorrectionOfTheWallClockHides() {
        suspended(Duration.ofSeconds(8));
        wall = wall.minusSeconds(10);
        assertThat(clock.wouldSuspectSuspension()).isTrue();
        assertThat(clock.suspectedSuspension()).isTrue();
    }

    @Test
    void shouldSuspectASuspensionThatACorrectionOfTheWallClockMakesGood() {
        suspended(Duration.ofMillis(4_598));
        wall = wall.minusMillis(4_994);
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
