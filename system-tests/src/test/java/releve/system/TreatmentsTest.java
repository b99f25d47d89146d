package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import releve.core.common.Side;

/**
 * Machines, faxes and tones that the trunk's analysis tells, and customers whom nobody could serve in time: what they get,
 * and what the ledger and the list say of it. The campaign with agents paces itself; the other two have one port of an IVR
 * for three customers who answer together.
 */
class TreatmentsTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String PERSON = "+12025550201";
    private static final String BEEPS = "+12025550203";

    /** What the customer's calls meet, and what must have come of it: the results, the status, the last reason's end. */
    private record Scripted(String phone, String fate, String outcomes, String reason) {}

    private static final List<Scripted> ANALYSED = List.of(
            new Scripted(PERSON, "person", "10 C", "hung up"),
            new Scripted("+12025550202", "machine", "12 12 M", "; no terminating tone was heard"),
            new Scripted(BEEPS, "machine-beep", "12 12 M", "; the message was played"),
            new Scripted("+12025550204", "fax", "11 F", "analysed as fax"),
            new Scripted("+12025550205", "dead-air", "28 28 M", "analysed as dead air"),
            new Scripted("+12025550206", "sit-vacant", "3 I", "analysed as number not in service"),
            new Scripted("+12025550207", "sit-intercept", "5 O", "analysed as operator intercept"),
            new Scripted("+12025550208", "sit-reorder", "6 6 M", "analysed as no dial tone"),
            new Scripted("+12025550209", "sit-no-circuit", "6 6 M", "analysed as no dial tone"),
            new Scripted("+12025550210", "busy person", "9 10 C", "hung up"));

    private static final List<String> TOGETHER_A = List.of("+12025550211", "+12025550212", "+12025550213");
    private static final List<String> TOGETHER_B = List.of("+12025550221", "+12025550222", "+12025550223");

    @Test
    void shouldGiveMachinesAndAbandonedCustomersWhatTheirCampaignsSay() throws Exception {
        Path directory = Scene.TARGET.resolve("scenes").resolve("treatments");
        Path prompts = Files.createDirectories(directory.resolve("prompts"));
        record(prompts.resolve("hello.wav"), 2);
        record(prompts.resolve("sorry.wav"), 1);
        Path script = directory.resolve("customers.txt");
        List<String> fates = new ArrayList<>();
        ANALYSED.forEach(each -> fates.add(each.phone() + " " + each.fate()));
        TOGETHER_A.forEach(phone -> fates.add(phone + " answer"));
        TOGETHER_B.forEach(phone -> fates.add(phone + " answer"));
        Files.write(script, fates);
        try (Scene scene = Scene.prepare(
                "treatments",
                List.of("--seed", "5", "--script", script.toString()),
                Optional.of(List.of(
                        "--seed",
                        "5",
                        "--count",
                        "4",
                        "--talk",
                        "2",
                        "--agent-ends",
                        "1",
                        "--wrap-up",
                        "1",
                        "--ivr-talk",
                        "4")),
                List.of("--trunk-analyses", "--prompts", prompts.toString()))) {
            scene.ensemble.startAll();
            analysed(scene, prompts);
            ivr(
                    scene,
                    "sorry",
                    prompts,
                    TOGETHER_A,
                    "--abandon-treatment",
                    "message",
                    "--abandon-message",
                    "sorry.wav");
            ivr(
                    scene,
                    "refuge",
                    prompts,
                    TOGETHER_B,
                    "--abandon-treatment",
                    "ivr",
                    "--abandon-ivr-uri",
                    scene.ensemble.ivr());

            Scene.await(
                    "each contact to be done with",
                    LIMIT,
                    () -> scene.query(OPEN).equals(List.of("0")));

            TreeMap<String, String> outcomes = OutcomesTest.outcomes(scene);
            for (Scripted each : ANALYSED) {
                assertThat(outcomes.get(each.phone())).as(each.toString()).isEqualTo(each.outcomes());
                assertThat(scene.query(LAST_REASON.formatted(each.phone())))
                        .singleElement()
                        .asString()
                        .as(each.toString())
                        .endsWith(each.reason());
            }
            assertThat(TOGETHER_A).extracting(outcomes::get).containsExactlyInAnyOrder("10 C", "16 R", "16 R");
            assertThat(TOGETHER_B).extracting(outcomes::get).containsExactlyInAnyOrder("10 C", "20 C", "20 C");
            assertThat(scene.query(HEARD)).as("messages played to customers").containsExactly("2");
            assertThat(scene.query(IN_PEACE)).as("not called again within 72 h").containsExactly("2");
            assertThat(scene.query(MESSAGE_LEFT))
                    .as("ms until the end")
                    .allSatisfy(ms -> assertThat(Long.parseLong(ms)).isGreaterThan(3_300));
            assertThat(scene.node(Side.A).heartbeat().phase()).isEqualTo("active");
            optOut(scene);
            scene.releve("campaign", "stop", "sorry");
            scene.releve("campaign", "stop", "refuge");
            scene.reconcileAllZero();
        }
    }

    private static final String OPEN = """
            select count(*) from contact
            where status in ('P', 'A', 'D', 'B') or (status = 'R' and not_before < now() + interval '1 day')""";

    private static final String LAST_REASON = """
            select a.reason from attempt a where a.phone = '%s' order by a.number desc limit 1""";

    private static final String HEARD =
            "select count(*) from attempt where result = 16 and reason like '%; the message was played'";

    private static final String IN_PEACE = """
            select count(*) from contact where last_result = 16 and not_before > now() + interval '71 hours'""";

    // Half a second to the verdict, one more to the tone, two of message.
    private static final String MESSAGE_LEFT = """
            select (extract(epoch from ended_at - answered_at) * 1000)::bigint from attempt
            where phone = '%s'""".formatted(BEEPS);

    private static void analysed(Scene scene, Path prompts) throws Exception {
        create(
                scene,
                Scene.CAMPAIGN,
                prompts,
                ANALYSED.stream().map(Scripted::phone).toList(),
                "--mode",
                "predictive-agent",
                "--skill-group",
                "demo",
                "--wrap-up",
                "1",
                "--cpa",
                "--machine",
                "wait-for-beep-and-play",
                "--machine-message",
                "hello.wav",
                "--cpa-maximum-tone-wait",
                "2s");
    }

    static void ivr(Scene scene, String name, Path prompts, List<String> phones, String... treatment) throws Exception {
        List<String> options = new ArrayList<>(List.of(
                "--mode",
                "progressive-ivr",
                "--ivr-uri",
                scene.ensemble.ivr(),
                "--ivr-ports",
                "1",
                "--lines-per-agent",
                "3",
                "--abandon-after",
                "1s"));
        options.addAll(List.of(treatment));
        create(scene, name, prompts, phones, options.toArray(String[]::new));
    }

    private static void create(Scene scene, String name, Path prompts, List<String> phones, String... options)
            throws Exception {
        List<String> create = new ArrayList<>(List.of(
                "campaign",
                "create",
                name,
                "--caller-id",
                "+12025550199",
                "--ring-limit",
                "10",
                "--max-attempts",
                "2",
                "--retry-no-answer",
                "1s",
                "--retry-busy",
                "1s",
                "--retry-machine",
                "1s",
                "--prompts",
                prompts.toString()));
        create.addAll(List.of(options));
        scene.releve(create.toArray(String[]::new));
        Path list = scene.directory.resolve(name + ".csv");
        List<String> rows = new ArrayList<>(List.of("name,phone1"));
        phones.forEach(phone -> rows.add("Contact " + phone + "," + phone));
        Files.write(list, rows);
        scene.releve("contacts", "import", list.toString(), "--campaign", name);
        scene.releve("campaign", "start", name);
    }

    /** Whoever was abandoned to the IVR says there that he wants no more calls. */
    private static void optOut(Scene scene) throws Exception {
        String ivrCallId = scene.query(
                        "select min(agent_call_id) from attempt where result = 20 and connected_at is not null")
                .getFirst();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(scene.ensemble.url(Side.A) + "/api/calls/" + ivrCallId + "/opt-out"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .header("Content-Type", "application/json")
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
        assertThat(OutcomesTest.outcomes(scene).values()).contains("20/26 C", "20 C");
    }

    /** A recording of silence. */
    static void record(Path file, int seconds) throws Exception {
        AudioFormat format = new AudioFormat(8_000, 16, 1, true, false);
        byte[] samples = new byte[seconds * 16_000];
        try (AudioInputStream audio =
                new AudioInputStream(new ByteArrayInputStream(samples), format, samples.length / 2)) {
            AudioSystem.write(audio, AudioFileFormat.Type.WAVE, file.toFile());
        }
    }
}
