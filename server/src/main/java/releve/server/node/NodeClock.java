package releve.server.node;

import java.time.Instant;
import releve.core.node.DialerTurns;

/**
 * The node's time: the wall clock's at start, moved on by the monotonic clock, so that it never runs backwards and no
 * correction of the wall clock moves a deadline.
 *
 * <p>The monotonic clock stands still while a whole machine is suspended. So the right to dial is also held against the wall
 * clock, see {@link #suspectedSuspension()}.
 */
public final class NodeClock implements DialerTurns.NodeTime {
    /** How far the wall clock may run ahead of the monotonic one before a suspension is suspected. */
    private static final long SUSPENSION_MS = 500;

    private final Instant wallAtStart = Instant.now();
    private final long nanosAtStart = System.nanoTime();
    private long driftMs;

    @Override
    public Instant now() {
        return wallAtStart.plusNanos(System.nanoTime() - nanosAtStart);
    }

    /**
     * Whether the wall clock has leapt ahead of the monotonic one since the last call: the machine may have been suspended,
     * and a deadline measured before that is worth nothing. A leap is reported once.
     */
    @Override
    public synchronized boolean suspectedSuspension() {
        long driftNowMs = Instant.now().toEpochMilli() - now().toEpochMilli();
        boolean leapt = driftNowMs - driftMs > SUSPENSION_MS;
        driftMs = driftNowMs;
        return leapt;
    }

    /** The same without reporting it: whoever asks only wants to stay away from what the suspension made void. */
    public synchronized boolean wouldSuspectSuspension() {
        return Instant.now().toEpochMilli() - now().toEpochMilli() - driftMs > SUSPENSION_MS;
    }
}
