package releve.core.pacing;

import releve.core.common.Invariants;

/**
 * How much of the abandon limit has been used, over the calendar day and over the rolling window, and what follows for the
 * threshold of risk.
 *
 * <p>Credit is the live answers times the limit, less the abandoned ones: what could be abandoned now without breaking the
 * limit. Windows that end within some hours are looked at too: what they will forget is known. Early in the day a few more may be
 * abandoned than its answers so far allow, as the day is long enough to make up for it.
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

    private static final long DAY_MS = 86_400_000;
    private static final long MINUTE_MS = 60_000;
    private static final int AHEAD_MINUTES = 30;
    /** How many may be abandoned beyond a young window's credit. */
    private static final double OVERDRAFT = 1.5;
    /** The part of what answers to come will allow that a window counts on. */
    private static final double MADE_UP_FOR = 0.6;
    /** Before its end a day gives no overdraft any more. */
    private static final double FADE_MS = 45 * 60_000;
    /** What must be left towards the end of a day beside what a window always keeps: one more abandoned call fits in. */
    private static final double LAST_CALL = 0.5;

    /** By how much the ledger leaves less when others have abandoned somebody; what is on its way to it makes less of a difference. */
    private static final double OTHERS_MIN = 0.75;

    private final Limit limit;
    private final LiveAnswers answers;
    private final RiskThreshold risk;
    private long day = Long.MIN_VALUE;
    private long startedAtMs = Long.MIN_VALUE;
    private long closesAtMs = Long.MAX_VALUE;
    private double dayLives;
    private double dayAbandoned;
    private double ledgerCredit = Double.MAX_VALUE;
    private double ledgerAllowed;

    public AbandonBudget(Limit limit) {
        this.limit = limit;
        this.answers = new LiveAnswers(limit.window() == Window.DAY ? 1 : 30);
        this.risk = new RiskThreshold(limit.share());
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
     * leaves, unless it is the same window as the budget's own and says the same: then nobody else has dialed.
     */
    public void ledger(long nowMs, long windowMs, long lives, long abandoned) {
        answers.advance(nowMs);
        double credit = limit.share() * lives - abandoned;
        boolean same = windowMs == answers.lengthMs() && answers.balance(limit.share(), 0) - credit < OTHERS_MIN;
        ledgerCredit = same ? Double.MAX_VALUE : credit;
        ledgerAllowed = limit.share() * lives;
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
        risk.answered(abandoned);
    }

    /** The chance of finding nobody that one more call may have; {@link RiskThreshold#CAREFUL} when the budget is used up. */
    double threshold(int agents, long nowMs) {
        newDay(nowMs);
        answers.advance(nowMs);
        risk.clear(agents);
        if (ledgerCredit < Double.MAX_VALUE) {
            keep(ledgerCredit, ledgerAllowed, 0, young(ledgerAllowed));
        }
        if (limit.window() == Window.THIRTY_DAYS) {
            double allowed = limit.share() * answers.lives(0);
            keep(answers.balance(limit.share(), 0), allowed, 0, young(allowed));
            return risk.value();
        }
        double allowed = limit.share() * dayLives;
        double early = Math.clamp((leftMs(nowMs) - FADE_MS) / FADE_MS, 0, 1);
        keep(allowed - dayAbandoned, allowed, 0, OVERDRAFT * early - LAST_CALL * (1 - early));
        for (int ahead : LiveAnswers.AHEAD_MINUTES) {
            if (nowMs - startedAtMs >= DAY_MS - ahead * MINUTE_MS) {
                double allowedAhead = limit.share() * answers.lives(ahead);
                double answersLeft = answers.lives(0) - answers.lives(ahead);
                keep(
                        answers.balance(limit.share(), ahead),
                        allowedAhead,
                        answersLeft,
                        ahead <= AHEAD_MINUTES
                                ? young(allowedAhead)
                                : Math.max(young(allowedAhead), MADE_UP_FOR * limit.share() * answersLeft));
            }
        }
        return risk.value();
    }

    private void keep(double credit, double allowed, double answersLeft, double overdraft) {
        risk.keep(limit.part() * credit, limit.part() * allowed, answersLeft, overdraft);
    }

    /** A window that has hardly begun cannot be kept call by call. */
    private static double young(double allowed) {
        return Math.max(0, OVERDRAFT - allowed);
    }

    private double leftMs(long nowMs) {
        return Math.min(closesAtMs - nowMs, DAY_MS - Math.floorMod(nowMs + limit.dayOffsetMs(), DAY_MS));
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
        boolean wholeWindow = nowMs - startedAtMs >= DAY_MS - AHEAD_MINUTES * MINUTE_MS;
        double own = wholeWindow ? Math.min(today, windowAhead()) : today;
        return part * Math.min(ledgerCredit, own);
    }

    /** The least credit of the rolling windows that end within the next half hour. */
    private double windowAhead() {
        double least = Double.MAX_VALUE;
        for (int ahead = 0; ahead <= AHEAD_MINUTES; ahead += 10) {
            least = Math.min(least, answers.balance(limit.share(), ahead));
        }
        return least;
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
