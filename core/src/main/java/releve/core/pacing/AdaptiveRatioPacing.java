package releve.core.pacing;

/**
 * The controller that open dialers use, as a baseline: a level of calls per agent (ready or in call) that rises while agents
 * wait and falls while calls wait, looked at every 15 s; when today's abandoned share is above the limit the level falls.
 */
public final class AdaptiveRatioPacing implements PacingPolicy {
    private static final long SAMPLE_MS = 1000;
    private static final long ADAPT_MS = 15_000;
    private static final long DECIDE_MS = 2500;
    private static final int CALLS_BEFORE_LIMIT = 50;

    private final double levelMax;
    private final boolean hard;
    private double level = 1;
    private double surplus;
    private int samples;
    private long sampleAtMs = Long.MIN_VALUE;
    private long adaptAtMs;
    private long decideAtMs;
    /** The calls that the last decision brings the floor to. */
    private long dialedThen;

    /**
     * @param levelMax the highest level, 3 by default
     * @param hard whether the level falls to 1 at the limit, or only halves
     */
    public AdaptiveRatioPacing(double levelMax, boolean hard) {
        this.levelMax = levelMax;
        this.hard = hard;
    }

    @Override
    public int callsToStart(Floor floor, long nowMs) {
        if (sampleAtMs == Long.MIN_VALUE) {
            sampleAtMs = nowMs;
            adaptAtMs = nowMs + ADAPT_MS;
            decideAtMs = nowMs;
        }
        if (nowMs >= sampleAtMs) {
            surplus += (floor.idle() - floor.waiting()) / (double) Math.max(1, floor.agents());
            samples++;
            sampleAtMs = nowMs + SAMPLE_MS;
        }
        if (nowMs >= adaptAtMs) {
            adapt(floor, nowMs);
        }
        if (nowMs < decideAtMs) {
            return (int) Math.max(0, dialedThen - floor.dialedSoFar());
        }
        decideAtMs = nowMs + DECIDE_MS;
        int inCall = floor.agents() - floor.idle();
        int more = Math.max(0, (int) Math.rint(level * (floor.idle() + inCall)) - floor.inFlight() - inCall);
        dialedThen = floor.dialedSoFar() + more;
        return more;
    }

    private void adapt(Floor floor, long nowMs) {
        level = Math.clamp(level * (1 + surplus / Math.max(1, samples)), 1, levelMax);
        AbandonBudget budget = floor.budget();
        if (budget.todayLives(nowMs) > CALLS_BEFORE_LIMIT
                && budget.todayShare(nowMs) > budget.limit().share()) {
            level = hard ? 1 : Math.max(1, level / 2);
        }
        surplus = 0;
        samples = 0;
        adaptAtMs = nowMs + ADAPT_MS;
    }

    @Override
    public String why() {
        return "adaptive ratio: %.2f calls for each agent".formatted(level);
    }
}
