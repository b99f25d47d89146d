package releve.sim.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CentreTest {
    private static final long SEED = 21;
    private static final String DAY = """
            name: ten agents
            agents: 10
            days: 2
            hours: "09:00-13:00"
            breaks: { afterCall: 0.01, length: lognormal 600 0.5 }
            answer: { rate: 0.25, drift: 0.2 }
            ring: { live: lognormal 11 0.6, other: lognormal 12 0.8, limit: 25, noAnswer: 0.6 }
            talk: lognormal 100 1.0
            wrapUp: lognormal 12 0.7
            waitSeconds: 1
            """;

    @Test
    void shouldBeTheSameAgainWithTheSameSeed() throws Exception {
        String morning = DAY.replace("09:00-13:00", "09:00-10:30").replace("days: 2", "days: 1");
        Score once = run(morning, Policy.PREDICTIVE);
        Score again = run(morning, Policy.PREDICTIVE);

        assertThat(again.utilisation()).isEqualTo(once.utilisation());
        assertThat(again.dials()).isEqualTo(once.dials());
    }

    @Test
    void shouldKeepAgentsBusierThanProgressiveWithinTheLimit() throws Exception {
        String day = DAY.replace("days: 2", "days: 1");
        Score progressive = run(day, Policy.PROGRESSIVE);
        Score predictive = run(day, Policy.PREDICTIVE);

        assertThat(progressive.abandonment()).isLessThan(0.002);
        assertThat(predictive.utilisation()).as("seed %d", SEED).isGreaterThan(progressive.utilisation() + 0.04);
        assertThat(predictive.worstDay()).as("seed %d", SEED).isLessThanOrEqualTo(0.03);
    }

    @Test
    void shouldKeepTheLimitThroughHandoverCrashAndAgentsWhoLeaveAtOnce() throws Exception {
        String faults = DAY + """
                faults:
                  - { kind: handover, day: 1, at: "00:50" }
                  - { kind: crash, day: 1, at: "01:40", seconds: 5 }
                  - { kind: agents leave, day: 1, at: "02:20", share: 0.5, seconds: 1800 }
                """;

        Score score =
                run(faults.replace("09:00-13:00", "00:00-03:30").replace("days: 2", "days: 1"), Policy.PREDICTIVE);

        assertThat(score.worstDay()).as("seed %d", SEED).isLessThanOrEqualTo(0.03);
        assertThat(score.lost())
                .as("the crash takes the calls in flight with it")
                .isBetween(1L, 40L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"handover", "overlap"})
    void shouldLoseNoCallAndGoOnWhenASideIsPutIntoMaintenance(String how) throws Exception {
        String handover = DAY.replace("09:00-13:00", "00:00-01:00").replace("days: 2", "days: 1");
        Score undisturbed = run(handover, Policy.PROGRESSIVE);

        Score score = run(handover + """
                faults:
                  - { kind: %s, day: 1, at: "00:30" }
                """.formatted(how), Policy.PROGRESSIVE);

        assertThat(score.handovers()).isEqualTo(1);
        assertThat(score.lost()).isZero();
        assertThat(score.abandonment()).isZero();
        assertThat(score.lives()).as("seed %d", SEED).isGreaterThan(undisturbed.lives() * 9 / 10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"handover", "overlap"})
    void shouldLookAheadAgainWhenTheSideThatHandedOverHasSettledItsCalls(String how) throws Exception {
        String handover = DAY.replace("09:00-13:00", "00:00-02:30").replace("days: 2", "days: 1") + """
                faults:
                  - { kind: %s, day: 1, at: "00:10" }
                """.formatted(how);

        Score progressive = run(handover, Policy.PROGRESSIVE);
        Score predictive = run(handover, Policy.PREDICTIVE);

        assertThat(predictive.utilisation()).as("seed %d", SEED).isGreaterThan(progressive.utilisation() + 0.04);
    }

    @Test
    void shouldNotTakeFewAnswersAtFirstForRareOnesWhereManyAgentsBeginAtOnce() throws Exception {
        String many = DAY.replace("agents: 10", "agents: 300").replace("09:00-13:00", "09:00-09:10");

        Score score = run(many.replace("days: 2", "days: 1"), Policy.PREDICTIVE);

        assertThat(score.abandonment()).as("seed %d", SEED).isLessThan(0.04);
    }

    @Test
    void shouldSendAgentsHomeAtCloseHoweverManyThereAre() throws Exception {
        String forty = DAY.replace("agents: 10", "agents: 40").replace("09:00-13:00", "09:00-10:30");

        double oneDay =
                run(forty.replace("days: 2", "days: 1"), Policy.PREDICTIVE).utilisation();
        double twoDays = run(forty, Policy.PREDICTIVE).utilisation();

        assertThat(twoDays).as("a night is nobody's idle time, seed %d", SEED).isCloseTo(oneDay, within(0.05));
    }

    @Test
    void shouldCountNobodyAsIdleOrBusyTwiceTheDayAfterHeWentHomeFromHisWrapUp() throws Exception {
        String twoDays = DAY.replace("09:00-13:00", "00:00-01:00")
                .replace("afterCall: 0.01", "afterCall: 0")
                .replace("talk: lognormal 100 1.0", "talk: 60")
                .replace("wrapUp: lognormal 12 0.7", "wrapUp: 120");

        Score score = run(twoDays, Policy.PROGRESSIVE);

        long longestThereMs = 2 * 10 * (3_600_000 + 200_000);
        assertThat(score.busyMs + score.idleMs).as("seed %d", SEED).isLessThan(longestThereMs);
    }

    @Test
    void shouldKnowTheOptimumOfTheMemorylessCase() {
        assertThat(LaboratoryBound.utilisation(5, 0.25, 10, 150, 0.03)).isCloseTo(0.841, within(0.002));
    }

    private static Score run(String yaml, Policy policy) throws Exception {
        return Centre.run(ScenarioReader.parse(yaml, "test"), SEED, policy::make);
    }
}
