package releve.sip.transport;

/**
 * Whether to believe the network when it says that nobody is at a peer's address. Anybody can forge one ICMP message, so one
 * is not enough, and none is while the peer is heard.
 *
 * <pre>
 * PRESENT  a report → DOUBTED
 * DOUBTED  another report, {@value #CONFIRM_MS} ms or more after the first → ABSENT; the peer is heard → PRESENT
 * ABSENT   each report is believed, one in {@value #PAUSE_MS} ms; the peer is heard → PRESENT
 * </pre>
 */
final class PeerDoubt {
    /** Below T1: the first repetition of a request brings the second report. */
    static final int CONFIRM_MS = 250;
    /** What follows a belief looks at every transaction; a storm of reports must not make that dear. */
    static final int PAUSE_MS = 100;

    private enum State {
        PRESENT,
        DOUBTED,
        ABSENT
    }

    private State state = State.PRESENT;
    private long sinceMs;

    /** Something came from the peer. */
    void heard() {
        state = State.PRESENT;
    }

    /** @return whether the report is believed */
    boolean reported(long nowMs) {
        return switch (state) {
            case PRESENT -> {
                become(State.DOUBTED, nowMs);
                yield false;
            }
            case DOUBTED -> {
                boolean confirmed = nowMs - sinceMs >= CONFIRM_MS;
                if (confirmed) {
                    become(State.ABSENT, nowMs);
                }
                yield confirmed;
            }
            case ABSENT -> {
                boolean again = nowMs - sinceMs >= PAUSE_MS;
                if (again) {
                    become(State.ABSENT, nowMs);
                }
                yield again;
            }
        };
    }

    private void become(State next, long nowMs) {
        state = next;
        sinceMs = nowMs;
    }
}
