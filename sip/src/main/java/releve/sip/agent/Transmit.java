package releve.sip.agent;

import org.jspecify.annotations.Nullable;
import releve.sip.transaction.ClientTransaction;
import releve.sip.transaction.Hop;

/**
 * One message to send.
 *
 * @param bytes the message; not to be changed
 * @param destination where and how it goes
 * @param origin the transaction to be told when the network refuses it, or null
 */
public record Transmit(
        byte[] bytes, Hop destination, @Nullable ClientTransaction origin) {}
