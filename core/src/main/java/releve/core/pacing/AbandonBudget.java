package releve.core.pacing;

import releve.core.common.Invariants;

/**
 * How much of the abandon limit has been used, over the calendar day and over the rolling window, and what follows for the
 * threshold of risk: the chance of finding nobody that the next call may have.
 *
 * <p>Credit is the live answers times the limit, less the abandoned ones: what could be abandoned now without breaking the
 * limit. The threshold is steered so that credit stays a little above nought: its logarithm follows the distance of credit from
 * that aim (quickly) and the sum of those distances (slowly). A guard that is either open or shut would cost utilisation; this
 * one closes gradually, and shuts only when the limit is passed by a whole call. Towards the end of the day the aim comes down,
 * so that the reserve is used and not forfeited.
 *
 * <p>Its history is one row a minute and comes from the ledger when a dialer starts or takes over, so no restart opens the
 * budget anew.
 */
public final class AbandonBudget {
    /** Over what the limit is kept. */
    public enum Window {
        /** Every calendar day and every 24 hours. */
        DAY,
        /** Every 30 days: the US rule. */
        THIRTY_DAYS
    }

    /**
     * What the limit is.
     *
     * @param share of live answers, 0.001 to 1
     * @param dayOffsetMs what to add to a time so that its days begin at midnight where the campaign is
     * @param part of the budget that this dialer may use, 0 to 1: the rest is another's
     */
    public record Limit(double share, Window window, long dayOffsetMs, double part) {
        public Limit {
            Invariants.check(share >= 0.001 && share <= 1, "an abandon limit is 0.001 to 1, not %s", share);
            Invariants.check(part >= 0 && part <= 1, "a part of a budget is 0 to 1, not %s", part);
        }
    }

    static final double THRESHOLD_PROGRESSIVE = 0;
    /** So careful that next to nobody is abandoned, and still far busier than without looking ahead. */
    private static final double THRESHOLD_CAREFUL = 0.0003;
    /** Below this credit nobody is dialed for who is not free. */
    private static final double CREDIT_SHUT = -1;
    /** The rolling window aims below the limit: its credit falls with every good hour that it loses. */
    private static final double WINDOW_SHARE = 0.985;

    private static final long DAY_MS = 86_400_000;
    private static final int AHEAD_MINUTES = 30;
    private static final long FADE_MS = 2 * 3_600_000;
    private static final double THRESHOLD_FIRST = 0.012;

    private final Limit limit;
    private final LiveAnswers answers;
    private double logBase = Math.log(THRESHOLD_FIRST);
    private long day = Long.MIN_VALUE;
    private long startedAtMs = Long.MIN_VALUE;
    private long closesAtMs = Long.MAX_VALUE;
    private double dayLives;
    private double dayAbandoned;
    private double ledgerCredit = Double.MAX_VALUE;

    public AbandonBudget(Limit limit) {
        this.limit = limit;
        this.answers = new LiveAnswers(limit.window() == Window.DAY ? 1 : 30);
    }

    /** What the ledger says of the past, one minute or more at a time, oldest first. */
    public void history(long atMs, int lives, int abandoned) {
        newDay(atMs);
        answers.add(atMs, lives, abandoned);
        dayLives += lives;
        dayAbandoned += abandoned;
    }

    /**
     * What the ledger counts over the campaign's own window up to now, by whomever it was dialed. Credit is never more than it
     * leaves.
     *
     * @param seeds whether it is also the past of a budget that has none. How much of it was today is not known: what was
     *     abandoned counts whole, and credit left over as far as the day has gone
     */
    public void ledger(long nowMs, boolean seeds, long lives, long abandoned) {
        ledgerCredit = limit.share() * lives - abandoned;
        if (!seeds) {
            return;
        }
        double dayGone =
                limit.window() == Window.DAY ? Math.floorMod(nowMs + limit.dayOffsetMs(), DAY_MS) / (double) DAY_MS : 1;
        double needed = abandoned / limit.share();
        double livesOfToday = needed >= lives ? lives : needed + (lives - needed) * dayGone;
        history(nowMs, (int) Math.min(livesOfToday, Integer.MAX_VALUE / 2), (int)
                Math.min(abandoned, Integer.MAX_VALUE / 2));
    }

