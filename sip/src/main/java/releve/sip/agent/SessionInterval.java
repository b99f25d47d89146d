package releve.sip.agent;

/**
 * Whether and how sessions have to be refreshed to go on (RFC 4028). Without a refresh in time either side ends the call, so
 * that no call outlives a peer or a path that is gone.
 *
 * @param seconds the interval that we ask for, {@value #LEAST_SECONDS} or more; 0 for sessions without a timer
 * @param minSeconds the shortest interval that we take from peers, {@value #LEAST_SECONDS} or more
 * @param refreshes whether we refresh the session where the choice is ours; otherwise the peer does if it can
 */
public record SessionInterval(int seconds, int minSeconds, boolean refreshes) {
    /** The shortest interval that there may be (section 4). */
    public static final int LEAST_SECONDS = 90;

    /** No session timer: what peers ask for is passed over, so that the session never expires (section 9). */
    public static final SessionInterval OFF = new SessionInterval(0, LEAST_SECONDS, false);

    /** @throws IllegalArgumentException when an interval is too short */
    public SessionInterval {
        if (minSeconds < LEAST_SECONDS || (seconds != 0 && seconds < minSeconds)) {
            throw new IllegalArgumentException("a session of %d s, at least %d s: the least is %d s"
                    .formatted(seconds, minSeconds, LEAST_SECONDS));
        }
    }

    /** Sessions of that many seconds, refreshed by us. 1800 is what section 4 recommends. */
    public static SessionInterval of(int seconds) {
        return new SessionInterval(seconds, LEAST_SECONDS, true);
    }

    public boolean isOn() {
        return seconds > 0;
    }
}
