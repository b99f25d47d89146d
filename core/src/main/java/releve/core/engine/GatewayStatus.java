package releve.core.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A gateway role as status shows it.
 *
 * @param phase the role's phase
 * @param reason of the last transition
 * @param epoch 0 while it does not hold the role
 * @param waitsFor a sentence on what maintenance waits for; empty when for nothing
 * @param limitAt when the present phase of maintenance is over at the latest
 * @param load what it has in hand
 */
public record GatewayStatus(
        String phase,
        Instant since,
        String reason,
        long epoch,
        String waitsFor,
        @Nullable Instant limitAt,
        GatewayLoad load) {

    /** Whether the role is in service, on this side or in wait for the other. */
    public boolean isInService() {
        return phase.equals("active") || phase.equals("standby");
    }
}
