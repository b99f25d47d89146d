package releve.sip.agent;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import releve.sip.dialog.Dialog;
import releve.sip.dialog.DialogId;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Headers;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.message.Status;
import releve.sip.sdp.Sdp;
import releve.sip.transaction.Deadline;
import releve.sip.transaction.Hop;

/**
 * An UPDATE of ours (RFC 3311 section 5.1).
 *
 * <pre>
 * WAITING  it has an offer, and another one is open in the call, or the peer answered 491: try again later
 * PENDING  sent; 491 → WAITING, at most {@value #TRIES_MAX} tries; any other outcome → DONE
 * DONE
 * </pre>
 */
final class OutgoingUpdate extends Deadline {
    static final int TRIES_MAX = 6;

    private enum State {
        WAITING,
        PENDING,
        DONE
    }

    private final Call call;
    private final Core core;
    private final DialogId id;
    private final @Nullable String contentType;
    private final byte[] body;
    private final boolean offers;
    private State state = State.WAITING;
    private int tries;

    OutgoingUpdate(Call call, DialogId id, @Nullable String contentType, byte[] body) {
        this.call = call;
        this.core = call.core;
        this.id = id;
        this.contentType = contentType;
        this.body = body;
        this.offers = Sdp.CONTENT_TYPE.equals(contentType);
    }

    /** Whether a peer that says this takes UPDATE. */
    static boolean isAllowedBy(Headers headers) {
        String update = Method.UPDATE.name();
        return headers.values(HeaderName.ALLOW).stream()
                .anyMatch(allowed -> allowed.toUpperCase(Locale.ROOT).equals(update));
    }

    /** Whether an offer of ours waits for the peer's answer. */
    boolean awaitsAnswer() {
        return offers && state == State.PENDING;
    }

    void start(long nowMs) {
        if (offers && isNegotiating()) {
            glare(nowMs);
            return;
        }
        tries++;
        state = State.PENDING;
        int number = call.nextNumber(id);
        Dialog dialog = call.dialog(id);
        if (dialog == null) {
            // Another phone has answered.
            done(new Exchange.Outcome(481, Status.phrase(481), null), nowMs);
            return;
        }
        Hop hop = core.nextHop(dialog);
        List<Header> headers = new ArrayList<>(4);
        headers.add(core.contact(hop));
        headers.add(Core.ALLOWED);
        if (call.phase == Call.Phase.UP) {
            headers.addAll(SessionTimer.keeping(call.session));
        }
        if (contentType != null) {
            headers.add(new Header(HeaderName.CONTENT_TYPE, contentType));
        }
        headers.addAll(call.authenticator.forNew(Method.UPDATE.name(), dialog.remoteTarget()));
        SipRequest update = dialog.request(Method.UPDATE, number, core.via(hop, core.ids.branch()), headers, body);
        Exchange.start(
                core, update, List.of(hop), call.authenticator, () -> call.nextNumber(id), this::onOutcome, nowMs);
    }

    /** Whether another offer is open in the call, or the first one is not answered for certain (section 5.1). */
    private boolean isNegotiating() {
        Dialog dialog = call.dialog(id);
        boolean early = call.phase == Call.Phase.SETUP && call.outgoing != null;
        boolean open = early && dialog != null && (dialog.localSdp() == null || dialog.remoteSdp() == null);
        return open
                || call.awaitsAnswer()
                || call.incomingUpdate != null
                || (call.incoming != null && call.incoming.isNegotiating());
    }

    private void glare(long nowMs) {
        Dialog dialog = call.dialog(id);
        if (++tries > TRIES_MAX || dialog == null) {
            done(new Exchange.Outcome(491, "Request Pending", null), nowMs);
            return;
        }
        state = State.WAITING;
        core.deadlines.set(this, nowMs + core.ids.glareWaitMs(dialog.callIdOurs()));
    }

    @Override
    protected void expire(long nowMs) {
        if (state == State.WAITING) {
            start(nowMs);
        }
    }

    private void onOutcome(Exchange.Outcome outcome, long nowMs) {
        if (state != State.PENDING) {
            return;
        }
        if (outcome.status() == 491 && offers) {
            glare(nowMs);
        } else {
            done(outcome, nowMs);
        }
    }

    private void done(Exchange.Outcome outcome, long nowMs) {
        state = State.DONE;
        call.outgoingUpdate = null;
        String answer = outcome.response() == null ? null : outcome.response().sdp();
        Dialog dialog = call.dialog(id);
        if (outcome.isSuccess() && outcome.response() != null && dialog != null) {
            Dialog refreshed = dialog.refreshed(outcome.response());
            call.keep(offers ? refreshed.described(text(), answer) : refreshed);
            if (call.phase == Call.Phase.UP) {
                SessionTimer.accepted(call.session, null, outcome.response(), nowMs);
            }
        }
        core.emit(new SipEvent.UpdateAnswered(
                call.number, outcome.status(), outcome.reasonPhrase(), answer, outcome.isLocal()));
        boolean ofTheCall = dialog != null;
        if (ofTheCall && (outcome.status() == 408 || outcome.status() == 481)) {
            call.bye(List.of(), "an UPDATE failed with " + outcome.status(), nowMs);
        }
    }

    private String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The call ends: the outcome no longer matters. */
    void stop() {
        state = State.DONE;
        core.deadlines.clear(this);
    }
}
