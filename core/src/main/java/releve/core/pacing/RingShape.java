package releve.core.pacing;

import releve.core.common.Invariants;

/**
 * How long something takes that begins with the dial: a histogram in steps of half a second up to 128 s, smoothed 1-2-1 over a
 * weak log-normal prior. Each step's count is held against the calls that have come that far: while calls still ring, what takes
 * long has not had its time yet, and would look rarer than it is. When it has counted {@value #COUNTS_MAX} it halves all counts, so
 * that it follows a change within days and never overflows.
 */
final class RingShape {
    static final double STEP_SECONDS = 0.5;
    private static final int BINS = 256;
    private static final int COUNTS_MAX = 20_000;
    private static final double PRIOR_COUNTS = 6;
    /** Calls dialed that the prior stands for. */
    private static final double PRIOR_REACHED = 4 * PRIOR_COUNTS;

    /** The distribution function is worked out anew when the counts have grown by this share. */
    private static final double STALE_SHARE = 0.02;

    private final double[] prior = new double[BINS];
    private final double[] counts = new double[BINS];
    private final double[] reached = new double[BINS];
    private final double[] cdf = new double[BINS + 1];
    private double total;
    private double builtAt;

    /**
     * @param meanSeconds of the prior
     * @param spread standard deviation of the logarithm, for the prior
     */
    RingShape(double meanSeconds, double spread) {
        Invariants.check(meanSeconds > 0 && spread > 0, "no log-normal of %s s and %s", meanSeconds, spread);
        double location = Math.log(meanSeconds) - spread * spread / 2;
        double below = 0;
        for (int bin = 0; bin < BINS; bin++) {
            double upTo = Normal.cdf((Math.log((bin + 1) * STEP_SECONDS) - location) / spread);
            prior[bin] = PRIOR_COUNTS * (upTo - below);
            below = upTo;
        }
        build();
    }

    /** One more took that long; times beyond the range count as its end. */
    void add(double seconds) {
        counts[bin(seconds)]++;
        total++;
        if (total >= COUNTS_MAX) {
            total /= 2;
            for (int bin = 0; bin < BINS; bin++) {
                counts[bin] /= 2;
                reached[bin] /= 2;
            }
            build();
        } else if (total < 20 || total - builtAt > STALE_SHARE * total) {
            build();
        }
    }

    /** So many calls, whatever becomes of them, have come to that step since they were dialed. */
    void reached(int step, int calls) {
        reached[step] += calls;
    }

    /** How many have been counted, halvings included. */
    double total() {
        return total;
    }

    /** The share that takes at most so long, 0 to 1. */
    double cdf(double seconds) {
        double at = seconds / STEP_SECONDS;
        if (at <= 0) {
            return 0;
        }
        int bin = (int) at;
        return bin >= BINS ? 1 : cdf[bin] + (at - bin) * (cdf[bin + 1] - cdf[bin]);
    }

    /** The time in seconds within which that share is done. */
    double quantile(double share) {
        int bin = 0;
        while (bin < BINS - 1 && cdf[bin + 1] < share) {
            bin++;
        }
        double inBin = cdf[bin + 1] - cdf[bin];
        return STEP_SECONDS * (bin + (inBin <= 0 ? 0.5 : Math.clamp((share - cdf[bin]) / inBin, 0, 1)));
    }

    private static int bin(double seconds) {
        return Math.clamp((int) (seconds / STEP_SECONDS), 0, BINS - 1);
    }

    private void build() {
        builtAt = total;
        double below = 0;
        for (int bin = 0; bin < BINS; bin++) {
            double smooth = (share(bin - 1) + 2 * share(bin) + share(bin + 1)) / 4;
            below += smooth + prior[bin] / (PRIOR_REACHED + reached[Math.min(bin, BINS - 2)]);
            cdf[bin + 1] = below;
        }
        for (int bin = 1; bin <= BINS; bin++) {
            cdf[bin] /= below;
        }
    }

    /** Of the calls that have come that far, the share that was counted there. */
    private double share(int bin) {
        int at = Math.clamp(bin, 0, BINS - 1);
        return counts[at] / (PRIOR_REACHED + reached[Math.min(at, BINS - 2)]);
    }
}
