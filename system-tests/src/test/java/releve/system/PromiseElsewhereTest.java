package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An agent has promised a call, and is held idle by another campaign, none of whose calls is ever answered. */
class PromiseElsewhereTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String HOLDS_HIM = Scene.CAMPAIGN;
    private static final String PROMISED = "promised";
    private static final String PHONE = "+12025550100";

    @Test
    void shouldBeFreedForItThoughTheOtherCampaignGoesOn() throws Exception {
        try (Scene scene = prepare()) {
            scene.ensemble.startAll();
            create(
                    scene,
                    HOLDS_HIM,
                    IntStream.range(0, 90).mapToObj("+120255502%02d"::formatted).toList());
            create(scene, PROMISED, List.of(PHONE));
            scene.releve("campaign", "start", HOLDS_HIM);
            Scene.await(
                    "both agents to be held for calls that ring",
                    LIMIT,
                    () -> scene.query("select count(*) from agent where state = 'RESERVED'")
                            .equals(List.of("2")));

            scene.change(
                    "update contact set status = 'S', callback_agent = 'agent1', not_before = now() where phones[1] = '%s'"
                            .formatted(PHONE));
            scene.releve("campaign", "start", PROMISED);
            Scene.await(
                    "his call",
                    LIMIT,
                    () -> !scene.query("select 1 from contact where phones[1] = '%s' and status = 'C'".formatted(PHONE))
                            .isEmpty());

            assertThat(scene.query("select agent || ' ' || result from attempt where phone = '%s'".formatted(PHONE)))
                    .containsExactly("agent1 10");
            assertThat(scene.query("select count(*) from attempt where phone <> '%s' and result = 10".formatted(PHONE)))
                    .containsExactly("0");
            scene.releve("campaign", "stop", HOLDS_HIM);
            scene.reconcileAllZero();
        }
    }

    private static Scene prepare() throws Exception {
        Path directory = Scene.TARGET.resolve("scenes").resolve("promise-elsewhere");
        Files.createDirectories(directory);
        Path customers = Files.writeString(directory.resolve("customers.txt"), PHONE + " answer:2s\n");
        Path agents = Files.writeString(directory.resolve("agents.txt"), PHONE + " accept done\n");
        return Scene.prepare(
                "promise-elsewhere",
                List.of("--answer-rate", "0", "--script", customers.toString()),
                Optional.of(List.of(
                        "--count", "2", "--wrap-up", "0.5", "--agent-ends", "0", "--script", agents.toString())),
                List.of());
    }

    private static void create(Scene scene, String campaign, List<String> phones) throws Exception {
        scene.releve(
                "campaign",
                "create",
                campaign,
                "--mode",
                "progressive-agent",
                "--skill-group",
                "demo",
                "--lines-per-agent",
                "1",
                "--caller-id",
                "+12025550199",
                "--ring-limit",
                "10",
                "--max-attempts",
                "1",
                "--personal-callbacks");
        Path list = scene.directory.resolve(campaign + ".csv");
        Files.writeString(list, "phone1\n" + String.join("\n", phones) + "\n");
        scene.releve("contacts", "import", list.toString(), "--campaign", campaign);
    }
}
