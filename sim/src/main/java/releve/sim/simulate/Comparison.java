package releve.sim.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import releve.core.pacing.AdaptiveRatioPacing;

/** One scenario under several policies, one run for each seed, two or more at a time. */
public final class Comparison {
    private static final double[] RATIO_LEVELS = {1.1, 1.2, 1.35, 1.5, 2, 3};

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
            List<Future<Row>> asked = new ArrayList<>();
            for (Policy policy : policies) {
                asked.add(workers.submit(() -> row(scenario, policy, done)));
                if (policy == Policy.RATIO && hindsight) {
                    asked.add(workers.submit(() -> bestRatio(scenario, done)));
                }
            }
            for (Future<Row> row : asked) {
                rows.add(row.get());
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

    /** The setting with most utilisation of those that kept the limit over the whole run; the default if none did. */
    private static Row bestRatio(Scenario scenario, Consumer<String> done) {
        Row best = null;
        for (double level : RATIO_LEVELS) {
            for (boolean hard : new boolean[] {true, false}) {
                List<Score> scores = new ArrayList<>();
                for (long seed : scenario.seeds()) {
                    scores.add(Centre.run(scenario, seed, (s, f) -> new AdaptiveRatioPacing(level, hard)));
                }
                Row row = new Row("adaptive ratio, best (≤ %s%s)".formatted(level, hard ? "" : ", halving"), scores);
                if (row.abandonment() <= scenario.abandonLimit()
                        && (best == null || row.utilisation() > best.utilisation())) {
                    best = row;
                }
            }
        }
        done.accept("adaptive ratio, best in hindsight");
        return best == null ? row(scenario, Policy.RATIO, done) : best;
    }
}
