package releve.core.campaign;

import java.time.Duration;

/**
 * The agents that serve a campaign.
 *
 * @param skillGroup the agents; empty for a campaign without agents
 * @param wrapUp time for the agent after a call, 0 to 600 s
 * @param reservationPercent share of the skill group's logged-in agents that the campaign may hold at once, reserved or on
 *     its calls, 0 to 100: blended agents have the others for other work
 * @param overflowAgents further agents beyond that share, 0 to 100
 */
public record Staffing(String skillGroup, Duration wrapUp, int reservationPercent, int overflowAgents) {
    /** No agents: for IVR campaigns. */
    public static final Staffing NOBODY = by("");

    /** That skill group as a whole, with 30 s of wrap-up. */
    public static Staffing by(String skillGroup) {
        return new Staffing(skillGroup, Duration.ofSeconds(30), 100, 0);
    }

    public Staffing withWrapUp(Duration newWrapUp) {
        return new Staffing(skillGroup, newWrapUp, reservationPercent, overflowAgents);
    }

    public Staffing withShare(int newReservationPercent, int newOverflowAgents) {
        return new Staffing(skillGroup, wrapUp, newReservationPercent, newOverflowAgents);
    }

    /**
     * How many agents of so many that are logged in the campaign may hold at once: the share, rounded up, and the overflow
     * agents.
     */
    public int agentsMax(int loggedIn) {
        return Math.min(loggedIn, (int) Math.ceil(loggedIn * reservationPercent / 100.0) + overflowAgents);
    }
}
