package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import releve.core.common.Side;

/** Contacts that agents see before they are dialed: preview, direct preview and personal callbacks, over real SIP. */
class PreviewsTest {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final String DIRECT = "direct";
    private static final String LATER = "later";

    /**
     * One contact: its list, what its calls meet, what agents answer to its offers, what they make of its calls, and what must
     * have come of it: the answers to its offers, the result of each attempt, the contact's status.
     */
    private record Scripted(
            String campaign, String phone, String fates, String answers, String said, String expected) {}

    private static final String PREVIEW = Scene.CAMPAIGN;

    private static final List<Scripted> LIST = List.of(
            new Scripted(PREVIEW, "+12025550101", "answer:2s", "accept", "done", "ACCEPT | 10/10 | C"),
            new Scripted(PREVIEW, "+12025550102", "answer:2s", "skip,accept", "done", "SKIP ACCEPT | 10/10 | C"),
            new Scripted(PREVIEW, "+12025550103", "answer:2s", "reject,accept", "done", "REJECT ACCEPT | 10/10 | C"),
            new Scripted(PREVIEW, "+12025550104", "answer:2s", "skip-close", "done", "SKIP_AND_CLOSE | - | C"),
            new Scripted(PREVIEW, "+12025550105", "answer:2s", "reject-close", "done", "REJECT_AND_CLOSE | - | J"),
            new Scripted(PREVIEW, "+12025550106", "answer:2s", "wait,accept", "done", "TIMED_OUT ACCEPT | 10/10 | C"),
            new Scripted(PREVIEW, "+12025550107", "busy answer:2s", "accept", "done", "ACCEPT ACCEPT | 9 10/10 | C"),
            new Scripted(PREVIEW, "+12025550108", "no-answer", "accept", "done", "ACCEPT ACCEPT | 8 8 | M"),
            // Its agent promises to call back himself, and does.
            new Scripted(
                    PREVIEW,
                    "+12025550109",
                    "answer",
                    "accept",
                    "personal-callback:6s,done",
                    "ACCEPT ACCEPT | 10/14 10/10 | C"),
            // Promised by somebody who is not there: another agent keeps it.
            new Scripted(PREVIEW, "+12025550110", "answer:2s", "accept", "done", "ACCEPT | 10/10 | C"),
            new Scripted(DIRECT, "+12025550111", "answer:2s", "accept", "done", "ACCEPT | 10/10 | C"),
            new Scripted(DIRECT, "+12025550112", "busy", "accept", "done", "ACCEPT ACCEPT | 9 9 | M"),
            new Scripted(DIRECT, "+12025550113", "no-answer", "accept", "done", "ACCEPT ACCEPT | 8 8 | M"),
            new Scripted(DIRECT, "+12025550114", "answer:2s", "skip,accept", "done", "SKIP ACCEPT | 10/10 | C"),
            // Promised by somebody who is not there: nobody calls, by this campaign's rule.
            new Scripted(DIRECT, "+12025550115", "answer:2s", "accept", "done", "- | - | X"),
            // Nobody dialed when it was due: put off to the next business day, by this campaign's rule.
            new Scripted(LATER, "+12025550116", "answer:2s", "accept", "done", "- | - | S"),
            new Scripted(LATER, "+12025550117", "answer:2s", "accept", "done", "- | 10/10 | C"));

    private static final String OPEN = """
            select count(*) from contact
            where status in ('P', 'A', 'D', 'R', 'B') or (status = 'S' and not_before < now() + interval '1 minute')""";

    private static final String BUSY_AGENTS =
            "select count(*) from agent where state in ('PREVIEW', 'DIALING', 'TALKING', 'HOLD', 'WRAP_UP')";

    private static final String OUTCOMES = """
            select c.phones[1] || ' '
                || coalesce((select string_agg(o.answer, ' ' order by o.offered_at) from offer o where o.contact = c.id), '-')
                || ' | '
                || coalesce((select string_agg(a.result || coalesce('/' || a.disposition, ''), ' ' order by a.started_at)
                             from attempt a where a.contact = c.id), '-')
                || ' | ' || c.status
            from contact c""";

    private static final String CALLED_BY_ANOTHER = """
            select concat_ws(' ', kept.phone, promised.callback_agent, promised.callback_at, kept.agent, kept.started_at)
            from attempt promised join attempt kept
            on kept.contact = promised.contact and kept.number = promised.number + 1
            where promised.callback_agent is not null
              and (kept.agent is distinct from promised.callback_agent or kept.started_at < promised.callback_at)""";

    @Test
    void shouldGiveEachForcedAnswerItsResultAndItsStatus() throws Exception {
        try (Scene scene = prepare("previews", "0.6")) {
            scene.ensemble.startAll();
            create(scene, PREVIEW, "preview", "other-agent");
            create(scene, DIRECT, "direct-preview", "abandon");
            create(scene, LATER, "progressive-agent", "next-business-day");
            for (String campaign : List.of(PREVIEW, DIRECT, LATER)) {
                load(scene, campaign);
            }
            promised(scene, "+12025550110", "296 s");
            promised(scene, "+12025550115", "296 s");
            promised(scene, "+12025550116", "2 h");
            for (String campaign : List.of(PREVIEW, DIRECT, LATER)) {
                scene.releve("campaign", "start", campaign);
            }

            // What an agent makes of a call may come after the call has closed the contact.
            Scene.await(
                    "each contact to be done with, and its agent to be back",
                    LIMIT,
                    () -> scene.query(OPEN).equals(List.of("0"))
                            && scene.query(BUSY_AGENTS).equals(List.of("0")));

            assertThat(outcomes(scene)).isEqualTo(expected());
            assertThat(scene.query(CALLED_BY_ANOTHER)).isEmpty();
            for (String campaign : List.of(DIRECT, LATER)) {
                scene.releve("campaign", "stop", campaign);
            }
            scene.reconcileAllZero();
        }
    }

