package releve.sip.transaction;

import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;

/** A server transaction: absorbs repeated requests and answers them alike (RFC 3261 section 17.2). */
public abstract sealed class ServerTransaction extends Transaction
        permits InviteServerTransaction, NonInviteServerTransaction {
    final TransactionKey key;

    ServerTransaction(TransactionLayer layer, SipRequest request, Hop destination) {
        super(layer, destination);
        this.key = TransactionKey.of(request, request.method());
    }

    /** The request came again. */
    abstract void onRepeat(long nowMs);

    /**
     * Sends a response of the transaction user. Once a final one was sent, others are ignored, except 2xx to an INVITE,
     * which its user repeats until the ACK comes.
     */
    public abstract void respond(SipResponse response, long nowMs);
}
