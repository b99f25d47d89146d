package releve.sip.transaction;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.Method;
import releve.sip.message.SipParser;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.message.SipWriter;

/**
 * The non-INVITE client transaction (RFC 3261 section 17.1.2) over any transport: a reliable one repeats nothing and
 * leaves no final state to wait in, so timers A, D, E, G, I, J and K do not run.
 *
 * <pre>
 * TRYING     a large request that no stream takes: sent as a datagram; Timer E: repeat, doubling up to T2; 1xx → PROCEEDING; final → COMPLETED;
 *            Timer F: time-out, transport failure → TERMINATED
 * PROCEEDING Timer E: repeat every T2; final → COMPLETED; Timer F: time-out → TERMINATED
 * COMPLETED  repeated finals are absorbed; Timer K → TERMINATED
 * </pre>
 */
public final class NonInviteClientTransaction extends ClientTransaction {
    /** The states of figure 6. */
    public enum State {
        TRYING,
        PROCEEDING,
        COMPLETED,
        TERMINATED
    }

    private static final byte[] NO_BYTES = new byte[0];

    private byte[] bytes = NO_BYTES;
    /** Until it is sent. */
    private @Nullable SipRequest request;

    private State state = State.TRYING;

    NonInviteClientTransaction(TransactionLayer layer, SipRequest request, Hop destination, ClientUser user) {
        super(layer, request, destination, user);
        this.request = request;
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
        return state == State.TRYING;
    }

    /** The request is read again from what is repeated: that is dear, and seldom asked. */
    @Override
    boolean beginsSomething() {
        try {
            return !method.equals(Method.CANCEL)
                    && SipParser.parse(bytes, 0, bytes.length).to().tag() == null;
        } catch (MalformedMessageException e) {
            throw new IllegalStateException("we sent what cannot be read", e);
        }
    }

    @Override
    void start(long nowMs) {
        SipRequest first = Objects.requireNonNull(request, "the request is sent once");
        request = null;
        bytes = SipWriter.write(first);
        SipRequest streamed = overStream(first, bytes.length, nowMs);
        if (streamed != null) {
            bytes = SipWriter.write(streamed);
        }
        if (!isReliable()) {
            retransmitEvery(timers().t1Ms(), nowMs); // Timer E
        }
        endAt(nowMs + timers().timeoutMs()); // Timer F
        layer.send(bytes, destination, this, false);
    }

    @Override
    void onResponse(SipResponse response, long nowMs) {
        switch (state) {
            case TRYING, PROCEEDING -> waiting(response, nowMs);
            case COMPLETED, TERMINATED -> {}
        }
    }

    private void waiting(SipResponse response, long nowMs) {
        if (response.isProvisional()) {
            state = State.PROCEEDING;
        } else {
            state = State.COMPLETED;
            bytes = NO_BYTES;
            stopRetransmitting();
            endAt(nowMs + timers().t4Ms()); // Timer K
            if (isReliable()) {
                terminate();
            }
        }
        ClientUser told = user;
        if (state != State.PROCEEDING) {
            user = ClientUser.NOBODY;
        }
        told.onResponse(response, nowMs);
    }

    @Override
    void onTimer(boolean ends, long nowMs) {
        switch (state) {
            case TRYING, PROCEEDING -> {
                if (ends) {
                    terminate();
                    user.onTimeout(nowMs);
                } else {
                    layer.send(bytes, destination, this, true);
                    if (state == State.PROCEEDING) {
                        retransmitEvery(timers().t2Ms(), nowMs);
                    } else {
                        retransmitLater(timers().t2Ms(), nowMs);
                    }
                }
            }
            case COMPLETED -> terminate();
            case TERMINATED -> {}
        }
    }

    @Override
    public void onTransportFailure(long nowMs) {
        switch (state) {
            case TRYING, PROCEEDING -> {
                SipRequest again = state == State.TRYING ? backToDatagram(nowMs) : null;
                if (again != null) {
                    request = again;
                    start(nowMs);
                    return;
                }
                terminate();
                user.onTransportFailure(nowMs);
            }
            case COMPLETED, TERMINATED -> {}
        }
    }

    @Override
    void terminate() {
        if (state != State.TERMINATED) {
            state = State.TERMINATED;
            layer.remove(this);
        }
    }
}
