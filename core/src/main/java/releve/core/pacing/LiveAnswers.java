package releve.core.pacing;

/** Live answers and abandoned ones, a row a minute, over a window of some days. */
final class LiveAnswers {
    private static final long MINUTE_MS = 60_000;
    private static final int MINUTES_A_DAY = 1440;

    /** How far ahead a window's end is looked at. */
    static final int[] AHEAD_MINUTES = {0, 10, 20, 30, 60, 120, 240};

    private final int minutes;
    private final int[] lives;
    private final int[] abandoned;
    private long last = Long.MIN_VALUE;
    private long livesKept;
    private long abandonedKept;
    /** What falls out within each of {@link #AHEAD_MINUTES}, as it is at the minute {@link #foreseenAt}. */
    private final long[] livesFalling = new long[AHEAD_MINUTES.length];

    private final long[] abandonedFalling = new long[AHEAD_MINUTES.length];
    private long foreseenAt = Long.MIN_VALUE;

    LiveAnswers(int days) {
        this.minutes = days * MINUTES_A_DAY;
        this.lives = new int[minutes];
        this.abandoned = new int[minutes];
    }

    long lengthMs() {
        return minutes * MINUTE_MS;
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
        int i = foresee(minutesAhead);
        return share * (livesKept - livesFalling[i]) - (abandonedKept - abandonedFalling[i]);
    }

    /** Live answers so far in the window that ends so much later. */
    double lives(int minutesAhead) {
        return livesKept - livesFalling[foresee(minutesAhead)];
    }

    /** The place of that time among those looked at; what falls out until then is known for the whole minute. */
    private int foresee(int minutesAhead) {
        if (foreseenAt != last) {
            foreseenAt = last;
            long livesLost = 0;
            long abandonedLost = 0;
            int minute = 1;
            for (int i = 0; i < AHEAD_MINUTES.length; i++) {
                for (; minute <= AHEAD_MINUTES[i]; minute++) {
                    livesLost += lives[row(last + minute)];
                    abandonedLost += abandoned[row(last + minute)];
                }
                livesFalling[i] = livesLost;
                abandonedFalling[i] = abandonedLost;
            }
        }
        return java.util.Arrays.binarySearch(AHEAD_MINUTES, minutesAhead);
    }

    private int row(long minute) {
        return (int) Math.floorMod(minute, (long) minutes);
    }
}
