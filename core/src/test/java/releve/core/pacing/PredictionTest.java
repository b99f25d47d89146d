package releve.core.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PredictionTest {
    @Test
    void shouldFindNobodyForSureWhenNobodyIsThere() {
        Prediction prediction = cleared(true);

        assertThat(prediction.shortfall()).isEqualTo(1);
    }

    @Test
    void shouldFindSomebodyForSureWhenAgentsOutnumberCalls() {
        Prediction prediction = cleared(true);
        for (int j = 0; j < Prediction.INSTANTS; j++) {
            prediction.free(j, 2);
            prediction.mayAnswer(j, 0.7, 1);
        }

        assertThat(prediction.shortfall()).isEqualTo(0);
    }

    @Test
    void shouldWeighOneAgentAgainstOneCall() {
        Prediction prediction = cleared(true);
        for (int j = 0; j < Prediction.INSTANTS; j++) {
            prediction.mayFree(j, 0.4, 1);
            prediction.mayAnswer(j, 0.3, 1);
        }

        assertThat(prediction.shortfall())
                .as("somebody is there only if the agent comes and the other call does not")
                .isCloseTo(1 - 0.4 * 0.7, within(1e-12));
    }

    @Test
    void shouldComeToTheSameByCountingAndByNormalLaw() {
        long seed = 7;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 50; round++) {
            Prediction counted = cleared(true);
            Prediction normal = cleared(false);
            int free = random.nextInt(4);
            for (int i = 0; i < 30; i++) {
                double g = random.nextDouble() * 0.4;
                double a = random.nextDouble() * 0.3;
                for (int j = 0; j < Prediction.INSTANTS; j++) {
                    counted.mayFree(j, g, 1);
                    normal.mayFree(j, g, 1);
                    counted.mayAnswer(j, a, 1);
                    normal.mayAnswer(j, a, 1);
                }
            }
            for (int j = 0; j < Prediction.INSTANTS; j++) {
                counted.free(j, free);
                normal.free(j, free);
            }
            assertThat(normal.shortfall())
                    .as("round %d of seed %d", round, seed)
                    .isCloseTo(counted.shortfall(), within(0.004));
        }
    }

    @Test
    void shouldGoOnByNormalLawWhenThereIsTooMuchToCount() {
        Prediction prediction = cleared(true);
        for (int j = 0; j < Prediction.INSTANTS; j++) {
            prediction.mayFree(j, 0.5, 400);
            prediction.mayAnswer(j, 0.25, 400);
        }

        assertThat(prediction.shortfall()).isBetween(0.0, 0.001);
    }

    @Test
    void shouldHoldTheRatesUncertaintyAgainstCallsThatAreYetToStart() {
        Prediction sure = cleared(false);
        Prediction unsure = cleared(false);
        unsure.uncertain(0.3);
        for (Prediction prediction : new Prediction[] {sure, unsure}) {
            for (int j = 0; j < Prediction.INSTANTS; j++) {
                prediction.free(j, 100);
                prediction.mayAnswer(j, 0.2, 400);
            }
        }

        assertThat(sure.shortfall()).isLessThan(0.02);
        assertThat(unsure.shortfall()).isGreaterThan(0.1);
    }

    private static Prediction cleared(boolean few) {
        Prediction prediction = new Prediction();
        prediction.clear(few);
        return prediction;
    }
}
