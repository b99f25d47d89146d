package releve.sim.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import releve.sip.message.GatewayAnalysis;

class FateScriptTest {
    @Test
    void shouldGiveEachCallOfANumberTheFateThatIsWrittenDown() throws Exception {
        FateScript script =
                FateScript.of(List.of("# two customers", "", "+12025550101 busy answer:4s", "+12025550102 hang-up"));

        assertThat(script.fateOf("+12025550101", 0))
                .get()
                .isInstanceOfSatisfying(
                        Fate.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Fate.Refusal.BUSY));
        assertThat(script.fateOf("+12025550101", 1))
                .get()
                .isInstanceOfSatisfying(
                        Fate.Answers.class,
                        answers -> assertThat(answers.talkMs()).isEqualTo(4_000));
        assertThat(script.fateOf("+12025550101", 7)).isEqualTo(script.fateOf("+12025550101", 1));
        assertThat(script.fateOf("+12025550102", 0))
                .get()
                .isInstanceOfSatisfying(
                        Fate.Answers.class,
                        answers -> assertThat(answers.patienceMs()).isLessThan(1_000));
        assertThat(script.fateOf("+12025550199", 0)).isEmpty();
    }

    @Test
    void shouldSayWhatAnalysisHears() throws Exception {
        FateScript script = FateScript.of(List.of("+12025550101 machine-beep", "+12025550102 sit-vacant"));
        assertThat(script.fateOf("+12025550101", 0))
                .get()
                .isInstanceOfSatisfying(
                        Fate.Answers.class,
                        answers -> assertThat(answers.heard())
                                .extracting(Fate.Heard::what)
                                .containsExactly(GatewayAnalysis.Heard.ASM, GatewayAnalysis.Heard.ASMT));
        assertThat(script.fateOf("+12025550102", 0))
                .get()
                .isInstanceOfSatisfying(
                        Fate.Tone.class, tone -> assertThat(tone.what()).isEqualTo(GatewayAnalysis.Heard.SITVC));
    }

    @Test
    void shouldLetTheScriptGoBeforeTheDraws() throws Exception {
        FateScript script = FateScript.of(List.of("+12025550101 no-answer"));
        Population scripted = new Population(1, PopulationConfig.DEFAULT, script);
        Population drawn = new Population(1, PopulationConfig.DEFAULT);

        assertThat(scripted.fateOf("+12025550101", 0)).isInstanceOf(Fate.NoAnswer.class);
        assertThat(scripted.fateOf("+12025550102", 0)).isEqualTo(drawn.fateOf("+12025550102", 0));
    }

    @Test
    void shouldNameTheLineThatMeansNothing() {
        assertThatThrownBy(() -> FateScript.of(List.of("+12025550101 busy", "+12025550102 maybe")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Line 2 of the script: 'maybe' is no fate");
        assertThatThrownBy(() -> FateScript.of(List.of("nobody busy")))
                .hasMessageStartingWith("Line 1 of the script is no number");
    }
}
