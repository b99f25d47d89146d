package releve.core.pacing;

/**
 * The threshold of risk: the chance of finding nobody that the next call may have, so that every window of the abandon limit
 * is kept and none is kept by fits and starts.
 *
 * <p>Each window asks for a share of what the limit allows, so that its credit comes back to a small reserve by the time when
 * the window is settled, or smoothly over some hundreds of answers. The least share counts, and the threshold is that share of a
 * base, which is learnt: it rises while fewer are abandoned than was meant, and falls while more are. A guard that
 * is either open or shut would cost utilisation; this one closes gradually, and never further than to {@link #CAREFUL}, where the
 * answers that make up for what was abandoned still come fast.
 */
final class RiskThreshold {
    /** So careful that next to nobody is abandoned, and still far busier than without looking ahead: a limit is used up. */
    static final double CAREFUL = 0.0003;

    private static final double FIRST = 0.012;
    private static final double LEAST = 0.0005;
    private static final double GREATEST = 0.2;
    /**
     * A window is not made up for faster than by so much more than the limit: what the morning has saved and the afternoon spends
     * is missing until the next day's windows have forgotten the afternoon.
     */
    private static final double HASTE_MAX = 0.2;
    /** The part of a young window's credit that is laid aside until its reserve is there. */
    private static final double LAID_ASIDE = 0.1;
    /** The part of a whole window's credit that is kept for what nobody foresees, beside the reserve for chance. */
    private static final double UNFORESEEN = 0.01;

    private final double limit;
    private double logBase = Math.log(FIRST);
    private double gain;
    private double reserve;
    private double push;
    private double open;
    private double meant = -1;

    /** @param limit share of live answers, 0.001 to 1 */
    RiskThreshold(double limit) {
        this.limit = limit;
    }

    /** Looks at all windows anew, for so many agents: the fewer, the fewer calls there are to even out. */
    void clear(int agents) {
        gain = agents <= 12 ? 0.15 : agents <= 50 ? 0.06 : agents <= 200 ? 0.02 : 0.01;
        reserve = 1 + 1.5 / Math.sqrt(1.4 * gain);
        push = HASTE_MAX;
        open = 1;
    }

    /**
     * One window is to be kept.
     *
     * @param credit what may be abandoned now without breaking its limit
     * @param allowed what its live answers so far allow to be abandoned
     * @param answersLeft live answers until it is settled, as far as they can be foreseen; 0 when it is now
     * @param overdraft how far its credit may fall short now, because it is sure to be made up for; negative for what has to be
     *     left
     */
    void keep(double credit, double allowed, double answersLeft, double overdraft) {
        double aim = Math.min(reserve + UNFORESEEN * allowed, LAID_ASIDE * allowed);
        double steady = Math.max(answersLeft * limit, 1 / gain);
        push = Math.min(push, (credit - aim) / steady);
        open = Math.min(open, Math.clamp((credit + overdraft - 0.5) / 2.5, 0, 1));
    }

    /** The threshold, 0 to 1, by all windows that were looked at. */
    double value() {
        double threshold = Math.max(CAREFUL, open * Math.exp(logBase + push));
        meant = limit * threshold / Math.exp(logBase);
        return threshold;
    }

    /** A live answer has found an agent, or not: learns how the threshold and the abandoned share go together. */
    void answered(boolean abandoned) {
        if (meant >= 0) {
            double step = gain * 0.13;
            logBase = Math.clamp(logBase + step * (meant - (abandoned ? 1 : 0)), Math.log(LEAST), Math.log(GREATEST));
        }
    }
}
