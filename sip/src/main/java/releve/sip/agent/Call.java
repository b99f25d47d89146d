package releve.sip.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import releve.sip.auth.Authenticator;
import releve.sip.dialog.Dialog;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Reason;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.transaction.ClientUser;

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
    /** What to forget at the end beside the dialog: the mark that finds merged copies of the INVITE. */
    @Nullable
    Runnable onOver;

    /** Our REFER under way. */
    @Nullable
    OutgoingRefer refer;
    /** The peer's REFER under way. */
    @Nullable
    IncomingRefer referred;

    boolean wasReferred;
    /** The call that ends when this one is answered (RFC 3891). */
    @Nullable
    Call replaces;
    /** Answers challenges to the requests of this call. */
    Authenticator authenticator = Authenticator.NONE;

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
        dialog = joined;
        core.dialogs.put(joined.id(), this);
    }

    void up() {
        phase = Phase.UP;
        dialog = dialog().confirm();
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
                && (outgoing == null || outgoing.isAcknowledged());
    }

    private void sendBye(long nowMs) {
        ByeOrder order = Objects.requireNonNull(byeOrder);
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
        phase = Phase.OVER;
        stopExchanges(nowMs);
        core.calls.remove(number);
        if (dialog != null) {
            core.dialogs.remove(dialog.id(), this);
        }
        if (onOver != null) {
            onOver.run();
        }
        core.emit(finalEvent);
    }

    private void stopExchanges(long nowMs) {
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
            refer.stop();
            refer = null;
        }
        if (referred != null) {
            referred.stop(nowMs);
            referred = null;
        }
    }

    static List<Header> reasonHeader(@Nullable Reason reason) {
        return reason == null ? List.of() : List.of(new Header(HeaderName.REASON, reason.toString()));
    }
}
