package releve.sip.agent;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import releve.sip.dialog.Dialog;
import releve.sip.dialog.DialogId;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Headers;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.MediaType;
import releve.sip.message.Method;
import releve.sip.message.Params;
import releve.sip.message.RAck;
import releve.sip.message.Reason;
import releve.sip.message.SipRequest;
import releve.sip.message.SipUri;
import releve.sip.registrar.Registrar;
import releve.sip.sdp.Sdp;
import releve.sip.transaction.InviteServerTransaction;

/** What becomes of a received request: the user agent server's general behaviour (RFC 3261 section 8.2). */
final class RequestDispatch {
    private static final Set<Method> TAKEN = Set.of(
            Method.INVITE,
            Method.BYE,
            Method.OPTIONS,
            Method.INFO,
            Method.REFER,
            Method.SUBSCRIBE,
            Method.NOTIFY,
            Method.PRACK,
            Method.UPDATE);

    private static final MediaType SDP = new MediaType("application", "sdp", Params.NONE);

    private final Core core;
    private final InDialogRequests inDialog;
    private final Map<Origin, Call> origins = new HashMap<>();
    private @Nullable Registrar registrar;

    /** What copies of one INVITE that came over several paths share (section 8.2.2.2). */
    private record Origin(String callId, @Nullable String fromTag, int cseq) {}

    RequestDispatch(Core core) {
        this.core = core;
        this.inDialog = new InDialogRequests(core);
    }

    void serve(Registrar newRegistrar) {
        registrar = newRegistrar;
    }

    void request(Inbound in, long nowMs) {
        SipRequest request = in.request();
        if (core.transactions.absorb(request, nowMs)) {
            core.count(Counter.RETRANSMISSIONS_ABSORBED);
        } else if (request.method().equals(Method.ACK)) {
            ack(request, nowMs);
        } else if (request.method().equals(Method.CANCEL)) {
            cancel(in, nowMs);
        } else if (core.transactions.size() >= core.config.transactionsMax()) {
            refuseAtLimit(in);
        } else {
            fresh(in, nowMs);
        }
    }

    private void refuseAtLimit(Inbound in) {
        core.count(Counter.REFUSED_AT_LIMIT);
        core.respondStateless(in, 503, List.of(retryAfter(core.config.retryAfterSeconds())));
    }

    private static Header retryAfter(int seconds) {
        return new Header(HeaderName.RETRY_AFTER, Integer.toString(seconds));
    }

    private void ack(SipRequest ack, long nowMs) {
        Call call = core.dialogs.get(DialogId.ofReceived(ack));
        if (call != null
                && call.incoming != null
                && call.incoming.cseq() == ack.cseq().number()) {
            call.incoming.ack(ack, nowMs);
        } else if (call == null) {
            core.count(Counter.DROPPED_STRAY);
        }
    }

    /** Section 9.2: 200 when the INVITE's transaction is known, whatever its state; 481 otherwise. */
    private void cancel(Inbound in, long nowMs) {
        InviteServerTransaction invite = core.transactions.cancelled(in.request());
        if (invite == null) {
            answer(in, 481, List.of(), nowMs);
            return;
        }
        if (invite.user() instanceof IncomingInvite incoming) {
            core.answer(in, 200, incoming.tag(), List.of(), nowMs);
            incoming.cancelled(Reason.q850Of(in.request()), nowMs);
        } else {
            answer(in, 200, List.of(), nowMs);
        }
    }

