package releve.core.engine;

/**
 * Calls by state, and what else a handover waits for or takes along.
 *
 * @param offered contacts that agents were asked to accept and have not answered
 * @param reserved agents reserved and idle
 * @param cached contacts held but not dialed
 */
public record Counts(
        int dialing,
        int ringing,
        int cancelling,
        int analysing,
        int transferring,
        int offered,
        int connected,
        int reserved,
        int cached) {

    /** Nothing at all. */
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Calls under way, whatever their state. */
    public int calls() {
        return dialing + ringing + cancelling + analysing + transferring + connected;
    }
}
