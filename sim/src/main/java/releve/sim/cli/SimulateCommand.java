package releve.sim.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import releve.sim.simulate.Comparison;
import releve.sim.simulate.Comparison.Row;
import releve.sim.simulate.LaboratoryBound;
import releve.sim.simulate.Plot;
import releve.sim.simulate.Policy;
import releve.sim.simulate.Scenario;
import releve.sim.simulate.ScenarioReader;
import releve.sim.simulate.Span;

/** What each pacing policy would make of a described contact centre. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Run described contact centres on virtual time under each pacing policy, and compare them.",
            "docs/SIMULATE.md describes the format; the folder 'scenarios' has examples.",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class SimulateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SCENARIO.yaml", arity = "1..*", description = "The scenarios.")
    private List<Path> files;

    @Option(names = "--policy", paramLabel = "NAME", split = ",", description = "Only these: ${COMPLETION-CANDIDATES}.")
    private @Nullable List<Policy> policies;

    @Option(names = "--hindsight", description = "Look for the adaptive ratio controller's best setting too.")
    private boolean hindsight;

    @Option(names = "--seed", paramLabel = "N", split = ",", description = "Other seeds than the scenario's.")
    private @Nullable List<Long> seeds;

    @Option(names = "--days", paramLabel = "N", description = "Another number of days than the scenario's.")
    private @Nullable Integer days;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--plot", paramLabel = "FILE.svg", description = "Draw utilisation and abandonment.")
    private @Nullable Path plot;

    @Option(names = "--debug", description = "Show logs, and the stack trace of a failure.")
    private boolean debug;

    @Override
    public Integer call() throws InterruptedException {
        Map<Scenario, List<Row>> results = new LinkedHashMap<>();
        try {
            List<Scenario> scenarios = new ArrayList<>();
            for (Path file : files) {
                scenarios.add(asAsked(ScenarioReader.read(file)));
            }
            PrintWriter err = spec.commandLine().getErr();
            for (Scenario scenario : scenarios) {
                List<Row> rows = Comparison.of(
                        scenario, policies == null ? Arrays.asList(Policy.values()) : policies, hindsight, what -> {
                            err.println(scenario.name() + ": " + what);
                            err.flush();
                        });
                results.put(scenario, rows);
                if (!json) {
                    print(scenario, rows);
                }
            }
            if (json) {
                printJson(results);
            }
            if (plot != null) {
                Files.writeString(plot, Plot.svg(results));
            }
            return 0;
        } catch (ScenarioReader.Unusable unusable) {
            return refused(String.valueOf(unusable.getMessage()));
        } catch (IOException failed) {
            return refused("The plot cannot be written to " + plot + ": " + failed.getMessage() + ".");
        }
    }

    private Scenario asAsked(Scenario s) throws ScenarioReader.Unusable {
        if (days != null && (days < 1 || days > 60)) {
            throw new ScenarioReader.Unusable("--days is 1 to 60, not " + days + ".");
        }
        return s.with(seeds == null ? s.seeds() : seeds, days == null ? s.days() : days);
    }

    private void print(Scenario scenario, List<Row> rows) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%n%s: %d agents, %d days, seeds %s, limit %.2f %%%n",
                scenario.name(), scenario.agents(), scenario.days(), scenario.seeds(), 100 * scenario.abandonLimit());
        out.printf(
                "%-38s %8s %8s %8s %8s %20s %9s %6s%n",
                "policy", "util %", "aband %", "day max", "24h max", "wait s mean/p50/p90", "dials", "lost");
        for (Row row : rows) {
            double[] waits = row.waits();
            out.printf(
                    "%-38s %8.2f %8.2f %8.2f %8.2f %6.1f %6.1f %6.1f %9.0f %6.0f%n",
                    row.policy(),
                    100 * row.utilisation(),
                    100 * row.abandonment(),
                    100 * row.worstDay(),
                    100 * row.worstWindow(1),
                    waits[0],
                    waits[1],
                    waits[2],
                    row.dials(),
                    row.lost());
        }
        bound(scenario).ifPresent(bound -> out.printf("%-38s %8.2f%n", "exact bound", 100 * bound));
        out.flush();
    }

    /** The exact optimum, where the scenario is memoryless and stationary. */
    private static java.util.Optional<Double> bound(Scenario s) {
        if (s.ring().live() instanceof Span.Exponential ring
                && s.ring().equals(new Scenario.Ring(ring, ring, 0, 0))
                && s.talk() instanceof Span.Exponential talk
                && s.wrapUp().equals(new Span.Fixed(0))
                && s.waitSeconds() == 0
                && s.agents() <= 200) {
            return java.util.Optional.of(LaboratoryBound.utilisation(
                    s.agents(), s.answers().rate(), ring.mean(), talk.mean(), s.abandonLimit()));
        }
        return java.util.Optional.empty();
    }

    private void printJson(Map<Scenario, List<Row>> results) {
        List<Object> all = new ArrayList<>();
        results.forEach((scenario, rows) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("scenario", scenario.name());
            one.put("days", scenario.days());
            one.put("seeds", scenario.seeds());
            bound(scenario).ifPresent(bound -> one.put("bound", bound));
            List<Object> policiesRun = new ArrayList<>();
            for (Row row : rows) {
                Map<String, Object> figures = new LinkedHashMap<>();
                figures.put("policy", row.policy());
                figures.put("utilisation", row.utilisation());
                figures.put("abandonment", row.abandonment());
                figures.put("worst_day", row.worstDay());
                figures.put("worst_24h", row.worstWindow(1));
                figures.put("worst_30d", row.worstWindow(30));
                figures.put("wait_seconds_mean_p50_p90", row.waits());
                figures.put("dials", row.dials());
                figures.put("lost", row.lost());
                policiesRun.add(figures);
            }
            one.put("policies", policiesRun);
            all.add(one);
        });
        try {
            spec.commandLine()
                    .getOut()
                    .println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(all));
            spec.commandLine().getOut().flush();
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("figures are always JSON", impossible);
        }
    }

    private int refused(String sentence) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(sentence);
        err.flush();
        return 1;
    }
}
