package releve.sim.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import releve.core.node.DialerTurns;

/**
 * A node's time as the product reads it: a monotonic clock that drifts and stands still while the machine is suspended, and a
 * wall clock that may leap.
 */
final class NodeTimes implements DialerTurns.NodeTime {
    private static final Duration SUSPENSION = Duration.ofMillis(500);

    private final Supplier<Instant> world;
    private final Instant start;
    private final double drift;
    private Duration lost = Duration.ZERO;
    private Duration wallAhead = Duration.ZERO;
    private Duration seenAhead = Duration.ZERO;

    NodeTimes(Supplier<Instant> world, double drift) {
        this.world = world;
        this.start = world.get();
        this.drift = drift;
    }

    @Override
    public Instant now() {
        Duration passed = Duration.between(start, world.get());
        return start.plus(passed)
                .plusNanos(Math.round(passed.toNanos() * drift))
                .minus(lost);
    }

    @Override
    public boolean suspectedSuspension() {
        Duration leap = wallAhead.minus(seenAhead);
        seenAhead = wallAhead;
        if (leap.compareTo(SUSPENSION) > 0) {
            lost = lost.minus(leap);
            return true;
        }
        return leap.negated().compareTo(SUSPENSION) > 0;
    }

    /** Whether the next look at the clocks will find that a deadline is worth nothing. */
    boolean wouldSuspectSuspension() {
        return wallAhead.minus(seenAhead).abs().compareTo(SUSPENSION) > 0;
    }

    /** The machine was suspended: no time has passed on its monotonic clock. */
    void suspended(Duration length) {
        lost = lost.plus(length);
        wallAhead = wallAhead.plus(length);
    }

    /** Somebody corrects the wall clock. */
    void wallLeaps(Duration by) {
        wallAhead = wallAhead.plus(by);
    }
}
