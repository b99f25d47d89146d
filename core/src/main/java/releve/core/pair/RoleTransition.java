package releve.core.pair;

import java.time.Instant;

/** One transition of a role, as the journal keeps it. */
public record RoleTransition(Instant at, String from, String to, String reason) {
    /** Whether a maintenance ended so, without a stop. */
    public boolean endsMaintenance() {
        return (from.equals("quiescing") || from.equals("settling") || from.equals("monitoring"))
                && (to.equals("active") || to.equals("standby"));
    }

    @Override
    public String toString() {
        return from + " → " + to + ": " + reason;
    }
}
