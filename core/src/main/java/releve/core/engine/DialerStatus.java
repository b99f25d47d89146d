package releve.core.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A dialer as status shows it.
 *
 * @param phase the role's phase
 * @param reason of the last transition
 * @param dialing whether new calls may start now, and if not why
 * @param waitsFor a sentence on what maintenance waits for; empty outside of maintenance
 * @param expectedAt when the present phase of maintenance should be over
 * @param limitAt when it is over at the latest
 */
public record DialerStatus(
        String phase,
        Instant since,
        String reason,
        long epoch,
        String dialing,
        String waitsFor,
        @Nullable Instant expectedAt,
        @Nullable Instant limitAt,
        Counts counts) {

    /** Whether this side could take over at once: a standby whom nothing but that keeps from dialing. */
    public boolean isFitStandby() {
        return phase.equals("standby") && dialing.equals("no: standby");
    }
}
