package releve.sim.world;

import java.util.ArrayList;
import java.util.List;

/**
 * How calls end, each a share of all calls, 0 to 1; what they leave of 1 rings until the caller gives up.
 *
 * @param answer somebody takes the call
 * @param busy 486
 * @param invalid 404; a property of the number, so each call to it ends like this
 * @param congestion 503 without Retry-After
 * @param refused 603
 * @param unavailable 480
 */
public record Shares(
        double answer, double busy, double invalid, double congestion, double refused, double unavailable) {
    /** 35 % answered, 12 % busy, 4 % invalid, 1 % congestion, 1 % refused, 2 % unavailable; 45 % no answer. */
    public static final Shares DEFAULT = new Shares(0.35, 0.12, 0.04, 0.01, 0.01, 0.02);

    /** Everybody answers. */
    public static final Shares ALL_ANSWER = new Shares(1, 0, 0, 0, 0, 0);

    /** The share that rings until the caller gives up. */
    public double noAnswer() {
        return Math.max(0, 1 - sum());
    }

    private double sum() {
        return answer + busy + invalid + congestion + refused + unavailable;
    }

    /** What is wrong with them, each in one sentence. */
    public List<String> violations() {
        List<String> found = new ArrayList<>();
        Spread.check(answer, "answer rate", found);
        Spread.check(busy, "busy rate", found);
        Spread.check(invalid, "invalid-number rate", found);
        Spread.check(congestion, "congestion rate", found);
        Spread.check(refused, "refused rate", found);
        Spread.check(unavailable, "unavailable rate", found);
        if (found.isEmpty() && sum() > 1 + 1e-9) {
            found.add("The rates of answer, busy, invalid, congestion, refused and unavailable add up to %.3f, above 1."
                    .formatted(sum()));
        }
        return found;
    }
}
