package releve.sip.trunk;

/** Whether calls may be planned for a trunk or gateway, as far as its answers go: its ports and its rate do not matter. */
public sealed interface TrunkStanding {
    /** Calls may go there. */
    record Usable() implements TrunkStanding {}

    /**
     * It is there, but wants no calls before a time.
     *
     * @param untilMs on the clock that was passed in
     * @param reason in one clause
     */
    record Resting(long untilMs, String reason) implements TrunkStanding {}

    /**
     * Nobody is there, or calls from us are refused.
     *
     * @param reason in one clause
     */
    record Down(String reason) implements TrunkStanding {}
}
