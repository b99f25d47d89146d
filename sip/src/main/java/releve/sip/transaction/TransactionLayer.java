package releve.sip.transaction;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;

/** All transactions of one user agent, found by hash look-up; single-threaded, the time passed in. */
public final class TransactionLayer {
    private final Timers timers;
    private final DeadlineHeap deadlines;
    private final Wire wire;
    private final LargeRequests large;
    private final Map<String, ClientTransaction> clients = new HashMap<>();
    private final Map<TransactionKey, ServerTransaction> servers = new HashMap<>();

    /** One whose requests go where they are sent, whatever their size. */
    public TransactionLayer(Timers timers, DeadlineHeap deadlines, Wire wire) {
        this(timers, deadlines, wire, LargeRequests.AS_DATAGRAMS);
    }

    public TransactionLayer(Timers timers, DeadlineHeap deadlines, Wire wire, LargeRequests large) {
        this.timers = timers;
        this.deadlines = deadlines;
        this.wire = wire;
        this.large = large;
    }

    Timers timers() {
        return timers;
    }

    LargeRequests large() {
        return large;
    }

    DeadlineHeap deadlines() {
        return deadlines;
    }

    void send(byte[] bytes, Hop to, @Nullable ClientTransaction origin, boolean repeated) {
        wire.send(bytes, to, origin, repeated);
    }

    /** How many transactions live, those that only absorb repetitions included. */
    public int size() {
        return clients.size() + servers.size();
    }

    /** Sends an INVITE. */
    public InviteClientTransaction invite(SipRequest invite, Hop to, ClientUser user, long nowMs) {
        return invite(invite, to, user, timers.timeoutMs(), nowMs);
    }

    /** The same with a Timer B of its own. @param silenceMs how long to wait for the first response, ms, above 0 */
    public InviteClientTransaction invite(SipRequest invite, Hop to, ClientUser user, long silenceMs, long nowMs) {
        InviteClientTransaction tx = new InviteClientTransaction(this, invite, to, user, silenceMs);
        clients.put(tx.key, tx);
        tx.start(nowMs);
        return tx;
    }

    /** Sends any request but INVITE and ACK. */
    public NonInviteClientTransaction request(SipRequest request, Hop to, ClientUser user, long nowMs) {
        NonInviteClientTransaction tx = new NonInviteClientTransaction(this, request, to, user);
        clients.put(tx.key, tx);
        tx.start(nowMs);
        return tx;
    }

    /** Gives a response to its transaction (RFC 3261 section 17.1.3). @return false when none matches */
    public boolean onResponse(SipResponse response, long nowMs) {
        String key = TransactionKey.ofClient(response);
        ClientTransaction tx = key == null ? null : clients.get(key);
        if (tx == null || !tx.isAnsweredBy(response)) {
            return false;
        }
        tx.onResponse(response, nowMs);
        return true;
    }

    /**
     * Gives a repeated request, or an ACK that belongs to a 3xx–6xx, to its transaction (RFC 3261 section 17.2.3).
     *
     * @return false when the request is new, or an ACK of a 2xx
     */
    public boolean absorb(SipRequest request, long nowMs) {
        ServerTransaction tx = servers.get(TransactionKey.of(request, request.method()));
        return switch (tx) {
            case null -> false;
            case InviteServerTransaction invite when request.method().equals(Method.ACK) -> invite.onAck(nowMs);
            case InviteServerTransaction invite -> {
                invite.onRepeat(nowMs);
                yield true;
            }
            case NonInviteServerTransaction other -> {
                other.onRepeat(nowMs);
                yield true;
            }
        };
    }

    /** Opens the transaction of a new INVITE. @param responsesTo where its responses go (RFC 3261 section 18.2.2) */
    public InviteServerTransaction openInvite(SipRequest invite, Hop responsesTo) {
        InviteServerTransaction tx = new InviteServerTransaction(this, invite, responsesTo);
        servers.put(tx.key, tx);
        return tx;
    }

    /** Opens the transaction of any other new request but ACK. */
    public NonInviteServerTransaction open(SipRequest request, Hop responsesTo) {
        NonInviteServerTransaction tx = new NonInviteServerTransaction(this, request, responsesTo);
        servers.put(tx.key, tx);
        return tx;
    }

    /** The INVITE that a CANCEL means (RFC 3261 section 9.2), or null. */
    public @Nullable InviteServerTransaction cancelled(SipRequest cancel) {
        ServerTransaction tx = servers.get(TransactionKey.of(cancel, Method.INVITE));
        return tx instanceof InviteServerTransaction invite ? invite : null;
    }

    /**
     * Tells the requests over UDP to that address that nobody is there (section 17.1.4): those that nothing has answered and
     * that belong to no dialog. Looks at every client transaction.
     */
    public void unreachable(InetSocketAddress peer, long nowMs) {
        List<ClientTransaction> unheard = clients.values().stream()
                .filter(tx -> tx.destination.transport() == Transport.UDP
                        && tx.destination.address().equals(peer)
                        && tx.isUnheard()
                        && tx.beginsSomething())
                .toList();
        unheard.forEach(tx -> tx.onTransportFailure(nowMs));
    }

    void remove(Transaction tx) {
        deadlines.clear(tx);
        switch (tx) {
            case ClientTransaction client -> clients.remove(client.key, client);
            case ServerTransaction server -> servers.remove(server.key, server);
        }
    }
}
