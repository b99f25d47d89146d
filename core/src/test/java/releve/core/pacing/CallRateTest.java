package releve.core.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallRateTest {
    private static final Instant START = Instant.parse("2030-01-01T09:00:00Z");

    @Test
    void shouldGiveATenthOfASecondAtOnceAndNoMore() {
        CallRate rate = new CallRate(60, START);

        assertThat(takeAll(rate, START)).isEqualTo(6);
        assertThat(rate.take(START)).isFalse();
        assertThat(takeAll(rate, START.plusSeconds(3600))).isEqualTo(6);
    }

    @Test
    void shouldGiveOneCallAtATimeBelowTenASecond() {
        CallRate rate = new CallRate(0.5, START);

        assertThat(takeAll(rate, START)).isEqualTo(1);
        assertThat(rate.nextAt(START)).isEqualTo(START.plusSeconds(2));
        assertThat(rate.take(START.plusMillis(1999))).isFalse();
        assertThat(rate.take(START.plusSeconds(2))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.7, 3, 9.9, 60, 333.3, 10_000})
    void shouldHoldTheRateOverAMinuteAndAlwaysAdvance(double perSecond) {
        CallRate rate = new CallRate(perSecond, START);
        Instant end = START.plusSeconds(60);
        Instant now = START;
        int taken = 0;
        while (now.isBefore(end)) {
            taken += takeAll(rate, now);
            Instant next = rate.nextAt(now);
            assertThat(next).isAfter(now);
            now = next;
        }
        assertThat((double) taken).isBetween(perSecond * 60 - 1, perSecond * 60 + Math.max(1, perSecond / 10) + 1);
    }

    @Test
    void shouldNeverExceedTheRateInAnySecondHoweverItIsAsked() {
        SplittableRandom random = new SplittableRandom(11);
        CallRate rate = new CallRate(50, START);
        Instant now = START;
        int inThisSecond = 0;
        Instant second = START;
        for (int i = 0; i < 20_000; i++) {
            now = now.plus(Duration.ofNanos(random.nextLong(5_000_000)));
            if (Duration.between(second, now).toMillis() >= 1000) {
                second = now;
                inThisSecond = 0;
            }
            inThisSecond += takeAll(rate, now);
            assertThat(inThisSecond).isLessThanOrEqualTo(50 + 5);
        }
    }

    @Test
    void shouldGiveNothingForTimeThatRanBackwards() {
        CallRate rate = new CallRate(1, START);
        assertThat(rate.take(START)).isTrue();
        assertThat(rate.take(START.minusSeconds(10))).isFalse();
        assertThat(rate.take(START.plusMillis(500))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.09, 10_001, -1, Double.NaN})
    void shouldRefuseRatesOutOfRange(double perSecond) {
        assertThatThrownBy(() -> new CallRate(perSecond, START)).hasMessageContaining("0.1 to 10000");
    }

    private static int takeAll(CallRate rate, Instant now) {
        int taken = 0;
        while (rate.take(now)) {
            taken++;
        }
        return taken;
    }
}
