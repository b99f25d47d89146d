package releve.core.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EstimatesTest {
    private static final long SEED = 11;

    @Test
    void shouldLearnAnswerRateFromExposure() {
        AnswerRate rate = new AnswerRate();
        feed(rate, 0.08, 3600, new SplittableRandom(SEED));

        assertThat(rate.value()).as("seed %d", SEED).isCloseTo(0.08, within(0.02));
    }

    @Test
    void shouldFollowJumpOfAnswerRateWithinMinutes() {
        AnswerRate rate = new AnswerRate();
        SplittableRandom random = new SplittableRandom(SEED);
        feed(rate, 0.3, 7200, random);
        feed(rate, 0.1, 240, random);

        assertThat(rate.value()).as("seed %d", SEED).isLessThan(0.16);
    }

    @Test
    void shouldForgetNothingWhileNothingIsDialed() {
        AnswerRate rate = new AnswerRate();
        feed(rate, 0.5, 3600, new SplittableRandom(SEED));
        double evening = rate.value();
        for (int tick = 0; tick < 10_000; tick++) {
            rate.tick(0.5, 0, 0);
        }

        assertThat(rate.value()).isCloseTo(evening, within(1e-9));
    }

    @Test
    void shouldLearnHowLongPhonesRing() {
        RingShape shape = new RingShape(12, 0.6);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 5000; i++) {
            shape.add(5 + 10 * random.nextDouble());
        }
        reach(shape, 255, 20_000);

        assertThat(shape.cdf(10)).as("seed %d", SEED).isCloseTo(0.5, within(0.03));
        assertThat(shape.quantile(0.9)).as("seed %d", SEED).isCloseTo(14, within(0.5));
        assertThat(shape.cdf(1000)).isEqualTo(1);
    }

    @Test
    void shouldNotTakeAllRingingForShortWhileMostCallsStillRing() {
        RingShape shape = new RingShape(12, 0.6);
        reach(shape, 20, 500);
        for (int i = 0; i < 30; i++) {
            shape.add(4 + i / 5.0);
        }

        assertThat(shape.cdf(10))
                .as("of 500 calls dialed 10 s ago, 30 have been answered")
                .isBetween(0.15, 0.6);
    }

    @Test
    void shouldTakeItsKnowledgeForLittleMoreThanGuessAfterNight() {
        AnswerRate rate = new AnswerRate();
        SplittableRandom random = new SplittableRandom(SEED);
        feed(rate, 0.3, 7200, random);
        double evening = rate.relativeVariance();
        for (int tick = 0; tick < 2 * 16 * 3600; tick++) {
            rate.quiet(0.5);
        }
        assertThat(rate.relativeVariance())
                .as("seed %d, before the first call of the morning", SEED)
                .isGreaterThan(0.1);
        assertThat(rate.value()).as("seed %d", SEED).isCloseTo(0.3, within(0.02));
        feed(rate, 0.15, 120, random);

        assertThat(evening).as("seed %d", SEED).isLessThan(0.005);
        assertThat(rate.relativeVariance()).as("seed %d", SEED).isGreaterThan(0.01);
        assertThat(rate.value()).as("seed %d", SEED).isCloseTo(0.17, within(0.05));
    }

    @Test
    void shouldNotTakeAllTalkForShortWhenOnlyShortCallsHaveEnded() {
        PhaseHazard talk = new PhaseHazard(120);
        for (int agent = 0; agent < 100; agent++) {
            for (int second = 0; second < 30; second++) {
                talk.lasted(second, 1);
            }
        }
        for (int i = 0; i < 10; i++) {
            talk.ended(15);
        }
        double[] survival = new double[120];
        talk.survival(0.5, survival);

        assertThat(survival[60])
                .as("ten of a hundred have ended within half a minute")
                .isBetween(0.8, 0.95);
    }

    private static void reach(RingShape shape, int steps, int calls) {
        for (int step = 0; step < steps; step++) {
            shape.reached(step, calls);
        }
    }

    private static void feed(AnswerRate rate, double truth, int ticks, SplittableRandom random) {
        for (int tick = 0; tick < ticks; tick++) {
            int lives = 0;
            for (int call = 0; call < 2; call++) {
                lives += random.nextDouble() < truth ? 1 : 0;
            }
            rate.tick(0.5, lives, 2);
        }
    }
}
