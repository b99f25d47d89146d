package releve.core.pacing;

/** What has been learnt on line: how often and when calls become live, how long agents are busy, how many come back. */
final class Estimates {
    static final double STEP_SECONDS = RingShape.STEP_SECONDS;
    private static final double RETURNS_MEMORY = 200;

    private final RingShape pickup = new RingShape(12, 0.6);
    private final RingShape live = new RingShape(13, 0.6);
    private final RingShape gone = new RingShape(20, 0.7);
    private final AnswerRate answerRate = new AnswerRate();
    private final AnalysisPhase analysis = new AnalysisPhase();
    private final PhaseHazard talk = new PhaseHazard(120);
    private final PhaseHazard wrapUp = new PhaseHazard(20);
    private double awayShare = 0.02;
    private double lives;

    void dialed() {
        reached(0, 1);
    }

    private void reached(int step, int calls) {
        pickup.reached(step, calls);
        live.reached(step, calls);
        gone.reached(step, calls);
    }

    void live(double ringSeconds, double analysisSeconds) {
        lives++;
        pickup.add(ringSeconds);
        live.add(ringSeconds + analysisSeconds);
        analysis.verdict(true, ringSeconds, analysisSeconds);
    }

    void machine(double ringSeconds, double analysisSeconds) {
        gone.add(ringSeconds);
        analysis.verdict(false, ringSeconds, analysisSeconds);
    }

    void gone(double ringSeconds) {
        gone.add(ringSeconds);
    }

    void lasted(boolean talking, double ageSeconds, double seconds) {
        (talking ? talk : wrapUp).lasted(ageSeconds, seconds);
    }

    void talkEnded(double seconds) {
        talk.ended(seconds);
    }

    void returned(double wrapUpSeconds) {
        wrapUp.ended(wrapUpSeconds);
        awayShare -= awayShare / RETURNS_MEMORY;
    }

    void wentAway() {
        awayShare += (1 - awayShare) / RETURNS_MEMORY;
    }

    /**
     * Half a second has passed.
     *
     * @param dialed calls dialed, by slot
     * @param current the slot that has just ended
     */
    void tick(int[] dialed, int current, int livesSeen) {
        double exposure = 0;
        double upTo = live.cdf(STEP_SECONDS / 2);
        double before = 0;
        for (int age = 0; age < dialed.length - 1; age++) {
            int count = dialed[Math.floorMod(current - age, dialed.length)];
            if (count > 0) {
                exposure += count * (upTo - before);
                reached(age + 1, count);
            }
            before = upTo;
            upTo = live.cdf((age + 1.5) * STEP_SECONDS);
        }
        answerRate.tick(STEP_SECONDS, livesSeen, exposure);
    }

    RingShape pickup() {
        return pickup;
    }

    RingShape liveShape() {
        return live;
    }

    RingShape goneShape() {
        return gone;
    }

    AnswerRate answerRate() {
        return answerRate;
    }

    AnalysisPhase analysis() {
        return analysis;
    }

    PhaseHazard talk() {
        return talk;
    }

    PhaseHazard wrapUp() {
        return wrapUp;
    }

    /** The share of agents who go away after a call rather than take the next one. */
    double awayShare() {
        return awayShare;
    }

    /** Live answers seen so far. */
    double lives() {
        return lives;
    }
}
