package releve.sip.agent;

import org.jspecify.annotations.Nullable;
import releve.sip.dialog.Dialog;
import releve.sip.dialog.DialogId;
import releve.sip.dialog.DialogInfo.Cause;
import releve.sip.dialog.DialogInfo.Entry;
import releve.sip.dialog.DialogInfo.State;
import releve.sip.message.SipRequest;

/** Our calls as those see them who watch us (RFC 4235 section 3.7.1). */
final class CallStates {
    private CallStates() {}

    static @Nullable DialogId dialogOf(Call call) {
        Dialog dialog = call.current();
        return dialog == null ? null : dialog.id();
    }

    static Entry of(Call call) {
        Dialog dialog = call.current();
        SipRequest invite = call.outgoing == null ? null : call.outgoing.sent();
        String local = dialog != null
                ? dialog.local().uri()
                : invite != null ? invite.from().uri() : null;
        String remote = dialog != null
                ? dialog.remote().uri()
                : invite != null ? invite.to().uri() : null;
        return new Entry(
                "call-" + call.number,
                dialog == null ? null : dialog.id(),
                call.outgoing != null || (dialog != null && dialog.callIdOurs()),
                state(call),
                null,
                0,
                local,
                remote);
    }

    private static State state(Call call) {
        return switch (call.phase) {
            case SETUP -> call.progress == 0 ? State.TRYING : call.progress == 100 ? State.PROCEEDING : State.EARLY;
            case UP -> State.CONFIRMED;
            case ENDING, OVER -> State.TERMINATED;
        };
    }

    /** What ended a call (section 4.1.4); null for an event that does not end it. */
    static @Nullable Cause cause(SipEvent.CallEvent end, boolean wasUp) {
        return switch (end) {
            case SipEvent.InviteFailed failed -> {
                if (failed.cancelled()) {
                    yield Cause.CANCELLED;
                }
                yield !failed.local() ? Cause.REJECTED : failed.status() == 408 ? Cause.TIMEOUT : Cause.ERROR;
            }
            case SipEvent.CancelledByPeer _ -> Cause.CANCELLED;
            case SipEvent.CallEnded ended ->
                !wasUp ? Cause.REJECTED : ended.byRemote() ? Cause.REMOTE_BYE : Cause.LOCAL_BYE;
            case SipEvent.Provisional _,
                    SipEvent.Answered _,
                    SipEvent.AnsweredAfterCancel _,
                    SipEvent.IncomingCall _,
                    SipEvent.Acknowledged _,
                    SipEvent.IncomingReinvite _,
                    SipEvent.ReinviteAnswered _,
                    SipEvent.ReinviteFailed _,
                    SipEvent.ReferAccepted _,
                    SipEvent.ReferProgress _,
                    SipEvent.ReferFailed _,
                    SipEvent.Referred _,
                    SipEvent.InfoReceived _,
                    SipEvent.InfoAnswered _,
                    SipEvent.UpdateReceived _,
                    SipEvent.UpdateAnswered _ -> null;
        };
    }

    /** The response that ended a call; 0 for none. */
    static int code(SipEvent.CallEvent end) {
        return end instanceof SipEvent.InviteFailed failed ? failed.status() : 0;
    }
}
