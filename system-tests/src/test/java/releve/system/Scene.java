package releve.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import releve.app.Releve;
import releve.app.demo.ChildProcess;
import releve.app.demo.Ensemble;
import releve.core.common.Side;
import releve.core.pair.Role;
import releve.server.store.EmbeddedStore;
import releve.server.store.NodeRegistry;
import releve.server.store.Reports;
import releve.sim.journal.JournalCall;
import releve.sim.journal.JournalReader;
import releve.sim.list.ContactLists;

/** A pair with its carrier, agents and one campaign, as processes; and what a test wants to know of them. */
final class Scene implements AutoCloseable {
    static final String CAMPAIGN = "spring";
    static final Path TARGET = Path.of("target").toAbsolutePath();

    /** Which of the processes that share the test classes this is, from 1; each has its own store, so that one ends its own only. */
    static final int FORK = Integer.getInteger("releve.fork", 1);

    static final Path STORE = TARGET.resolve("store-" + FORK);

    static {
        // The embedded store outlives those who started it; what a test run has started it also ends.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> EmbeddedStore.stop(STORE), "stop-store"));
    }

    final Ensemble ensemble;
    final Path directory;

    private Scene(Path directory, Ensemble ensemble) {
        this.directory = directory;
        this.ensemble = ensemble;
    }

    /** Prepares a scene in a database of its own; nothing runs yet. */
    static Scene prepare(String name, List<String> carrier, Optional<List<String>> agents, List<String> node)
            throws Exception {
        Ensemble.Cast cast = cast(name, carrier, agents, node);
        return new Scene(cast.directory(), Ensemble.prepare(cast));
    }

    private static Ensemble.Cast cast(
            String name, List<String> carrier, Optional<List<String>> agents, List<String> node) throws IOException {
        Path directory = TARGET.resolve("scenes").resolve(name);
        Files.createDirectories(directory);
        return new Ensemble.Cast(directory, STORE, "scene_" + name.replace('-', '_'), carrier, agents, node);
    }

    /** A busy small contact centre: short talks, 30 agents. */
    static Scene busy(String name, long seed) throws Exception {
        Ensemble.Cast cast = busyCast(name, seed);
        return new Scene(cast.directory(), Ensemble.prepare(cast));
    }

    /** The same with a store that is empty until the first node of whichever build makes its tables. */
    static Scene busyWithoutTables(String name, long seed) throws Exception {
        Ensemble.Cast cast = busyCast(name, seed);
        return new Scene(cast.directory(), Ensemble.prepareEmpty(cast));
    }

    private static Ensemble.Cast busyCast(String name, long seed) throws IOException {
        return cast(
                name,
                List.of("--seed", Long.toString(seed), "--talk", "8", "--ring", "4"),
                Optional.of(List.of("--seed", Long.toString(seed), "--count", "30", "--talk", "8", "--wrap-up", "2")),
                List.of("--monitoring-limit", "120"));
    }

    /** Starts everything, and the campaign over the sample list. */
    Scene play() throws Exception {
        ensemble.startAll();
        campaign("--ring-limit", "12");
        return this;
    }

    /** Makes the campaign with these further options, imports the sample list and starts it. */
    void campaign(String... options) throws Exception {
        List<String> create = new ArrayList<>(List.of(
                "campaign",
                "create",
                CAMPAIGN,
                "--mode",
                "progressive-agent",
                "--skill-group",
                "demo",
                "--lines-per-agent",
                "1.5",
                "--wrap-up",
                "5",
                "--caller-id",
                "+12025550199"));
        create.addAll(List.of(options));
        releve(create.toArray(String[]::new));
        Path list = directory.resolve("sample.csv");
        try (InputStream in = Releve.class.getResourceAsStream("/releve/sim/sample-contacts.csv")) {
            Files.write(list, in.readAllBytes());
        }
        releve("contacts", "import", list.toString(), "--campaign", CAMPAIGN);
        releve("campaign", "start", CAMPAIGN);
    }

    /** Writes a list of that many fictional contacts, the same for the same seed. */
    static Path list(Path file, int contacts, long seed) throws IOException {
        try (Writer writer = Files.newBufferedWriter(file)) {
            ContactLists.write(ContactLists.generate(seed, contacts), writer);
        }
        return file;
    }

    /** Runs a command that must be done. @return what it printed */
    String releve(String... arguments) {
        Ensemble.Printed printed = run(arguments);
        assertThat(printed.status())
                .as("releve %s: %s", String.join(" ", arguments), printed.text())
                .isZero();
        return printed.text();
    }

    /** Runs a command against this scene's store. */
    Ensemble.Printed run(String... arguments) {
        return ensemble.run(arguments);
    }

    NodeRegistry.Entry node(Side side) {
        return ensemble.registry().latest(1, side).orElseThrow();
    }

    String phase(Side side) {
        return ensemble.registry()
                .latest(1, side)
                .map(entry ->
                        entry.stop().isPresent() ? "stopped" : entry.heartbeat().phase())
                .orElse("absent");
    }

    int count(Side side, String what) {
        return node(side).heartbeat().counts().getOrDefault(what, 0);
    }

    /** Waits until that side would accept maintenance. */
    void awaitStandbyOf(Side active, Duration limit) {
        await(
                "a standby of side " + active,
                limit,
                () -> run("maintenance", "start", "--side", active.name(), "--dry-run")
                                .status()
                        == 0);
    }

    void awaitPhase(Side side, String phase, Duration limit) {
        await(side + " " + phase, limit, () -> phase(side).equals(phase));
    }

