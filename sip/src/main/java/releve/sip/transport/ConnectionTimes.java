package releve.sip.transport;

import releve.sip.transaction.Deadline;

/**
 * What time means to one connection: how long its handshakes, a message, silence and idleness may last, and when to ask the
 * peer for a sign of life (RFC 5626 section 3.5.1). It only knows when something happened; what follows is the connection's.
 */
final class ConnectionTimes {
    /** 64·T1: after it a request that nothing answered has failed, and its connection is thought dead. */
    private static final int UNANSWERED_MS = 32_000;

    private static final long NONE = Deadline.NONE;

    private final ConnectionLimits limits;
    /** On a stream the client asks for life; over WebSocket, where every peer has to answer, both sides do. */
    private final boolean asksForLife;

    private final long setUpByMs;
    private long messageSinceMs = NONE;
    private long pingedAtMs = NONE;
    /** When the first request left after which nothing came. */
    private long askedSinceMs = NONE;

    private long lastHeardMs;
    private long lastUseMs;
    private boolean everPonged;

    /** What it is time for. */
    enum Due {
        NOTHING,
        /** The handshakes take too long. */
        SET_UP,
        /** A message that has begun takes too long. */
        MESSAGE,
        /** The peer answers no more. */
        SILENCE,
        /** Nothing was to be said. */
        IDLENESS,
        PING
    }

    ConnectionTimes(ConnectionLimits limits, boolean ours, boolean webSocket, long nowMs) {
        this.limits = limits;
        this.asksForLife = limits.keepAliveMs() > 0 && (ours || webSocket);
        this.setUpByMs = nowMs + limits.setUpMs();
        this.lastHeardMs = nowMs;
        this.lastUseMs = nowMs;
    }

    void heard(long nowMs) {
        lastHeardMs = nowMs;
        askedSinceMs = NONE;
    }

    /** A message passed, or a sign of life of a peer that wants the connection kept. */
    void used(long nowMs) {
        lastUseMs = nowMs;
    }

    /** @return whether it is the first message begun since the last was complete */
    boolean messageBegun() {
        boolean first = messageSinceMs == NONE;
        messageSinceMs = first ? lastHeardMs : messageSinceMs;
        return first;
    }

    /** What was begun is complete; what follows has its own time. */
    void messageComplete() {
        messageSinceMs = NONE;
    }

    /** @return whether it is the first request since something came */
    boolean asked(long nowMs) {
        boolean first = askedSinceMs == NONE;
        askedSinceMs = first ? nowMs : askedSinceMs;
        return first;
    }

    void pinged(long nowMs) {
        pingedAtMs = nowMs;
    }

    boolean awaitsPong() {
        return pingedAtMs != NONE;
    }

    void ponged() {
        pingedAtMs = NONE;
        everPonged = true;
    }

    /** @param settingUp whether the handshakes are not through */
    Due due(boolean settingUp, long nowMs) {
        if (settingUp) {
            return nowMs >= setUpByMs ? Due.SET_UP : Due.NOTHING;
        } else if (messageSinceMs != NONE && nowMs - messageSinceMs >= limits.messageMs()) {
            return Due.MESSAGE;
        } else if (isSilent(nowMs)) {
            return Due.SILENCE;
        } else if (nowMs - lastUseMs >= limits.idleMs()) {
            return Due.IDLENESS;
        }
        return asksForLife && nowMs >= nextPingMs() ? Due.PING : Due.NOTHING;
    }

    /**
     * Half-open connections look alive. For want of a pong only a peer that has sent one before is given up: others may
     * not know keep-alives (RFC 5626 section 3.5.1).
     */
    private boolean isSilent(long nowMs) {
        boolean noPong = pingedAtMs != NONE && everPonged && nowMs - pingedAtMs >= limits.pongMs();
        return noPong || (askedSinceMs != NONE && nowMs - askedSinceMs >= UNANSWERED_MS);
    }

    private long nextPingMs() {
        long last = pingedAtMs == NONE ? lastHeardMs : Math.max(lastHeardMs, pingedAtMs);
        return last + limits.keepAliveMs();
    }

    /** The earliest time at which anything may be due; those that move away as messages come are found to be later then. */
    long nextMs(boolean settingUp) {
        if (settingUp) {
            return setUpByMs;
        }
        long next = lastUseMs + limits.idleMs();
        if (messageSinceMs != NONE) {
            next = Math.min(next, messageSinceMs + limits.messageMs());
        }
        if (askedSinceMs != NONE) {
            next = Math.min(next, askedSinceMs + UNANSWERED_MS);
        }
        if (pingedAtMs != NONE && everPonged) {
            next = Math.min(next, pingedAtMs + limits.pongMs());
        } else if (asksForLife) {
            next = Math.min(next, nextPingMs());
        }
        return next;
    }
}
