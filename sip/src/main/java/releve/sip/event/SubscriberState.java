package releve.sip.event;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import releve.sip.message.SubscriptionState;

/**
 * How far a subscription of ours has come (RFC 6665 section 4.1.2): each input gives the next state.
 *
 * <pre>
 * NOTIFY_WAIT SUBSCRIBE sent; NOTIFY active → ACTIVE, pending → PENDING, terminated → TERMINATED;
 *             refused, or accepted and no NOTIFY for timer N → TERMINATED
 * PENDING     the notifier has not decided yet; NOTIFY active → ACTIVE; otherwise like ACTIVE
 * ACTIVE      NOTIFY pending → PENDING, terminated → TERMINATED; refresh due: SUBSCRIBE, ACTIVE;
 *             refresh refused in a way that ends it, or accepted and no NOTIFY for timer N → TERMINATED;
 *             refresh refused otherwise: again in half of the time left, ACTIVE; time over → TERMINATED
 * LEAVING     SUBSCRIBE with Expires 0 sent; NOTIFY terminated, refused, timer N → TERMINATED
 * TERMINATED  {@link #end} says why
 * </pre>
 *
 * <p>Timer N counts from the 2xx: until then the transaction's own timer decides, of each server that is tried.
 *
 * @param expiresAtMs when the notifier forgets the subscription; {@link #NEVER} before that is known
 * @param refreshAtMs when to ask for more time; {@link #NEVER} while a SUBSCRIBE is under way
 * @param awaitsNotify whether no NOTIFY has come since the latest SUBSCRIBE
 * @param notifyByMs until when it has to come; {@link #NEVER} while it need not
 * @param end why it is over, in TERMINATED only
 */
public record SubscriberState(
        Phase phase,
        long expiresAtMs,
        long refreshAtMs,
        boolean awaitsNotify,
        long notifyByMs,
        @Nullable SubscriptionEnd end) {
    public static final long NEVER = Long.MAX_VALUE;

    /** The longest subscription that is believed, s. */
    public static final int EXPIRES_MAX_SECONDS = 86_400;

    /** A refresh of ours is refused no more often than this, ms. */
    private static final long REFRESH_LEAST_MS = 1_000;

    /** The refusals of a refresh that end the subscription (section 4.1.2.2). */
    private static final Set<Integer> ENDING = Set.of(404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604);

    public enum Phase {
        NOTIFY_WAIT,
        PENDING,
        ACTIVE,
        LEAVING,
        TERMINATED
    }

    /** The first SUBSCRIBE was sent. */
    public static SubscriberState asked() {
        return new SubscriberState(Phase.NOTIFY_WAIT, NEVER, NEVER, true, NEVER, null);
    }

    /** A SUBSCRIBE for more time, or for the whole state, was sent. */
    public SubscriberState refreshing() {
        return new SubscriberState(phase, expiresAtMs, NEVER, true, NEVER, null);
    }

    /** A SUBSCRIBE that ends the subscription was sent. */
    public SubscriberState leaving() {
        return new SubscriberState(Phase.LEAVING, NEVER, NEVER, true, NEVER, null);
    }

    /**
     * The SUBSCRIBE was accepted.
     *
     * @param seconds for how long, 0 or more
     * @param timerNMs how long a NOTIFY may take
     */
    public SubscriberState accepted(int seconds, long timerNMs, long nowMs) {
        long notifyBy = awaitsNotify ? nowMs + timerNMs : NEVER;
        return switch (phase) {
            case NOTIFY_WAIT, PENDING, ACTIVE ->
                new SubscriberState(
                        phase, expiry(seconds, nowMs), refresh(seconds, nowMs), awaitsNotify, notifyBy, null);
            case LEAVING -> new SubscriberState(phase, NEVER, NEVER, awaitsNotify, notifyBy, null);
            case TERMINATED -> this;
        };
    }

    private static long expiry(long seconds, long nowMs) {
        return nowMs + 1_000L * Math.clamp(seconds, 0, EXPIRES_MAX_SECONDS);
    }

    /** Early enough for a lost SUBSCRIBE to be repeated and, in short subscriptions, at half their time. */
    private static long refresh(long seconds, long nowMs) {
        long believed = Math.clamp(seconds, 0, EXPIRES_MAX_SECONDS);
        return nowMs + Math.max(REFRESH_LEAST_MS, 1_000L * Math.max(believed / 2, believed - 60));
    }

    /** The SUBSCRIBE was refused, or not answered. @param retryAfterSeconds of the response, or null */
    public SubscriberState refused(int status, String phrase, @Nullable Integer retryAfterSeconds, long nowMs) {
        return switch (phase) {
            case NOTIFY_WAIT, LEAVING -> over(SubscriptionEnd.refused(status, phrase, retryAfterSeconds));
            case PENDING, ACTIVE -> {
                if (status == 481) {
                    yield over(SubscriptionEnd.forgotten(status, phrase));
                }
                if (ENDING.contains(status)) {
                    yield over(SubscriptionEnd.refused(status, phrase, retryAfterSeconds));
                }
                long wait = retryAfterSeconds != null
                        ? 1_000L * Math.clamp(retryAfterSeconds, 0, SubscriptionEnd.WAIT_MAX_SECONDS)
                        : (expiresAtMs - nowMs) / 2;
                yield new SubscriberState(
                        phase, expiresAtMs, nowMs + Math.max(REFRESH_LEAST_MS, wait), false, NEVER, null);
            }
            case TERMINATED -> this;
        };
    }

    /** A NOTIFY came. A state that is not known counts as active (section 4.1.3). */
    public SubscriberState notified(SubscriptionState heard, long nowMs) {
        if (phase == Phase.TERMINATED) {
            return this;
        }
        if (heard.isTerminated()) {
            return over(SubscriptionEnd.notified(heard));
        }
        if (phase == Phase.LEAVING) {
            // A change that crossed our SUBSCRIBE: the last one is still to come.
            return this;
        }
        Phase next = heard.isPending() ? Phase.PENDING : Phase.ACTIVE;
        long seconds = heard.expiresSeconds();
        boolean asking = refreshAtMs == NEVER && phase != Phase.NOTIFY_WAIT;
        long refreshAt = seconds < 0 || asking ? refreshAtMs : refresh(seconds, nowMs);
        return new SubscriberState(
                next, seconds < 0 ? expiresAtMs : expiry(seconds, nowMs), refreshAt, false, NEVER, null);
    }

    /** When {@link #elapsed} has to be asked next. */
    public long nextMs() {
        return switch (phase) {
            case NOTIFY_WAIT, LEAVING -> notifyByMs;
            case PENDING, ACTIVE -> Math.min(notifyByMs, Math.min(refreshAtMs, expiresAtMs));
            case TERMINATED -> NEVER;
        };
    }

    /** What the time makes of it. */
    public SubscriberState elapsed(long nowMs) {
        if (phase != Phase.TERMINATED && nowMs >= notifyByMs) {
            return over(SubscriptionEnd.silent());
        }
        boolean held = phase == Phase.PENDING || phase == Phase.ACTIVE;
        return held && nowMs >= expiresAtMs && !wantsRefresh(nowMs) ? over(SubscriptionEnd.expired()) : this;
    }

    /** Whether it is time to ask for more. */
    public boolean wantsRefresh(long nowMs) {
        return (phase == Phase.PENDING || phase == Phase.ACTIVE) && nowMs >= refreshAtMs && nowMs <= expiresAtMs;
    }

    private static SubscriberState over(SubscriptionEnd end) {
        return new SubscriberState(Phase.TERMINATED, NEVER, NEVER, false, NEVER, end);
    }
}
