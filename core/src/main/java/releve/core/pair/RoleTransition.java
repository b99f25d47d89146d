package releve.core.pair;

import java.time.Instant;

/** One transition of a role, as the journal keeps it. */
public record RoleTransition(Instant at, String from, String to, String reason) {
    @Override
    public String toString() {
        return from + " → " + to + ": " + reason;
    }
}
