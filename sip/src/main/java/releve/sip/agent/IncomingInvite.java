package releve.sip.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.sip.dialog.Dialog;
import releve.sip.message.BodyPart;
import releve.sip.message.Header;
import releve.sip.message.RAck;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.transaction.Deadline;
import releve.sip.transaction.InviteServerTransaction;

/**
 * An INVITE of the peer, the one that makes the call or a later one (RFC 3261 sections 13.3 and 14.2).
 *
 * <pre>
 * OPEN     no final response; ours → ANSWERED or DONE; CANCEL or ring limit → DONE
 * ANSWERED 200 sent, repeated after T1 doubling to T2; ACK → DONE; 64·T1 → DONE, call ended with BYE
 * DONE
 * </pre>
 */
final class IncomingInvite extends Deadline {
    private enum State {
        OPEN,
        ANSWERED,
        DONE
    }

    private final Call call;
    private final Core core;
    private final Inbound in;
    private final InviteServerTransaction transaction;
    private final boolean first;
    private State state = State.OPEN;
    private @Nullable SipResponse answer;
    private long intervalMs;
    private long giveUpAtMs;
    private @Nullable ReliableProvisionals reliable;
    /** The description to accept with, once the reliable provisional responses have arrived. */
    private @Nullable String acceptLater;
    /** Offer and answer have been exchanged in progress, for certain. */
    private boolean settled;
    /** A later request has given the peer's target since: this one's is out of date. */
    private boolean targetOvertaken;

    /** What the next provisional response carries beside its description. */
    private @Nullable BodyPart beside;

    IncomingInvite(Call call, Inbound in, InviteServerTransaction transaction, boolean first, long nowMs) {
        this.call = call;
        this.core = call.core;
        this.in = in;
        this.transaction = transaction;
        this.first = first;
        transaction.attach(this);
        core.deadlines.set(this, nowMs + core.config.ringLimitMs());
    }

