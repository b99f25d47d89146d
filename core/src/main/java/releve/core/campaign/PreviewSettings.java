package releve.core.campaign;

import java.time.Duration;

/**
 * How contacts are offered to agents.
 *
 * @param timeout for the agent to answer an offer, 5 to 600 s; then he is not ready
 * @param skipDelay how long a contact that was skipped, rejected or not answered waits until it is offered again, 0 to
 *     99999 min
 */
public record PreviewSettings(Duration timeout, Duration skipDelay) {
    /** 60 s; half an hour. */
    public static final PreviewSettings DEFAULT = new PreviewSettings(Duration.ofSeconds(60), Duration.ofMinutes(30));
}
