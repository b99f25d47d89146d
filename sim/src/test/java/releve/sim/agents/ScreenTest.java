package releve.sim.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import releve.sim.world.Spread;

class ScreenTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PHONE = "+12025550101";

    private final Tally tally = new Tally();

    @Test
    void shouldAnswerEachOfferOfAContactAsTheScriptSays() throws Exception {
        Screen screen = screen(DeskHabits.BLIND, PHONE + " skip,accept -");

        assertThat(screen.answer(offered("7"), 0)).isEmpty(); // he thinks first
        long later = Duration.ofMinutes(1).toNanos();
        assertThat(screen.answer(offered("7"), later).orElseThrow().body().toString())
                .isEqualTo("{\"offer\":\"7\",\"answer\":\"skip\"}");
        screen.answer(offered("8"), later);
        assertThat(screen.answer(offered("8"), 2 * later)
                        .orElseThrow()
                        .body()
                        .path("answer")
                        .asText())
                .isEqualTo("accept");
    }

    @Test
    void shouldLetTheTimeOfAnOfferRunOutWhenTheScriptSaysSo() throws Exception {
        Screen screen = screen(DeskHabits.BLIND, PHONE + " wait done");
        screen.answer(offered("7"), 0);
        assertThat(screen.answer(offered("7"), Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void shouldSayOnceWhatCameOfACallAndLeaveIfHeMust() throws Exception {
        Screen screen = screen(DeskHabits.BLIND, PHONE + " - personal-callback:20s+leave");

        Screen.Request request = screen.disposition(called("41")).orElseThrow();

        assertThat(request.path()).isEqualTo("/disposition");
        assertThat(request.body().path("attempt").asText()).isEqualTo("41");
        assertThat(request.body().path("result").asInt()).isEqualTo(14);
        assertThat(request.body().path("personal").asBoolean()).isTrue();
        assertThat(Instant.parse(request.body().path("callbackAt").asText())).isAfter(Instant.now());
        assertThat(screen.leaves()).isTrue();
        assertThat(screen.disposition(called("41"))).isEmpty();
    }

    @Test
    void shouldDecideByHabitWithTheSharesThatWereAskedFor() {
        DeskHabits habits = DeskHabits.WILLING
                .withOffers(0.2, 0.1, 0.1, 0.1)
                .withCallbacks(0.3, 0.5, Spread.always(30_000))
                .withPeople(0.1, 0.1, 0.1);
        long seed = 11;
        SplittableRandom random = new SplittableRandom(seed);
        int rounds = 10_000;
        int accepted = 0;
        int promised = 0;
        for (int i = 0; i < rounds; i++) {
            accepted += habits.answer(random) == OfferAnswer.ACCEPT ? 1 : 0;
            promised += habits.verdict(random, true).result() == Verdict.CALLBACK ? 1 : 0;
        }
        assertThat(accepted).as("seed %d", seed).isBetween(4_800, 5_200);
        assertThat(promised).as("seed %d", seed).isBetween(2_800, 3_200);
    }

    @Test
    void shouldNameTheLineThatMeansNothing() {
        assertThatThrownBy(() -> DeskScript.of(List.of(PHONE + " accept done", PHONE + " perhaps done")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Line 2 of the script: 'perhaps' is no answer to an offer");
        assertThatThrownBy(() -> DeskScript.of(List.of(PHONE + " accept callback:soon")))
                .hasMessageStartingWith("Line 1 of the script: 'callback:soon' is nothing to make of a call");
        assertThatThrownBy(() -> DeskScript.of(List.of(PHONE))).hasMessageContaining("no number with answers");
    }

    private Screen screen(DeskHabits habits, String line) throws IOException {
        return new Screen(habits, DeskScript.of(List.of(line)), new SplittableRandom(1), tally);
    }

    private static JsonNode offered(String id) throws IOException {
        return JSON.readTree("{\"state\":\"PREVIEW\",\"offer\":{\"id\":\"%s\",\"phones\":[\"%s\",\"+12025550102\"]}}"
                .formatted(id, PHONE));
    }

    private static JsonNode called(String attempt) throws IOException {
        return JSON.readTree(
                "{\"state\":\"WRAP_UP\",\"attempt\":\"%s\",\"call\":{\"phones\":[\"%s\"],\"personalCallbacks\":true}}"
                        .formatted(attempt, PHONE));
    }
}
