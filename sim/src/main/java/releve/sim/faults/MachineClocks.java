package releve.sim.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * The clocks of a simulated machine: a monotonic one that drifts and stands still while the machine is suspended, one that goes on
 * meanwhile, and a wall clock that somebody may correct.
 */
final class MachineClocks {
    private final Supplier<Instant> world;
    private final Instant start;
    private final double drift;
    private Duration suspended = Duration.ZERO;
    private Duration corrected = Duration.ZERO;

    /** @param drift by how much the monotonic clock runs too fast, in parts */
    MachineClocks(Supplier<Instant> world, double drift) {
        this.world = world;
        this.start = world.get();
        this.drift = drift;
    }

    Instant wall() {
        return world.get().plus(corrected);
    }

    long nanos() {
        return bootNanos() - suspended.toNanos();
    }

    long bootMs() {
        return bootNanos() / 1_000_000;
    }

    private long bootNanos() {
        long passed = Duration.between(start, world.get()).toNanos();
        return passed + Math.round(passed * drift);
    }

    /** No time passes on the monotonic clock for so long. */
    void suspended(Duration length) {
        suspended = suspended.plus(length);
    }

    /** Somebody corrects the wall clock. */
    void wallLeaps(Duration by) {
        corrected = corrected.plus(by);
    }
}
