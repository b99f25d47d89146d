package releve.core.pacing;

import java.util.List;

/** Decides how many calls to start now. Policies differ in what they look at; what there is to see is the {@link Floor}'s. */
public sealed interface PacingPolicy
        permits ProgressivePacing, AdaptiveRatioPacing, LinesControlPacing, ExpectedValuePacing, PredictivePacing {

    /** How often to ask when nothing happens, milliseconds. */
    int ASK_EVERY_MS = 500;

    /**
     * How many calls to start now, in addition to those in flight; 0 or more. Asked again before as many have started, it says
     * how many more that leaves.
     */
    int callsToStart(Floor floor, long nowMs);

    /**
     * A campaign whose calls the same agents take.
     *
     * @param floor its own calls, and the agents it has reserved or talks with
     * @param leave calls that it has been given leave to start and has not started yet
     * @param risk what its policy takes, see {@link PacingPolicy#risk()}
     */
    record Sharing(Floor floor, int leave, double risk) {}

    /**
     * The same for a campaign that shares its agents: whoever is idle takes the call that waits, whichever campaign has reserved him.
     * A policy that does not look at others counts on its own only.
     */
    default int callsToStart(Floor floor, List<Sharing> sharing, long nowMs) {
        return callsToStart(floor, nowMs);
    }

    /** The chance of finding nobody that its budget lets its next call have; 0 when it does not go by chances now. */
    default double risk() {
        return 0;
    }

    /** What it does and why, in a few words for status. */
    String why();

    /** Whether it may start calls for agents who are still busy: then it is worth asking at every change. */
    default boolean looksAhead() {
        return true;
    }
}
