package releve.app;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import releve.app.reconcile.Comparison;
import releve.app.reconcile.Finding;
import releve.app.reconcile.LedgerLine;
import releve.app.reconcile.Leftovers;
import releve.app.reconcile.Reconciliation;
import releve.core.campaign.Campaign;
import releve.server.cli.CommandLines;
import releve.server.cli.CommandOnStore;
import releve.server.cli.JsonOutput;
import releve.server.cli.OpenStore;
import releve.server.cli.Refusal;
import releve.server.cli.Table;
import releve.server.store.CampaignStore;
import releve.server.store.NodeRegistry;
import releve.server.store.Reports;
import releve.server.store.Reports.LedgerRow;
import releve.server.store.StoreConnections;
import releve.sim.journal.JournalReader;

/** Ledger against witness. */
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Compares the ledger with the journal of the carrier, attempt by attempt.",
            "",
            "Rows marked with * must be 0: attempts that the carrier never saw, calls that no attempt accounts for,"
                    + " customers dialed twice, connected calls that were dropped, results that disagree, and what is"
                    + " left held. While a node runs a campaign, what is held now is not counted as left, unless"
                    + " --settled says that all is over.",
            "",
        },
        footer = {
            "",
            "Exit code 0 when every marked row is 0, else 1.",
            "",
            "Examples:",
            "  releve reconcile --journal var/carrier.jsonl",
            "  releve reconcile --journal var/carrier.jsonl --journal var/agents.jsonl --settled --json",
        })
final class ReconcileCommand extends CommandOnStore {
    @Option(
            names = "--journal",
            paramLabel = "FILE",
            required = true,
            arity = "1..*",
            description = "The carrier's journal; may be given more than once, also for that of the agents' phones.")
    @SuppressWarnings("NullAway.Init")
    private List<Path> files;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Leave out what began before, such as 2026-03-01T09:00:00Z.")
    private @Nullable Instant since;

    @Option(names = "--settled", description = "All is over: nothing may be held any more.")
    private boolean settled;

    @Override
    protected int run(OpenStore store) {
        List<JournalReader.Contents> journals = new ArrayList<>();
        for (Path file : files) {
            journals.add(read(file));
        }
        // PostgreSQL knows no time before 4713 BC.
        Instant from = since == null ? Instant.EPOCH : since;
        Reconciliation compared;
        try (HikariDataSource pool = StoreConnections.reportPool(store.address(), "releve reconcile", 1)) {
            Reports reports = new Reports(pool);
            compared = Comparison.of(
                    reader -> reports.ledger(from, row -> reader.accept(line(row))),
                    journals,
                    leftovers(store, reports),
                    from);
        }
        print(json(compared), table(compared));
        if (!compared.clean()) {
            err().println("the ledger and the carrier's journal do not agree: the rows marked with * must be 0.");
            err().flush();
        }
        return compared.clean() ? CommandLines.DONE : CommandLines.REFUSED;
    }

    private static JournalReader.Contents read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new Refusal("there is no journal " + file + "; check its name.");
        }
        try {
            return JournalReader.read(file);
        } catch (IOException failed) {
            throw new Refusal("the journal " + file + " cannot be read: " + failed.getMessage() + ".", failed);
        }
    }

    private Leftovers leftovers(OpenStore store, Reports reports) {
        Reports.Leftovers held = reports.leftovers();
        if (!settled && inService(store)) {
            return Leftovers.NONE;
        }
        return new Leftovers(
                held.attemptsLive(),
                held.agentsReserved() + held.agentsTalking(),
                held.contactsActive(),
                held.contactsDialed());
    }

    /** Whether a node runs and a campaign too: then things are held because somebody works on them. */
    private boolean inService(OpenStore store) {
        return new CampaignStore(store.pool()).list().stream().anyMatch(Campaign::running)
                && new NodeRegistry(store.pool())
                        .latest(pair()).stream()
                                .anyMatch(node ->
                                        node.stop().isEmpty() && node.age().toSeconds() < 5);
    }

    private static LedgerLine line(LedgerRow row) {
        return new LedgerLine(
                row.attempt(),
                row.contact(),
                row.phone(),
                row.callId(),
                row.startedAt(),
                row.answeredAt(),
                row.connectedAt(),
                row.endedAt(),
                row.agentCallId(),
                row.result(),
                row.endedBy(),
                row.reason());
    }

    private static String table(Reconciliation compared) {
        Table table = new Table("", "RECONCILIATION", "COUNT");
        StringBuilder examples = new StringBuilder();
        for (Finding finding : Finding.values()) {
            table.row(finding.mustBeZero() ? "*" : " ", finding.title(), compared.count(finding));
            for (String example : compared.examples(finding)) {
                examples.append(System.lineSeparator())
                        .append(finding.title())
                        .append(": ")
                        .append(example);
            }
        }
        String verdict = compared.clean() ? "All rows marked with * are 0." : "Examples:" + examples;
        return table + System.lineSeparator() + verdict;
    }

    private static Object json(Reconciliation compared) {
        Map<String, Object> counts = new LinkedHashMap<>();
        Map<String, Object> examples = new LinkedHashMap<>();
        for (Finding finding : Finding.values()) {
            counts.put(name(finding), compared.count(finding));
            if (!compared.examples(finding).isEmpty()) {
                examples.put(name(finding), compared.examples(finding));
            }
        }
        return JsonOutput.object("clean", compared.clean(), "counts", counts, "examples", examples);
    }

    private static String name(Finding finding) {
        return finding.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
