package releve.sip.transaction;

import java.util.Objects;
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
 * ACCEPTED   2xx: to the user, or whom he handed it to, who sends the ACK; Timer M → TERMINATED
 * COMPLETED  3xx–6xx again: the same ACK again; Timer D → TERMINATED
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

    /** Until a final response: afterwards nothing of it is needed, and there may be many that wait for their timer. */
    private @Nullable SipRequest invite;
    /** What is repeated: the INVITE, later the ACK of a 3xx–6xx. */
    private byte @Nullable [] bytes;

    private State state = State.CALLING;
    private final long silenceMs;

    InviteClientTransaction(
            TransactionLayer layer, SipRequest invite, Hop destination, ClientUser user, long silenceMs) {
        super(layer, invite, destination, user);
        this.invite = invite;
        this.silenceMs = silenceMs;
    }

    /** The branch of the INVITE's Via. */
    public String branch() {
        return key;
    }

    public State state() {
        return state;
    }

    @Override
    public boolean isTerminated() {
        return state == State.TERMINATED;
    }

    @Override
    boolean isUnheard() {
        return state == State.CALLING;
    }

    @Override
    boolean beginsSomething() {
        return invite().to().tag() == null;
    }

    @Override
    void start(long nowMs) {
        SipRequest first = invite();
        byte[] written = SipWriter.write(first);
        SipRequest streamed = overStream(first, written.length, nowMs);
        if (streamed != null) {
            invite = streamed;
            written = SipWriter.write(streamed);
        }
        bytes = written;
        if (!isReliable()) {
            retransmitEvery(timers().t1Ms(), nowMs); // Timer A
        }
        endAt(nowMs + silenceMs); // Timer B
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
            invite = null;
            stopRetransmitting();
            endAt(nowMs + timers().timeoutMs()); // Timer M
        } else {
            become(State.COMPLETED);
            byte[] ack = SipWriter.write(ack(response));
            bytes = ack;
            invite = null;
            stopRetransmitting();
            endAt(nowMs + timers().timerDMs()); // Timer D
            layer.send(ack, destination, null, false);
            if (isReliable()) {
                terminate();
            }
        }
        ClientUser told = user;
        if (state != State.PROCEEDING && state != State.ACCEPTED) {
            user = ClientUser.NOBODY;
        }
        told.onResponse(response, nowMs);
    }

    /** Each 2xx, repeated or forked, is the user's to acknowledge; anything else comes too late (RFC 6026, 7.2). */
    private void accepted(SipResponse response, long nowMs) {
        if (response.isSuccess()) {
            user.onResponse(response, nowMs);
        }
    }

    private void completed(SipResponse response) {
        if (response.status() >= 300 && bytes != null) {
            layer.send(bytes, destination, null, true);
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
            case ACCEPTED -> {
                terminate();
                user.onSettled();
            }
            case COMPLETED -> terminate();
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

    /**
     * From now on somebody else hears of further 2xx: the call is over, and what it was made of is not to be kept until
     * Timer M. Nothing happens in any other state.
     */
    public void handTo(ClientUser other) {
        if (state == State.ACCEPTED) {
            user = other;
        }
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

    private SipRequest invite() {
        return Objects.requireNonNull(invite, "the INVITE has a final response");
    }

    /** The ACK of a 3xx–6xx (RFC 3261 section 17.1.1.3): same branch as the INVITE. */
    private SipRequest ack(SipResponse response) {
        Headers.Builder headers = sameTransaction(Method.ACK);
        headers.copy(response.headers(), HeaderName.TO);
        return SipRequest.of(Method.ACK, invite().uri(), headers.build());
    }

    /** The CANCEL of this INVITE (RFC 3261 section 9.1), to be sent as a transaction of its own. */
    public SipRequest cancel(@Nullable String reason) {
        Headers.Builder headers = sameTransaction(Method.CANCEL);
        headers.copy(invite().headers(), HeaderName.TO);
        if (reason != null) {
            headers.add(HeaderName.REASON, reason);
        }
        return SipRequest.of(Method.CANCEL, invite().uri(), headers.build());
    }

    private Headers.Builder sameTransaction(Method method) {
        SipRequest sent = invite();
        Headers.Builder headers = new Headers.Builder();
        headers.add(HeaderName.VIA, sent.topVia().toString());
        headers.add(HeaderName.MAX_FORWARDS, "70");
        headers.copy(sent.headers(), HeaderName.ROUTE);
        headers.copy(sent.headers(), HeaderName.FROM);
        headers.copy(sent.headers(), HeaderName.CALL_ID);
        headers.add(HeaderName.CSEQ, sent.cseq().number() + " " + method);
        return headers;
    }
}
