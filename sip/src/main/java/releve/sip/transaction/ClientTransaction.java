package releve.sip.transaction;

import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;

/** A client transaction: sends a request and waits for its responses (RFC 3261 section 17.1). */
public abstract sealed class ClientTransaction extends Transaction
        permits InviteClientTransaction, NonInviteClientTransaction {
    final TransactionKey.Client key;
    final ClientUser user;

    ClientTransaction(TransactionLayer layer, SipRequest request, Hop destination, ClientUser user) {
        super(layer, destination);
        this.key = TransactionKey.Client.of(request);
        this.user = user;
    }

    abstract void start(long nowMs);

    abstract void onResponse(SipResponse response, long nowMs);

    /** The network has refused the request: the user is told and the transaction ends, unless an answer came before. */
    public abstract void onTransportFailure(long nowMs);
}
