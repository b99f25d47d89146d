package releve.sip.trunk;

/** What a call attempt taught about its gateway. */
public sealed interface CallOutcome {
    /** It was answered with any other status, or makes progress: the gateway serves. */
    record Served() implements CallOutcome {}

    /**
     * 503 from the gateway: overloaded, or beyond the contracted calls per second.
     *
     * @param retryAfterSeconds of its Retry-After, or 0
     */
    record Overloaded(int retryAfterSeconds) implements CallOutcome {}

    /**
     * It was refused for who we are: 401 or 407 whose challenge we cannot answer, or 403.
     *
     * @param surely whether it cannot be the number that is refused: 403 may also mean that
     * @param why the status and its phrase
     */
    record Denied(boolean surely, String why) implements CallOutcome {}

    /** No answer at all in time. */
    record Silent() implements CallOutcome {}

    /** The network refused, or the connection failed. */
    record Unreachable() implements CallOutcome {}

    /**
     * The outcome of a final status.
     *
     * @param phrase the status's reason phrase
     * @param local whether the status was made by our own user agent, 408 for a time-out and 503 for the network
     */
    static CallOutcome of(int status, String phrase, int retryAfterSeconds, boolean local) {
        if (local) {
            return switch (status) {
                case 408 -> new Silent();
                case 503 -> new Unreachable();
                default -> new Served();
            };
        }
        return switch (status) {
            case 503 -> new Overloaded(retryAfterSeconds);
            case 401, 407 -> new Denied(true, status + " " + phrase);
            case 403 -> new Denied(false, status + " " + phrase);
            default -> new Served();
        };
    }
}
