package releve.core.pacing;

/**
 * A proportional-integral controller, as a baseline: it moves the lines per agent so that the abandoned share of recent live
 * answers meets the limit. Calls in flight are the lines times the agents who are free, and a share of those who are busy.
 */
public final class LinesControlPacing implements PacingPolicy {
    private static final double PROPORTIONAL = 4;
    private static final double INTEGRAL = 0.6;
    private static final double MEMORY_LIVES = 200;
    private static final double LINES_MAX = 20;

    private double lines = 1;
    private double share;
    private double lastError;
    private double livesSeen;
    private double abandonedSeen;

    public LinesControlPacing() {}

    @Override
    public int callsToStart(Floor floor, long nowMs) {
        adapt(floor, nowMs);
        double soonFree = 0;
        for (Floor.Shift shift : floor.busy()) {
            soonFree += shift.talking ? 0.08 : 0.6;
        }
        return Math.max(0, (int) Math.floor(lines * (floor.idle() + soonFree)) - floor.inFlight());
    }

    private void adapt(Floor floor, long nowMs) {
        double lives = floor.budget().todayLives(nowMs);
        double abandoned = floor.budget().todayShare(nowMs) * lives;
        double more = lives < livesSeen ? lives : lives - livesSeen;
        double moreAbandoned = Math.max(0, lives < livesSeen ? abandoned : abandoned - abandonedSeen);
        livesSeen = lives;
        abandonedSeen = abandoned;
        if (more <= 0) {
            return;
        }
        double kept = Math.exp(-more / MEMORY_LIVES);
        share = share * kept + (1 - kept) * moreAbandoned / more;
        double error = floor.budget().limit().share() - share;
        lines = Math.clamp(lines + PROPORTIONAL * (error - lastError) + INTEGRAL * error * more, 1, LINES_MAX);
        lastError = error;
    }

    @Override
    public String why() {
        return "lines control: %.2f lines for each agent who is free or soon will be".formatted(lines);
    }
}
