package releve.sip.event;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import releve.sip.message.SubscriptionState;

/**
 * Why a subscription of ours is over, and whether it makes sense to subscribe anew.
 *
 * @param reason of Subscription-State (RFC 6665 section 4.1.3), or what stood in its way, in one clause
 * @param status the final status that refused a SUBSCRIBE; 408 when no notification came; 0 when the notifier ended it
 * @param waitSeconds how long the notifier asks to be left in peace, 0 when it does not say
 */
public record SubscriptionEnd(String reason, int status, Again again, int waitSeconds) {
    /** No notifier is left in peace for longer than that, s: a mistyped one must not end a subscription for good. */
    public static final int WAIT_MAX_SECONDS = 86_400;

    /** When to subscribe anew. */
    public enum Again {
        /** What was watched is gone, or we may not watch it. */
        NEVER,
        /** The subscription was lost, not refused. */
        AT_ONCE,
        /** After {@link #waitSeconds}, or a time of our own when that is 0. */
        LATER
    }

    public SubscriptionEnd {
        waitSeconds = Math.clamp(waitSeconds, 0, WAIT_MAX_SECONDS);
    }

    /** A notification said so; a reason that is not known is one to wait for (section 4.1.3). */
    public static SubscriptionEnd notified(SubscriptionState terminated) {
        String reason = Objects.requireNonNullElse(terminated.reason(), "none given");
        long wait = Math.clamp(terminated.retryAfterSeconds(), 0, WAIT_MAX_SECONDS);
        return switch (reason.toLowerCase(Locale.ROOT)) {
            case "deactivated", "timeout" -> new SubscriptionEnd(reason, 0, Again.AT_ONCE, 0);
            case "rejected", "noresource", "invariant" -> new SubscriptionEnd(reason, 0, Again.NEVER, 0);
            default -> new SubscriptionEnd(reason, 0, Again.LATER, (int) wait);
        };
    }

    /** A SUBSCRIBE was refused. @param retryAfterSeconds of the response, or null */
    public static SubscriptionEnd refused(int status, String phrase, @Nullable Integer retryAfterSeconds) {
        boolean passes = switch (status) {
            case 408, 480, 500, 502, 503, 504 -> true;
            default -> retryAfterSeconds != null && status < 600;
        };
        int wait = retryAfterSeconds == null ? 0 : retryAfterSeconds;
        return new SubscriptionEnd(phrase, status, passes ? Again.LATER : Again.NEVER, wait);
    }

    /** A SUBSCRIBE was accepted, and no notification followed (section 4.1.2.4, timer N). */
    static SubscriptionEnd silent() {
        return new SubscriptionEnd("no notification came", 408, Again.LATER, 0);
    }

    /** The time of the subscription ran out before a refresh could be accepted. */
    static SubscriptionEnd expired() {
        return new SubscriptionEnd("it was not refreshed in time", 0, Again.AT_ONCE, 0);
    }

    /** The notifier knows nothing of the subscription any more. */
    static SubscriptionEnd forgotten(int status, String phrase) {
        return new SubscriptionEnd(phrase, status, Again.AT_ONCE, 0);
    }
}
