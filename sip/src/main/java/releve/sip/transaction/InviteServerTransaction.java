package releve.sip.transaction;

import org.jspecify.annotations.Nullable;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.message.SipWriter;

/**
 * The INVITE server transaction (RFC 3261 section 17.2.1 with RFC 6026 section 7.1) over any transport: a reliable one repeats nothing and
 * leaves no final state to wait in, so timers A, D, E, G, I, J and K do not run.
 *
 * <pre>
 * PROCEEDING INVITE again: last provisional again; 2xx sent → ACCEPTED; 3xx–6xx sent → COMPLETED
 * ACCEPTED   INVITE again: absorbed; 2xx of the user: sent; Timer L → TERMINATED
 * COMPLETED  INVITE again, Timer G: response again; ACK → CONFIRMED; Timer H → TERMINATED
 * CONFIRMED  everything absorbed; Timer I → TERMINATED
 * </pre>
 */
public final class InviteServerTransaction extends ServerTransaction {
    /** The states of figure 7 with RFC 6026. */
    public enum State {
        PROCEEDING,
        ACCEPTED,
        COMPLETED,
        CONFIRMED,
        TERMINATED
    }

    private State state = State.PROCEEDING;
    private byte @Nullable [] last;
    private @Nullable Object user;

    InviteServerTransaction(TransactionLayer layer, SipRequest request, Hop destination) {
        super(layer, request, destination);
    }

    public State state() {
        return state;
    }

    @Override
    public boolean isTerminated() {
        return state == State.TERMINATED;
    }

    /** Remembers whose transaction this is, so that a CANCEL finds it; forgotten at the final response. */
    public void attach(Object newUser) {
        user = newUser;
    }

    /** What {@link #attach} was given, while no final response was sent. */
    public @Nullable Object user() {
        return user;
    }

    @Override
    public void respond(SipResponse response, long nowMs) {
        switch (state) {
            case PROCEEDING -> proceeding(response, nowMs);
            case ACCEPTED -> {
                if (response.isSuccess()) {
                    layer.send(SipWriter.write(response), destination, null, true);
                }
            }
            case COMPLETED, CONFIRMED, TERMINATED -> {}
        }
    }

    private void proceeding(SipResponse response, long nowMs) {
        byte[] bytes = SipWriter.write(response);
        layer.send(bytes, destination, null, false);
        if (response.isProvisional()) {
            last = bytes;
            return;
        }
        user = null;
        if (response.isSuccess()) {
            state = State.ACCEPTED;
            last = null;
            endAt(nowMs + timers().timeoutMs()); // Timer L
        } else {
            state = State.COMPLETED;
            last = bytes;
            if (!isReliable()) {
                retransmitEvery(timers().t1Ms(), nowMs); // Timer G
            }
            endAt(nowMs + timers().timeoutMs()); // Timer H
        }
    }

    @Override
    void onRepeat(long nowMs) {
        switch (state) {
            case PROCEEDING, COMPLETED -> {
                if (last != null) {
                    layer.send(last, destination, null, true);
                }
            }
            case ACCEPTED, CONFIRMED, TERMINATED -> {}
        }
    }

    /** An ACK that matches this transaction; whether it was for a 3xx–6xx and ends here. */
    boolean onAck(long nowMs) {
        return switch (state) {
            case COMPLETED -> {
                state = State.CONFIRMED;
                last = null;
                stopRetransmitting();
                endAt(nowMs + timers().t4Ms()); // Timer I
                if (isReliable()) {
                    terminate();
                }
                yield true;
            }
            case CONFIRMED -> true;
            // RFC 6026 section 7.1: the ACK of a 2xx goes to the user even if a peer reuses the branch.
            case PROCEEDING, ACCEPTED, TERMINATED -> false;
        };
    }

    @Override
    void onTimer(boolean ends, long nowMs) {
        switch (state) {
            case COMPLETED -> {
                if (ends) {
                    terminate();
                } else if (last != null) {
                    layer.send(last, destination, null, true);
                    retransmitLater(timers().t2Ms(), nowMs);
                }
            }
            case ACCEPTED, CONFIRMED -> terminate();
            case PROCEEDING, TERMINATED -> {}
        }
    }

    @Override
    void terminate() {
        if (state != State.TERMINATED) {
            state = State.TERMINATED;
            last = null;
            user = null;
            layer.remove(this);
        }
    }
}
