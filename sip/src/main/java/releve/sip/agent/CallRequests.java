package releve.sip.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.sip.dialog.Dialog;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Method;

/** Requests of ours within a call; {@link InDialogRequests} has the peer's. Each does nothing where it makes no sense. */
final class CallRequests {
    private CallRequests() {}

    static boolean acknowledge(Call call, String sdp) {
        if (call.phase != Call.Phase.UP) {
            return false;
        }
        return call.reinvite != null ? call.reinvite.sendAck(sdp) : call.outgoing != null && call.outgoing.sendAck(sdp);
    }

    static boolean answerProgress(Call call, String sdp, long nowMs) {
        return call.phase == Call.Phase.SETUP && call.early != null && call.early.answer(sdp, nowMs);
    }

    static boolean reinvite(Call call, @Nullable String sdp, long nowMs) {
        if (!call.canReinvite()) {
            return false;
        }
        call.reinvite = new OutgoingReinvite(call, sdp);
        call.reinvite.start(nowMs);
        return true;
    }

    static boolean update(Call call, @Nullable String contentType, byte[] body, long nowMs) {
        Dialog dialog = call.current();
        if (dialog == null || call.outgoingUpdate != null || call.phase == Call.Phase.ENDING) {
            return false;
        }
        if (call.phase == Call.Phase.UP && !call.canReinvite()) {
            return false;
        }
        OutgoingUpdate update = new OutgoingUpdate(call, dialog.id(), contentType, body.clone());
        call.outgoingUpdate = update;
        update.start(nowMs);
        return true;
    }

    static boolean refer(Call call, ReferRequest spec, long nowMs) {
        if (call.phase != Call.Phase.UP || call.refer != null) {
            return false;
        }
        call.refer = new OutgoingRefer(call, spec, null);
        call.refer.start(nowMs);
        return true;
    }

    /** @return the transfer's number; 0 where a REFER makes no sense */
    static long transfer(Call call, ReferRequest spec, long nowMs) {
        if (call.phase != Call.Phase.UP || call.refer != null) {
            return 0;
        }
        long number = call.core.nextCallNumber();
        Transfer transfer = new Transfer(number, call, spec);
        call.core.transfers.put(number, transfer);
        call.refer = new OutgoingRefer(call, spec, transfer);
        call.refer.start(nowMs);
        return number;
    }

    static boolean info(Call call, String contentType, byte[] body, long nowMs) {
        if (call.phase != Call.Phase.UP) {
            return false;
        }
        List<Header> headers = List.of(new Header(HeaderName.CONTENT_TYPE, contentType));
        Exchange.inCall(
                call,
                Method.INFO,
                headers,
                body,
                (outcome, _) -> {
                    if (call.phase != Call.Phase.OVER) {
                        call.core.emit(new SipEvent.InfoAnswered(call.number, outcome.status(), outcome.isLocal()));
                    }
                },
                nowMs);
        return true;
    }
}
