package releve.sip.agent;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import releve.sip.dialog.Dialog;
import releve.sip.dialog.DialogId;
import releve.sip.message.BodyPart;
import releve.sip.message.Header;
import releve.sip.message.Reason;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.message.Status;
import releve.sip.sdp.Sdp;
import releve.sip.transaction.ClientUser;
import releve.sip.transaction.Deadline;
import releve.sip.transaction.Hop;
import releve.sip.transaction.InviteClientTransaction;

/**
 * The INVITE that makes a call of ours (RFC 3261 sections 9.1 and 13.2).
 *
 * <pre>
 * TRYING         nothing heard; challenge, 503, time-out or refusal with something left to try: INVITE again, TRYING;
 *                cancel → CANCEL_WAITING; 1xx → RINGING
 * RINGING        cancel or ring limit: CANCEL → CANCELLING
 * CANCEL_WAITING a CANCEL may not go before a 1xx came; 1xx: CANCEL → CANCELLING
 * CANCELLING     487 or another final → OVER; 64·T1 without one → OVER
 * ANSWERED       the call is up; repeated 2xx are acknowledged again, those of other forks also ended; the call ends: {@link LateAnswers}
 * OVER           failed
 * any but OVER   2xx → ANSWERED, after a cancel with BYE at once
 * </pre>
 */
final class OutgoingInvite extends Deadline implements ClientUser {
    private enum State {
        TRYING,
        RINGING,
        CANCEL_WAITING,
        CANCELLING,
        ANSWERED,
        OVER
    }

    private final Call call;
    private final Core core;
    private final @Nullable String offer;
    private final long silenceMs;
    private Hop destination;
    private int cseq;
    private List<Header> credentials = List.of();
    /** What was sent last, and what else to try; null once somebody has answered the call. */
    private @Nullable SipRequest sent;

    private final List<Hop> further;
    private @Nullable Retries retries;
    private @Nullable InviteClientTransaction transaction;
    private State state = State.TRYING;
    /** Somebody's phone may have rung: nobody is called a second time then, whatever the server says. */
    private boolean progressed;

    /** What the peer described last, before it answered. */
    private @Nullable Described early;

    private @Nullable Reason cancelReason;
    private @Nullable String ackSdp;
    private boolean ackSent;

    private record Described(DialogId id, String sdp) {}

    OutgoingInvite(Call call, InviteRequest spec) {
        this.call = call;
        this.core = call.core;
        this.destination = spec.destination();
        this.offer = spec.sdp();
        this.silenceMs =
                spec.silenceMs() > 0 ? spec.silenceMs() : core.config.timers().timeoutMs();
        this.further = spec.further();
    }

    /** The INVITE as it was sent last; null once somebody has answered. */
    @Nullable
    SipRequest sent() {
        return sent;
    }

    void start(SipRequest invite, long nowMs) {
        core.deadlines.set(this, nowMs + core.config.ringLimitMs());
        send(invite, nowMs);
    }

    private void send(SipRequest invite, long nowMs) {
        sent = invite;
        cseq = invite.cseq().number();
        credentials = Retries.credentialsOf(invite);
        transaction = core.transactions.invite(invite, destination, this, silenceMs, nowMs);
    }

    /** Tries again where that may help; not when the call has been cancelled. @param response null when none came */
    private boolean again(@Nullable SipResponse response, long nowMs) {
        if (sent == null || (state != State.TRYING && state != State.RINGING)) {
            return false;
        }
        if (progressed && response != null && response.status() == 503) {
            return false;
        }
        if (retries == null) {
            retries = new Retries(core, call.authenticator, further);
        }
        Retries.Again again = response != null
                ? retries.after(response, sent, destination, () -> cseq + 1)
                : state == State.TRYING ? retries.elsewhere(sent, () -> cseq + 1) : null;
        if (again == null) {
            return false;
        }
        state = State.TRYING;
        destination = again.hop();
        send(again.request(), nowMs);
        return true;
    }

    boolean cancel(@Nullable Reason reason, long nowMs) {
        return switch (state) {
            case TRYING -> {
                cancelReason = reason;
                state = State.CANCEL_WAITING;
                yield true;
            }
            case RINGING -> {
                cancelReason = reason;
                sendCancel(nowMs);
                yield true;
            }
            case CANCEL_WAITING, CANCELLING, ANSWERED, OVER -> false;
        };
    }

    private void sendCancel(long nowMs) {
        state = State.CANCELLING;
        String reason = cancelReason == null ? null : cancelReason.toString();
        InviteClientTransaction invite = Objects.requireNonNull(transaction);
        // Where the INVITE went: a large one may have taken a stream.
        core.transactions.request(invite.cancel(reason), invite.destination(), ClientUser.NOBODY, nowMs);
        core.deadlines.set(this, nowMs + core.config.timers().timeoutMs());
    }

    @Override
    protected void expire(long nowMs) {
        switch (state) {
            case TRYING, RINGING -> cancel(null, nowMs);
            case CANCELLING -> {
                // RFC 3261 section 9.1: the client considers the request cancelled and destroys the transaction.
                Objects.requireNonNull(transaction).abandon();
                fail(487, Status.phrase(487), true, null, null, nowMs);
            }
            case CANCEL_WAITING, ANSWERED, OVER -> {}
        }
    }

    @Override
    public void onResponse(SipResponse response, long nowMs) {
        if (response.isProvisional()) {
            provisional(response, nowMs);
        } else if (response.isSuccess()) {
            success(response, nowMs);
        } else if (!again(response, nowMs)) {
            Integer cause = Reason.q850Of(response);
            fail(response.status(), response.reasonPhrase(), false, cause, response.retryAfterSeconds(), nowMs);
        }
    }

