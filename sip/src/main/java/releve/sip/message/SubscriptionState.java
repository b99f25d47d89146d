package releve.sip.message;

import org.jspecify.annotations.Nullable;

/**
 * A Subscription-State value (RFC 6665 section 8.2.3).
 *
 * @param state active, pending, terminated, or an extension, which is treated as active (section 4.1.3)
 * @param params expires, reason, retry-after and others
 */
public record SubscriptionState(String state, Params params) {
    /** The Subscription-State of a NOTIFY, or null when it has none, or one that cannot be read. */
    public static @Nullable SubscriptionState of(Headers headers) {
        String value = headers.first("Subscription-State");
        try {
            return value == null ? null : parse(value);
        } catch (MalformedMessageException _) {
            return null;
        }
    }

    public static SubscriptionState parse(String text) throws MalformedMessageException {
        Cursor c = new Cursor(text);
        c.skipSpace();
        String state = c.token("Subscription-State");
        Params params = Params.parse(c, "Subscription-State");
        c.expectEnd("Subscription-State");
        return new SubscriptionState(state, params);
    }

    /** The subscription goes on for so long. @param seconds 0 or above */
    public static SubscriptionState active(int seconds) {
        return new SubscriptionState("active", Params.NONE.with("expires", Integer.toString(seconds)));
    }

    /** The subscription is over. @param reason noresource, timeout, giveup … (section 4.1.3) */
    public static SubscriptionState terminated(String reason) {
        return new SubscriptionState("terminated", Params.NONE.with("reason", reason));
    }

    public boolean isTerminated() {
        return state.equalsIgnoreCase("terminated");
    }

    public boolean isPending() {
        return state.equalsIgnoreCase("pending");
    }

    /** Seconds that the subscription has left, or -1 when absent or unreadable. */
    public long expiresSeconds() {
        return params.number("expires");
    }

    /** Seconds to wait before a new subscription, or -1 when absent or unreadable. */
    public long retryAfterSeconds() {
        return params.number("retry-after");
    }

    public @Nullable String reason() {
        return params.get("reason");
    }

    @Override
    public String toString() {
        return state + params;
    }
}
