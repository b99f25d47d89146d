package releve.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import releve.core.common.Side;
import releve.core.pair.Role;
import releve.core.store.DialerStore.NodeId;
import releve.server.store.NodeRegistry;
import releve.server.store.OperatorStore;
import releve.server.store.StoreAddress;
import releve.server.store.StoreConnections;
import releve.server.store.TestStore;
import releve.server.trunk.TrunkReport;

/** Commands as people run them, on a real store. */
class CommandsTest {
    private static StoreAddress store;

    @TempDir
    private Path folder;

    private Path list;

    @Command(name = "releve")
    private static final class Root extends CommandGroup {}

    private static final TrunkReport TRUNK = new TrunkReport(
            "acme",
            3,
            500,
            2,
            30,
            true,
            "it takes calls",
            List.of(
                    new TrunkReport.GatewayReport(
                            "north",
                            "sip:192.0.2.1",
                            "up",
                            true,
                            "it answers",
                            Instant.EPOCH,
                            3,
                            400,
                            2,
                            20.5,
                            List.of()),
                    new TrunkReport.GatewayReport(
                            "south",
                            "sip:192.0.2.2",
                            "resting",
                            false,
                            "it refuses our calls: 403 Forbidden",
                            Instant.EPOCH,
                            0,
                            100,
                            0,
                            10,
                            List.of())));

    private record Ran(int exitCode, String out, String err) {}

    @BeforeAll
    static void createStore() {
        store = TestStore.fresh();
    }

    @BeforeEach
    void clean() {
        TestStore.execute(
                store,
                "truncate campaign, contact, attempt, node, role_event, operator_command restart identity cascade");
        list = folder.resolve("list.csv");
    }

    @Test
    void shouldMakeStartStopAndShowACampaign() throws Exception {
        Ran created = onStore(
                "campaign create spring --mode progressive-agent --skill-group sales --caller-id +12025550100 --ring-limit 20s");
        assertThat(created.exitCode()).isZero();
        assertThat(created.out()).contains("Campaign spring is made", "contacts import");

        assertThat(onStore("campaign start spring").out()).contains("spring is running");
        JsonNode shown = json(onStore("campaign show spring --json"));
        assertThat(shown.path("running").asBoolean()).isTrue();
        assertThat(shown.path("calls").path("noAnswerRingLimit").asText()).isEqualTo("PT20S");
        assertThat(onStore("campaign stop spring").out()).contains("has stopped");
        assertThat(onStore("campaign list").out()).contains("spring", "progressive-agent", "stopped");
        assertThat(json(onStore("campaign list --json"))).hasSize(1);
    }

    @Test
    void shouldChangeOnlyWhatIsGivenOfACampaign() throws Exception {
        create("spring");
        Ran changed = onStore("campaign set spring --abandon-limit 2.5 --max-lines-per-agent 3 --skip-delay 90s"
                + " --personal-callbacks --absent-agent next-business-day --zone Europe/Paris --days 12345 --from 10:00"
                + " --to 20:00 --selection-order RBP --abandon-treatment ivr --abandon-ivr-uri sip:sorry@127.0.0.1");
        assertThat(changed.exitCode()).as(changed.err()).isZero();

        JsonNode shown = json(onStore("campaign show spring --json"));
        assertThat(shown.path("pacing").path("abandonLimitPercent").asDouble()).isEqualTo(2.5);
        assertThat(shown.path("pacing").path("linesPerAgent").asDouble()).isEqualTo(1.5);
        assertThat(shown.path("callbacks").path("whenAbsent").asText()).isEqualTo("NEXT_BUSINESS_DAY");
        assertThat(onStore("campaign show spring").out())
                .contains("Europe/Paris", "12345", "10:00 to 20:00", "RBP", "1 min 30 s", "sip:sorry@127.0.0.1");

        assertRefused(onStore("campaign set spring --abandon-limit 200"), "the abandon limit is 0.1 to 100 %");
        assertRefused(onStore("campaign set spring --abandon-message absent.wav"), "There is no recording");
        assertRefused(onStore("campaign set autumn --abandon-limit 2"), "there is no campaign autumn");
        assertThat(onStore("campaign set spring --absent-agent nobody").exitCode())
                .isEqualTo(2);
    }

