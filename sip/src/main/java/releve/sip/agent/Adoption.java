package releve.sip.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import releve.sip.dialog.Dialog;
import releve.sip.message.Header;
import releve.sip.message.Method;
import releve.sip.message.SipResponse;
import releve.sip.transaction.Deadline;

/**
 * The taking over of a dialog that another process held. The peer learns at once where its requests go from now on: by an
 * UPDATE without an offer, which it can take whatever else is under way (RFC 3311 section 5.2), or by a re-INVITE that offers
 * what there is, where it takes no UPDATE. It is asked before anything else is known, so a call that is over there ends here.
 *
 * <pre>
 * UPDATING  UPDATE sent; 2xx → DONE; 408, 481: the call is ended → DONE; 5xx but 501, 491: busy, or the former holder had used
 *           our number → WAITING; anything else: no UPDATE here, re-INVITE → DONE, or → WAITING while another change is under way
 * WAITING   as many numbers more are skipped, UPDATE → UPDATING, at most {@value #TRIES_MAX} times; then re-INVITE → DONE
 * DONE
 * </pre>
 *
 * Nobody is told of it unless the peer changes its description or the call ends.
 */
final class Adoption extends Deadline {
    static final int TRIES_MAX = 6;

    private enum State {
        UPDATING,
        WAITING,
        DONE
    }

    private final Call call;
    private final Core core;
    private final int skippedCSeqs;
    private State state = State.WAITING;
    private int tries;
    private boolean updates = true;

    private Adoption(Call call, int skippedCSeqs) {
        this.call = call;
        this.core = call.core;
        this.skippedCSeqs = skippedCSeqs;
    }

    /** @return the call's number, or 0 when the limit of calls is reached, or the dialog is early or already here */
    static long adopt(Core core, AdoptRequest request, long nowMs) {
        Dialog dialog = request.dialog();
        if (core.isFull() || !dialog.confirmed() || core.dialogs.containsKey(dialog.id())) {
            return 0;
        }
        Call call = new Call(core, core.nextCallNumber());
        call.authenticator = request.authenticator();
        call.join(dialog.withoutConnection());
        call.phase = Call.Phase.UP;
        // What the former holder agreed on is not known: it is agreed on anew.
        call.session = SessionTimer.of(call, core.config.sessions());
        call.adoption = new Adoption(call, request.skippedCSeqs());
        call.adoption.update(nowMs);
        return call.number;
    }

    private void update(long nowMs) {
        tries++;
        state = State.UPDATING;
        call.dialog = call.dialog().skipLocal(skippedCSeqs);
        List<Header> headers = new ArrayList<>(SessionTimer.keeping(call.session));
        headers.add(Core.ALLOWED);
        Exchange.inCall(call, Method.UPDATE, headers, new byte[0], this::updated, nowMs);
    }

    private void updated(Exchange.Outcome outcome, long nowMs) {
        if (state != State.UPDATING) {
            return;
        }
        int status = outcome.status();
        if (outcome.isSuccess()) {
            SipResponse response = Objects.requireNonNull(outcome.response(), "a success is somebody's response");
            done();
            call.dialog = call.dialog().refreshed(response);
            SessionTimer.accepted(call.session, null, response, nowMs);
        } else if (status == 408 || status == 481) {
            done();
            call.bye(List.of(), "the refresh of an adopted call failed with " + status, nowMs);
        } else if (status == 491 || (status >= 500 && status < 600 && status != 501)) {
            later(nowMs);
        } else {
            updates = false;
            reinvite(nowMs);
        }
    }

    private void later(long nowMs) {
        state = State.WAITING;
        core.deadlines.set(this, nowMs + core.ids.glareWaitMs(true));
    }

    private void reinvite(long nowMs) {
        String present = call.dialog().localSdp();
        if (!call.canReinvite()) {
            later(nowMs);
            return;
        }
        done();
        if (present != null) {
            call.reinvite = OutgoingReinvite.refresh(call, present);
            call.reinvite.start(nowMs);
        }
    }

    @Override
    protected void expire(long nowMs) {
        if (state == State.WAITING) {
            if (updates && tries < TRIES_MAX) {
                update(nowMs);
            } else {
                reinvite(nowMs);
            }
        }
    }

    private void done() {
        state = State.DONE;
        core.deadlines.clear(this);
        if (call.adoption == this) {
            call.adoption = null;
        }
    }

    /** The call ends. */
    static void stop(@Nullable Adoption adoption) {
        if (adoption != null) {
            adoption.done();
        }
    }
}