    @Test
    void shouldWaitForTheLastPreviewsDialThemAndOnlyThenHandOver() throws Exception {
        try (Scene scene = prepare("preview-drain", "6")) {
            scene.ensemble.startAll();
            create(scene, PREVIEW, "preview", "other-agent");
            load(scene, PREVIEW);
            scene.releve("campaign", "start", PREVIEW);
            Scene.await("agents to look at contacts", LIMIT, () -> scene.count(Side.A, "offered") >= 4);

            assertThat(scene.releve("maintenance", "start", "--side", "A", "--dry-run"))
                    .containsPattern("contacts offered +[1-9]");
            scene.releve("maintenance", "start", "--side", "A");
            scene.awaitPhase(Side.B, "active", Duration.ofSeconds(60));

            String began = "'" + scene.became(Side.A, "quiescing") + "'::timestamptz";
            String handedOver = "'" + scene.became(Side.A, "monitoring") + "'::timestamptz";
            assertThat(scene.query("select count(*) from offer where side = 'A' and offered_at > " + began))
                    .containsExactly("0");
            assertThat(scene.query("select count(*) from offer where side = 'A' and ended_at is null"))
                    .containsExactly("0");
            assertThat(scene.query("select count(*) > 0 from attempt where side = 'A' and started_at between " + began
                            + " and " + handedOver))
                    .as("contacts that were accepted during the drain are dialed by the side that offered them")
                    .containsExactly("t");
            Scene.await(
                    "side B to go on offering",
                    LIMIT,
                    () -> scene.query("select count(*) > 0 from offer where side = 'B'")
                            .equals(List.of("t")));
            scene.reconcileAllZero();
        }
    }

    // Agents end a call after three times their talk at the latest: 12 s, when its customer has long hung up, or has
    // rung
    // for 10 s.
    private static Scene prepare(String name, String thinkSeconds) throws Exception {
        Path directory = Scene.TARGET.resolve("scenes").resolve(name);
        Files.createDirectories(directory);
        Path carrier = directory.resolve("customers.txt");
        Path agents = directory.resolve("agents.txt");
        Files.write(carrier, LIST.stream().map(c -> c.phone() + " " + c.fates()).toList());
        Files.write(
                agents,
                LIST.stream()
                        .map(c -> c.phone() + " " + c.answers() + " " + c.said())
                        .toList());
        return Scene.prepare(
                name,
                List.of("--seed", "7", "--script", carrier.toString()),
                Optional.of(List.of(
                        "--seed",
                        "7",
                        "--count",
                        "6",
                        "--think",
                        thinkSeconds,
                        "--talk",
                        "4",
                        "--agent-ends",
                        "0",
                        "--wrap-up",
                        "0.5",
                        "--script",
                        agents.toString())),
                List.of());
    }

    private static void create(Scene scene, String campaign, String mode, String whenAbsent) {
        scene.releve(
                "campaign",
                "create",
                campaign,
                "--mode",
                mode,
                "--skill-group",
                "demo",
                "--lines-per-agent",
                "1",
                "--wrap-up",
                "20",
                "--caller-id",
                "+12025550199",
                "--ring-limit",
                "10",
                "--max-attempts",
                "2",
                "--preview-timeout",
                "15",
                "--skip-delay",
                "2s",
                "--personal-callbacks",
                "--absent-agent",
                whenAbsent,
                "--callback-window",
                "300",
                "--retry-no-answer",
                "3s",
                "--retry-busy",
                "3s");
    }

    private static void load(Scene scene, String campaign) throws Exception {
        Path list = scene.directory.resolve(campaign + ".csv");
        List<String> rows = new ArrayList<>(List.of("name,phone1"));
        LIST.stream()
                .filter(contact -> contact.campaign().equals(campaign))
                .forEach(contact -> rows.add("Contact " + contact.phone() + "," + contact.phone()));
        Files.write(list, rows);
        scene.releve("contacts", "import", list.toString(), "--campaign", campaign);
    }

    /** As if an agent who is gone had promised to call, and that had been due so long ago. */
    private static void promised(Scene scene, String phone, String ago) throws Exception {
        scene.change("""
                update contact set status = 'S', callback_agent = 'gone', not_before = now() - interval '%s'
                where phones[1] = '%s'""".formatted(ago, phone));
    }

    private static TreeMap<String, String> expected() {
        TreeMap<String, String> expected = new TreeMap<>();
        LIST.forEach(contact -> expected.put(contact.phone(), contact.expected()));
        return expected;
    }

    private static TreeMap<String, String> outcomes(Scene scene) throws Exception {
        TreeMap<String, String> outcomes = new TreeMap<>();
        Stream<String> lines = scene.query(OUTCOMES).stream();
        lines.forEach(line -> {
            int space = line.indexOf(' ');
            outcomes.put(line.substring(0, space), line.substring(space + 1));
        });
        return outcomes;
    }
}