    @Test
    void shouldKeepTheListOfNumbersThatNobodyDials() throws Exception {
        create("spring");
        assertThat(onStore("do-not-call add 202-555-0171").out()).contains("+12025550171 will not be dialed.");
        assertThat(onStore("do-not-call add +12025550171").out()).contains("was on the list already");
        assertThat(onStore("do-not-call check +12025550171").out())
                .contains("+12025550171 is not dialed: an operator listed it");
        Files.writeString(list, "phone,since\n+12025550171,2026\n+12025550172,2025\n");
        assertThat(onStore("do-not-call import " + list).out())
                .contains("2 numbers read, 1 of them were not on the do-not-call list before.");
        assertThat(onStore("do-not-call export").out())
                .contains("phone,source,call,added", "+12025550171,LIST,,", "+12025550172,LIST,,");
        assertThat(json(onStore("do-not-call check +12025550172 --json"))
                        .path("entry")
                        .path("source")
                        .asText())
                .isEqualTo("LIST");
        assertThat(onStore("do-not-call remove +12025550171").out()).contains("may be dialed again");
        assertRefused(onStore("do-not-call remove +12025550171"), "+12025550171 is not on the do-not-call list");

        Files.writeString(list, "+12025550173\n12\n");
        assertRefused(onStore("do-not-call import " + list), "line 2: '12' is too short; nothing was listed");
        assertThat(json(onStore("do-not-call export --json"))).hasSize(1);
    }

    @Test
    void shouldReportWhatAgentsDecidedAndHowLongTheyWorked() throws Exception {
        create("spring");
        assertThat(onStore("report --desk").out()).contains("SKIPPED", "CALLBACKS LEFT", "spring");
        JsonNode desk = json(onStore("report --desk --campaign spring --json")).path(0);
        assertThat(desk.path("callbacksLeft").asInt(-1)).isZero();
        assertThat(onStore("report").out()).contains("TALK", "WRAP-UP");
        assertThat(json(onStore("report --json")).path(0).path("wrapUpSeconds").asDouble(-1))
                .isZero();
    }

    @Test
    void shouldRefuseInOneSentence() {
        create("spring");

        assertRefused(
                onStore("campaign create spring --mode progressive-agent --skill-group s --caller-id 1"),
                "already a campaign named spring");
        assertRefused(
                onStore("campaign create x --mode progressive-agent --skill-group s --caller-id 1 --ring-limit 5s"),
                "ring limit is 10 to 90 s, not 5.0 s");
        assertRefused(onStore("campaign start autumn"), "there is no campaign autumn", "there are: spring");
        assertRefused(onStore("maintenance start --side A"), "side A of pair 1 does not run");
        assertRefused(onStore("status --pair 5000"), "the pair is 1 to 1000");
        assertRefused(run("status", "--data", folder.resolve("var").toString()), "there is no store in");
        assertRefused(run("status", "--database-url", "mysql://x/y"), "database address is not understood");
        assertRefused(
                run("status", "--database-url", "postgresql://u:secret@127.0.0.1:1/d"), "the store does not answer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "campaign",
                "campaign create",
                "campaign create x --mode predictive --caller-id 1",
                "campaign create x --mode progressive-agent --caller-id 1 --ring-limit soon",
                "maintenance start",
                "maintenance start --side C",
                "contacts import",
                "report --interval week"
            })
    void shouldTellWrongUsageApart(String line) {
        Ran ran = onStore(line);

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).isNotBlank().doesNotContain("Exception", "\tat ");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void shouldHaveHelpWithAnExampleForEveryCommand() {
        assertHelp(commandLine());
    }

    private static void assertHelp(CommandLine command) {
        command.getSubcommands().forEach((name, sub) -> {
            String help = sub.getUsageMessage();
            assertThat(help).as(name).contains("Usage:").containsPattern("Examples?:");
            assertHelp(sub);
        });
    }

