package releve.app.bench;

import java.time.Duration;
import java.util.Locale;

/** A way in which the right to dial goes from one side to the other, and how long nobody may dial meanwhile. */
enum Handover {
    /** Maintenance: the standby dials when what rang has been settled. */
    SEQUENTIAL("the longest ring of the calls under way"),
    /** Maintenance: the standby dials at once, the old side only settles. */
    OVERLAP("one transaction and the wake-up of the standby"),
    /** {@code kill -9}: the standby takes over when the lease has run out. */
    CRASH("what is left of the lease of 3 s, and a turn of the standby's watch");

    /** The ring limit of the campaigns that are dialed. */
    static final Duration RING_LIMIT = Duration.ofSeconds(12);

    private final String boundedBy;

    Handover(String boundedBy) {
        this.boundedBy = boundedBy;
    }

    String boundedBy() {
        return boundedBy;
    }

    /** How long nobody may dial. */
    Duration bar() {
        return switch (this) {
            case SEQUENTIAL -> RING_LIMIT.plusSeconds(1);
            case OVERLAP -> Duration.ofMillis(100);
            case CRASH -> Duration.ofSeconds(4);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
