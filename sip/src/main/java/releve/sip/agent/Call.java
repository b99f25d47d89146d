package releve.sip.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import releve.sip.auth.Authenticator;
import releve.sip.dialog.Dialog;
import releve.sip.dialog.DialogId;
import releve.sip.dialog.DialogInfo;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Reason;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.transaction.ClientUser;
import releve.sip.transaction.Hop;

/**
 * One call of a user agent, from its INVITE to its end.
 *
 * <pre>
 * SETUP  INVITE without a final response; the exchange knows more
 * UP     answered (the ACK of our 200 may be outstanding)
 * ENDING our BYE is on its way
 * OVER   final event given; unknown to the user agent
 * </pre>
 */
final class Call implements ClientUser {
    enum Phase {
        SETUP,
        UP,
        ENDING,
        OVER
    }

    final long number;
    final Core core;
    Phase phase = Phase.SETUP;

    @Nullable
    Dialog dialog;
    /** The INVITE by which we are making this call. */
    @Nullable
    OutgoingInvite outgoing;
    /** The peer's INVITE, first or later, until it is acknowledged or failed. */
    @Nullable
    IncomingInvite incoming;
    /** Our re-INVITE under way, or waiting after 491. */
    @Nullable
    OutgoingReinvite reinvite;
    /** The peer's UPDATE with an offer, until it is answered. */
    @Nullable
    IncomingUpdate incomingUpdate;
    /** Our UPDATE under way, or waiting after 491. */
    @Nullable
    OutgoingUpdate outgoingUpdate;
    /** The dialogs of a call of ours before it is answered, if requests may be sent in them. */
    @Nullable
    EarlyDialogs early;
    /** What to forget at the end beside the dialog: the mark that finds merged copies of the INVITE. */
    @Nullable
    Runnable onOver;

    /** The taking over of this call from another process, until the peer knows of it. */
    @Nullable
    Adoption adoption;

    /** Our REFER under way. */
    @Nullable
    OutgoingRefer refer;
    /** The peer's REFER under way. */
    @Nullable
    IncomingRefer referred;

    boolean wasReferred;
    /** The latest provisional status of the INVITE that makes the call, 0 before one. */
    int progress;

    /** The call that ends when this one is answered (RFC 3891). */
    @Nullable
    Call replaces;
    /** Answers challenges to the requests of this call. */
    Authenticator authenticator = Authenticator.NONE;

    /** Null for a call whose session never expires. */
    @Nullable
    SessionTimer session;

    private @Nullable ByeOrder byeOrder;
    private @Nullable SipRequest bye;

    /** An end asked for before the peer's ACK came, or on its way. */
    private record ByeOrder(List<Header> headers, String detail) {}

    Call(Core core, long number) {
        this.core = core;
        this.number = number;
        core.calls.put(number, this);
    }

    Dialog dialog() {
        return Objects.requireNonNull(dialog, "the call has no dialog yet");
    }

    /** Takes the dialog under which the peer's requests will find this call. */
    void join(Dialog joined) {
        Dialog before = early == null ? null : early.get(joined.id());
        if (early != null) {
            early.close();
            early = null;
        }
        dialog = before == null ? joined : joined.after(before);
        core.dialogs.put(joined.id(), this);
        core.watchers.changed(this);
    }

    /** The dialog of that name, established or early; null when it is none of this call. */
    @Nullable
    Dialog dialog(DialogId id) {
        if (dialog != null && dialog.id().equals(id)) {
            return dialog;
        }
        return early == null ? null : early.get(id);
    }

    /** The dialog to which a request of ours belongs now: the established one, or the only early one. */
    @Nullable
    Dialog current() {
        return dialog != null || early == null ? dialog : early.only();
    }

    /** Keeps a new version of a dialog of this call. */
    void keep(Dialog changed) {
        if (dialog != null && dialog.id().equals(changed.id())) {
            dialog = changed;
        } else if (early != null) {
            early.put(changed);
        }
    }

    /** Takes the number of our next request in that dialog; 1 when it is gone. */
    int nextNumber(DialogId id) {
        Dialog present = dialog(id);
        if (present == null) {
            return 1;
        }
        Dialog next = present.nextLocal();
        keep(next);
        return next.localCSeq();
    }

    /** Takes a reliable provisional response to our INVITE. @return false for a repetition */
    boolean reliable(SipResponse response, Hop peer, @Nullable String offer, long nowMs) {
        if (early == null) {
            early = new EarlyDialogs(this);
        }
        return early.take(response, peer, offer, nowMs);
    }

    /** Whether an offer of ours waits for the peer's answer. */
    boolean awaitsAnswer() {
        return (reinvite != null && reinvite.isPending())
                || (outgoingUpdate != null && outgoingUpdate.awaitsAnswer())
                || (incoming != null && incoming.awaitsAnswer());
    }

    void up() {
        phase = Phase.UP;
        dialog = dialog().confirm();
        core.watchers.changed(this);
    }

    /** A provisional response to the INVITE that makes the call was heard, or sent. */
    void progressed(int status) {
        if (phase == Phase.SETUP) {
            progress = status;
            core.watchers.changed(this);
        }
    }

    /** Ends the call with BYE; not before the ACK of our 200 or its time-out (RFC 3261 section 15). */
    boolean bye(List<Header> headers, String detail, long nowMs) {
        if (phase != Phase.UP || byeOrder != null) {
            return false;
        }
        byeOrder = new ByeOrder(headers, detail);
        if (incoming == null || !incoming.awaitsFirstAck()) {
            sendBye(nowMs);
        }
        return true;
    }

