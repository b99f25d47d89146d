package releve.core.campaign;

import java.time.Duration;

/**
 * After how long a contact is dialed again, by what happened; each 1 minute to 99999 minutes in production (shorter ones
 * serve demonstrations and tests).
 */
public record RetryDelays(
        Duration noAnswer,
        Duration busy,
        Duration dialerAbandon,
        Duration answeringMachine,
        Duration customerAbandon,
        Duration notHome) {

    /** The field's defaults: an hour; half an hour for customer abandon and not home. */
    public static final RetryDelays DEFAULT = new RetryDelays(
            Duration.ofMinutes(60),
            Duration.ofMinutes(60),
            Duration.ofMinutes(60),
            Duration.ofMinutes(60),
            Duration.ofMinutes(30),
            Duration.ofMinutes(30));
}
