package releve.core.pacing;

/**
 * The chance that a call dialed now becomes live at a moment when nobody is free for it.
 *
 * <p>It looks at {@value #INSTANTS} instants, each as likely as the others for the answer. At each, agents who may have become
 * free and calls that may have become live are independent chances; their difference is summed exactly (Poisson-binomial)
 * while there are few, and by a normal law corrected for skewness when there are many.
 */
final class Prediction {
    static final int INSTANTS = 12;
    private static final int EXACT_TERMS_MAX = 72;
    private static final double NEGLIGIBLE = 1e-5;

    private final double[] mean = new double[INSTANTS];
    private final double[] variance = new double[INSTANTS];
    private final double[] skew = new double[INSTANTS];
    private final double[] livesMean = new double[INSTANTS];
    /** For each instant the distribution of (agents freed + calls not live), and how many calls there are. */
    private final double[][] ways = new double[INSTANTS][EXACT_TERMS_MAX + 2];

    private final int[] terms = new int[INSTANTS];
    private final int[] certain = new int[INSTANTS];
    private final int[] calls = new int[INSTANTS];
    private boolean exact;
    private double rateVariance;

    /**
     * Starts anew.
     *
     * @param few whether there are few enough terms for the exact sum
     */
    void clear(boolean few) {
        exact = few;
        rateVariance = 0;
        java.util.Arrays.fill(mean, 0);
        java.util.Arrays.fill(variance, 0);
        java.util.Arrays.fill(skew, 0);
        java.util.Arrays.fill(livesMean, 0);
        java.util.Arrays.fill(certain, 0);
        java.util.Arrays.fill(calls, 0);
        java.util.Arrays.fill(terms, 0);
        for (int j = 0; j < INSTANTS; j++) {
            ways[j][0] = 1;
        }
    }

    static boolean few(int terms) {
        return terms <= EXACT_TERMS_MAX - 16;
    }

    /** Agents free now less live parties who wait already; may be negative. */
    void free(int instant, int agents) {
        certain[instant] += agents;
        mean[instant] += agents;
    }

    /** So many agents each become free by that instant with probability {@code g}. */
    void mayFree(int instant, double g, double count) {
        mean[instant] += count * g;
        spread(instant, g, count);
        for (int i = 0; exact && i < count; i++) {
            convolve(instant, g);
        }
    }

    /** So many calls each become live by that instant with probability {@code a}. */
    void mayAnswer(int instant, double a, int count) {
        mean[instant] -= count * a;
        livesMean[instant] += count * a;
        spread(instant, a, count);
        skew[instant] -= 2 * count * a * (1 - a) * (1 - 2 * a);
        for (int i = 0; exact && i < count && a > NEGLIGIBLE; i++) {
            calls[instant]++;
            convolve(instant, 1 - a);
        }
    }

    /** Live answers that are expected by that instant, from the calls in flight. */
    double livesMean(int instant) {
        return livesMean[instant];
    }

    /** The answer rate itself is uncertain, and errs for all calls alike, those too that are yet to start. */
    void uncertain(double relativeDeviation) {
        rateVariance = relativeDeviation * relativeDeviation;
    }

    /** The chance of finding nobody, over all instants. */
    double shortfall() {
        double sum = 0;
        for (int j = 0; j < INSTANTS; j++) {
            sum += exact ? exactAt(j) : normalAt(j);
        }
        return sum / INSTANTS;
    }

    private void spread(int instant, double chance, double count) {
        double v = count * chance * (1 - chance);
        variance[instant] += v;
        skew[instant] += v * (1 - 2 * chance);
    }

    private void convolve(int instant, double chance) {
        if (chance <= NEGLIGIBLE) {
            return;
        }
        int n = terms[instant];
        if (n >= EXACT_TERMS_MAX) {
            exact = false;
            return;
        }
        double[] w = ways[instant];
        w[n + 1] = w[n] * chance;
        for (int i = n; i > 0; i--) {
            w[i] = w[i] * (1 - chance) + w[i - 1] * chance;
        }
        w[0] *= 1 - chance;
        terms[instant] = n + 1;
    }

    private double exactAt(int instant) {
        int most = Math.min(calls[instant] - certain[instant], terms[instant]);
        double sum = 0;
        for (int i = 0; i <= most; i++) {
            sum += ways[instant][i];
        }
        return Math.min(1, sum);
    }

    private double normalAt(int instant) {
        double lives = livesMean[instant];
        double all = variance[instant] + lives * lives * rateVariance;
        if (all < 1e-9) {
            return mean[instant] < 0.5 ? 1 : 0;
        }
        double sd = Math.sqrt(all);
        double x = (0.5 - mean[instant]) / sd;
        double gamma = skew[instant] / (sd * sd * sd);
        return Math.clamp(Normal.cdf(x) + gamma * (1 - x * x) * Normal.density(x) / 6, 0, 1);
    }
}
