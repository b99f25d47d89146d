package releve.sip.transaction;

import org.jspecify.annotations.Nullable;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.message.SipWriter;

/**
 * The non-INVITE server transaction (RFC 3261 section 17.2.2) over any transport: a reliable one repeats nothing and
 * leaves no final state to wait in, so timers A, D, E, G, I, J and K do not run.
 *
 * <pre>
 * TRYING     request again: absorbed; 1xx sent → PROCEEDING; final sent → COMPLETED
 * PROCEEDING request again: last provisional again; final sent → COMPLETED
 * COMPLETED  request again: final again; Timer J → TERMINATED
 * </pre>
 */
public final class NonInviteServerTransaction extends ServerTransaction {
    /** The states of figure 8. */
    public enum State {
        TRYING,
        PROCEEDING,
        COMPLETED,
        TERMINATED
    }

    private State state = State.TRYING;
    private byte @Nullable [] last;

    NonInviteServerTransaction(TransactionLayer layer, SipRequest request, Hop destination) {
        super(layer, request, destination);
    }

    public State state() {
        return state;
    }

    @Override
    public boolean isTerminated() {
        return state == State.TERMINATED;
    }

    @Override
    public void respond(SipResponse response, long nowMs) {
        switch (state) {
            case TRYING, PROCEEDING -> {
                last = SipWriter.write(response);
                layer.send(last, destination, null, false);
                if (response.isProvisional()) {
                    state = State.PROCEEDING;
                } else {
                    state = State.COMPLETED;
                    endAt(nowMs + timers().timeoutMs()); // Timer J
                    if (isReliable()) {
                        terminate();
                    }
                }
            }
            case COMPLETED, TERMINATED -> {}
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
            case TRYING, TERMINATED -> {}
        }
    }

    @Override
    void onTimer(boolean ends, long nowMs) {
        switch (state) {
            case COMPLETED -> terminate();
            case TRYING, PROCEEDING, TERMINATED -> {}
        }
    }

    @Override
    void terminate() {
        if (state != State.TERMINATED) {
            state = State.TERMINATED;
            last = null;
            layer.remove(this);
        }
    }
}
