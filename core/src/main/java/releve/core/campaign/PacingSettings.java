package releve.core.campaign;

import java.time.Duration;

/**
 * How many calls a campaign starts.
 *
 * @param linesPerAgent calls started for each reserved agent (or free port), 1 to 100 in steps of 0.1; predictive
 *     pacing that falls back to progressive starts one for each, so that nobody is abandoned
 * @param maximumLinesPerAgent what predictive pacing never exceeds, 1 to 100 in steps of 0.1, not below the former
 * @param abandonLimitPercent of live answers, 0.1 to 100 in steps of 0.1; 0 switches the limit off
 * @param abandonWindow over which the limit holds, 1 h to 31 days
 */
public record PacingSettings(
        double linesPerAgent, double maximumLinesPerAgent, double abandonLimitPercent, Duration abandonWindow) {
    /** 1.5 lines per agent, at most 2, 3 % over 24 h. */
    public static final PacingSettings DEFAULT = new PacingSettings(1.5, 2, 3, Duration.ofHours(24));

    /** With that many lines per agent; the maximum grows with them where it must. */
    public PacingSettings withLines(double newLinesPerAgent) {
        return new PacingSettings(
                newLinesPerAgent, Math.max(newLinesPerAgent, maximumLinesPerAgent), abandonLimitPercent, abandonWindow);
    }
}
