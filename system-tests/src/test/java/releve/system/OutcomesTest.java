package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A list on which each outcome is forced: what becomes of a customer's call is written in the carrier's script, what the
 * agent makes of it in the agents' script; then the ledger and the list are read.
 */
class OutcomesTest {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    /** One contact: its phones, what its calls meet, what agents say, and what must have come of it. */
    private record Scripted(String phones, String fates, String said, String expected) {
        String first() {
            return phones.split(";", -1)[0];
        }
    }

    // Expected: the result of each attempt, with the agent's word behind it, then the contact's status.
    private static final List<Scripted> LIST = List.of(
            new Scripted("+12025550101", "answer", "done", "10/10 C"),
            new Scripted("+12025550102", "busy answer", "done", "9 10/10 C"),
            new Scripted("+12025550103", "no-answer", "done", "8 8 M"),
            new Scripted("+12025550104", "invalid", "done", "3 I"),
            new Scripted("+12025550105", "refused", "done", "5 O"),
            new Scripted("+12025550106", "answer", "callback:6s,done", "10/14 10/10 C"),
            new Scripted("+12025550107", "answer:2s", "wrong-number", "10/23 C"),
            new Scripted("+12025550108;+12025550118", "answer", "wrong-number,done", "10/23 10/10 C"),
            new Scripted("+12025550109", "answer", "not-home,done", "10/24 10/10 C"),
            new Scripted("+12025550110", "answer", "do-not-call", "10/26 C"),
            new Scripted("+12025550111", "answer", "machine", "10/12 10/12 M"),
            new Scripted("+12025550112", "unavailable", "done", "2 2 M"),
            new Scripted("+12025550113", "busy", "done", "9 9 M"),
            new Scripted("+12025550114", "answer", "none", "10 C"));

    @Test
    void shouldGiveEachForcedOutcomeItsResultAndItsStatus() throws Exception {
        Path directory = Scene.TARGET.resolve("scenes").resolve("outcomes");
        Files.createDirectories(directory);
        Path carrier = directory.resolve("customers.txt");
        Path agents = directory.resolve("agents.txt");
        Path list = directory.resolve("list.csv");
        write(carrier, agents, list);
        try (Scene scene = Scene.prepare(
                "outcomes",
                List.of("--seed", "5", "--script", carrier.toString()),
                Optional.of(List.of(
                        "--seed",
                        "5",
                        "--count",
                        "6",
                        "--talk",
                        "2",
                        "--agent-ends",
                        "1",
                        "--wrap-up",
                        "0.5",
                        "--script",
                        agents.toString())),
                List.of())) {
            scene.ensemble.startAll();
            scene.releve(
                    "campaign",
                    "create",
                    Scene.CAMPAIGN,
                    "--mode",
                    "progressive-agent",
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
                    "--retry-no-answer",
                    "3s",
                    "--retry-busy",
                    "3s",
                    "--retry-machine",
                    "3s",
                    "--retry-not-home",
                    "3s",
                    "--retry-customer-abandon",
                    "3s");
            scene.releve("contacts", "import", list.toString(), "--campaign", Scene.CAMPAIGN);
            scene.releve("campaign", "start", Scene.CAMPAIGN);

            Scene.await(
                    "each contact to be done with",
                    LIMIT,
                    () -> scene.query(OPEN).equals(List.of("0")));

            assertThat(new TreeMap<>(outcomes(scene))).isEqualTo(new TreeMap<>(expected()));
            assertThat(scene.query(CALLED_BACK_TOO_SOON)).containsExactly("0");
            assertThat(scene.releve("report", "--desk", "--json").replaceAll("\\s", ""))
                    .contains("\"VOICE\":5", "\"CALLBACK_REQUESTED\":1", "\"DO_NOT_CALL\":1", "\"callbacksLeft\":0");
            scene.reconcileAllZero();
        }
    }

    private static final String OPEN = "select count(*) from contact where status in ('P', 'A', 'D', 'R', 'B')";

    private static final String CALLED_BACK_TOO_SOON = """
            select count(*) from attempt promised join attempt kept
            on kept.contact = promised.contact and kept.number = promised.number + 1
            where promised.callback_at > kept.started_at""";

    private static void write(Path carrier, Path agents, Path list) throws Exception {
        List<String> fates = new ArrayList<>();
        List<String> said = new ArrayList<>();
        List<String> rows = new ArrayList<>(List.of("name,phone1,phone2"));
        for (Scripted contact : LIST) {
            String[] phones = contact.phones().split(";", -1);
            for (String phone : phones) {
                fates.add(phone + " " + contact.fates());
            }
            said.add(contact.first() + " - " + contact.said());
            rows.add("Contact " + contact.first() + "," + phones[0] + "," + (phones.length > 1 ? phones[1] : ""));
        }
        Files.write(carrier, fates);
        Files.write(agents, said);
        Files.write(list, rows);
    }

    private static TreeMap<String, String> expected() {
        TreeMap<String, String> expected = new TreeMap<>();
        LIST.forEach(contact -> expected.put(contact.first(), contact.expected()));
        return expected;
    }

    static TreeMap<String, String> outcomes(Scene scene) throws Exception {
        TreeMap<String, String> outcomes = new TreeMap<>();
        for (String line : scene.query("""
                select c.phones[1] || ' ' || string_agg(a.result || coalesce('/' || a.disposition, ''), ' '
                                                        order by a.number, a.started_at) || ' ' || c.status
                from contact c join attempt a on a.contact = c.id group by c.id""")) {
            int space = line.indexOf(' ');
            outcomes.put(line.substring(0, space), line.substring(space + 1));
        }
        return outcomes;
    }
}
