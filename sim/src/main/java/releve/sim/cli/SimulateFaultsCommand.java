package releve.sim.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import releve.sim.faults.Bug;
import releve.sim.faults.FaultRun;
import releve.sim.faults.FaultRun.Outcome;
import releve.sim.faults.FaultSeries;
import releve.sim.faults.Rule;

/** Runs both sides of a pair with faults on virtual time, and holds them to their rules. */
@Command(
        name = "simulate-faults",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Run both sides of a pair with store, network, carrier, agents and operators on virtual time, let everything fail"
                    + " that the seed says, and hold them to the rules after every event.",
            "docs/FAULTS.md tells what fails and what must hold. Ends with 1 when a rule is broken.",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class SimulateFaultsCommand implements Callable<Integer> {
    private static final int LINES_SHOWN = 40;

    @Spec
    private CommandSpec spec;

    @Option(names = "--seeds", paramLabel = "N", defaultValue = "100", description = "How many worlds.")
    private int seeds;

    @Option(names = "--first", paramLabel = "N", defaultValue = "1", description = "The first seed.")
    private long first;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "20",
            description = "For how long things fail in each world, 1 to 1440; then it has to heal.")
    private int minutes;

    @Option(names = "--seed", paramLabel = "N", description = "This one world only, with the end of its trace.")
    private @Nullable Long only;

    @Option(names = "--trace", description = "With --seed: every line of its trace.")
    private boolean trace;

    @Option(names = "--bug", paramLabel = "NAME", description = "Plant a bug: ${COMPLETION-CANDIDATES}.")
    private @Nullable Bug bug;

    @Option(names = "--planted", description = "Plant each bug in turn, and tell how many seeds find it.")
    private boolean planted;

    @Option(names = "--debug", description = "Show logs, and the stack trace of a failure.")
    private boolean debug;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (seeds < 1 || seeds > 1_000_000 || minutes < 1 || minutes > 1_440) {
            err.println("--seeds is 1 to 1000000, and --minutes 1 to 1440.");
            err.flush();
            return 1;
        }
        Duration faulty = Duration.ofMinutes(minutes);
        if (planted) {
            return lookForAll(out, faulty);
        }
        if (only != null) {
            Outcome outcome = FaultRun.of(only, faulty, bug, trace ? out::println : null);
            if (!trace) {
                tell(out, outcome);
            }
            out.printf("seed %d: %s%n", only, outcome.broken() == null ? "all rules held" : "broken, see above");
            out.flush();
            return outcome.broken() == null ? 0 : 1;
        }
        return series(out, err, faulty);
    }

    private int series(PrintWriter out, PrintWriter err, Duration faulty) throws InterruptedException {
        int threads = threads();
        long begin = System.nanoTime();
        int[] done = {0};
        FaultSeries.Sum sum = FaultSeries.of(first, seeds, faulty, bug, threads, outcome -> {
            done[0]++;
            if (outcome.broken() != null) {
                err.printf("seed %d: %s%n", outcome.seed(), outcome.what());
            }
            if (done[0] % 25 == 0 || done[0] == seeds) {
                err.printf("%d of %d worlds%n", done[0], seeds);
            }
            err.flush();
        });
        double seconds = (System.nanoTime() - begin) / 1e9;
        double hours = sum.simulated().toMillis() / 3_600_000.0;
        out.printf("worlds             %,14d%n", sum.seeds());
        out.printf("violations         %,14d%n", sum.violations().size());
        out.printf("simulated hours    %,14.1f%n", hours);
        out.printf(
                "seconds            %,14.1f   %.2f simulated hours a second on %d cores%n",
                seconds, hours / seconds, threads);
        out.printf("events             %,14d%n", sum.events());
        out.printf(
                "attempts           %,14d   %,d talks, %,d closed as unknown%n",
                sum.attempts(), sum.talks(), sum.unknown());
        sum.faults().forEach((kind, count) -> out.printf("%-18s %,14d%n", kind, count));
        sum.violations().stream().findFirst().ifPresent(outcome -> tell(out, outcome));
        out.flush();
        return sum.violations().isEmpty() ? 0 : 1;
    }

    private void tell(PrintWriter out, Outcome outcome) {
        Rule rule = outcome.broken();
        if (rule == null) {
            return;
        }
        out.printf("%nseed %d, the end of its trace:%n", outcome.seed());
        int lines = outcome.lastLines().size();
        outcome.lastLines().subList(Math.max(0, lines - LINES_SHOWN), lines).forEach(out::println);
        out.printf(
                "%nreplay: ./releve simulate-faults --seed %d --minutes %d%s --trace%n",
                outcome.seed(), minutes, bug == null ? "" : " --bug " + bug);
    }

    private int lookForAll(PrintWriter out, Duration faulty) throws InterruptedException {
        int[] missed = {0};
        out.printf("%-32s %6s  %-28s %s%n", "bug", "seeds", "found by", "what");
        FaultSeries.findAll(first, Bug.SEEDS_MAX, faulty, threads(), (each, outcome) -> {
            Rule rule = outcome.broken();
            missed[0] += rule == null ? 1 : 0;
            out.printf(
                    "%-32s %6s  %-28s %s%n",
                    each,
                    rule == null ? ">" + Bug.SEEDS_MAX : outcome.seed() - first + 1,
                    rule == null ? "NOT FOUND" : rule,
                    rule == null ? each.words() : outcome.what());
            out.flush();
        });
        return missed[0] == 0 ? 0 : 1;
    }

    private static int threads() {
        return Runtime.getRuntime().availableProcessors();
    }
}
