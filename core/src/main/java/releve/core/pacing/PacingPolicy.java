package releve.core.pacing;

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

    /** What it does and why, in a few words for status. */
    String why();

    /** Whether it may start calls for agents who are still busy: then it is worth asking at every change. */
    default boolean looksAhead() {
        return true;
    }
}
