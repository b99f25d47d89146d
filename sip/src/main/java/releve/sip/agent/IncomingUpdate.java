package releve.sip.agent;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.sip.dialog.Dialog;
import releve.sip.dialog.DialogId;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.transaction.Deadline;
import releve.sip.transaction.NonInviteServerTransaction;

/**
 * An UPDATE of the peer with an offer, before or after the call is answered (RFC 3311 section 5.2). It is told as
 * {@link SipEvent.IncomingReinvite}, and has to be answered sooner than an INVITE: within {@value #ANSWER_LIMIT_MS} ms. Any
 * other UPDATE is answered at once: without a body it refreshes the peer's Contact, with another body it is told.
 */
final class IncomingUpdate extends Deadline {
    static final int ANSWER_LIMIT_MS = 10_000;

    private final Call call;
    private final Core core;
    private final Inbound in;
    private final NonInviteServerTransaction transaction;

    private IncomingUpdate(Call call, Inbound in, NonInviteServerTransaction transaction) {
        this.call = call;
        this.core = call.core;
        this.in = in;
        this.transaction = transaction;
    }

    /** Takes an UPDATE in that dialog of the call. */
    static void receive(Call call, Dialog dialog, Inbound in, long nowMs) {
        Core core = call.core;
        SipRequest request = in.request();
        NonInviteServerTransaction transaction = core.transactions.open(request, in.responsesTo());
        String offer = request.sdp();
        int refusal = call.phase == Call.Phase.ENDING ? 481 : offer == null ? 0 : refusal(call, dialog);
        if (refusal != 0) {
            List<Header> headers = refusal == 500
                    ? List.of(new Header(HeaderName.RETRY_AFTER, Integer.toString(core.ids.overlapSeconds())))
                    : List.of();
            transaction.respond(core.response(in, refusal, "", headers, null), nowMs);
            return;
        }
        Header least = SessionTimer.tooShort(SessionTimer.settingOf(call.session), request.headers());
        if (least != null) {
            transaction.respond(core.response(in, 422, "", List.of(least), null), nowMs);
            return;
        }
        call.keep(dialog.refreshed(request).described(null, offer));
        if (call.incoming != null) {
            call.incoming.targetOvertaken();
        }
        if (offer != null) {
            await(call, new IncomingUpdate(call, in, transaction), nowMs);
            core.emit(new SipEvent.IncomingReinvite(call.number, offer));
            return;
        }
        transaction.respond(core.response(in, 200, "", success(call, in, nowMs), null), nowMs);
        if (request.body().length > 0) {
            core.emit(new SipEvent.UpdateReceived(
                    call.number, request.headers().first(HeaderName.CONTENT_TYPE), request.body()));
        }
    }

    /**
     * Takes a further offer of the caller's, in the PRACK of our answer: it is answered in the 2xx of the PRACK (RFC 3262 section
     * 5), which refreshes no target.
     *
     * @return why not, a status for the PRACK; 0 when the user will answer
     */
    static int receiveInPrack(Call call, Inbound in, String offer, long nowMs) {
        int refusal = refusal(call, call.dialog());
        if (refusal == 0) {
            call.dialog = call.dialog().described(null, offer);
            await(
                    call,
                    new IncomingUpdate(call, in, call.core.transactions.open(in.request(), in.responsesTo())),
                    nowMs);
            call.core.emit(new SipEvent.IncomingReinvite(call.number, offer));
        }
        return refusal;
    }

    private static void await(Call call, IncomingUpdate update, long nowMs) {
        call.incomingUpdate = update;
        call.core.deadlines.set(update, nowMs + ANSWER_LIMIT_MS);
    }

    /** Whether the offer came in a PRACK. */
    boolean isPrack() {
        return in.request().method().equals(Method.PRACK);
    }

    /** The headers of a 200. Before the call is answered, its INVITE's own answer will speak of the session timer. */
    private static List<Header> success(Call call, Inbound in, long nowMs) {
        List<Header> headers = new ArrayList<>(4);
        headers.add(call.core.contact(in.source()));
        headers.add(Core.ALLOWED);
        if (call.phase == Call.Phase.UP) {
            headers.addAll(SessionTimer.accepting(call.session, in.request(), nowMs));
        }
        return headers;
    }

    /** Why an offer cannot be taken now: 500 while an offer of the peer's waits for us, 491 while one of ours does. */
    private static int refusal(Call call, Dialog dialog) {
        if (call.incomingUpdate != null || (call.incoming != null && call.incoming.owesAnswer())) {
            return 500;
        }
        boolean early = call.phase == Call.Phase.SETUP && call.outgoing != null;
        if (early && dialog.remoteSdp() != null && dialog.localSdp() == null) {
            return 500;
        }
        return (early && dialog.remoteSdp() == null) || call.awaitsAnswer() ? 491 : 0;
    }

    boolean accept(String sdp, long nowMs) {
        finish();
        Dialog dialog = call.dialog(DialogId.ofReceived(in.request()));
        if (dialog != null) {
            call.keep(dialog.described(sdp, null));
        }
        List<Header> headers = isPrack() ? List.of() : success(call, in, nowMs);
        transaction.respond(core.response(in, 200, "", headers, sdp), nowMs);
        proceed(nowMs);
        return true;
    }

    boolean reject(int status, long nowMs) {
        finish();
        transaction.respond(core.response(in, status, "", List.of(), null), nowMs);
        proceed(nowMs);
        return true;
    }

    /** An answer to the INVITE that waited for this goes now. */
    private void proceed(long nowMs) {
        if (call.incoming != null) {
            call.incoming.proceed(nowMs);
        }
    }

    private void finish() {
        core.deadlines.clear(this);
        call.incomingUpdate = null;
    }

    @Override
    protected void expire(long nowMs) {
        reject(500, nowMs);
    }

    /** The call ends: the peer need not wait for an answer. */
    static void stop(@Nullable IncomingUpdate update, long nowMs) {
        if (update != null) {
            update.reject(487, nowMs);
        }
    }
}