    private void provisional(SipResponse response, long nowMs) {
        boolean open = state != State.ANSWERED && state != State.OVER;
        boolean reliable = open && EarlyDialogs.isReliable(response);
        if (reliable && !call.reliable(response, destination, offer, nowMs)) {
            return;
        }
        switch (state) {
            case TRYING, RINGING -> {
                state = State.RINGING;
                call.progressed(response.status());
                if (response.status() > 100) {
                    progressed = true;
                    tellWhatIsBeside(response);
                    String sdp = response.sdp();
                    early = sdp == null || offer == null ? early : new Described(DialogId.ofResponse(response), sdp);
                    core.emit(new SipEvent.Provisional(call.number, response.status(), response.sdp()));
                }
            }
            case CANCEL_WAITING -> sendCancel(nowMs);
            case CANCELLING, ANSWERED, OVER -> {}
        }
    }

    private void success(SipResponse response, long nowMs) {
        switch (state) {
            case TRYING, RINGING -> answered(response, nowMs);
            case CANCEL_WAITING, CANCELLING -> answeredAfterCancel(response, nowMs);
            case ANSWERED -> repeated(response, nowMs);
            case OVER -> {}
        }
    }

    private void answered(SipResponse response, long nowMs) {
        establish(response, nowMs);
        if (offer != null || call.dialog().localSdp() != null) {
            sendAck(null);
        }
        tellWhatIsBeside(response);
        core.emit(new SipEvent.Answered(call.number, call.dialog().remoteSdp()));
    }

    private void tellWhatIsBeside(SipResponse response) {
        if (!response.hasMoreThanDescription()) {
            return;
        }
        for (BodyPart part : response.parts()) {
            if (!part.is(Sdp.CONTENT_TYPE)) {
                core.emit(new SipEvent.UpdateReceived(call.number, part.contentType(), part.content()));
            }
        }
    }

    /** The answer crossed our CANCEL: the call was up and has to be ended as one (RFC 3261 section 9.1). */
    private void answeredAfterCancel(SipResponse response, long nowMs) {
        establish(response, nowMs);
        sendAck(null);
        core.emit(new SipEvent.AnsweredAfterCancel(call.number, response.sdp()));
        call.bye(Call.reasonHeader(cancelReason), "answered while it was cancelled", nowMs);
    }

    private void establish(SipResponse response, long nowMs) {
        state = State.ANSWERED;
        SipRequest invite = sent;
        if (invite != null) {
            response.shareTexts(invite);
        }
        sent = null;
        retries = null;
        core.deadlines.clear(this);
        call.join(Dialog.ofResponse(response, destination, offer));
        Described before = early;
        early = null;
        // Gateways that have answered the offer in progress, though not reliably, may not do so again in the 200.
        if (before != null
                && call.dialog().remoteSdp() == null
                && before.id().equals(call.dialog().id())) {
            call.dialog = call.dialog().described(null, before.sdp());
        }
        call.up();
        SessionTimer.accepted(call.session, invite, response, nowMs);
    }

    /** Sends the first ACK. @param answer our description when the 200 carried the offer */
    boolean sendAck(@Nullable String answer) {
        if (state != State.ANSWERED || ackSent) {
            return false;
        }
        ackSent = true;
        ackSdp = answer;
        call.dialog = call.dialog().described(answer, null);
        core.sendAck(call.dialog(), cseq, ackBranch(transaction), answer, credentials, false);
        return true;
    }

    /** The branch of each ACK of an answer: the ACK is a transaction of its own (section 17.1.1.3), always the same. */
    static String ackBranch(@Nullable InviteClientTransaction invite) {
        return Objects.requireNonNull(invite).branch() + "-ack";
    }

    /** The call needs its INVITE no longer: long calls are many, and each should be small. */
    @Override
    public void onSettled() {
        if (ackSent && call.outgoing == this) {
            call.outgoing = null;
        }
    }

    boolean isAcknowledged() {
        return ackSent;
    }

    private void repeated(SipResponse response, long nowMs) {
        if (DialogId.ofResponse(response).equals(call.dialog().id())) {
            if (ackSent) {
                core.sendAck(call.dialog(), cseq, ackBranch(transaction), ackSdp, credentials, true);
            }
            return;
        }
        SurplusAnswer.end(core, response, destination, nowMs);
    }

    @Override
    public void onTimeout(long nowMs) {
        if (!again(null, nowMs)) {
            fail(408, Status.phrase(408), true, null, null, nowMs);
        }
    }

    @Override
    public void onTransportFailure(long nowMs) {
        if (!again(null, nowMs)) {
            fail(503, Status.phrase(503), true, null, null, nowMs);
        }
    }

    private void fail(
            int status,
            String phrase,
            boolean local,
            @Nullable Integer cause,
            @Nullable Integer retryAfterSeconds,
            long nowMs) {
        boolean cancelled = state == State.CANCELLING || state == State.CANCEL_WAITING;
        state = State.OVER;
        call.over(
                new SipEvent.InviteFailed(call.number, status, phrase, cause, retryAfterSeconds, local, cancelled),
                nowMs);
    }

    /** The call ends. What its INVITE may still bring is left to something smaller than a call. */
    void stop() {
        core.deadlines.clear(this);
        InviteClientTransaction invite = transaction;
        if (state == State.ANSWERED && invite != null) {
            String tag = call.dialog().id().remoteTag();
            invite.handTo(new LateAnswers(core, tag, destination, ackSent ? invite : null, ackSdp, credentials));
        }
    }
}
