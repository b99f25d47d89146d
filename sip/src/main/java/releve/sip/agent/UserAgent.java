package releve.sip.agent;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import releve.sip.dialog.Dialog;
import releve.sip.message.BodyPart;
import releve.sip.message.Header;
import releve.sip.message.Reason;
import releve.sip.message.SipRequest;
import releve.sip.registrar.Registrar;
import releve.sip.transaction.Hop;

/**
 * A SIP user agent, client and server at once (RFC 3261), as a pure machine: datagrams, commands and the time go in,
 * datagrams to send and events come out. It opens no socket, starts no thread, reads no clock, and draws its tags,
 * branches and Call-IDs from the generator it was given, so that the same inputs give the same outputs.
 *
 * <p>Not thread-safe. After each input the caller drains {@link #nextTransmit()} and {@link #nextEvent()}, and calls
 * {@link #advance} when {@link #nextDeadlineMs()} has come. {@code nowMs} is any monotonic clock in milliseconds.
 *
 * <p>A command on a call returns false, and does nothing, when the call is over or past the point where the command
 * makes sense: commands race with the network, so that is no error.
 */
public final class UserAgent {
    /** The most deadlines handled by one {@link #advance}. */
    public static final int DEADLINES_PER_ADVANCE = 1024;

    private final Core core;
    private final Reception reception;
    private final OutsideRequests outside;

    /** @param random seeded by the caller; a secure one where peers are not trusted, since tags must not be guessed */
    public UserAgent(UserAgentConfig config, RandomGenerator random) {
        this.core = new Core(config, random);
        this.reception = new Reception(core);
        this.outside = new OutsideRequests(core);
    }

    // Inputs of the network and the clock

    /**
     * Takes a message: a datagram, a WebSocket frame, or what framing cut out of a stream. Whatever its bytes are,
     * nothing is thrown; what is no SIP message is dropped and counted.
     *
     * @param bytes may be reused after the call
     * @param source where it came from, with the connection if it came on one
     */
    public void receive(byte[] bytes, int offset, int length, Hop source, long nowMs) {
        reception.receive(bytes, offset, length, source, nowMs);
    }

    /** The same for an array that begins with the message. */
    public void receive(byte[] bytes, int length, Hop source, long nowMs) {
        receive(bytes, 0, length, source, nowMs);
    }

    /** The network refused a message, at once or later: its transaction is told. */
    public void transmitFailed(Transmit transmit, long nowMs) {
        if (transmit.origin() != null) {
            transmit.origin().onTransportFailure(nowMs);
        }
    }

    /**
     * The network says that nobody is at that address for UDP (RFC 3261 section 18.4). Requests that begin something and that
     * nothing has answered fail; those of calls that are up are left to their timers, since anybody could forge such news.
     */
    public void unreachable(InetSocketAddress peer, long nowMs) {
        core.transactions.unreachable(peer, nowMs);
    }

    /** Handles deadlines that are due, at most {@value #DEADLINES_PER_ADVANCE}; call again while one is still due. */
    public void advance(long nowMs) {
        core.deadlines.expire(nowMs, DEADLINES_PER_ADVANCE);
    }

    /** When {@link #advance} has to be called next, or {@link Long#MAX_VALUE}. */
    public long nextDeadlineMs() {
        return core.deadlines.nextMs();
    }

    /**
     * Whether to take no new calls because the machine cannot keep up: calls of peers are answered 503 with Retry-After,
     * calls of ours fail with a local 503, both counted as {@link Counter#REFUSED_OVERLOADED}. Calls under way go on.
     */
    public void refuseNewCalls(boolean refuse) {
        core.overloaded = refuse;
    }

    // Outputs

    /** The next datagram to send, or null. */
    public @Nullable Transmit nextTransmit() {
        return core.transmits.poll();
    }

    /** The next event, or null. */
    public @Nullable SipEvent nextEvent() {
        return core.events.poll();
    }

    // Calls of ours

