package releve.core.pacing;

/** Live answers and abandoned ones, a row a minute, over a window of some days. */
final class LiveAnswers {
    private static final long MINUTE_MS = 60_000;
    private static final int MINUTES_A_DAY = 1440;

    private final int minutes;
    private final int[] lives;
    private final int[] abandoned;
    private long last = Long.MIN_VALUE;
    private long livesKept;
    private long abandonedKept;

    LiveAnswers(int days) {
        this.minutes = days * MINUTES_A_DAY;
        this.lives = new int[minutes];
        this.abandoned = new int[minutes];
    }

    void add(long atMs, int livesMore, int abandonedMore) {
        advance(atMs);
        int row = row(last);
        lives[row] += livesMore;
        abandoned[row] += abandonedMore;
        livesKept += livesMore;
        abandonedKept += abandonedMore;
    }

    /** Moves the window's end to that time; what falls out of it is forgotten. */
    void advance(long atMs) {
        long minute = Math.floorDiv(atMs, MINUTE_MS);
        if (last == Long.MIN_VALUE) {
            last = minute;
        }
        for (long passed = 0; last < minute && passed < minutes; passed++) {
            last++;
            int row = row(last);
            livesKept -= lives[row];
            abandonedKept -= abandoned[row];
            lives[row] = 0;
            abandoned[row] = 0;
        }
        last = Math.max(last, minute);
    }

    /** What {@code share} of the live answers would be, less the abandoned, in the window that ends so much later. */
    double balance(double share, int minutesAhead) {
        long livesLeft = livesKept;
        long abandonedLeft = abandonedKept;
        for (int i = 1; i <= Math.min(minutesAhead, minutes); i++) {
            livesLeft -= lives[row(last + i)];
            abandonedLeft -= abandoned[row(last + i)];
        }
        return share * livesLeft - abandonedLeft;
    }

    private int row(long minute) {
        return (int) Math.floorMod(minute, (long) minutes);
    }
}
