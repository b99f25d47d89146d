package releve.core.node;

import java.time.Duration;
import releve.core.common.Invariants;

/**
 * The times of a lease.
 *
 * @param ttl 1 s to 60 s; 3 s by default
 * @param renewEvery at most a third of the TTL; 500 ms by default
 * @param margin how much earlier than the store the holder considers it expired; 1 s by default
 */
public record LeaseTimes(Duration ttl, Duration renewEvery, Duration margin) {
    public static final LeaseTimes DEFAULT = of(Duration.ofSeconds(3));

    public LeaseTimes {
        Invariants.check(
                margin.compareTo(ttl) < 0 && renewEvery.multipliedBy(3).compareTo(ttl) <= 0,
                "a lease of %s cannot be renewed every %s with a margin of %s",
                ttl,
                renewEvery,
                margin);
    }

    /** Renewed six times within the TTL, considered expired by its holder after two thirds of it. */
    public static LeaseTimes of(Duration ttl) {
        return new LeaseTimes(ttl, ttl.dividedBy(6), ttl.dividedBy(3));
    }
}
