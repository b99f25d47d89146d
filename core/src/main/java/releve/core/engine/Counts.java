package releve.core.engine;

/**
 * Calls by state, and what else a handover waits for or takes along.
 *
 * @param reserved agents reserved and idle
 * @param cached contacts held but not dialed
 */
public record Counts(
        int dialing,
        int ringing,
        int cancelling,
        int analysing,
        int transferring,
        int connected,
        int reserved,
        int cached) {

    /** Calls under way, whatever their state. */
    public int calls() {
        return dialing + ringing + cancelling + analysing + transferring + connected;
    }
}
