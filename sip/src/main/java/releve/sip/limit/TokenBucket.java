package releve.sip.limit;

/**
 * A rate limit: tokens come at a steady rate into a bucket that holds so many; what is done takes one. The time is any
 * monotonic clock in milliseconds; one that stands still or goes back brings no tokens.
 */
public final class TokenBucket {
    private final double perSecond;
    private final double size;
    private double tokens;
    private long filledAtMs;

    /**
     * A full bucket.
     *
     * @param perSecond tokens that come in a second, above 0
     * @param size tokens it holds, 1 or more: how much may be done at once
     * @throws IllegalArgumentException when a value is out of its range
     */
    public TokenBucket(double perSecond, double size, long nowMs) {
        if (!(perSecond > 0) || !(size >= 1)) {
            throw new IllegalArgumentException(
                    "a bucket of " + size + " with " + perSecond + " a second lets nothing pass");
        }
        this.perSecond = perSecond;
        this.size = size;
        this.tokens = size;
        this.filledAtMs = nowMs;
    }

    /** A bucket that holds a tenth of a second's tokens, at least one: calls leave evenly, never in a burst. */
    public static TokenBucket smooth(double perSecond, long nowMs) {
        return new TokenBucket(perSecond, Math.max(1, perSecond / 10), nowMs);
    }

    private void fill(long nowMs) {
        if (nowMs > filledAtMs) {
            tokens = Math.min(size, tokens + (nowMs - filledAtMs) * perSecond / 1000);
            filledAtMs = nowMs;
        }
    }

    /** Takes a token. @return false when there is none */
    public boolean take(long nowMs) {
        fill(nowMs);
        if (tokens < 1) {
            return false;
        }
        tokens -= 1;
        return true;
    }

    /** Whether there is a token. */
    public boolean has(long nowMs) {
        fill(nowMs);
        return tokens >= 1;
    }

    /** When there is a token: now or later. */
    public long nextMs(long nowMs) {
        fill(nowMs);
        return tokens >= 1 ? nowMs : nowMs + (long) Math.ceil((1 - tokens) * 1000 / perSecond);
    }

    /** Whether it is full: forgetting such a bucket and making it anew later makes no difference. */
    public boolean isFull(long nowMs) {
        fill(nowMs);
        return tokens >= size;
    }
}
