package releve.sip.transaction;

/** Something that wants to be called at a time; at most one time is set. It lives in one {@link DeadlineHeap}. */
public abstract class Deadline {
    /** The value of {@link #deadlineMs()} when none is set. */
    public static final long NONE = Long.MAX_VALUE;

    long deadlineMs = NONE;
    int heapIndex = -1;

    /** The time set, ms on the monotonic clock that the caller passes in, or {@link #NONE}. */
    public final long deadlineMs() {
        return deadlineMs;
    }

    /** Called once when the time has come; no deadline is set any more at that moment. */
    protected abstract void expire(long nowMs);
}