    @Test
    void shouldImportTheGoodRowsAndTellTheOthersByLineAndReason() throws Exception {
        create("spring");
        write("""
                id,name,phone,phone2,shoe size
                1,Ann,+12025550101,+12025550102,43
                2,Ben,123,,
                3,Cid,+12025550102,+12025550101,
                1,Dan,+12025550104,,
                5,Eve,+12025550105,99,
                """);

        Ran ran = onStore("contacts import " + list + " --campaign spring");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.err()).contains("shoe size");
        assertThat(ran.out())
                .contains(
                        "2 of 5 rows imported",
                        "2 duplicates left out",
                        "1 rejected",
                        "1 bad further numbers left out");
        assertThat(Files.readAllLines(folder.resolve("list.csv.rejected.csv")))
                .satisfiesExactly(
                        header -> assertThat(header)
                                .isEqualTo("rejected_line,rejected_reason,id,name,phone,phone2,shoe size"),
                        ben -> assertThat(ben).startsWith("3,phone '123' is too short,2,Ben"),
                        eve -> assertThat(eve).startsWith("6,phone2 '99' is too short; imported without it,5,Eve"),
                        cid -> assertThat(cid).startsWith("4,duplicate: the same phones as line 2,3,Cid"),
                        dan -> assertThat(dan).startsWith("5,duplicate: the same key as line 2,1,Dan"));
    }

    @Test
    void shouldImportNothingTwiceAndForgetOldRejections() throws Exception {
        create("spring");
        write("phone\n+12025550101\n+12025550102\n");

        assertThat(onStore("contacts import " + list + " --campaign spring").out())
                .contains("2 of 2 rows imported");
        JsonNode again = json(onStore("contacts import " + list + " --campaign spring --json"));
        assertThat(again.path("imported").asInt()).isZero();
        assertThat(again.path("duplicates").asInt()).isEqualTo(2);
        Path rejected = Path.of(again.path("rejectedFile").asText());
        assertThat(rejected).exists();
        assertThat(json(onStore("status --json"))
                        .path("campaigns")
                        .get(0)
                        .path("contacts")
                        .asInt())
                .isEqualTo(2);

        write("phone\n+12025550103\n");
        assertThat(onStore("contacts import " + list + " --campaign spring").exitCode())
                .isZero();
        assertThat(rejected).doesNotExist();
    }

    @Test
    void shouldImportAMendedFileOfRejectedRows() throws Exception {
        create("spring");
        write("id;phone\n1;+12025550101\n2;12\n");
        onStore("contacts import " + list + " --campaign spring");
        Path rejected = folder.resolve("list.csv.rejected.csv");
        Files.writeString(rejected, Files.readString(rejected).replace(",2,12", ",2,+12025550102"));

        Ran ran = onStore("contacts import " + rejected + " --campaign spring");

        assertThat(ran.out()).contains("1 of 1 rows imported");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void shouldImportNothingFromAnUnreadableFile() throws Exception {
        create("spring");
        Files.write(list, "phone,name\n+12025550101,Ann\n+12025550102,Zoë\n".getBytes(StandardCharsets.ISO_8859_1));

        assertRefused(onStore("contacts import " + list + " --campaign spring"), "is not UTF-8: line 3", "--encoding");
        assertThat(json(onStore("status --json"))
                        .path("campaigns")
                        .get(0)
                        .path("contacts")
                        .asInt())
                .isZero();
        assertThat(folder.toFile().list()).containsExactly("list.csv");
        assertThat(onStore("contacts import " + list + " --campaign spring --encoding iso-8859-1")
                        .out())
                .contains("2 of 2 rows imported");
        assertRefused(onStore("contacts import " + list + " --campaign spring --region ZZ"), "no numbering plan");
    }

    @Test
    void shouldShowBothSidesAndTheirMaintenance() throws Exception {
        NodeId node = new NodeId(1, Side.A, "a-1");
        try (HikariDataSource pool = StoreConnections.pool(store, "test", 2)) {
            NodeRegistry nodes = new NodeRegistry(pool);
            nodes.register(
                    new NodeRegistry.Start(node, "host", 1, "1.0", "1", "http://127.0.0.1:8080"),
                    Duration.ofSeconds(3));
            nodes.beat(node, beat("quiescing", "2 ringing", 40));

            assertThat(onStore("status").out())
                    .contains("quiescing", "2 ringing", "about", "absent", "There are no campaigns.");
            assertThat(onStore("status").out())
                    .containsPattern("acme +A +north +up .* 3 +400 +2 +20.5 +it answers")
                    .containsPattern("acme +A +south +resting .* it refuses our calls: 403 Forbidden");
            JsonNode sides = json(onStore("maintenance status --json"));
            assertThat(sides.get(0).path("phase").asText()).isEqualTo("quiescing");
            assertThat(sides.get(1).path("phase").asText()).isEqualTo("absent");
        }
    }

    @Test
    void shouldShowWhereTheGatewaysOfAFileAre() throws Exception {
        Path file = folder.resolve("trunks.yaml");
        Files.writeString(file, """
                trunks:
                  - name: acme
                    callsPerSecond: 30
                    gateways:
                      - {name: north, uri: "192.0.2.10", priority: 10}
                      - {name: south, uri: "192.0.2.11:5080;transport=tcp", priority: 20}
                """);
        Ran ran = run("trunks", "check", file.toString());
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out())
                .containsPattern("acme +north +10 +1 +30.0 +20,000 +UDP 192.0.2.10:5060")
                .containsPattern("acme +south +20 +1 +30.0 +20,000 +TCP 192.0.2.11:5080");
        Files.writeString(file, "trunks: [{name: acme, callsPerSecond: 1, gateways: [{name: a, uri: 'x y'}]}]");
        assertRefused(run("trunks", "check", file.toString()), "'trunks[1].gateways[1].uri' is a SIP address such as");
    }

    @Test
    void shouldRefuseToTakeOneGatewayAndAFileOfTrunks() {
        Ran ran = run("node", "--side", "A", "--trunk", "192.0.2.1:5060", "--trunks", "trunks.yaml");
        assertThat(ran.exitCode()).isEqualTo(CommandLines.USAGE);
        assertThat(ran.err()).contains("leave --trunk and --trunk-analyses out");
    }

    @Test
    void shouldFollowAMaintenanceUntilTheSideHasStopped() throws Exception {
        assertThat(follow(true, 0)).satisfies(ran -> {
            assertThat(ran.exitCode()).isZero();
            assertThat(ran.out()).contains("Side A has stopped with status 0");
            assertThat(ran.err()).contains("quiescing, waits for 2 ringing");
        });
        assertThat(onStore("maintenance status").out())
                .as("a side that has stopped waits for nothing")
                .contains("stopped")
                .doesNotContain("2 ringing");
    }

    @Test
    void shouldSayWhyAMaintenanceWasRefusedOrWentWrong() throws Exception {
        assertRefused(follow(false, 0), "maintenance of side A is refused: there is no standby.");
        clean();
        Ran failed = follow(true, 3);
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.err()).contains("side A has stopped with status 3");
    }

    /** A side A that answers one command and, if it accepts, quiesces and stops with that status. */
    private Ran follow(boolean accepts, int exitStatus) throws Exception {
        NodeId node = new NodeId(1, Side.A, "a-1");
        try (HikariDataSource pool = StoreConnections.pool(store, "test", 2)) {
            NodeRegistry nodes = new NodeRegistry(pool);
            OperatorStore orders = new OperatorStore(pool);
            nodes.register(new NodeRegistry.Start(node, "host", 1, "1.0", "1", ""), Duration.ofSeconds(3));
            nodes.beat(node, beat("active", "", 0));
            Thread side = Thread.ofVirtual().start(() -> {
                Optional<OperatorStore.Command> command = Optional.empty();
                while (command.isEmpty()) {
                    nodes.beat(node, beat("active", "", 0));
                    command = orders.take(node, Set.of(Role.values()), Duration.ofSeconds(30)).stream()
                            .findFirst();
                }
                if (accepts) {
                    nodes.beat(node, beat("quiescing", "2 ringing", 40));
                }
                orders.answer(command.get().id(), accepts, accepts ? "it has begun" : "there is no standby");
                if (accepts) {
                    awaitLooks();
                    // The last heartbeat comes before the end is entered.
                    nodes.beat(node, beat("stopped", "2 ringing", 40));
                    awaitLooks();
                    nodes.stopped(node, exitStatus, "its last call has ended");
                }
            });
            Ran ran = onStore("maintenance start --side A --wait");
            side.join();
            return ran;
        }
    }

    /** Longer than the command takes to look once. */
    private static void awaitLooks() {
        try {
            Thread.sleep(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static NodeRegistry.Heartbeat beat(String phase, String waitsFor, int seconds) {
        Instant now = Instant.now();
        return new NodeRegistry.Heartbeat(
                phase,
                now,
                "for a test",
                true,
                null,
                Map.of("ringing", 2),
                waitsFor,
                "no",
                seconds == 0 ? null : now.plusSeconds(seconds),
                null,
                List.of(TRUNK));
    }

    private void create(String name) {
        assertThat(onStore("campaign create " + name
                                + " --mode progressive-agent --skill-group s --caller-id +12025550100")
                        .exitCode())
                .isZero();
    }

    private void write(String text) throws IOException {
        Files.writeString(list, text);
    }

    private static void assertRefused(Ran ran, String... words) {
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err().lines()).as(ran.err()).hasSize(1);
        assertThat(ran.err()).contains(words).doesNotContain("Exception", "secret");
    }

    private static JsonNode json(Ran ran) throws IOException {
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        return new ObjectMapper().readTree(ran.out());
    }

    /** Runs a command on the test's store, words separated by blanks. */
    private static Ran onStore(String line) {
        List<String> words = new ArrayList<>(List.of(line.split(" ")));
        boolean group = words.equals(List.of("campaign")) || words.equals(List.of("nonsense"));
        if (!group) {
            words.add("--database-url");
            words.add(store.url().replace("//", "//" + store.user() + ":" + store.password() + "@"));
        }
        return run(words.toArray(String[]::new));
    }

    private static Ran run(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(words);
        return new Ran(exitCode, out.toString(), err.toString());
    }

    private static CommandLine commandLine() {
        CommandLine root = new CommandLine(new Root());
        ServerCommands.all().forEach(root::addSubcommand);
        return CommandLines.behave(root);
    }
}
