package releve.sim.simulate;

import java.util.random.RandomGenerator;

/** How long something takes, drawn anew each time; seconds. */
public sealed interface Span {
    /** In milliseconds. */
    long drawMs(RandomGenerator random);

    /** Always the same. */
    record Fixed(double seconds) implements Span {
        @Override
        public long drawMs(RandomGenerator random) {
            return Math.round(seconds * 1000);
        }
    }

    /** Memoryless. */
    record Exponential(double mean) implements Span {
        @Override
        public long drawMs(RandomGenerator random) {
            return Math.round(random.nextExponential() * mean * 1000);
        }
    }

    /** Heavy-tailed, as talk is; {@code cv} is the standard deviation as a multiple of the mean. */
    record LogNormal(double mean, double cv) implements Span {
        @Override
        public long drawMs(RandomGenerator random) {
            double variance = Math.log(1 + cv * cv);
            return Math.round(1000 * mean * Math.exp(Math.sqrt(variance) * random.nextGaussian() - variance / 2));
        }
    }

    /** Anything between two ends, all alike. */
    record Uniform(double from, double to) implements Span {
        @Override
        public long drawMs(RandomGenerator random) {
            return Math.round(1000 * (from + (to - from) * random.nextDouble()));
        }
    }
}
