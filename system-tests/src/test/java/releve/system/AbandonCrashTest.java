package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import releve.core.common.Side;

/** The dialer dies while customers whom nobody could serve hear its message. */
class AbandonCrashTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<String> TOGETHER = List.of("+12025550211", "+12025550212", "+12025550213");

    private static final String HEARING =
            "select count(*) from attempt where ended_at is null and decided_result = 16 and decided_status = 'R'";

    private static final String CLOSED = """
            select a.result || ' ' || a.ended_by || ' ' || c.status || ' ' || c.attempts
            from attempt a join contact c on c.id = a.contact order by a.result""";

    private static final String IN_PEACE = """
            select count(*) from contact where last_result = 16 and not_before > now() + interval '71 hours'""";

    @Test
    void shouldCountCustomersAsAbandonedWhoHearTheMessageWhenTheirDialerDies() throws Exception {
        Path prompts = Files.createDirectories(
                Scene.TARGET.resolve("scenes").resolve("abandon-crash").resolve("prompts"));
        TreatmentsTest.record(prompts.resolve("sorry.wav"), 30);
        try (Scene scene = Scene.prepare(
                "abandon-crash",
                List.of("--seed", "6", "--script", script(prompts).toString()),
                Optional.of(List.of("--seed", "6", "--count", "1", "--ivr-talk", "30")),
                List.of("--prompts", prompts.toString()))) {
            scene.ensemble.startAll();
            TreatmentsTest.ivr(
                    scene,
                    Scene.CAMPAIGN,
                    prompts,
                    TOGETHER,
                    "--abandon-treatment",
                    "message",
                    "--abandon-message",
                    "sorry.wav");
            Scene.await(
                    "two customers to hear the message",
                    LIMIT,
                    () -> scene.query(HEARING).equals(List.of("2")));
            scene.awaitPhase(Side.B, "standby", LIMIT);

            scene.ensemble.node(Side.A).kill();

            scene.awaitPhase(Side.B, "active", LIMIT);
            assertThat(scene.query(CLOSED)).containsExactly("16 UNKNOWN R 1", "16 UNKNOWN R 1", "100 UNKNOWN C 1");
            assertThat(scene.query(IN_PEACE)).as("not called again within 72 h").containsExactly("2");
            scene.reconcileAllZero();
        }
    }

    private static Path script(Path directory) throws Exception {
        return Files.write(
                directory.resolve("customers.txt"),
                TOGETHER.stream().map(phone -> phone + " answer").toList());
    }
}