    /** Whether a change of the session may be asked for: up, acknowledged, and no end asked for. */
    boolean canReinvite() {
        return phase == Phase.UP
                && byeOrder == null
                && reinvite == null
                && outgoingUpdate == null
                && (outgoing == null || outgoing.isAcknowledged());
    }

    private void sendBye(long nowMs) {
        ByeOrder order = Objects.requireNonNull(byeOrder);
        core.watchers.over(this, DialogInfo.Cause.LOCAL_BYE, 0);
        phase = Phase.ENDING;
        if (outgoing != null) {
            // An answer with the peer's offer that the user never acknowledged: the peer wants its ACK before BYE.
            outgoing.sendAck(null);
        }
        stopExchanges(nowMs);
        dialog = dialog().nextLocal();
        String target = dialog().remoteTarget();
        bye = core.sendBye(dialog(), with(order.headers(), authenticator.forNew("BYE", target)), this, nowMs);
    }

    /** The ACK of the peer's INVITE came: a BYE that waited for it goes. */
    void acknowledged(long nowMs) {
        if (byeOrder != null && phase == Phase.UP) {
            sendBye(nowMs);
        }
    }

    /** Our 200 was never acknowledged: the session is ended with BYE (RFC 3261 section 13.3.1.4). */
    void ackMissing(long nowMs) {
        core.count(Counter.ACKS_MISSING);
        if (phase == Phase.UP) {
            byeOrder = new ByeOrder(List.of(), "the peer did not acknowledge the answer");
            sendBye(nowMs);
        }
    }

    /** Any final response ends the call: 481 says the peer had ended it already. */
    @Override
    public void onResponse(SipResponse response, long nowMs) {
        if (!response.isProvisional() && !challenged(response, nowMs)) {
            ended(nowMs);
        }
    }

    /** The BYE is sent once more with the credentials that somebody asks for (RFC 3261 section 22). */
    private boolean challenged(SipResponse response, long nowMs) {
        if (bye == null || phase != Phase.ENDING) {
            return false;
        }
        Optional<List<Header>> credentials = authenticator.answer(bye, response);
        bye = null;
        if (credentials.isEmpty() || byeOrder == null) {
            return false;
        }
        dialog = dialog().nextLocal();
        core.sendBye(dialog(), with(byeOrder.headers(), credentials.get()), this, nowMs);
        return true;
    }

    private static List<Header> with(List<Header> headers, List<Header> more) {
        if (more.isEmpty()) {
            return headers;
        }
        List<Header> all = new ArrayList<>(headers);
        all.addAll(more);
        return all;
    }

    @Override
    public void onTimeout(long nowMs) {
        ended(nowMs);
    }

    @Override
    public void onTransportFailure(long nowMs) {
        ended(nowMs);
    }

    private void ended(long nowMs) {
        if (phase == Phase.ENDING) {
            String detail = byeOrder == null ? "ended" : byeOrder.detail();
            over(new SipEvent.CallEnded(number, false, null, detail), nowMs);
        }
    }

    /** The peer's BYE; it has been answered. In a crossing of two BYEs both sides have asked first. */
    void byeReceived(SipRequest bye, long nowMs) {
        Integer cause = Reason.q850Of(bye);
        switch (phase) {
            case SETUP -> {
                // The caller may end an early dialog with BYE (RFC 3261 section 15).
                if (incoming != null) {
                    incoming.endedByCaller(nowMs);
                    over(new SipEvent.CancelledByPeer(number, cause), nowMs);
                }
            }
            case UP -> over(new SipEvent.CallEnded(number, true, cause, "the peer ended the call"), nowMs);
            case ENDING -> ended(nowMs);
            case OVER -> {}
        }
    }

    /** Gives the final event and forgets the call. */
    void over(SipEvent.CallEvent finalEvent, long nowMs) {
        if (phase == Phase.OVER) {
            return;
        }
        if (phase != Phase.ENDING) {
            core.watchers.over(this, CallStates.cause(finalEvent, phase == Phase.UP), CallStates.code(finalEvent));
        }
        phase = Phase.OVER;
        stopExchanges(nowMs);
        core.calls.remove(number);
        if (dialog != null) {
            core.dialogs.remove(dialog.id(), this);
        }
        if (early != null) {
            early.close();
        }
        if (onOver != null) {
            onOver.run();
        }
        core.emit(finalEvent);
    }

    private void stopExchanges(long nowMs) {
        SessionTimer.stop(session);
        Adoption.stop(adoption);
        if (outgoing != null) {
            outgoing.stop();
        }
        if (incoming != null) {
            incoming.stop(nowMs);
            incoming = null;
        }
        if (reinvite != null) {
            reinvite.stop(nowMs);
            reinvite = null;
        }
        if (refer != null) {
            refer.stop(nowMs);
            refer = null;
        }
        if (referred != null) {
            referred.stop(nowMs);
            referred = null;
        }
        IncomingUpdate.stop(incomingUpdate, nowMs);
        if (outgoingUpdate != null) {
            outgoingUpdate.stop();
            outgoingUpdate = null;
        }
    }

    static List<Header> reasonHeader(@Nullable Reason reason) {
        return reason == null ? List.of() : List.of(new Header(HeaderName.REASON, reason.toString()));
    }
}
