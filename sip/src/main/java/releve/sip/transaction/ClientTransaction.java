package releve.sip.transaction;

import org.jspecify.annotations.Nullable;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;

/** A client transaction: sends a request and waits for its responses (RFC 3261 section 17.1). */
public abstract sealed class ClientTransaction extends Transaction
        permits InviteClientTransaction, NonInviteClientTransaction {
    final String key;
    final Method method;
    /** Who hears of responses; nobody once it has heard its final word and does not wait for another. */
    ClientUser user;
    /** What the stream that carries the request now stands for; null as a rule. */
    private LargeRequests.@Nullable Sending datagram;

    private boolean streamRefused;

    ClientTransaction(TransactionLayer layer, SipRequest request, Hop destination, ClientUser user) {
        super(layer, destination);
        String branch = TransactionKey.ofClient(request);
        if (branch == null) {
            throw new IllegalArgumentException("a request of ours has no branch");
        }
        this.key = branch;
        this.method = request.method();
        this.user = user;
    }

    /** Whether a response with our branch answers this request: its CSeq has to say so, too (section 17.1.3). */
    final boolean isAnsweredBy(SipResponse response) {
        return response.cseq().method().equals(method);
    }

    abstract void start(long nowMs);

    /** A request that is about to be sent, of that size: the same as it takes a stream; null when it does not. */
    final @Nullable SipRequest overStream(SipRequest request, int bytes, long nowMs) {
        boolean large = destination.transport() == Transport.UDP
                && bytes > layer.large().datagramBytesMax();
        LargeRequests.Sending sending =
                large && !streamRefused ? layer.large().instead(request, destination, nowMs) : null;
        if (sending == null) {
            return null;
        }
        datagram = new LargeRequests.Sending(request, destination);
        destination = sending.hop();
        return sending.request();
    }

    /** The stream failed before anybody answered: the request as a datagram, which is where it goes now; null otherwise. */
    final @Nullable SipRequest backToDatagram(long nowMs) {
        LargeRequests.Sending back = datagram;
        if (back == null) {
            return null;
        }
        layer.large().refused(destination, nowMs);
        datagram = null;
        streamRefused = true;
        destination = back.hop();
        return back.request();
    }

    /** Whether nothing has answered the request. */
    abstract boolean isUnheard();

    /** Whether a request that is unheard is no CANCEL and belongs to no dialog. */
    abstract boolean beginsSomething();

    abstract void onResponse(SipResponse response, long nowMs);

    /** The network has refused the request: the user is told and the transaction ends, unless an answer came before. */
    public abstract void onTransportFailure(long nowMs);
}