    /** When no call starts any more today, as far as is known; {@link Long#MAX_VALUE} when it is not. */
    public void closesAt(long atMs) {
        closesAtMs = atMs;
    }

    long closesAtMs() {
        return closesAtMs;
    }

    /** A live answer has found an agent, or not. */
    void answered(boolean abandoned, long nowMs) {
        history(nowMs, 1, abandoned ? 1 : 0);
    }

    /** Learns from where credit stands: at every live answer. */
    void learn(int agents, long nowMs) {
        double gain = gain(agents);
        double slow = gain * gain * 0.7 * limit.share() / 4;
        double distance = Math.clamp(credit(nowMs) - aim(agents, nowMs), -6 / gain, 6 / gain);
        logBase = Math.clamp(logBase + slow * distance, Math.log(0.0005), Math.log(0.2));
    }

    /** The chance of finding nobody that one more call may have; 0 when calls may only start for agents who are free. */
    double threshold(int agents, long nowMs) {
        double credit = credit(nowMs);
        if (credit < CREDIT_SHUT) {
            return THRESHOLD_PROGRESSIVE;
        }
        double push = gain(agents) * (credit - aim(agents, nowMs));
        double open = Math.clamp((credit - 0.5) / 2, 0, 1);
        return Math.max(THRESHOLD_CAREFUL, open * Math.exp(logBase + Math.min(push, 1.0)));
    }

    /** What may be abandoned now without breaking the limit in any window that ends soon; negative when it is broken. */
    public double credit(long nowMs) {
        newDay(nowMs);
        answers.advance(nowMs);
        double part = limit.part();
        if (limit.window() == Window.THIRTY_DAYS) {
            return part * Math.min(ledgerCredit, answers.balance(limit.share(), 0));
        }
        double today = limit.share() * dayLives - dayAbandoned;
        boolean wholeWindow = nowMs - startedAtMs >= DAY_MS - AHEAD_MINUTES * 60_000L;
        double own = wholeWindow ? Math.min(today, windowAhead()) : today;
        return part * Math.min(ledgerCredit, own);
    }

    /** The least credit of the rolling windows that end within the next half hour. */
    private double windowAhead() {
        double least = Double.MAX_VALUE;
        for (int ahead = 0; ahead <= AHEAD_MINUTES; ahead += 10) {
            least = Math.min(least, answers.balance(WINDOW_SHARE * limit.share(), ahead));
        }
        return least;
    }

    /** The credit to keep in hand: more than chance may take at once, and almost nothing just before the day closes. */
    private double aim(int agents, long nowMs) {
        double spread = 1 / Math.sqrt(2 * 0.7 * gain(agents));
        double reserve = 1 + 1.2 * spread;
        long left = Math.min(closesAtMs - nowMs, DAY_MS - Math.floorMod(nowMs + limit.dayOffsetMs(), DAY_MS));
        return left >= FADE_MS || left < 0 ? reserve : 1 + (reserve - 1) * left / FADE_MS;
    }

    /** How sharply the threshold answers to one abandoned call: the fewer agents, the fewer calls there are to even out. */
    private static double gain(int agents) {
        return agents <= 12 ? 0.15 : agents <= 50 ? 0.06 : agents <= 200 ? 0.02 : 0.01;
    }

    private void newDay(long nowMs) {
        if (startedAtMs == Long.MIN_VALUE) {
            startedAtMs = nowMs;
        }
        long today = Math.floorDiv(nowMs + limit.dayOffsetMs(), DAY_MS);
        if (today != day) {
            day = today;
            dayLives = 0;
            dayAbandoned = 0;
        }
    }

    public Limit limit() {
        return limit;
    }

    /** The abandoned share of today's live answers, 0 to 1. */
    public double todayShare(long nowMs) {
        newDay(nowMs);
        return dayLives == 0 ? 0 : dayAbandoned / dayLives;
    }

    /** Today's live answers. */
    public double todayLives(long nowMs) {
        newDay(nowMs);
        return dayLives;
    }
}
