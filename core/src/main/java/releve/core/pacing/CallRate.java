package releve.core.pacing;

import java.time.Duration;
import java.time.Instant;
import releve.core.common.Invariants;

/**
 * A token bucket: so many calls a second, and never more than a tenth of a second's worth (one at least) at once, because
 * trunks count in short windows.
 */
public final class CallRate {
    private final double perSecond;
    private final double capacity;
    private double share = 1;
    private double tokens;
    private Instant filledAt;

    /** @param perSecond 0.1 to 10000 */
    public CallRate(double perSecond, Instant now) {
        Invariants.check(
                perSecond >= 0.1 && perSecond <= 10_000, "calls per second are 0.1 to 10000, not %s", perSecond);
        this.perSecond = perSecond;
        this.capacity = Math.max(1, perSecond / 10);
        this.tokens = capacity;
        this.filledAt = now;
    }

    /** Takes one call's token, if there is one. */
    public boolean take(Instant now) {
        fill(now);
        if (tokens < 1) {
            return false;
        }
        tokens -= 1;
        return true;
    }

    /** From now on only so much of the rate may be used here, 0.01 to 1, because others use the rest. */
    public void share(double ofRate, Instant now) {
        Invariants.check(ofRate >= 0.01 && ofRate <= 1, "a share of the rate is 0.01 to 1, not %s", ofRate);
        fill(now);
        share = ofRate;
    }

    /** Others may have used all of it until then. */
    public void spent(Instant until) {
        if (until.isAfter(filledAt)) {
            filledAt = until;
            tokens = 0;
        }
    }

    /** When the next token will be there. */
    public Instant nextAt(Instant now) {
        fill(now);
        return tokens >= 1
                ? now
                : now.plus(Duration.ofNanos((long) Math.ceil((1 - tokens) / (share * perSecond) * 1e9)));
    }

    private void fill(Instant now) {
        if (now.isAfter(filledAt)) {
            tokens = Math.min(
                    capacity,
                    tokens + share * perSecond * Duration.between(filledAt, now).toNanos() / 1e9);
            filledAt = now;
        }
    }
}
