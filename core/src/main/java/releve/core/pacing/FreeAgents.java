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
    /** When each instant's wait is over, in steps. */
    private final double[] steps = new double[Prediction.INSTANTS];
    /** For talk that ends in step {@code i}: the chance that the wrap-up is over too by each instant. */
    private final double[][] wrapsBy = new double[HORIZON_MAX][Prediction.INSTANTS];

    private int horizon;

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
        horizon = 0;
        for (int j = 0; j < Prediction.INSTANTS; j++) {
            steps[j] = Math.min((instants[j] + waitSeconds) / STEP, HORIZON_MAX - 2);
            horizon = Math.max(horizon, (int) Math.ceil(steps[j]));
        }
        wrapsBy();
        for (int row = 0; row < ROWS; row++) {
            int age = age(row);
            talks(age, talking[row], comesBack);
            for (int j = 0; j < Prediction.INSTANTS; j++) {
                wrapping[row][j] = comesBack * (1 - left(wrapLeft, age + steps[j]) / wrapLeft[age]);
            }
        }
        through(comesBack);
    }

    private void wrapsBy() {
        for (int i = 0; i < horizon; i++) {
            for (int j = 0; j < Prediction.INSTANTS; j++) {
                double part = Math.clamp(steps[j] - i, 0, 1);
                wrapsBy[i][j] = part * (1 - left(wrapLeft, Math.max(0, steps[j] - i - part / 2)));
            }
        }
    }

    /** The chance that talk of that age ends, and the wrap-up after it too, by each instant. */
    private void talks(int age, double[] row, double comesBack) {
        java.util.Arrays.fill(row, 0);
        for (int i = 0; i < horizon; i++) {
            double ends = talkLeft[age + i] - talkLeft[age + i + 1];
            double[] wraps = wrapsBy[i];
            for (int j = 0; j < Prediction.INSTANTS; j++) {
                row[j] += ends * wraps[j];
            }
        }
        for (int j = 0; j < Prediction.INSTANTS; j++) {
            row[j] = comesBack * Math.min(1, row[j] / talkLeft[age]);
        }
    }

    /** The same for a call that has only begun, by every step that is looked at. */
    private void through(double comesBack) {
        for (int by = 0; by <= horizon; by++) {
            double sum = 0;
            for (int i = 0; i < by; i++) {
                sum += (talkLeft[i] - talkLeft[i + 1]) * (1 - (wrapLeft[by - i - 1] + wrapLeft[by - i]) / 2);
            }
            busyDone[by] = comesBack * sum;
        }
    }

    private static double left(double[] survival, double steps) {
        int i = Math.min((int) steps, STEPS_MAX - 2);
        return survival[i] + (steps - i) * (survival[i + 1] - survival[i]);
    }

    /** For an agent who has talked, or wrapped up, for so long: his chances at the instants. */
    double[] row(boolean talks, double ageSeconds) {
        double age = Math.max(0, ageSeconds / STEP);
        int row = age < FINE
                ? (int) age
                : age < FINE + MIDDLE * 10
                        ? FINE + (int) ((age - FINE) / 10)
                        : Math.min(ROWS - 1, FINE + MIDDLE + (int) ((age - FINE - MIDDLE * 10) / 100));
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
        return busyDone[Math.clamp((int) (seconds / STEP), 0, horizon)];
    }
}
