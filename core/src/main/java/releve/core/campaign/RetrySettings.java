package releve.core.campaign;

/**
 * Which contacts are dialed, and again.
 *
 * @param maximumAttempts 1 to 100, over all retries and all phones of a contact
 * @param delays after how long to dial again
 * @param order callbacks, retries and pending contacts: which come first
 */
public record RetrySettings(int maximumAttempts, RetryDelays delays, SelectionOrder order) {
    /** 3 attempts, after the field's delays, callbacks first. */
    public static final RetrySettings DEFAULT = new RetrySettings(3, RetryDelays.DEFAULT, SelectionOrder.DEFAULT);

    public RetrySettings withMaximumAttempts(int newMaximum) {
        return new RetrySettings(newMaximum, delays, order);
    }

    public RetrySettings withDelays(RetryDelays newDelays) {
        return new RetrySettings(maximumAttempts, newDelays, order);
    }
}