    /**
     * Starts a call. At a limit it fails with a local 503 in an event, and nothing is sent.
     *
     * @return the call's number, above 0, never used again by this user agent
     * @throws IllegalArgumentException when the request cannot be written as a SIP message
     */
    public long invite(InviteRequest spec, long nowMs) {
        long number = core.nextCallNumber();
        if (!takesCalls()) {
            core.count(core.overloaded ? Counter.REFUSED_OVERLOADED : Counter.REFUSED_AT_LIMIT);
            core.emit(new SipEvent.InviteFailed(number, 503, "Too many calls here", null, null, true, false));
            return number;
        }
        SipRequest request = core.initialInvite(spec);
        core.count(Counter.CALLS_OUT);
        Call call = new Call(core, number);
        call.authenticator = spec.authenticator();
        call.session = SessionTimer.of(call, core.sessionOf(spec));
        call.outgoing = new OutgoingInvite(call, spec);
        call.outgoing.start(request, nowMs);
        core.watchers.changed(call);
        return number;
    }

    /**
     * Cancels a call of ours that has no final response. The outcome comes as {@link SipEvent.InviteFailed} or
     * {@link SipEvent.AnsweredAfterCancel}.
     */
    public boolean cancel(long call, @Nullable Reason reason, long nowMs) {
        Call c = core.calls.get(call);
        return c != null && c.outgoing != null && c.outgoing.cancel(reason, nowMs);
    }

    /** Acknowledges an answer that carried the peer's offer, with our description. */
    public boolean acknowledge(long call, String sdp) {
        Call c = core.calls.get(call);
        return c != null && CallRequests.acknowledge(c, sdp);
    }

    /**
     * Answers the offer of a peer that makes it in reliable progress, since our INVITE has none (RFC 3262 section 5): with that
     * its progress is acknowledged. Until then it is repeated, and after 64·T1 the peer rejects the call.
     *
     * @return false when no such offer waits
     */
    public boolean answerProgress(long call, String sdp, long nowMs) {
        Call c = core.calls.get(call);
        return c != null && CallRequests.answerProgress(c, sdp, nowMs);
    }

    // Calls of the peer

    /**
     * Has the next provisional response to the peer's INVITE carry this beside its description, such as what a gateway says
     * of its call progress analysis.
     */
    public boolean attach(long call, BodyPart beside) {
        IncomingInvite incoming = incoming(call, true);
        return incoming != null && incoming.attach(beside);
    }

    /** Sends 180, or 183 with early media, or another provisional status from 101 to 199. */
    public boolean ring(long call, int status, @Nullable String sdp, long nowMs) {
        if (status <= 100 || status >= 200) {
            throw new IllegalArgumentException(status + " is not a provisional status to send");
        }
        IncomingInvite incoming = incoming(call, true);
        return incoming != null && incoming.ring(status, sdp, false, nowMs);
    }

    /**
     * Like {@link #ring}, but reliably (RFC 3262): repeated until the caller acknowledges it. To a caller who requires
     * that, {@link #ring} does so, too. Where the INVITE has no offer, the first such progress has to make one, and no later one
     * may (section 5).
     *
     * @return false also when the caller does not understand it, or the description is missing or one too many
     */
    public boolean ringReliably(long call, int status, @Nullable String sdp, long nowMs) {
        if (status <= 100 || status >= 200) {
            throw new IllegalArgumentException(status + " is not a provisional status to send");
        }
        IncomingInvite incoming = incoming(call, true);
        return incoming != null && incoming.ring(status, sdp, true, nowMs);
    }

    /**
     * Answers with 200; {@link SipEvent.Acknowledged} follows. While a reliable provisional response with a description is
     * not acknowledged the 200 waits for that (RFC 3262 section 3), and a CANCEL may still come before it.
     *
     * @param sdp the answer, or the offer if asked for one
     */
    public boolean answer(long call, String sdp, long nowMs) {
        IncomingInvite incoming = incoming(call, true);
        return incoming != null && incoming.accept(sdp, nowMs);
    }

    /** Rejects with 300 to 699; {@link SipEvent.CallEnded} follows. */
    public boolean reject(long call, int status, List<Header> headers, long nowMs) {
        IncomingInvite incoming = incoming(call, true);
        return incoming != null && incoming.reject(checkFailure(status), headers, nowMs);
    }

    /** Accepts the peer's re-INVITE. */
    public boolean answerReinvite(long call, String sdp, long nowMs) {
        Call c = core.calls.get(call);
        if (c != null && c.incomingUpdate != null) {
            return c.incomingUpdate.accept(sdp, nowMs);
        }
        IncomingInvite incoming = incoming(call, false);
        return incoming != null && incoming.accept(sdp, nowMs);
    }

