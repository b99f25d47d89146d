package releve.core.engine;

import java.time.Duration;

/**
 * What a maintenance would do if it were started now.
 *
 * @param possible whether it would be accepted without force
 * @param blockedBy why not, empty when possible
 * @param counts what is in flight
 * @param handoverWithin how long until the standby would be active, at most; nothing starts as long
 * @param settledWithin how long until everything that was started would be settled, at most
 * @param monitoringLimit how long the process would follow its connected calls, at most
 */
public record MaintenancePlan(
        boolean possible,
        String blockedBy,
        Counts counts,
        Duration handoverWithin,
        Duration settledWithin,
        Duration monitoringLimit) {}
