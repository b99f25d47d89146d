package releve.sip.transaction;

import org.jspecify.annotations.Nullable;
import releve.sip.message.HeaderName;
import releve.sip.message.Headers;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.message.SipWriter;

/**
 * The INVITE client transaction (RFC 3261 section 17.1.1 with RFC 6026 section 7.2) over any transport: a reliable one repeats nothing and
 * leaves no final state to wait in, so timers A, D, E, G, I, J and K do not run.
 *
 * <pre>
 * CALLING    a large INVITE that no stream takes: INVITE as a datagram; Timer A: repeat INVITE; 1xx → PROCEEDING; 2xx → ACCEPTED; 3xx–6xx: ACK → COMPLETED;
 *            Timer B: time-out, transport failure → TERMINATED
 * PROCEEDING 1xx: to the user; 2xx → ACCEPTED; 3xx–6xx: ACK → COMPLETED
 * ACCEPTED   2xx: to the user, who sends the ACK; Timer M → TERMINATED
 * COMPLETED  3xx–6xx again: ACK again; Timer D → TERMINATED
 * </pre>
 */
public final class InviteClientTransaction extends ClientTransaction {
    /** The states of figure 5 in RFC 6026. */
    public enum State {
        CALLING,
        PROCEEDING,
        ACCEPTED,
        COMPLETED,
        TERMINATED
    }

    private SipRequest invite;
    private byte @Nullable [] bytes;
    private State state = State.CALLING;

    InviteClientTransaction(TransactionLayer layer, SipRequest invite, Hop destination, ClientUser user) {
        super(layer, invite, destination, user);
        this.invite = invite;
    }

    public State state() {
        return state;
    }

    @Override
    public boolean isTerminated() {
        return state == State.TERMINATED;
    }

    @Override
    void start(long nowMs) {
        byte[] written = SipWriter.write(invite);
        SipRequest streamed = overStream(invite, written.length, nowMs);
        if (streamed != null) {
            invite = streamed;
            written = SipWriter.write(invite);
        }
        bytes = written;
        if (!isReliable()) {
            retransmitEvery(timers().t1Ms(), nowMs); // Timer A
        }
        endAt(nowMs + timers().timeoutMs()); // Timer B
        layer.send(written, destination, this, false);
    }

    @Override
    void onResponse(SipResponse response, long nowMs) {
        switch (state) {
            case CALLING, PROCEEDING -> calling(response, nowMs);
            case ACCEPTED -> accepted(response, nowMs);
            case COMPLETED -> completed(response);
            case TERMINATED -> {}
        }
    }

    /** CALLING and PROCEEDING treat responses alike (section 17.1.1.2). */
    private void calling(SipResponse response, long nowMs) {
        if (response.isProvisional()) {
            if (state == State.CALLING) {
                become(State.PROCEEDING);
                bytes = null;
                stopRetransmitting();
                endAt(NONE);
            }
        } else if (response.isSuccess()) {
            become(State.ACCEPTED);
            bytes = null;
            stopRetransmitting();
            endAt(nowMs + timers().timeoutMs()); // Timer M
        } else {
            become(State.COMPLETED);
            bytes = null;
            stopRetransmitting();
            endAt(nowMs + timers().timerDMs()); // Timer D
            layer.send(SipWriter.write(ack(response)), destination, null, false);
            if (isReliable()) {
                terminate();
            }
        }
        user.onResponse(response, nowMs);
    }

    /** Each 2xx, repeated or forked, is the user's to acknowledge; anything else comes too late (RFC 6026, 7.2). */
    private void accepted(SipResponse response, long nowMs) {
        if (response.isSuccess()) {
            user.onResponse(response, nowMs);
        }
    }

    private void completed(SipResponse response) {
        if (response.status() >= 300) {
            layer.send(SipWriter.write(ack(response)), destination, null, true);
        }
    }

    @Override
    void onTimer(boolean ends, long nowMs) {
        switch (state) {
            case CALLING -> {
                if (ends) {
                    terminate();
                    user.onTimeout(nowMs);
                } else if (bytes != null) {
                    layer.send(bytes, destination, this, true);
                    retransmitLater(timers().timeoutMs(), nowMs);
                }
            }
            case ACCEPTED, COMPLETED -> terminate();
            case PROCEEDING, TERMINATED -> {}
        }
    }

    @Override
    public void onTransportFailure(long nowMs) {
        switch (state) {
            case CALLING -> {
                SipRequest again = backToDatagram(nowMs);
                if (again != null) {
                    invite = again;
                    start(nowMs);
                    return;
                }
                terminate();
                user.onTransportFailure(nowMs);
            }
            case PROCEEDING, ACCEPTED, COMPLETED, TERMINATED -> {}
        }
    }

    /** The user gives up waiting: no final response came after CANCEL (RFC 3261 section 9.1). */
    public void abandon() {
        terminate();
    }

    @Override
    void terminate() {
        if (state != State.TERMINATED) {
            become(State.TERMINATED);
            bytes = null;
            layer.remove(this);
        }
    }

    private void become(State next) {
        state = next;
    }

    /** The ACK of a 3xx–6xx (RFC 3261 section 17.1.1.3): same branch as the INVITE. */
    private SipRequest ack(SipResponse response) {
        Headers.Builder headers = sameTransaction(Method.ACK);
        headers.copy(response.headers(), HeaderName.TO);
        return SipRequest.of(Method.ACK, invite.uri(), headers.build());
    }

    /** The CANCEL of this INVITE (RFC 3261 section 9.1), to be sent as a transaction of its own. */
    public SipRequest cancel(@Nullable String reason) {
        Headers.Builder headers = sameTransaction(Method.CANCEL);
        headers.copy(invite.headers(), HeaderName.TO);
        if (reason != null) {
            headers.add(HeaderName.REASON, reason);
        }
        return SipRequest.of(Method.CANCEL, invite.uri(), headers.build());
    }

    private Headers.Builder sameTransaction(Method method) {
        Headers.Builder headers = new Headers.Builder();
        headers.add(HeaderName.VIA, invite.topVia().toString());
        headers.add(HeaderName.MAX_FORWARDS, "70");
        headers.copy(invite.headers(), HeaderName.ROUTE);
        headers.copy(invite.headers(), HeaderName.FROM);
        headers.copy(invite.headers(), HeaderName.CALL_ID);
        headers.add(HeaderName.CSEQ, invite.cseq().number() + " " + method);
        return headers;
    }
}
