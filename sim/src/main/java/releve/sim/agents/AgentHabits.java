package releve.sim.agents;

import java.util.ArrayList;
import java.util.List;
import releve.sim.world.Spread;

/**
 * How agents work.
 *
 * @param wrapUp from the end of a call to being ready again
 * @param talk from the answer to hanging up, of calls that the agent ends
 * @param agentEnds share of calls that the agent ends after a talk of his own; in the others he waits for the customer, but
 *     no longer than the longest talk
 * @param ivrTalk how long the IVR keeps a caller
 * @param busyFaults share of calls to a free phone that get 486
 * @param silentFaults share of calls to a free phone that ring unanswered
 */
public record AgentHabits(
        Spread wrapUp, Spread talk, double agentEnds, Spread ivrTalk, double busyFaults, double silentFaults) {

    /** 5 s of wrap-up, 20 s of talk, half of the calls ended by the agent, 15 s in the IVR, no faults. */
    public static final AgentHabits DEFAULT = new AgentHabits(
            new Spread(5_000, 1_000, 15_000),
            new Spread(20_000, 3_000, 60_000),
            0.5,
            new Spread(15_000, 3_000, 60_000),
            0,
            0);

    public AgentHabits withTalk(Spread newTalk) {
        return new AgentHabits(wrapUp, newTalk, agentEnds, ivrTalk, busyFaults, silentFaults);
    }

    public AgentHabits withWrapUp(Spread newWrapUp) {
        return new AgentHabits(newWrapUp, talk, agentEnds, ivrTalk, busyFaults, silentFaults);
    }

    public AgentHabits withIvrTalk(Spread newIvrTalk) {
        return new AgentHabits(wrapUp, talk, agentEnds, newIvrTalk, busyFaults, silentFaults);
    }

    /** The same agents, who end another share of their calls, 0 to 1. */
    public AgentHabits withAgentEnds(double newAgentEnds) {
        return new AgentHabits(wrapUp, talk, newAgentEnds, ivrTalk, busyFaults, silentFaults);
    }

    /** The same agents with other phones; both shares 0 to 1. */
    public AgentHabits withFaults(double newBusyFaults, double newSilentFaults) {
        return new AgentHabits(wrapUp, talk, agentEnds, ivrTalk, newBusyFaults, newSilentFaults);
    }

    /** The same agents with all times multiplied: 0.1 works ten times as fast. */
    public AgentHabits times(double factor) {
        return new AgentHabits(
                wrapUp.times(factor), talk.times(factor), agentEnds, ivrTalk.times(factor), busyFaults, silentFaults);
    }

    /** What is wrong with them, each in one sentence. */
    public List<String> violations() {
        List<String> found = new ArrayList<>();
        wrapUp.violation("wrap-up").ifPresent(found::add);
        talk.violation("agents' talk time").ifPresent(found::add);
        ivrTalk.violation("IVR's talk time").ifPresent(found::add);
        share(agentEnds, "share of calls that the agent ends", found);
        share(busyFaults, "share of busy phones", found);
        share(silentFaults, "share of unanswered phones", found);
        if (found.isEmpty() && busyFaults + silentFaults > 1) {
            found.add("The shares of busy and unanswered phones add up to more than 1.");
        }
        return found;
    }

    private static void share(double share, String name, List<String> found) {
        if (!(share >= 0 && share <= 1)) {
            found.add("The %s is a share from 0 to 1, not %s.".formatted(name, share));
        }
    }
}
