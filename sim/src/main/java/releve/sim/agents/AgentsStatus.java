package releve.sim.agents;

/**
 * How the agents are doing.
 *
 * @param agents how many there are
 * @param loggedIn whose desktops have a session
 * @param talking phones of agents that are in a call now
 * @param answered calls that agents have taken
 * @param ivrTalking callers in the IVR now
 * @param ivrAnswered callers that the IVR has taken
 * @param offersAnswered contacts on which agents have decided
 * @param dispositions calls of which agents have said what came of them
 * @param healed how often a desktop found its agent in a state that the phone did not warrant, and mended it
 * @param failovers how often a desktop turned to another side
 * @param unreachable how often no side answered
 * @param faults exceptions inside the phones; anything but 0 is a defect
 */
public record AgentsStatus(
        int agents,
        int loggedIn,
        long talking,
        long answered,
        long ivrTalking,
        long ivrAnswered,
        long offersAnswered,
        long dispositions,
        long healed,
        long failovers,
        long unreachable,
        long faults) {}
