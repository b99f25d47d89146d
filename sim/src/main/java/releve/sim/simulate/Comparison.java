package releve.sim.simulate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Predicate;
import releve.core.pacing.AdaptiveRatioPacing;

/** One scenario under several policies, one run for each seed, two or more at a time. */
public final class Comparison {
    /** A rolling window may stand above the limit by so much: one call of a small campaign. */
    private static final double ROLLING_TOLERANCE = 0.0005;

    private static final double[] RATIO_LEVELS = {1.05, 1.1, 1.2, 1.35, 1.5, 2, 3};

    /** What one policy came to on all seeds. */
    public record Row(String policy, List<Score> scores) {
        public double utilisation() {
            return scores.stream().mapToDouble(Score::utilisation).average().orElse(0);
        }

        public double abandonment() {
            return scores.stream().mapToDouble(Score::abandonment).average().orElse(0);
        }

        public double worstDay() {
            return scores.stream().mapToDouble(Score::worstDay).max().orElse(0);
        }

        public double worstWindow(int days) {
            return scores.stream()
                    .mapToDouble(score -> score.worstWindow(days))
                    .max()
                    .orElse(0);
        }

        /** Whether it kept the limit as a regulator counts: over each day and all 24 hours, or over all 30 days. */
        boolean keepsLaw(Scenario scenario) {
            double limit = scenario.abandonLimit();
            return scenario.thirtyDays()
                    ? worstWindow(30) <= limit
                    : worstDay() <= limit && worstWindow(1) <= limit + ROLLING_TOLERANCE;
        }

        public double dials() {
            return scores.stream().mapToDouble(Score::dials).average().orElse(0);
        }

        /** An agent's wait between calls, seconds: mean, median, ninth decile. */
        public double[] waits() {
            double[] mean = new double[3];
            for (Score score : scores) {
                double[] one = score.waits();
                for (int i = 0; i < 3; i++) {
                    mean[i] += one[i] / scores.size();
                }
            }
            return mean;
        }

        public double lost() {
            return scores.stream().mapToDouble(Score::lost).average().orElse(0);
        }
    }

    private Comparison() {}

    /**
     * Runs them.
     *
     * @param hindsight whether the adaptive ratio controller's best setting is looked for as well
     * @param done told each time a policy is through
     */
    public static List<Row> of(Scenario scenario, List<Policy> policies, boolean hindsight, Consumer<String> done)
            throws InterruptedException {
        List<Row> rows = new ArrayList<>();
        try (ExecutorService workers =
                Executors.newFixedThreadPool(Math.max(1, Runtime.getRuntime().availableProcessors()))) {
            List<Future<List<Row>>> asked = new ArrayList<>();
            for (Policy policy : policies) {
                asked.add(workers.submit(() -> List.of(row(scenario, policy, done))));
                if (policy == Policy.RATIO && hindsight) {
                    asked.add(workers.submit(() -> bestRatios(scenario, done)));
                }
            }
            for (Future<List<Row>> some : asked) {
                rows.addAll(some.get());
            }
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a run of " + scenario.name() + " failed", failed.getCause());
        }
        return rows;
    }

    private static Row row(Scenario scenario, Policy policy, Consumer<String> done) {
        List<Score> scores = new ArrayList<>();
        for (long seed : scenario.seeds()) {
            scores.add(Centre.run(scenario, seed, policy::make));
            done.accept("%s, seed %d".formatted(policy.title(), seed));
        }
        return new Row(policy.title(), scores);
    }

    /**
     * The settings with most utilisation: of those that kept the limit over the whole run, and of those that kept it as a
     * regulator counts. A row is missing where no setting did.
     */
    private static List<Row> bestRatios(Scenario scenario, Consumer<String> done) {
        List<Row> all = new ArrayList<>();
        for (double level : RATIO_LEVELS) {
            for (boolean hard : new boolean[] {true, false}) {
                List<Score> scores = new ArrayList<>();
                for (long seed : scenario.seeds()) {
                    scores.add(Centre.run(scenario, seed, (s, f) -> new AdaptiveRatioPacing(level, hard)));
                }
                all.add(new Row("≤ %s%s".formatted(level, hard ? "" : ", halving"), scores));
                done.accept("adaptive ratio, setting %d of %d".formatted(all.size(), 2 * RATIO_LEVELS.length));
            }
        }
        List<Row> best = new ArrayList<>();
        best("adaptive ratio, best", all, row -> row.abandonment() <= scenario.abandonLimit())
                .ifPresent(best::add);
        best("adaptive ratio, best within law", all, row -> row.keepsLaw(scenario))
                .ifPresent(best::add);
        return best;
    }

    private static Optional<Row> best(String title, List<Row> all, Predicate<Row> kept) {
        return all.stream()
                .filter(kept)
                .max(Comparator.comparingDouble(Row::utilisation))
                .map(row -> new Row("%s (%s)".formatted(title, row.policy()), row.scores()));
    }
}
