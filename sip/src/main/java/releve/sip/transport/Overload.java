package releve.sip.transport;

/**
 * Whether an endpoint has fallen behind, so that it must not take on new calls.
 *
 * <pre>
 * OFF more datagrams than a turn takes for {@value #BEHIND_MS} ms on end, or {@value #INBOX_HIGH} commands wait → ON
 * ON  the sockets were found empty and fewer than {@value #INBOX_LOW} commands wait → OFF
 * </pre>
 *
 * What is served goes oldest first: the sockets' buffers are short, and a message that waited there is not yet stale.
 */
final class Overload {
    static final int BEHIND_MS = 200;
    static final int INBOX_HIGH = 8_192;
    static final int INBOX_LOW = 1_024;

    private static final long CAUGHT_UP = -1;

    private long behindSinceMs = CAUGHT_UP;
    private boolean on;

    boolean isOn() {
        return on;
    }

    /**
     * Judges one turn of the loop.
     *
     * @param caughtUp whether the turn found the sockets empty
     * @return whether new calls are to be refused
     */
    boolean judge(boolean caughtUp, int commands, long nowMs) {
        if (caughtUp) {
            behindSinceMs = CAUGHT_UP;
        } else if (behindSinceMs == CAUGHT_UP) {
            behindSinceMs = nowMs;
        }
        boolean late = !caughtUp && nowMs - behindSinceMs >= BEHIND_MS;
        on = late || commands >= INBOX_HIGH || (on && !(caughtUp && commands < INBOX_LOW));
        return on;
    }
}
