package releve.sim.simulate;

import java.util.Arrays;

/** What one run came to. */
public final class Score {
    private static final long DAY_MS = Scenario.DAY_MS;

    private long[] liveAtMs = new long[1024];
    private boolean[] abandoned = new boolean[1024];
    private int lives;
    private float[] waits = new float[1024];
    private int waited;
    long dials;
    long lost;
    long handovers;
    long busyMs;
    long idleMs;

    void live(long nowMs, boolean left) {
        if (lives == liveAtMs.length) {
            liveAtMs = Arrays.copyOf(liveAtMs, 2 * lives);
            abandoned = Arrays.copyOf(abandoned, 2 * lives);
        }
        liveAtMs[lives] = nowMs;
        abandoned[lives++] = left;
    }

    void idle(long ms) {
        idleMs += ms;
        if (waited == waits.length) {
            waits = Arrays.copyOf(waits, 2 * waited);
        }
        waits[waited++] = ms / 1000f;
    }

    /** Share of their time there that agents talk or wrap up, 0 to 1. */
    public double utilisation() {
        return busyMs / (double) Math.max(1, busyMs + idleMs);
    }

    public long dials() {
        return dials;
    }

    public int lives() {
        return lives;
    }

    /** Calls that a failed dialer took with it. */
    public long lost() {
        return lost;
    }

    /** Dialers that handed over, followed their last calls and stopped in order. */
    public long handovers() {
        return handovers;
    }

    /** Abandoned share of live answers over the whole run, 0 to 1. */
    public double abandonment() {
        return share(0, lives);
    }

    private double share(int from, int to) {
        int left = 0;
        for (int i = from; i < to; i++) {
            left += abandoned[i] ? 1 : 0;
        }
        return to == from ? 0 : left / (double) (to - from);
    }

    /** The worst calendar day's share. */
    public double worstDay() {
        double worst = 0;
        for (int from = 0, to = 0; from < lives; from = to) {
            long day = liveAtMs[from] / DAY_MS;
            while (to < lives && liveAtMs[to] / DAY_MS == day) {
                to++;
            }
            worst = Math.max(worst, share(from, to));
        }
        return worst;
    }

    /** The worst share of any window of so many days that ends with a live answer, once that time has passed. */
    public double worstWindow(int days) {
        double worst = 0;
        int left = 0;
        int from = 0;
        long length = days * DAY_MS;
        for (int i = 0; i < lives; i++) {
            left += abandoned[i] ? 1 : 0;
            while (liveAtMs[from] <= liveAtMs[i] - length) {
                left -= abandoned[from++] ? 1 : 0;
            }
            if (liveAtMs[i] - liveAtMs[0] >= length) {
                worst = Math.max(worst, left / (double) (i - from + 1));
            }
        }
        return worst;
    }

    /** An agent's wait between two calls, seconds: mean, median and ninth decile. */
    public double[] waits() {
        float[] sorted = Arrays.copyOf(waits, waited);
        Arrays.sort(sorted);
        return waited == 0
                ? new double[3]
                : new double[] {idleMs / 1000.0 / waited, sorted[waited / 2], sorted[waited * 9 / 10]};
    }
}