    boolean isFirst() {
        return first;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether the call's own 200 still waits for its ACK, so that no BYE may be sent yet. */
    boolean awaitsFirstAck() {
        return first && state == State.ANSWERED;
    }

    int cseq() {
        return in.request().cseq().number();
    }

    String tag() {
        return call.dialog().id().localTag();
    }

    void trying(long nowMs) {
        transaction.respond(core.response(in, 100, tag(), List.of(), null), nowMs);
    }

    private boolean offers() {
        return in.request().sdp() != null;
    }

    /** Whether an offer of the peer's in it waits for our answer. */
    boolean owesAnswer() {
        boolean described = reliable != null && call.dialog().localSdp() != null;
        return state == State.OPEN && offers() && !described;
    }

    /** Whether no further offer may be made by us, for the first is not made or not answered for certain (RFC 3311 section 5.1). */
    boolean isNegotiating() {
        return state == State.OPEN && !settled;
    }

    /** An UPDATE that came after it has refreshed the peer's target (section 12.2.2). */
    void targetOvertaken() {
        targetOvertaken = true;
    }

    /** Whether an offer of ours, in its 200 or in reliable progress, waits for the ACK or PRACK. */
    boolean awaitsAnswer() {
        boolean offered = state == State.ANSWERED || (reliable != null && reliable.holdsAnswer());
        return offered && !offers() && !settled;
    }

    /** @param reliably whether the caller has to acknowledge it, which it must understand (RFC 3262 section 3) */
    boolean ring(int status, @Nullable String sdp, boolean reliably, long nowMs) {
        boolean required = OptionTags.requires(in.request().headers(), OptionTags.RELIABLE);
        if (state != State.OPEN
                || acceptLater != null
                || (reliably && !OptionTags.supports(in.request().headers(), OptionTags.RELIABLE))) {
            return false;
        }
        if (!reliably && !required) {
            respond(status, List.of(), sdp, nowMs);
            return true;
        }
        boolean offered = call.dialog().localSdp() != null;
        if (!offers() && (sdp == null) != offered) {
            // The first has to make the offer, and there is one only.
            return false;
        }
        if (reliable == null) {
            reliable = new ReliableProvisionals(this, core);
        }
        call.dialog = call.dialog().described(sdp, null);
        return reliable.send(status, sdp, nowMs);
    }

    boolean attach(BodyPart part) {
        beside = part;
        return state == State.OPEN;
    }

    SipResponse respond(int status, List<Header> headers, @Nullable String sdp, long nowMs) {
        SipResponse response = core.responseWith(Content.of(sdp, beside), in, status, tag(), headers);
        beside = null;
        transaction.respond(response, nowMs);
        call.progressed(status);
        return response;
    }

    void repeat(SipResponse provisional, long nowMs) {
        if (state == State.OPEN) {
            transaction.respond(provisional, nowMs);
        }
    }

    /**
     * A PRACK in the dialog came, with the answer to an offer of ours or with another offer, or with neither (RFC 3262 section
     * 5).
     *
     * @return its status: 481 when it acknowledges nothing that we sent, 400 when it lacks the answer or must not offer; 0 when
     *     it will be answered with the answer to its offer
     */
    int acknowledged(RAck rack, Inbound prack, long nowMs) {
        SipResponse progress = reliable == null ? null : reliable.outstanding(rack);
        if (reliable == null || progress == null) {
            return 481;
        }
        String sdp = prack.request().sdp();
        boolean answers = progress.sdp() != null && !offers() && !settled;
        if (answers && sdp == null) {
            return 400;
        }
        settled |= progress.sdp() != null;
        reliable.acknowledged(nowMs);
        if (answers) {
            call.dialog = call.dialog().described(null, sdp);
            return 200;
        }
        return sdp == null ? 200 : settled ? IncomingUpdate.receiveInPrack(call, prack, sdp, nowMs) : 400;
    }

    /** Whether the INVITE must not be accepted yet: a description has not arrived for certain, or an offer in a PRACK waits. */
    private boolean holdsAnswer() {
        boolean inPrack = call.incomingUpdate != null && call.incomingUpdate.isPrack();
        return inPrack || (reliable != null && reliable.holdsAnswer());
    }

    /** After a PRACK was answered: an answer that waited for it goes. */
    void proceed(long nowMs) {
        String sdp = acceptLater;
        if (sdp != null && !holdsAnswer()) {
            acceptLater = null;
            accept(sdp, nowMs);
        }
    }

    boolean accept(String sdp, long nowMs) {
        if (state != State.OPEN || acceptLater != null) {
            return false;
        }
        if (holdsAnswer()) {
            acceptLater = sdp;
            return true;
        }
        if (reliable != null) {
            reliable.stop();
        }
        // Offer and answer have been exchanged already, and this is neither.
        String description = offers() || !settled ? sdp : null;
        state = State.ANSWERED;
        List<Header> headers = SessionTimer.accepting(call.session, in.request(), nowMs);
        answer = core.response(in, 200, tag(), headers, description);
        transaction.respond(answer, nowMs);
        Dialog target = targetOvertaken ? call.dialog() : call.dialog().refreshed(in.request());
        call.dialog =
                target.described(description, settled ? null : in.request().sdp());
        intervalMs = core.config.timers().t1Ms();
        giveUpAtMs = nowMs + core.config.timers().timeoutMs();
        core.deadlines.set(this, nowMs + intervalMs);
        if (first) {
            call.up();
            if (call.replaces != null) {
                call.replaces.bye(List.of(), "another call took its place", nowMs);
                call.replaces = null;
            }
        }
        return true;
    }

    boolean reject(int status, List<Header> headers, long nowMs) {
        if (state != State.OPEN) {
            return false;
        }
        done();
        transaction.respond(core.response(in, status, tag(), headers, null), nowMs);
        if (first) {
            call.over(new SipEvent.CallEnded(call.number, false, null, "rejected with " + status), nowMs);
        }
        return true;
    }

    /** A CANCEL for this INVITE came and was answered (section 9.2). */
    void cancelled(@Nullable Integer q850Cause, long nowMs) {
        if (state == State.OPEN) {
            done();
            transaction.respond(core.response(in, 487, tag(), List.of(), null), nowMs);
            if (first) {
                call.over(new SipEvent.CancelledByPeer(call.number, q850Cause), nowMs);
            }
        }
    }

    /** BYE in the early dialog: the INVITE is answered 487 (section 15.1.2). */
    void endedByCaller(long nowMs) {
        stop(nowMs);
    }

    /** An ACK with this INVITE's number came in the dialog. */
    void ack(SipRequest ack, long nowMs) {
        if (state == State.ANSWERED) {
            done();
            call.dialog = call.dialog().described(null, ack.sdp());
            String theirs = settled && !offers() ? call.dialog().remoteSdp() : ack.sdp();
            core.emit(new SipEvent.Acknowledged(call.number, theirs));
            call.acknowledged(nowMs);
        }
    }

    @Override
    protected void expire(long nowMs) {
        switch (state) {
            case OPEN -> reject(480, List.of(), nowMs);
            case ANSWERED -> repeat(nowMs);
            case DONE -> {}
        }
    }

    private void repeat(long nowMs) {
        if (nowMs >= giveUpAtMs || answer == null) {
            done();
            call.ackMissing(nowMs);
            return;
        }
        transaction.respond(answer, nowMs);
        intervalMs = Math.min(2 * intervalMs, core.config.timers().t2Ms());
        core.deadlines.set(this, Math.min(nowMs + intervalMs, giveUpAtMs));
    }

    private void done() {
        state = State.DONE;
        acceptLater = null;
        if (reliable != null) {
            reliable.stop();
        }
        answer = null;
        core.deadlines.clear(this);
        if (call.incoming == this) {
            call.incoming = null;
        }
    }

    /** The call ends: an open INVITE gets 487, a 200 is not repeated any more. */
    void stop(long nowMs) {
        boolean open = state == State.OPEN;
        done();
        if (open) {
            transaction.respond(core.response(in, 487, tag(), List.of(), null), nowMs);
        }
    }
}
