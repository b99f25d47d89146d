package releve.sip.trunk;

/**
 * How gateways are watched. Without hysteresis a gateway that loses a packet now and then would go up and down all day.
 *
 * @param everyMs one OPTIONS so often, ms; one that is unanswered when the next is due has failed. 0: no probing, and every
 *     gateway is taken for up until calls show the contrary
 * @param downAfter probes in a row that must fail before a gateway counts as down, 1 or more
 * @param upAfter probes in a row that must succeed before one that was down counts as up, 1 or more
 */
public record Probing(long everyMs, int downAfter, int upAfter) {
    /** Every 2 s; down after 3 failures, up again after 2 successes. */
    public static final Probing DEFAULT = new Probing(2_000, 3, 2);

    /** @throws IllegalArgumentException when a value is out of its range */
    public Probing {
        if (everyMs < 0 || downAfter < 1 || upAfter < 1) {
            throw new IllegalArgumentException("probing needs an interval and thresholds of 1 or more");
        }
    }
}
