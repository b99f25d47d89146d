package releve.sim.world;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A random time: log-normal, as ring and talk times are, cut off at its ends (which moves the mean a little).
 *
 * @param meanMs of the curve before it is cut, ms, within the ends
 * @param minMs the shortest, ms, 0 or more
 * @param maxMs the longest, ms, at most a day
 */
public record Spread(int meanMs, int minMs, int maxMs) {
    private static final int DAY_MS = 86_400_000;
    /** Makes the upper quartile about twice the lower one. */
    private static final double SIGMA = 0.5;

    /** Always the same time, ms. */
    public static Spread always(int ms) {
        return new Spread(ms, ms, ms);
    }

    /** From a fifth of the mean to five times the mean. */
    public static Spread around(int meanMs) {
        return new Spread(meanMs, meanMs / 5, (int) Math.min(DAY_MS, 5L * meanMs));
    }

    /** A time drawn from this spread, ms. */
    public int draw(RandomGenerator random) {
        // Drawn even when constant: a changed spread must not change the draws that follow.
        double normal = random.nextGaussian();
        if (minMs == maxMs) {
            return minMs;
        }
        double drawn = meanMs * Math.exp(SIGMA * normal - SIGMA * SIGMA / 2);
        return Math.clamp(Math.round(drawn), minMs, maxMs);
    }

    /** The same curve with all times multiplied, for a world that lives faster or slower. */
    public Spread times(double factor) {
        return new Spread(scaled(meanMs, factor), scaled(minMs, factor), scaled(maxMs, factor));
    }

    private static int scaled(int ms, double factor) {
        return Math.clamp(Math.round(ms * factor), 0, DAY_MS);
    }

    /** What is wrong with it, in one sentence, or empty. */
    public Optional<String> violation(String name) {
        if (minMs < 0 || minMs > meanMs || meanMs > maxMs || maxMs > DAY_MS) {
            return Optional.of("The %s needs 0 <= shortest <= mean <= longest <= %d ms, not %d, %d and %d."
                    .formatted(name, DAY_MS, minMs, meanMs, maxMs));
        }
        return Optional.empty();
    }

    static void check(double share, String name, List<String> violations) {
        if (!(share >= 0 && share <= 1)) {
            violations.add("The %s is a share from 0 to 1, not %s.".formatted(name, share));
        }
    }
}
