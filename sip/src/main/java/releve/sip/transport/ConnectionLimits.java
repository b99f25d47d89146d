package releve.sip.transport;

/**
 * Limits of connections; whoever exceeds one loses his connection, and a count tells.
 *
 * @param connectionsMax connections at once; further ones are closed as they come, or not made
 * @param settingUpMax connections of peers at once that are not yet through their handshakes
 * @param queueBytesMax bytes that wait for a peer that does not read
 * @param setUpMs longest time from the first packet to the end of the handshakes
 * @param messageMs longest time from a message's first byte to its last
 * @param idleMs how long a connection without messages is kept
 * @param keepAliveMs how long a connection is silent before we ask for a sign of life; 0 never asks
 * @param pongMs how long a peer that has ever answered may take to answer again (RFC 5626 section 4.4.1)
 */
public record ConnectionLimits(
        int connectionsMax,
        int settingUpMax,
        int queueBytesMax,
        int setUpMs,
        int messageMs,
        int idleMs,
        int keepAliveMs,
        int pongMs) {
    /** 10,000 connections, 1,000 of them in handshakes, 256 KiB, 4 s, 10 s, 15 min, 95 s, 10 s. */
    public static final ConnectionLimits DEFAULT =
            new ConnectionLimits(10_000, 1_000, 256 * 1024, 4_000, 10_000, 900_000, 95_000, 10_000);

    /** @throws IllegalArgumentException when one is not positive ({@code keepAliveMs}: negative) */
    public ConnectionLimits {
        if (connectionsMax < 1
                || settingUpMax < 1
                || queueBytesMax < 1
                || setUpMs < 1
                || messageMs < 1
                || idleMs < 1
                || keepAliveMs < 0
                || pongMs < 1) {
            throw new IllegalArgumentException("a limit of connections is not positive");
        }
    }

    public ConnectionLimits withCounts(int newConnectionsMax, int newSettingUpMax, int newQueueBytesMax) {
        return new ConnectionLimits(
                newConnectionsMax, newSettingUpMax, newQueueBytesMax, setUpMs, messageMs, idleMs, keepAliveMs, pongMs);
    }

    public ConnectionLimits withTimes(
            int newSetUpMs, int newMessageMs, int newIdleMs, int newKeepAliveMs, int newPongMs) {
        return new ConnectionLimits(
                connectionsMax,
                settingUpMax,
                queueBytesMax,
                newSetUpMs,
                newMessageMs,
                newIdleMs,
                newKeepAliveMs,
                newPongMs);
    }
}