    private void fresh(Inbound in, long nowMs) {
        SipRequest request = in.request();
        if (request.method().equals(Method.REGISTER) && registrar != null) {
            Registrar.Reply reply = registrar.register(request, in.source(), nowMs);
            answer(in, reply.status(), reply.headers(), nowMs);
        } else if (!TAKEN.contains(request.method())) {
            int status = request.method().isRegistered() ? 405 : 501;
            answer(in, status, List.of(Core.ALLOWED), nowMs);
        } else if (request.method().equals(Method.SUBSCRIBE)) {
            core.watchers.subscribe(in, nowMs);
        } else if (request.method().equals(Method.NOTIFY) && core.subscriptions.notified(in, nowMs)) {
            // It had a subscription of its own: no call is concerned.
            return;
        } else if (request.to().tag() != null) {
            inside(in, nowMs);
        } else if (request.method().equals(Method.REFER)) {
            // Whom nobody talks to, nobody lets place calls.
            answer(in, 403, List.of(), nowMs);
        } else if (!request.method().equals(Method.INVITE) && !request.method().equals(Method.OPTIONS)) {
            answer(in, 481, List.of(), nowMs);
        } else if (!refused(in, core.config.sessions(), nowMs)) {
            outside(in, nowMs);
        }
    }

    private void outside(Inbound in, long nowMs) {
        if (in.request().method().equals(Method.OPTIONS)) {
            answerOptions(in, nowMs);
        } else {
            newCall(in, nowMs);
        }
    }

    /** Inspection of scheme, extensions and content (sections 8.2.2.1, 8.2.2.3, 8.2.3). */
    private boolean refused(Inbound in, SessionInterval sessions, long nowMs) {
        SipRequest request = in.request();
        Headers headers = request.headers();
        if (!SipUri.isSip(request.uri())) {
            answer(in, 416, List.of(), nowMs);
            return true;
        }
        List<String> unknown =
                headers.has(HeaderName.REQUIRE) ? OptionTags.unknown(headers, sessions.isOn()) : List.of();
        if (!unknown.isEmpty()) {
            String all = String.join(", ", unknown);
            answer(in, 420, List.of(new Header(HeaderName.UNSUPPORTED, all)), nowMs);
            return true;
        }
        boolean encoded = headers.has(HeaderName.CONTENT_ENCODING);
        if (request.method().equals(Method.INVITE) && request.body().length > 0 && (request.sdp() == null || encoded)) {
            answer(in, 415, List.of(new Header(HeaderName.ACCEPT, Sdp.CONTENT_TYPE)), nowMs);
            return true;
        }
        if (request.method().equals(Method.INVITE) && !SDP.isAccepted(headers)) {
            answer(in, 406, List.of(), nowMs);
            return true;
        }
        Header least = SessionTimer.tooShort(sessions, headers);
        if (least != null) {
            answer(in, 422, List.of(least), nowMs);
            return true;
        }
        return false;
    }

    private void newCall(Inbound in, long nowMs) {
        SipRequest invite = in.request();
        Origin origin =
                new Origin(invite.callId(), invite.from().tag(), invite.cseq().number());
        if (origins.containsKey(origin)) {
            answer(in, 482, List.of(), nowMs);
            return;
        }
        if (core.overloaded) {
            core.count(Counter.REFUSED_OVERLOADED);
            core.respondStateless(in, 503, List.of(retryAfter(core.config.retryAfterSeconds())));
            return;
        }
        if (core.isFull()) {
            refuseAtLimit(in);
            return;
        }
        Replacement replacement = Replacement.of(invite, core);
        if (replacement.status() != 0) {
            answer(in, replacement.status(), List.of(), nowMs);
            return;
        }
        core.count(Counter.CALLS_IN);
        Call call = new Call(core, core.nextCallNumber());
        origins.put(origin, call);
        call.onOver = () -> origins.remove(origin);
        call.session = SessionTimer.of(call, core.config.sessions());
        call.replaces = replacement.replaced();
        call.join(Dialog.ofRequest(invite, core.ids.tag(), in.source()));
        InviteServerTransaction transaction = core.transactions.openInvite(invite, in.responsesTo());
        IncomingInvite incoming = new IncomingInvite(call, in, transaction, true, nowMs);
        call.incoming = incoming;
        incoming.trying(nowMs);
        core.emit(new SipEvent.IncomingCall(
                call.number,
                invite.uri(),
                invite.from().uri(),
                invite.to().uri(),
                invite.callId(),
                invite.sdp(),
                in.source(),
                invite));
    }

