package releve.sim.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ScenarioReaderTest {
    private static final String WHOLE = """
            name: test
            agents: 4
            hours: "09:00-11:00"
            answer: { rate: 0.3 }
            ring: { live: 8, other: lognormal 12 0.8, limit: 25, noAnswer: 0.5 }
            talk: exponential 60
            """;

    @ParameterizedTest
    @MethodSource("shipped")
    void shouldReadEveryScenarioThatIsShipped(Path file) throws Exception {
        assertThat(ScenarioReader.read(file).agents()).isPositive();
    }

    static List<Path> shipped() throws Exception {
        try (var files = Files.list(Path.of("..", "scenarios"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void shouldFillInDefaults() throws Exception {
        Scenario scenario = ScenarioReader.parse(WHOLE, "test.yaml");

        assertThat(scenario.abandonLimit()).isEqualTo(0.03);
        assertThat(scenario.waitSeconds()).isEqualTo(2);
        assertThat(scenario.seeds()).containsExactly(1L);
        assertThat(scenario.delays()).isEqualTo(Scenario.Delays.DEFAULT);
        assertThat(scenario.talk()).isEqualTo(new Span.Exponential(60));
        assertThat(scenario.ring().live()).isEqualTo(new Span.Fixed(8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            agents: 4              | agents: many          | 'agents' is a number from 1 to 1000, not 'many'.
            agents: 4              | agent: 4              | 'agent' is unknown here
            { rate: 0.3 }          | { rate: 3 }           | 'answer.rate' is a number from 0.005 to 0.95, not '3'.
            exponential 60         | gamma 60              | 'talk' is a number of seconds, 'exponential MEAN'
            exponential 60         | exponential sixty     | 'talk' has 'exponential sixty', where a figure is missing
            "09:00-11:00"          | "11:00-09:00"         | 'hours' ends before it begins
            name: test             | delays: { store: 3 }  | 'delays.store' is a number from 0 to 2, not '3'.
            name: test             | name: [               | this is not YAML
            """)
    void shouldSayWhatIsWrongAndWhere(String right, String wrong, String sentence) {
        assertThatThrownBy(() -> ScenarioReader.parse(WHOLE.replace(right, wrong), "test.yaml"))
                .isInstanceOf(ScenarioReader.Unusable.class)
                .hasMessageStartingWith("test.yaml")
                .hasMessageContaining(sentence);
    }
}
