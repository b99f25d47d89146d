package releve.sip.transaction;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Where transactions put what they send. */
public interface Wire {
    /**
     * Sends one datagram.
     *
     * @param origin the client transaction to tell when the network refuses the datagram, or null
     * @param repeated whether this is a retransmission
     */
    void send(byte[] datagram, InetSocketAddress destination, @Nullable ClientTransaction origin, boolean repeated);
}
