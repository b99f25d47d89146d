package releve.core.pacing;

/**
 * A baseline that balances expectations: as many live answers on their way as agents are expected to be free when they come,
 * stretched or shrunk by how the abandoned share stands to the limit. It knows no chance, only means.
 */
public final class ExpectedValuePacing implements PacingPolicy {
    private static final double STEP = 0.05;
    private final FreeAgents freeAgents = new FreeAgents();
    private final double[] instants = new double[Prediction.INSTANTS];
    private double stretch = 0.8;
    private double livesSeen;
    private double abandonedSeen;
    private long builtAtMs = Long.MIN_VALUE;

    public ExpectedValuePacing() {}

    @Override
    public int callsToStart(Floor floor, long nowMs) {
        adapt(floor, nowMs);
        Estimates known = floor.estimates();
        if (known.lives() < PredictivePacing.LIVES_TO_KNOW) {
            return Math.max(0, floor.idle() - floor.inFlight());
        }
        if (builtAtMs == Long.MIN_VALUE || nowMs - builtAtMs >= 15_000) {
            builtAtMs = nowMs;
            java.util.Arrays.fill(instants, known.liveShape().quantile(0.5));
            freeAgents.build(known, instants, 0);
        }
        double free = floor.idle() - floor.waiting();
        for (Floor.Shift shift : floor.busy()) {
            free += shift.leaves ? 0 : freeAgents.row(shift.talking, shift.ageSeconds(nowMs))[0];
        }
        double rate = known.answerRate().value();
        return Math.max(0, (int) Math.floor(stretch * free / rate) - floor.unanswered());
    }

    private void adapt(Floor floor, long nowMs) {
        double lives = floor.budget().todayLives(nowMs);
        double abandoned = floor.budget().todayShare(nowMs) * lives;
        double more = lives < livesSeen ? lives : lives - livesSeen;
        double moreAbandoned = Math.max(0, lives < livesSeen ? abandoned : abandoned - abandonedSeen);
        livesSeen = lives;
        abandonedSeen = abandoned;
        double owed = floor.budget().limit().share() * more - moreAbandoned;
        stretch = Math.clamp(stretch * Math.exp(STEP * owed), 0.2, 3);
    }

    @Override
    public String why() {
        return "expected value: %.2f live answers on their way for each agent who will be free".formatted(stretch);
    }
}
