package releve.core.pacing;

/**
 * What call progress analysis is about to say of a call that has been picked up: the chance that a human did, by how long it
 * rang, and how long the verdict takes for humans and for machines, in tenths of a second up to 10 s.
 */
final class AnalysisPhase {
    private static final int RING_BINS = 128;
    private static final int VERDICT_BINS = 100;
    private static final double STEP_SECONDS = 0.1;
    private static final double LEAN = 4;

    private final double[] humans = new double[RING_BINS];
    private final double[] pickedUp = new double[RING_BINS];
    private final double[][] verdicts = new double[2][VERDICT_BINS];
    private final double[] verdictTotal = new double[2];
    private double humansTotal;
    private double pickedUpTotal;
    private double humanSeconds;

    void verdict(boolean human, double ringSeconds, double analysisSeconds) {
        int ring = Math.clamp((int) ringSeconds, 0, RING_BINS - 1);
        pickedUp[ring]++;
        pickedUpTotal++;
        if (human) {
            humans[ring]++;
            humansTotal++;
            humanSeconds += (analysisSeconds - humanSeconds) / Math.min(humansTotal, 500);
        }
        int kind = human ? 0 : 1;
        verdicts[kind][Math.clamp((int) (analysisSeconds / STEP_SECONDS), 0, VERDICT_BINS - 1)]++;
        verdictTotal[kind]++;
    }

    /** How long the verdict on a human takes, seconds, on average. */
    double meanHumanSeconds() {
        return humanSeconds;
    }

    /** The probability that a call under analysis is found live within the next {@code within} seconds. */
    double liveWithin(double ringSeconds, double analysedSeconds, double within) {
        double human = humanShare(ringSeconds);
        double nowHuman = cdf(0, analysedSeconds);
        double possible = human * (1 - nowHuman) + (1 - human) * (1 - cdf(1, analysedSeconds));
        return possible <= 1e-9
                ? human
                : Math.clamp(human * (cdf(0, analysedSeconds + within) - nowHuman) / possible, 0, 1);
    }

    private double humanShare(double ringSeconds) {
        int ring = Math.clamp((int) ringSeconds, 0, RING_BINS - 1);
        double overall = (humansTotal + 2) / (pickedUpTotal + 4);
        return (humans[ring] + LEAN * overall) / (pickedUp[ring] + LEAN);
    }

    private double cdf(int kind, double seconds) {
        double at = seconds / STEP_SECONDS;
        double below = 0;
        int whole = Math.min((int) at, VERDICT_BINS);
        for (int bin = 0; bin < whole; bin++) {
            below += verdicts[kind][bin];
        }
        if (whole < VERDICT_BINS) {
            below += (at - whole) * verdicts[kind][whole];
        }
        // As long as nothing is known, a verdict may come at any moment of the first three seconds.
        return (below + LEAN * Math.min(1, seconds / 3)) / (verdictTotal[kind] + LEAN);
    }
}
