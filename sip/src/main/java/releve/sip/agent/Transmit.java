package releve.sip.agent;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import releve.sip.transaction.ClientTransaction;

/**
 * One datagram to send.
 *
 * @param bytes the datagram; not to be changed
 * @param destination where it goes
 * @param origin the transaction to be told when the network refuses it, or null
 */
public record Transmit(
        byte[] bytes,
        InetSocketAddress destination,
        @Nullable ClientTransaction origin) {}
