package releve.core.node;

import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The node's time: the wall clock's at start, moved on by the monotonic clock, so that it never runs backwards. The clocks
 * are whoever's drives it: the machine's, or those of a simulation.
 *
 * <p>The monotonic clock stands still while a whole machine is suspended. So the right to dial is also held against two clocks that
 * go on meanwhile, see {@link #suspectedSuspension()}: the wall clock, which somebody may correct, and the time since the machine
 * was started, which not every system tells.
 */
public final class NodeClock implements DialerTurns.NodeTime {
    /** How far another clock and the monotonic one may part before a suspension is suspected. */
    private static final long SUSPENSION_MS = 500;

    private final Supplier<Instant> wall;
    private final LongSupplier nanos;
    private final LongSupplier bootMs;
    private final Instant wallAtStart;
    private final long nanosAtStart;
    private final long bootMsAtStart;
    private long driftMs;
    private long sleptMs;
    private volatile long aheadMs;

    /**
     * @param nanos monotonic, from any origin
     * @param bootMs milliseconds from any origin that go on while the machine is suspended, and that nobody corrects; when the system
     *     does not tell them, those of {@code nanos}
     */
    public NodeClock(Supplier<Instant> wall, LongSupplier nanos, LongSupplier bootMs) {
        this.wall = wall;
        this.nanos = nanos;
        this.bootMs = bootMs;
        this.wallAtStart = wall.get();
        this.nanosAtStart = nanos.getAsLong();
        this.bootMsAtStart = bootMs.getAsLong();
    }

    @Override
    public Instant now() {
        return wallAtStart.plusNanos(passedNanos()).plusMillis(aheadMs);
    }

    /**
     * Whether another clock has leapt away from the monotonic one since the last call: the machine may have been suspended,
     * and a deadline measured before that is worth nothing. A leap back of the wall clock counts as well, because its correction
     * may hide a suspension: it costs a renewal, half a second. A leap is reported once, and after a leap of the wall clock ahead this
     * clock goes on from there: a campaign's hours end when they end, however long the machine slept.
     */
    @Override
    public synchronized boolean suspectedSuspension() {
        long slept = sleptMs();
        boolean hasSlept = slept - sleptMs > SUSPENSION_MS;
        sleptMs = slept;
        return hasLeapt() || hasSlept;
    }

    private boolean hasLeapt() {
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
        return Math.abs(driftMs() - driftMs) > SUSPENSION_MS || sleptMs() - sleptMs > SUSPENSION_MS;
    }

    private long sleptMs() {
        return bootMs.getAsLong() - bootMsAtStart - passedNanos() / 1_000_000;
    }

    private long passedNanos() {
        return nanos.getAsLong() - nanosAtStart;
    }

    private long driftMs() {
        return wall.get().toEpochMilli() - now().toEpochMilli();
    }
}