    /** Rejects the peer's re-INVITE, 488 as a rule; the session stays as it was. */
    public boolean rejectReinvite(long call, int status, long nowMs) {
        Call c = core.calls.get(call);
        if (c != null && c.incomingUpdate != null) {
            return c.incomingUpdate.reject(checkFailure(status), nowMs);
        }
        IncomingInvite incoming = incoming(call, false);
        return incoming != null && incoming.reject(checkFailure(status), List.of(), nowMs);
    }

    private static int checkFailure(int status) {
        if (status < 300 || status > 699) {
            throw new IllegalArgumentException(status + " is not a failure status");
        }
        return status;
    }

    private @Nullable IncomingInvite incoming(long call, boolean first) {
        Call c = core.calls.get(call);
        return c != null && c.incoming != null && c.incoming.isFirst() == first ? c.incoming : null;
    }

    // Calls that are up

    /**
     * Ends an answered call with BYE; {@link SipEvent.CallEnded} follows when the peer has confirmed, or after 64·T1.
     * Before the peer's ACK the BYE waits for it (RFC 3261 section 15).
     */
    public boolean bye(long call, @Nullable Reason reason, long nowMs) {
        Call c = core.calls.get(call);
        return c != null && c.bye(Call.reasonHeader(reason), "we ended the call", nowMs);
    }

    /** Ends a call in whatever state it is: cancels, rejects (603) or sends BYE. */
    public boolean hangUp(long call, @Nullable Reason reason, long nowMs) {
        return cancel(call, reason, nowMs)
                || bye(call, reason, nowMs)
                || reject(call, 603, Call.reasonHeader(reason), nowMs);
    }

    /**
     * Changes the session. Glare is resolved by waiting and trying again (RFC 3261 section 14.1).
     *
     * @param sdp our offer, or null to let the peer offer, then {@link #acknowledge} follows
     * @return false also while another re-INVITE of ours is under way
     */
    public boolean reinvite(long call, @Nullable String sdp, long nowMs) {
        Call c = core.calls.get(call);
        return c != null && CallRequests.reinvite(c, sdp, nowMs);
    }

    /**
     * Sends an UPDATE (RFC 3311), before or after the call is answered; {@link SipEvent.UpdateAnswered} follows. Only peers
     * whose Allow names UPDATE understand it.
     *
     * @param contentType of the body: {@link releve.sip.sdp.Sdp#CONTENT_TYPE} for an offer; null to refresh our Contact only
     * @return false also without a dialog, before the answer with several, and while another change of ours is under way
     */
    public boolean update(long call, @Nullable String contentType, byte[] body, long nowMs) {
        Call c = core.calls.get(call);
        return c != null && CallRequests.update(c, contentType, body, nowMs);
    }

    /** Asks the peer to call somebody. @return false also while another REFER of ours is under way */
    public boolean refer(long call, ReferRequest spec, long nowMs) {
        Call c = core.calls.get(call);
        return c != null && CallRequests.refer(c, spec, nowMs);
    }

    /**
     * Asks the peer to call somebody, and follows that call to its end, beyond that of this call:
     * {@link SipEvent.TransferAnswered} and {@link SipEvent.TransferOver} tell, beside the call's own events of the REFER. The
     * peer's dialogs are subscribed to (RFC 4235); a peer that has no such events tells of the answer at most.
     *
     * @return the transfer's number, above 0; 0 also while another REFER of ours is under way
     */
    public long transfer(long call, ReferRequest spec, long nowMs) {
        Call c = core.calls.get(call);
        return c == null ? 0 : CallRequests.transfer(c, spec, nowMs);
    }

    /** Follows a transferred call no more; nothing follows of it. */
    public boolean stopFollowing(long transfer, long nowMs) {
        Transfer t = core.transfers.get(transfer);
        if (t != null) {
            t.stop(nowMs);
        }
        return t != null;
    }

    /** Accepts the peer's REFER; {@link #progressOfRefer} follows unless it wants to hear nothing (RFC 4488). */
    public boolean acceptRefer(long call, long nowMs) {
        Call c = core.calls.get(call);
        return c != null && c.referred != null && c.referred.accept(nowMs);
    }

    /** Rejects the peer's REFER with 300 to 699, 603 as a rule. */
    public boolean rejectRefer(long call, int status, long nowMs) {
        Call c = core.calls.get(call);
        return c != null && c.referred != null && c.referred.reject(checkFailure(status), nowMs);
    }