    /** Waits until a side has at least so many calls connected and ringing. */
    void awaitSwing(Side side, int connected, int ringing) {
        await(
                "full swing",
                Duration.ofSeconds(90),
                () -> count(side, "connected") >= connected && count(side, "ringing") >= ringing);
    }

    static void await(String what, Duration limit, Callable<Boolean> reached) {
        org.awaitility.Awaitility.await(what)
                .atMost(limit)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .until(reached);
    }

    /** When a side's dialer last became that, by the journal of roles. */
    Instant became(Side side, String phase) {
        return became(side, Role.DIALER, phase);
    }

    /** The same of any role. */
    Instant became(Side side, Role role, String phase) {
        return ensemble.registry().journal(1, role, 200).stream()
                .filter(entry -> entry.side() == side && entry.transition().to().equals(phase))
                .map(entry -> entry.transition().at())
                .max(Instant::compareTo)
                .orElseThrow();
    }

    /** Waits until the store takes a side anew whose process died without a word, starts it, and waits for its standby. */
    void restart(Side side) throws Exception {
        String before = node(side).start().node().instance();
        await(
                "the heartbeat of side " + side + " to be forgotten",
                Duration.ofSeconds(30),
                () -> node(side).stop().isPresent() || node(side).age().toMillis() > 4_500);
        ensemble.startNode(side);
        await(
                "side " + side + " back as standby",
                Duration.ofSeconds(30),
                () -> !node(side).start().node().instance().equals(before)
                        && node(side).heartbeat().ready());
    }

    /** INVITEs to customers that the carrier saw from that side, in the order in which they came. */
    List<JournalCall> dialedBy(Side side) throws Exception {
        String port = ":" + ensemble.sip(side).getPort();
        return journal().stream()
                .filter(call -> call.to().startsWith("+") && call.source().endsWith(port))
                .toList();
    }

    /** The first INVITE that the carrier saw from a side after that moment, if there is one yet. */
    Optional<Instant> firstInvite(Side side, Instant after) throws Exception {
        return dialedBy(side).stream()
                .map(JournalCall::invitedAt)
                .filter(at -> at.isAfter(after))
                .findFirst();
    }

    /** Waits for the first INVITE of a side after that moment. */
    Instant awaitInvite(Side side, Instant after, Duration limit) throws Exception {
        await("an INVITE of side " + side, limit, () -> firstInvite(side, after).isPresent());
        return firstInvite(side, after).orElseThrow();
    }

    /** Prints a measured figure and keeps it with the others of this run. */
    static void figure(String line) throws IOException {
        System.out.println(line);
        Files.writeString(
                TARGET.resolve("figures.txt"),
                line + System.lineSeparator(),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** Median and maximum of some lengths of time. */
    static String spread(List<Duration> lengths) {
        List<Long> ms = lengths.stream().map(Duration::toMillis).sorted().toList();
        int n = ms.size();
        long median = (ms.get((n - 1) / 2) + ms.get(n / 2)) / 2;
        return "median %d max %d of %d".formatted(median, ms.getLast(), n);
    }

    Reports reports() {
        return new Reports(ensemble.pool());
    }

    /** The first column of what the store says. */
    List<String> query(String sql) throws Exception {
        List<String> found = new ArrayList<>();
        try (Connection connection = ensemble.pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    /** Changes what the store says, as only time or another day could. */
    void change(String sql) throws Exception {
        try (Connection connection = ensemble.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
    }

    List<Reports.LedgerRow> ledger() {
        List<Reports.LedgerRow> rows = new ArrayList<>();
        reports().ledger(Instant.EPOCH, rows::add);
        return rows;
    }

    /** Every call the carrier saw. */
    List<JournalCall> journal() throws Exception {
        return JournalReader.read(ensemble.journal()).calls();
    }

    /** Stops the campaign, lets all calls end, and reconciles the ledger with the carrier's journal and those of others. */
    void reconcileAllZero(Path... further) throws Exception {
        releve("campaign", "stop", CAMPAIGN);
        settle();
        reconcile(further);
    }

    /** Waits until the last calls have ended; the campaigns have been stopped. */
    void settle() throws Exception {
        await("the last calls to end", Duration.ofSeconds(120), () -> {
            Reports.Leftovers left = reports().leftovers();
            return left.attemptsLive() == 0
                    && left.agentsReserved() == 0
                    && left.agentsTalking() == 0
                    && left.contactsActive() == 0;
        });
        Thread.sleep(1_500);
    }

    /** Compares the ledger with the carrier's journal and those of others: nothing must differ. */
    void reconcile(Path... further) {
        List<String> command = new ArrayList<>(List.of(
                "reconcile", "--settled", "--journal", ensemble.journal().toString()));
        for (Path journal : further) {
            command.addAll(List.of("--journal", journal.toString()));
        }
        Ensemble.Printed printed = run(command.toArray(String[]::new));
        assertThat(printed.status()).as(printed.text()).isZero();
    }

    /** Asserts that a process has ended by itself with that status. */
    static void assertStopped(ChildProcess process, int status, Duration limit) throws InterruptedException {
        assertThat(process.await(limit))
                .as("%s ended, see %s", process.name(), process.log())
                .hasValue(status);
    }

    /** How often a test that costs time repeats itself: more for a measurement, by {@code RELEVE_ROUNDS}. */
    static int rounds(int byDefault) {
        String rounds = System.getenv("RELEVE_ROUNDS");
        return rounds == null ? byDefault : Integer.parseInt(rounds);
    }

    @Override
    public void close() {
        ensemble.close();
    }
}
