package releve.app.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import releve.app.demo.Ensemble;
import releve.core.campaign.Abandonment;
import releve.core.store.DialerStore;
import releve.server.cli.Refusal;
import releve.server.store.PostgresDialerStore;
import releve.server.store.StoreAddress;

/** How long a dialer's count of abandoned calls takes when the ledger is long. */
@Command(
        name = "ledger",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures on this machine how long a dialer counts for the abandon limit, as it does every 5 s, with a ledger of 30 days"
                    + " of one campaign. A dialer's statements end after 2 s.",
            "",
        },
        footer = {"", "Example:", "  releve bench ledger --answers 2000000"})
public final class LedgerBenchCommand implements Callable<Integer> {
    private static final int FILLED_AT_ONCE = 50_000;
    private static final int COUNTS_UNTIL_KNOWN_MAX = 100;

    /** One live answer of twenty abandoned, evenly over 30 days that end now. */
    private static final String FILL = """
            insert into attempt (id, pair, epoch, side, instance, campaign, contact, phone, number, call_id, started_at, answered_at,
                                 ended_at, result, ended_by)
            select n, 1, 1, 'A', 'bench', (select min(id) from campaign), n, '+1202' || n, 1, 'call-' || n, ended - interval '3 minutes',
                   ended - interval '3 minutes', ended, case when n % 20 = 0 then 16 else 10 end, 'CUSTOMER'
            from (select n, clock_timestamp() - (? - n) * (interval '30 days' / ?) as ended from generate_series(?, ?) n) as call""";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before any call
    private CommandSpec spec;

    @Option(
            names = "--answers",
            defaultValue = "2000000",
            paramLabel = "N",
            description =
                    "Live answers in the ledger, 1000 to 50000000; a million takes about 0.5 GB and 15 s to write."
                            + " Default: ${DEFAULT-VALUE}.")
    private int answers;

    @Option(
            names = "--counts",
            defaultValue = "20",
            paramLabel = "N",
            description = "Counts of each window, 1 to 1000. Default: ${DEFAULT-VALUE}.")
    private int counts;

    @Mixin
    private final StoreFolder data = new StoreFolder();

    @Override
    public Integer call() throws IOException, SQLException {
        check(answers >= 1_000 && answers <= 50_000_000, "--answers is 1000 to 50000000.");
        check(counts >= 1 && counts <= 1_000, "--counts is 1 to 1000.");
        Ensemble.Cast cast = new Ensemble.Cast(
                data.path().resolve("bench"), data.path(), "releve_bench", List.of(), Optional.empty(), List.of());
        PrintWriter out = spec.commandLine().getOut();
        try (Ensemble ensemble = Ensemble.prepare(cast)) {
            fill(ensemble.address(), out);
            out.println(
                    "WINDOW  LIVE ANSWERS  COUNTS UNTIL KNOWN  LONGEST OF THESE ms  THEN median / max ms  BOUNDED BY");
            for (Duration window : List.of(Duration.ofHours(24), Duration.ofDays(30))) {
                measure(ensemble.pool(), window, out);
            }
        }
        return 0;
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private void fill(StoreAddress store, PrintWriter out) throws SQLException {
        try (Connection connection = DriverManager.getConnection(store.url(), store.user(), store.password());
                Statement once = connection.createStatement();
                PreparedStatement fill = connection.prepareStatement(FILL)) {
            once.execute("insert into campaign (name, mode, skill_group, caller_id)"
                    + " values ('bench', 'PREDICTIVE_AGENT', 'bench', '+12025550199')");
            for (int from = 1; from <= answers; from += FILLED_AT_ONCE) {
                int to = Math.min(answers, from + FILLED_AT_ONCE - 1);
                fill.setInt(1, answers);
                fill.setInt(2, answers);
                fill.setInt(3, from);
                fill.setInt(4, to);
                fill.executeUpdate();
                out.print("\r%,d of %,d calls written".formatted(to, answers));
                out.flush();
            }
            out.println();
            once.execute("vacuum analyze attempt");
        }
    }

    private void measure(HikariDataSource pool, Duration window, PrintWriter out) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement set = connection.prepareStatement("update campaign set abandon_window_ms = ?")) {
            set.setLong(1, window.toMillis());
            set.executeUpdate();
            connection.commit();
        }
        PostgresDialerStore store = new PostgresDialerStore(pool);
        List<Count> untilKnown = new ArrayList<>();
        do {
            if (untilKnown.size() == COUNTS_UNTIL_KNOWN_MAX) {
                throw new Refusal("%d counts did not suffice to read a window of %d h."
                        .formatted(untilKnown.size(), window.toHours()));
            }
            untilKnown.add(Count.of(store));
        } while (untilKnown.getLast().found().isEmpty());
        Sample then =
                Sample.of(Stream.generate(() -> Count.of(store)).limit(counts).map(Count::ms));
        out.printf(
                "%4d h  %,12d  %18d  %19.0f  %13.0f / %4.0f  what PostgreSQL reads of %s%n",
                window.toHours(),
                untilKnown.getLast().found().getFirst().liveAnswers(),
                untilKnown.size(),
                Sample.of(untilKnown.stream().map(Count::ms)).max(),
                then.median(),
                then.max(),
                window.toDays() > 2 ? "three days" : "the window");
        out.flush();
    }

    /** One count, as a dialer does it, and how long it took. */
    private record Count(List<Abandonment> found, double ms) {
        static Count of(DialerStore store) {
            long startNs = System.nanoTime();
            List<Abandonment> found = store.abandonment();
            return new Count(found, (System.nanoTime() - startNs) / 1e6);
        }
    }
}
