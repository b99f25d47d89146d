package releve.sip.trunk;

/** What a call attempt taught about its gateway. */
public sealed interface CallOutcome {
    /** It was answered with any status but 503: the gateway serves. */
    record Served() implements CallOutcome {}

    /**
     * 503 from the gateway: overloaded, or beyond the contracted calls per second.
     *
     * @param retryAfterSeconds of its Retry-After, or 0
     */
    record Overloaded(int retryAfterSeconds) implements CallOutcome {}

    /** No answer at all in time. */
    record Silent() implements CallOutcome {}

    /** The network refused, or the connection failed. */
    record Unreachable() implements CallOutcome {}

    /**
     * The outcome of a final status.
     *
     * @param local whether the status was made by our own user agent, 408 for a time-out and 503 for the network
     */
    static CallOutcome of(int status, int retryAfterSeconds, boolean local) {
        if (local) {
            return switch (status) {
                case 408 -> new Silent();
                case 503 -> new Unreachable();
                default -> new Served();
            };
        }
        return status == 503 ? new Overloaded(retryAfterSeconds) : new Served();
    }
}
