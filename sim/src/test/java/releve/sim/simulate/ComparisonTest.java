package releve.sim.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import releve.sim.simulate.Comparison.Row;

class ComparisonTest {
    private static final String MORNING = """
            name: ten agents
            agents: 10
            days: 1
            seeds: [21]
            hours: "09:00-10:00"
            answer: { rate: 0.25 }
            ring: { live: lognormal 11 0.6, other: lognormal 12 0.8, limit: 25, noAnswer: 0.6 }
            talk: lognormal 100 1.0
            wrapUp: lognormal 12 0.7
            waitSeconds: 1
            """;

    @Test
    void shouldFindTheBestSettingInHindsightAndTheBestThatKeepsEachDay() throws Exception {
        Scenario scenario = ScenarioReader.parse(MORNING, "a test");
        List<Row> rows = Comparison.of(scenario, List.of(Policy.RATIO), true, what -> {});

        assertThat(rows)
                .extracting(Row::policy)
                .containsExactly(
                        "adaptive ratio, default",
                        "adaptive ratio, best (≤ 1.1)",
                        "adaptive ratio, best within law (≤ 1.1)");
        assertThat(rows.subList(1, 3))
                .allSatisfy(row -> assertThat(row.keepsLaw(scenario)).isTrue());
        assertThat(rows.getFirst().keepsLaw(scenario)).isFalse();
    }

    @Test
    void shouldHoldEachDayAndTheLastTwentyFourHoursAgainstTheLimit() throws Exception {
        Scenario daily = ScenarioReader.parse(MORNING, "a test");
        Scenario monthly = ScenarioReader.parse(MORNING + "window: 30 days\n", "a test");
        Row even = new Row("even", List.of(days(30, 30)));
        Row uneven = new Row("uneven", List.of(days(20, 40)));

        assertThat(even.keepsLaw(daily)).isTrue();
        assertThat(uneven.keepsLaw(daily)).as("4 % on the second day").isFalse();
        assertThat(uneven.keepsLaw(monthly)).as("3 % over both").isTrue();
    }

    /** A thousand answers a day, so many of them abandoned, as evenly as can be. */
    private static Score days(int... abandoned) {
        Score score = new Score();
        for (int day = 0; day < abandoned.length; day++) {
            for (int i = 0; i < 1000; i++) {
                long atMs = day * Scenario.DAY_MS + i * 30_000L;
                score.live(atMs, (i + 1) * abandoned[day] / 1000 > i * abandoned[day] / 1000);
            }
        }
        return score;
    }
}
