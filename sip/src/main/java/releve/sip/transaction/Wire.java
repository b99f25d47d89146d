package releve.sip.transaction;

import org.jspecify.annotations.Nullable;

/** Where transactions put what they send. */
public interface Wire {
    /**
     * Sends one message.
     *
     * @param origin the client transaction to tell when the network refuses the message, or null
     * @param repeated whether this is a retransmission
     */
    void send(byte[] message, Hop destination, @Nullable ClientTransaction origin, boolean repeated);
}