    /** Tells the peer how the call goes that it asked for; a final status is the last word. */
    public boolean progressOfRefer(long call, int status, long nowMs) {
        Call c = core.calls.get(call);
        return c != null && c.referred != null && c.referred.progress(StatusLine.of(status), nowMs);
    }

    /** Sends an INFO (RFC 6086); {@link SipEvent.InfoAnswered} follows. */
    public boolean info(long call, String contentType, byte[] body, long nowMs) {
        Call c = core.calls.get(call);
        return c != null && CallRequests.info(c, contentType, body, nowMs);
    }

    // Registration

    /**
     * Registers, and keeps the registration until {@link #unregister}: refreshes it before it ends, tries again when it
     * fails, with back-off.
     *
     * @return the registration's number, above 0
     */
    public long register(RegisterRequest spec, long nowMs) {
        return outside.register(spec, nowMs);
    }

    /** Gives a registration up; {@link SipEvent.Unregistered} follows. */
    public boolean unregister(long registration, long nowMs) {
        return outside.unregister(registration, nowMs);
    }

    /** Takes registrations of phones from now on. */
    public void serve(Registrar registrar) {
        reception.serve(registrar);
    }

    // Subscriptions

    /**
     * Subscribes to the dialogs of a peer, and keeps the subscription until {@link #unsubscribe}: refreshes it, and begins
     * anew where that makes sense, unless the request is for once.
     *
     * @return the subscription's number, above 0
     */
    public long subscribe(SubscribeRequest spec, long nowMs) {
        return core.subscriptions.open(spec, nowMs);
    }

    /** Gives a subscription up; {@link SipEvent.SubscriptionEnded} follows. */
    public boolean unsubscribe(long subscription, long nowMs) {
        return core.subscriptions.leave(subscription, nowMs);
    }

    /** Lets peers watch our calls from now on (RFC 4235); until then SUBSCRIBEs get 489. */
    public void serve(WatcherPolicy policy) {
        core.watchers.serve(policy);
    }

    // Other

    /** Asks over UDP whether a peer is there; see {@link #options(String, Hop, long)}. */
    public long options(String uri, InetSocketAddress destination, long nowMs) {
        return options(uri, Hop.udp(destination), nowMs);
    }

    /**
     * Asks whether a peer is there (RFC 3261 section 11); one event tells.
     *
     * @param uri whom to ask
     * @return the question's number, above 0, which the event carries
     */
    public long options(String uri, Hop destination, long nowMs) {
        return outside.options(uri, destination, nowMs);
    }

    /** Whether a call of ours would be started now; at a limit, or while the machine cannot keep up, it would fail at once. */
    public boolean takesCalls() {
        return !core.overloaded && !core.isFull();
    }

    /** The call that ends when this incoming one is answered, because its INVITE says so (RFC 3891); 0 for none. */
    public long replacedBy(long incomingCall) {
        Call c = core.calls.get(incomingCall);
        return c == null || c.replaces == null ? 0 : c.replaces.number;
    }

    /** The dialog of a call, to be stored; null before there is one. */
    public @Nullable Dialog dialog(long call) {
        Call c = core.calls.get(call);
        return c == null ? null : c.dialog;
    }

    /**
     * Takes over an established dialog that another process held, and tells the peer that its requests come here from now on.
     * A call that turns out to be over there ends with {@link SipEvent.CallEnded}.
     *
     * @return the call's number, or 0 when the limit of calls is reached, or the dialog is early or already here
     */
    public long adopt(AdoptRequest request, long nowMs) {
        return Adoption.adopt(core, request, nowMs);
    }

    /** Subscriptions of ours, those included that wait to begin anew. */
    public int subscriptions() {
        return core.subscriptions.size();
    }

    /** Subscriptions of peers to our calls. */
    public int watchers() {
        return core.watchers.size();
    }

    public long count(Counter counter) {
        return core.counted(counter);
    }

    /** Calls that are not over. */
    public int calls() {
        return core.calls.size();
    }

    /** Transactions alive, those included that only absorb repetitions. */
    public int transactions() {
        return core.transactions.size();
    }

    /** Deadlines set: 0 when nothing is going on. */
    public int deadlines() {
        return core.deadlines.size();
    }
}
