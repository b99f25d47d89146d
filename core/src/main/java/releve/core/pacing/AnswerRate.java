package releve.core.pacing;

/**
 * The probability that a dialed call becomes a live answer, as it is now.
 *
 * <p>Four trackers with memories of 90 s to two hours count live answers against their exposure: the live answers that the
 * dials of the last two minutes would have brought in this tick if every one became live. So calls that still ring bias
 * nothing. Each tracker leans on the next slower one; they are weighed by how well each has foretold the last quarter of an
 * hour, so a jump shifts the weight to the quick ones within some answers, and quiet hours shift it to the slow ones. Time
 * passes for them only while something is dialed. After a break or a night the estimates stand, but as little more than a guess:
 * the next answers weigh as much as all before.
 */
final class AnswerRate {
    private static final double[] MEMORY_SECONDS = {90, 360, 1500, 7200};
    private static final double[] LEAN = {12, 12, 12, 4};
    private static final double PRIOR = 0.25;
    private static final double SCORE_MEMORY_SECONDS = 900;
    private static final double BREAK_SECONDS = 1800;
    /** So many answers' worth is what was known before a break: the rate may well have doubled. */
    private static final double KEPT_OVER_BREAK = 4;

    private static final double EXPOSURE_MIN = 1e-9;
    private static final double RATE_MIN = 0.001;

    private final int trackers = MEMORY_SECONDS.length;
    private final double[] lives = new double[trackers];
    private final double[] exposure = new double[trackers];
    private final double[] score = new double[trackers];
    private final double[] rate = new double[trackers];
    private double prior = PRIOR;
    private double mixed = PRIOR;
    private double evidence;
    private double quietSeconds;

    AnswerRate() {
        java.util.Arrays.fill(rate, PRIOR);
    }

    /**
     * One tick has passed.
     *
     * @param seconds its length
     * @param livesSeen live answers in it
     * @param exposed live answers that would have come if every dial became one
     */
    void tick(double seconds, int livesSeen, double exposed) {
        if (exposed <= EXPOSURE_MIN && livesSeen == 0) {
            quiet(seconds);
            return;
        }
        quietSeconds = 0;
        double x = Math.max(exposed, EXPOSURE_MIN);
        double scoreKept = Math.exp(-seconds / SCORE_MEMORY_SECONDS);
        for (int k = 0; k < trackers; k++) {
            score[k] = score[k] * scoreKept + livesSeen * Math.log(rate[k]) - rate[k] * x;
            double kept = Math.exp(-seconds / MEMORY_SECONDS[k]);
            lives[k] = lives[k] * kept + livesSeen;
            exposure[k] = exposure[k] * kept + exposed;
        }
        mix();
    }

    /** So much time has passed without a call. */
    void quiet(double seconds) {
        boolean before = quietSeconds < BREAK_SECONDS;
        quietSeconds += seconds;
        if (before && quietSeconds >= BREAK_SECONDS) {
            trustLess();
        }
    }

    /** The first calls after a break start before any of them is answered: what is known must be worth less by then. */
    private void trustLess() {
        for (int k = 0; k < trackers; k++) {
            lives[k] = Math.min(lives[k], KEPT_OVER_BREAK);
            exposure[k] = lives[k] / mixed;
            score[k] = 0;
        }
        prior = mixed;
        mix();
    }

    private void mix() {
        double slower = prior;
        for (int k = trackers - 1; k >= 0; k--) {
            rate[k] = Math.clamp((lives[k] + LEAN[k] * slower) / (exposure[k] + LEAN[k]), RATE_MIN, 1);
            slower = rate[k];
        }
        double best = Math.max(Math.max(score[0], score[1]), Math.max(score[2], score[3]));
        double weights = 0;
        double sum = 0;
        double counted = 0;
        for (int k = 0; k < trackers; k++) {
            double weight = Math.exp(score[k] - best);
            weights += weight;
            sum += weight * rate[k];
            counted += weight * (lives[k] + LEAN[k] * rate[k]);
        }
        mixed = sum / weights;
        evidence = counted / weights;
    }

    /** The estimate, 0.001 to 1. */
    double value() {
        return mixed;
    }

    /** Its relative variance: how far it may be off, squared, as a share of the estimate. */
    double relativeVariance() {
        return 1 / Math.max(1, evidence);
    }
}
