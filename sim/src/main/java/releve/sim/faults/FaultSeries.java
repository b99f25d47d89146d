package releve.sim.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import releve.sim.faults.FaultRun.Outcome;

/** Many seeds, as many at once as there are cores; each world has a thread of its own. */
public final class FaultSeries {
    private FaultSeries() {}

    /** What many worlds have been through. */
    public record Sum(
            int seeds,
            Duration simulated,
            long events,
            long attempts,
            long talks,
            long unknown,
            Map<String, Long> faults,
            List<Outcome> violations) {}

    /**
     * Lives through the worlds of these seeds.
     *
     * @param each told of every world when it is over, in no certain order
     */
    public static Sum of(long first, int seeds, Duration faulty, @Nullable Bug bug, int threads, Consumer<Outcome> each)
            throws InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            ExecutorCompletionService<Outcome> done = new ExecutorCompletionService<>(pool);
            for (long seed = first; seed < first + seeds; seed++) {
                long own = seed;
                done.submit(() -> FaultRun.of(own, faulty, bug, null));
            }
            for (int i = 0; i < seeds; i++) {
                Outcome outcome = done.take().get();
                outcomes.add(outcome);
                each.accept(outcome);
            }
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a world could not be lived through", failed.getCause());
        }
        return sum(outcomes);
    }

    /**
     * Looks for a planted bug, seed after seed.
     *
     * @return the outcome of the first seed that finds it; the last one's when none does
     */
    public static Outcome find(Bug bug, long first, int seedsMax, Duration faulty) {
        Outcome last = FaultRun.of(first, faulty, bug, null);
        for (long seed = first + 1; last.broken() == null && seed < first + seedsMax; seed++) {
            last = FaultRun.of(seed, faulty, bug, null);
        }
        return last;
    }

    /** Looks for every planted bug, several at once. @param each told of each in the order of {@link Bug} */
    public static void findAll(long first, int seedsMax, Duration faulty, int threads, BiConsumer<Bug, Outcome> each)
            throws InterruptedException {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            Map<Bug, Future<Outcome>> found = new EnumMap<>(Bug.class);
            for (Bug bug : Bug.values()) {
                found.put(bug, pool.submit(() -> find(bug, first, seedsMax, faulty)));
            }
            for (Map.Entry<Bug, Future<Outcome>> one : found.entrySet()) {
                each.accept(one.getKey(), one.getValue().get());
            }
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a world could not be lived through", failed.getCause());
        }
    }

    private static Sum sum(List<Outcome> outcomes) {
        Map<String, Long> faults = new TreeMap<>();
        outcomes.forEach(outcome -> outcome.faults().forEach((kind, count) -> faults.merge(kind, count, Long::sum)));
        return new Sum(
                outcomes.size(),
                outcomes.stream().map(Outcome::simulated).reduce(Duration.ZERO, Duration::plus),
                outcomes.stream().mapToLong(Outcome::events).sum(),
                outcomes.stream().mapToLong(Outcome::attempts).sum(),
                outcomes.stream().mapToLong(Outcome::talks).sum(),
                outcomes.stream().mapToLong(Outcome::unknown).sum(),
                faults,
                outcomes.stream()
                        .filter(outcome -> outcome.broken() != null)
                        .sorted((a, b) -> Long.compare(a.seed(), b.seed()))
                        .toList());
    }
}