    private void inside(Inbound in, long nowMs) {
        SipRequest request = in.request();
        DialogId id = DialogId.ofReceived(request);
        Call call = core.dialogs.get(id);
        Dialog dialog = call == null ? null : call.dialog(id);
        if (call == null || dialog == null) {
            answer(in, 481, List.of(), nowMs);
        } else if (!dialog.inOrder(request)) {
            answer(in, 500, List.of(), nowMs);
        } else {
            Dialog noted = dialog.received(request);
            call.keep(noted);
            if (request.method().equals(Method.PRACK)) {
                prack(call, in, nowMs);
            } else if (request.method().equals(Method.UPDATE)) {
                IncomingUpdate.receive(call, noted, in, nowMs);
            } else if (request.method().equals(Method.BYE)) {
                answer(in, 200, List.of(), nowMs);
                call.byeReceived(request, nowMs);
            } else if (request.method().equals(Method.OPTIONS)) {
                answerOptions(in, nowMs);
            } else if (request.method().equals(Method.INVITE)) {
                reinvite(call, in, nowMs);
            } else {
                leavesTheSession(call, in, nowMs);
            }
        }
    }

    private void leavesTheSession(Call call, Inbound in, long nowMs) {
        Method method = in.request().method();
        if (method.equals(Method.INFO)) {
            inDialog.info(call, in, nowMs);
        } else if (method.equals(Method.REFER)) {
            inDialog.refer(call, in, nowMs);
        } else {
            inDialog.notify(call, in, nowMs);
        }
    }

    /** RFC 3262 section 3: 481 for what acknowledges nothing. */
    private void prack(Call call, Inbound in, long nowMs) {
        IncomingInvite invite = call.incoming;
        String value = in.request().headers().first(HeaderName.RACK);
        try {
            RAck rack = RAck.parse(value == null ? "" : value);
            int status = invite == null ? 481 : invite.acknowledged(rack, in, nowMs);
            if (status != 0) {
                answer(in, status, List.of(), nowMs);
            }
        } catch (MalformedMessageException _) {
            answer(in, 400, List.of(), nowMs);
        }
        if (invite != null) {
            invite.proceed(nowMs);
        }
    }

    /** Section 14.2: 500 while an earlier INVITE of the peer is open, 491 while one of ours is. */
    private void reinvite(Call call, Inbound in, long nowMs) {
        boolean ending = call.phase != Call.Phase.UP;
        if (call.incoming != null && call.incoming.isOpen()) {
            answer(in, 500, List.of(retryAfter(core.ids.overlapSeconds())), nowMs);
        } else if (ending) {
            answer(in, 481, List.of(), nowMs);
        } else if (call.incoming != null || call.incomingUpdate != null || call.awaitsAnswer()) {
            // An ACK of the former INVITE is outstanding, or both sides want to change the session at once.
            answer(in, 491, List.of(), nowMs);
        } else if (!refused(in, SessionTimer.settingOf(call.session), nowMs)) {
            InviteServerTransaction transaction = core.transactions.openInvite(in.request(), in.responsesTo());
            IncomingInvite incoming = new IncomingInvite(call, in, transaction, false, nowMs);
            call.incoming = incoming;
            incoming.trying(nowMs);
            core.emit(new SipEvent.IncomingReinvite(call.number, in.request().sdp()));
        }
    }

    private void answerOptions(Inbound in, long nowMs) {
        int status = core.calls.size() >= core.config.callsMax() ? 503 : 200;
        answer(
                in,
                status,
                List.of(Core.ALLOWED, new Header(HeaderName.ACCEPT, Sdp.CONTENT_TYPE), core.watchers.allowEvents()),
                nowMs);
    }

    private void answer(Inbound in, int status, List<Header> headers, long nowMs) {
        core.answer(in, status, headers, nowMs);
    }
}
