package releve.core.node;

import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The node's time: the wall clock's at start, moved on by the monotonic clock, so that it never runs backwards. The two clocks
 * are whoever's drives it: the machine's, or those of a simulation.
 *
 * <p>The monotonic clock stands still while a whole machine is suspended. So the right to dial is also held against the wall
 * clock, see {@link #suspectedSuspension()}.
 */
public final class NodeClock implements DialerTurns.NodeTime {
    /** How far wall clock and monotonic one may part before a suspension is suspected. */
    private static final long SUSPENSION_MS = 500;

    private final Supplier<Instant> wall;
    private final LongSupplier nanos;
    private final Instant wallAtStart;
    private final long nanosAtStart;
    private long driftMs;
    private volatile long aheadMs;

    /** @param nanos monotonic, from any origin */
    public NodeClock(Supplier<Instant> wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
        this.wallAtStart = wall.get();
        this.nanosAtStart = nanos.getAsLong();
    }

    @Override
    public Instant now() {
        return wallAtStart.plusNanos(nanos.getAsLong() - nanosAtStart).plusMillis(aheadMs);
    }

    /**
     * Whether the wall clock has leapt away from the monotonic one since the last call: the machine may have been suspended,
     * and a deadline measured before that is worth nothing. A leap back counts as well, because a correction of the wall
     * clock may hide a suspension: it costs a renewal, half a second. A leap is reported once, and after a leap ahead this
     * clock goes on from there: a campaign's hours end when they end, however long the machine slept.
     */
    @Override
    public synchronized boolean suspectedSuspension() {
        long leapMs = driftMs() - driftMs;
        if (leapMs > SUSPENSION_MS) {
            aheadMs += leapMs;
            return true;
        }
        driftMs += leapMs;
        return leapMs < -SUSPENSION_MS;
    }

    /** The same without reporting it: whoever asks only wants to stay away from what the suspension made void. */
    public synchronized boolean wouldSuspectSuspension() {
        return Math.abs(driftMs() - driftMs) > SUSPENSION_MS;
    }

    private long driftMs() {
        return wall.get().toEpochMilli() - now().toEpochMilli();
    }
}
