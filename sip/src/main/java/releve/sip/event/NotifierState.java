package releve.sip.event;

import org.jspecify.annotations.Nullable;

/**
 * What is owed to a subscriber of ours (RFC 6665 section 4.2): each input gives the next state.
 *
 * <pre>
 * ACTIVE     SUBSCRIBE: the whole state is owed at once; a change: a part is owed, no sooner than the least interval
 *            after the NOTIFY before; NOTIFY answered: the next may go; refused or unanswered → TERMINATED;
 *            unsubscribed, time over, nothing left to watch, too much to tell → ENDING
 * ENDING     the last NOTIFY goes when the one before is answered; then → TERMINATED
 * TERMINATED
 * </pre>
 *
 * <p>One NOTIFY is under way at a time, so that none overtakes another; changes that come meanwhile go together in the next.
 *
 * @param expiresAtMs when the subscription is over unless it is refreshed
 * @param quietUntilMs before it no part is told
 * @param underWay whether a NOTIFY is unanswered
 * @param owed what the next NOTIFY has to tell
 * @param reason of the end, in ENDING only
 */
public record NotifierState(
        Phase phase,
        long expiresAtMs,
        long quietUntilMs,
        boolean underWay,
        Owed owed,
        @Nullable String reason) {
    public enum Phase {
        ACTIVE,
        ENDING,
        TERMINATED
    }

    /** What a NOTIFY tells. */
    public enum Owed {
        NOTHING,
        PART,
        WHOLE
    }

    /** A SUBSCRIBE was accepted, the first or a further one. @param expiresAtMs the time granted */
    public static NotifierState subscribed(@Nullable NotifierState before, long expiresAtMs) {
        boolean underWay = before != null && before.underWay;
        long quietUntil = before == null ? Long.MIN_VALUE : before.quietUntilMs;
        return new NotifierState(Phase.ACTIVE, expiresAtMs, quietUntil, underWay, Owed.WHOLE, null);
    }

    /** What is watched has changed. */
    public NotifierState changed() {
        return phase == Phase.ACTIVE && owed == Owed.NOTHING
                ? new NotifierState(phase, expiresAtMs, quietUntilMs, underWay, Owed.PART, null)
                : this;
    }

    /** The subscription ends with one more NOTIFY. @param why a reason of section 4.1.3 */
    public NotifierState ending(String why) {
        return phase == Phase.ACTIVE
                ? new NotifierState(
                        Phase.ENDING, expiresAtMs, quietUntilMs, underWay, owed == Owed.NOTHING ? Owed.PART : owed, why)
                : this;
    }

    /** Whether a NOTIFY may go now. */
    public boolean maySend(long nowMs) {
        return !underWay
                && switch (phase) {
                    case ACTIVE -> owed == Owed.WHOLE || (owed == Owed.PART && nowMs >= quietUntilMs);
                    case ENDING -> owed != Owed.NOTHING;
                    case TERMINATED -> false;
                };
    }

    /** A NOTIFY went out with all that was owed. */
    public NotifierState sent(long leastIntervalMs, long nowMs) {
        return new NotifierState(phase, expiresAtMs, nowMs + leastIntervalMs, true, Owed.NOTHING, reason);
    }

    /** The NOTIFY was answered. @param accepted whether with a 2xx; anything else says that nobody listens any more */
    public NotifierState answered(boolean accepted) {
        boolean over = !accepted || (phase == Phase.ENDING && owed == Owed.NOTHING);
        return new NotifierState(
                over ? Phase.TERMINATED : phase, expiresAtMs, quietUntilMs, false, over ? Owed.NOTHING : owed, reason);
    }

    /** When to look again. */
    public long nextMs() {
        return switch (phase) {
            case ACTIVE -> owed == Owed.PART && !underWay ? Math.min(expiresAtMs, quietUntilMs) : expiresAtMs;
            case ENDING, TERMINATED -> Long.MAX_VALUE;
        };
    }

    /** What the time makes of it. */
    public NotifierState elapsed(long nowMs) {
        return phase == Phase.ACTIVE && nowMs >= expiresAtMs ? ending("timeout") : this;
    }
}
