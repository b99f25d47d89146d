package releve.sip.transaction;

/**
 * The base timers (RFC 3261 table 4), milliseconds.
 *
 * @param t1Ms round-trip estimate, 500 by default
 * @param t2Ms longest interval between retransmissions of a non-INVITE request or INVITE response, 4000 by default
 * @param t4Ms longest time a message stays in the network, 5000 by default
 */
public record Timers(int t1Ms, int t2Ms, int t4Ms) {
    public static final Timers DEFAULT = new Timers(500, 4000, 5000);

    /** @throws IllegalArgumentException unless 0 &lt; T1 ≤ T2 and 0 ≤ T4, each at most an hour */
    public Timers {
        if (t1Ms <= 0 || t2Ms < t1Ms || t4Ms < 0 || t2Ms > 3_600_000 || t4Ms > 3_600_000) {
            throw new IllegalArgumentException("timers out of range: T1 " + t1Ms + " T2 " + t2Ms + " T4 " + t4Ms);
        }
    }

    /** 64·T1: timers B, F, H, J, L, M, and the wait for a response to CANCEL. */
    public long timeoutMs() {
        return 64L * t1Ms;
    }

    /** Timer D: how long an INVITE client absorbs repeated final responses, at least 32 s. */
    public long timerDMs() {
        return Math.max(32_000L, timeoutMs());
    }
}
