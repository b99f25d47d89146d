package releve.core.pacing;

/**
 * How likely a phase of an agent's work (talk, wrap-up) ends in the next moment, given how long it has lasted: hazards that are
 * constant on 27 spans from 2 s to 1500 s. Phases that go on count as exposure from their first second, so early ends do not
 * make all talk look short. What happened {@code n} ends ago counts 0.9997<sup>n</sup>.
 */
final class PhaseHazard {
    private static final double[] EDGES = {
        0, 2, 4, 6, 8, 10, 13, 16, 20, 25, 30, 36, 43, 50, 60, 75, 90, 110, 135, 165, 200, 250, 320, 400, 520, 700,
        1000, 1500, 3000
    };
    private static final double FORGETTING = 0.9997;
    private static final int SPANS = EDGES.length - 1;

    private final double priorMeanSeconds;
    private final double[] ends = new double[SPANS];
    private final double[] exposure = new double[SPANS];
    private double ended;

    /** @param priorMeanSeconds how long the phase lasts as far as nothing is known */
    PhaseHazard(double priorMeanSeconds) {
        this.priorMeanSeconds = priorMeanSeconds;
    }

    /** A phase of that age goes on for so long. */
    void lasted(double ageSeconds, double seconds) {
        exposure[span(ageSeconds)] += seconds;
    }

    /** A phase has ended at that age. */
    void ended(double ageSeconds) {
        for (int span = 0; span < SPANS; span++) {
            ends[span] *= FORGETTING;
            exposure[span] *= FORGETTING;
        }
        ends[span(ageSeconds)]++;
        ended++;
    }

    /** How many have ended so far. */
    double endedSoFar() {
        return ended;
    }

    /** The share of phases that last at least {@code i} steps, for each {@code i}. */
    void survival(double stepSeconds, double[] survival) {
        double left = 1;
        int span = 0;
        double kept = Math.exp(-stepSeconds * hazard(0));
        for (int i = 0; i < survival.length; i++) {
            survival[i] = left;
            double age = (i + 0.5) * stepSeconds;
            while (span < SPANS - 1 && age >= EDGES[span + 1]) {
                span++;
                kept = Math.exp(-stepSeconds * hazard(span));
            }
            left *= kept;
        }
    }

    /** Ends a second in that span; what is not known leans on one end in the prior's mean. */
    private double hazard(int span) {
        return (ends[span] + 1) / (exposure[span] + priorMeanSeconds);
    }

    private static int span(double age) {
        int span = 0;
        while (span < SPANS - 1 && age >= EDGES[span + 1]) {
            span++;
        }
        return span;
    }
}
