package releve.app.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import releve.core.common.CallResult;
import releve.core.common.Side;
import releve.server.cli.Refusal;
import releve.server.store.NodeRegistry;
import releve.server.store.Reports;
import sun.misc.Signal;

/** A running demonstration: what it starts with, what it shows meanwhile, how it ends. */
final class Demo implements AutoCloseable {
    static final String CAMPAIGN = "spring";
    private static final int CONSOLES = 8080;
    private static final Duration LAST_CALLS = Duration.ofSeconds(180);
    private static final String SAMPLE = "/releve/sim/sample-contacts.csv";

    private final Ensemble.Cast cast;
    private final long seed;
    private final Terminal terminal;
    private final AtomicInteger interrupts = new AtomicInteger();
    private final long startedNs = System.nanoTime();
    private Optional<Ensemble> ensemble = Optional.empty();

    Demo(Ensemble.Cast cast, long seed, Terminal terminal) {
        this.cast = cast;
        this.seed = seed;
        this.terminal = terminal;
    }

    void start() throws IOException, SQLException, InterruptedException {
        Signal.handle(new Signal("INT"), signal -> interrupted());
        Signal.handle(new Signal("TERM"), signal -> interrupted());
        terminal.plain("Relève demonstration, seed " + seed + "; logs in " + cast.directory());
        terminal.say("starting PostgreSQL (the first time it is unpacked) …");
        Ensemble e = Ensemble.prepare(cast, CONSOLES);
        ensemble = Optional.of(e);
        terminal.say("starting carrier …");
        e.startCarrier();
        terminal.say("starting side A …");
        e.startNode(Side.A);
        terminal.say("starting side B …");
        e.startNode(Side.B);
        terminal.say("starting agents …");
        e.startAgents();
        releve(
                "campaign",
                "create",
                CAMPAIGN,
                "--mode",
                "progressive-agent",
                "--skill-group",
                "demo",
                "--lines-per-agent",
                "1.5",
                "--ring-limit",
                "15",
                "--wrap-up",
                "10",
                "--caller-id",
                "+12025550199",
                "--retry-no-answer",
                "60",
                "--retry-busy",
                "60");
        Path list = sampleList();
        releve("contacts", "import", list.toString(), "--campaign", CAMPAIGN);
        releve("campaign", "start", CAMPAIGN);
        terminal.plain("");
        terminal.plain("  console of side A   " + e.url(Side.A));
        terminal.plain("  console of side B   " + e.url(Side.B));
        terminal.plain("");
    }

    Ensemble ensemble() {
        return ensemble.orElseThrow();
    }

    /** Goes on until Ctrl-C, then lets the calls end and reconciles. @return the exit code */
    int untilInterrupted() throws InterruptedException {
        terminal.say("dialing; Ctrl-C lets the calls end and reconciles");
        while (interrupts.get() == 0) {
            showProgress();
            Thread.sleep(Duration.ofSeconds(1));
        }
        return finish();
    }

    /** Stops the campaign, waits until the last call has ended, and reconciles. @return 0 when all is accounted for */
    int finish() throws InterruptedException {
        terminal.say("stopping the campaign; calls under way end in their own time");
        releve("campaign", "stop", CAMPAIGN);
        Reports reports = new Reports(ensemble().pool());
        long giveUpNs = System.nanoTime() + LAST_CALLS.toNanos();
        while (!settled(reports) && System.nanoTime() < giveUpNs && interrupts.get() < 2) {
            showProgress();
            Thread.sleep(Duration.ofSeconds(1));
        }
        Thread.sleep(Duration.ofSeconds(1));
        return reconcile();
    }

    private static boolean settled(Reports reports) {
        Reports.Leftovers left = reports.leftovers();
        return left.attemptsLive() == 0
                && left.agentsReserved() == 0
                && left.agentsTalking() == 0
                && left.contactsActive() == 0;
    }

    /** Prints the reconciliation. @return its exit code */
    int reconcile() {
        Ensemble.Printed printed = ensemble()
                .run(
                        "reconcile",
                        "--settled",
                        "--journal",
                        ensemble().journal().toString(),
                        "--journal",
                        cast.directory().resolve("agents.jsonl").toString());
        terminal.plain("");
        terminal.plain(printed.text());
        terminal.plain("");
        return printed.status();
    }

    void showProgress() {
        StringBuilder line = new StringBuilder();
        for (NodeRegistry.Entry entry : ensemble().registry().latest(1)) {
            Map<String, Integer> counts = entry.heartbeat().counts();
            line.append("%s %-9s ring %-3d talk %-3d   "
                    .formatted(
                            entry.start().node().side(),
                            entry.heartbeat().phase(),
                            counts.getOrDefault("dialing", 0) + counts.getOrDefault("ringing", 0),
                            counts.getOrDefault("connected", 0)));
        }
        new Reports(ensemble().pool())
                .campaigns()
                .values()
                .forEach(figures ->
                        line.append("attempts %d  voice %d  busy %d  no answer %d  abandoned %.1f %%  list %.0f %%"
                                .formatted(
                                        figures.attempts().total(),
                                        figures.attempts().of(CallResult.VOICE),
                                        figures.attempts().of(CallResult.BUSY),
                                        figures.attempts().of(CallResult.NO_ANSWER),
                                        figures.attempts().abandonPercent(),
                                        figures.contacts().penetrationPercent())));
        terminal.progress(line.toString());
    }

    boolean isInterrupted() {
        return interrupts.get() > 0;
    }

    /** Seconds since the start. */
    long elapsedSeconds() {
        return Duration.ofNanos(System.nanoTime() - startedNs).toSeconds();
    }

    /** Runs a command against this demonstration's store; its output goes to the terminal. */
    void releve(String... arguments) {
        terminal.say("$ releve " + String.join(" ", arguments));
        Ensemble.Printed printed = ensemble().run(arguments);
        if (printed.status() != 0) {
            throw new Refusal(
                    "releve " + arguments[0] + " ended with status " + printed.status() + ": " + printed.text());
        }
        terminal.say(printed.text());
    }

    private Path sampleList() throws IOException {
        Path list = cast.directory().resolve("sample-contacts.csv");
        try (InputStream in = Demo.class.getResourceAsStream(SAMPLE)) {
            if (in == null) {
                throw new Refusal("this build carries no sample list (" + SAMPLE + ").");
            }
            Files.copy(in, list, StandardCopyOption.REPLACE_EXISTING);
        }
        return list;
    }

    private void interrupted() {
        if (interrupts.incrementAndGet() > 1) {
            terminal.say("stopping at once");
            close();
            Runtime.getRuntime().halt(130);
        }
    }

    @Override
    public void close() {
        ensemble.ifPresent(Ensemble::close);
    }
}
