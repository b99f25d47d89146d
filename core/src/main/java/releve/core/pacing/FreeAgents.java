package releve.core.pacing;

/**
 * The chance that a busy agent will be free at each instant of a {@link Prediction}, by how long he has talked or wrapped up;
 * worked out anew every some seconds, because the hazards under it change slowly.
 */
final class FreeAgents {
    private static final double STEP = RingShape.STEP_SECONDS;
    private static final int FINE = 120;
    private static final int MIDDLE = 60;
    private static final int COARSE = 55;
    private static final int ROWS = FINE + MIDDLE + COARSE;
    private static final int STEPS_MAX = 6600;
    private static final int HORIZON_MAX = 280;

    private final double[] talkLeft = new double[STEPS_MAX];
    private final double[] wrapLeft = new double[STEPS_MAX];
    private final double[] busyDone = new double[HORIZON_MAX];
    private final double[][] talking = new double[ROWS][Prediction.INSTANTS];
    private final double[][] wrapping = new double[ROWS][Prediction.INSTANTS];

    /**
     * Works the tables out.
     *
     * @param instants when each answer would come, seconds from now
     * @param waitSeconds how long a live party may wait
     */
    void build(Estimates estimates, double[] instants, double waitSeconds) {
        estimates.talk().survival(STEP, talkLeft);
        estimates.wrapUp().survival(STEP, wrapLeft);
        double comesBack = 1 - estimates.awayShare();
        for (int row = 0; row < ROWS; row++) {
            int age = age(row);
            for (int j = 0; j < Prediction.INSTANTS; j++) {
                double steps = Math.min((instants[j] + waitSeconds) / STEP, HORIZON_MAX - 2);
                talking[row][j] = comesBack * talkAndWrap(age, steps);
                wrapping[row][j] = comesBack * (1 - left(wrapLeft, age + steps) / wrapLeft[age]);
            }
        }
        for (int i = 0; i < HORIZON_MAX; i++) {
            busyDone[i] = comesBack * talkAndWrap(0, i);
        }
    }

    /** The chance that talk of that age ends and the wrap-up after it too, within so many steps. */
    private double talkAndWrap(int age, double steps) {
        double sum = 0;
        for (int i = 0; i < steps; i++) {
            double part = Math.min(1, steps - i);
            double ends = (talkLeft[age + i] - talkLeft[age + i + 1]) * part;
            sum += ends * (1 - left(wrapLeft, Math.max(0, steps - i - part / 2)));
        }
        return Math.min(1, sum / talkLeft[age]);
    }

    private static double left(double[] survival, double steps) {
        int i = Math.min((int) steps, STEPS_MAX - 2);
        return survival[i] + (steps - i) * (survival[i + 1] - survival[i]);
    }

    /** For an agent who has talked, or wrapped up, for so long: his chances at the instants. */
    double[] row(boolean talks, double ageSeconds) {
        double steps = Math.max(0, ageSeconds / STEP);
        int row = steps < FINE
                ? (int) steps
                : steps < FINE + MIDDLE * 10
                        ? FINE + (int) ((steps - FINE) / 10)
                        : Math.min(ROWS - 1, FINE + MIDDLE + (int) ((steps - FINE - MIDDLE * 10) / 100));
        return (talks ? talking : wrapping)[row];
    }

    /** The middle of a row's ages, in steps. */
    private static int age(int row) {
        if (row < FINE) {
            return row;
        }
        return row < FINE + MIDDLE
                ? FINE + (row - FINE) * 10 + 5
                : FINE + MIDDLE * 10 + (row - FINE - MIDDLE) * 100 + 50;
    }

    /** The chance that an agent whose call begins now is through with it within that time. */
    double throughWithin(double seconds) {
        return busyDone[Math.clamp((int) (seconds / STEP), 0, HORIZON_MAX - 1)];
    }
}
