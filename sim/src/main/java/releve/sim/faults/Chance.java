package releve.sim.faults;

import java.util.SplittableRandom;

/** Everything that is left to chance in one world, from one seed. */
final class Chance {
    private final SplittableRandom random;

    Chance(long seed) {
        this.random = new SplittableRandom(seed);
    }

    SplittableRandom random() {
        return random;
    }

    boolean is(double probability) {
        return random.nextDouble() < probability;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    long between(long fromMs, long toMs) {
        return fromMs + random.nextLong(toMs - fromMs + 1);
    }

    /** Exponentially distributed, in milliseconds, at least one. */
    long about(double meanMs) {
        return Math.max(1, Math.round(-meanMs * Math.log(1 - random.nextDouble())));
    }
}
