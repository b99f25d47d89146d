package releve.sip.agent;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.message.Status;
import releve.sip.sdp.Sdp;
import releve.sip.transaction.ClientUser;
import releve.sip.transaction.Deadline;
import releve.sip.transaction.Hop;
import releve.sip.transaction.InviteClientTransaction;

/**
 * A re-INVITE of ours (RFC 3261 section 14.1).
 *
 * <pre>
 * WAITING  an INVITE of the peer is open, or it answered 491: try again after the wait of section 14.1
 * PENDING  sent; 491 → WAITING, at most {@value #TRIES_MAX} tries; 405 or 501 from a peer that allows UPDATE: the same offer
 *          in an UPDATE (RFC 3311), PENDING, whose outcome counts; other finals → DONE
 * DONE     repeated 2xx are acknowledged again
 * </pre>
 */
final class OutgoingReinvite extends Deadline implements ClientUser {
    static final int TRIES_MAX = 6;

    private enum State {
        WAITING,
        PENDING,
        DONE
    }

    private final Call call;
    private final Core core;
    private final @Nullable String offer;
    /** It only keeps the session alive: nobody is told of it. */
    private final boolean silent;

    private State state = State.WAITING;
    private int tries;
    private int cseq;
    private String ackBranch = "";
    private @Nullable String ackSdp;
    private boolean ackSent;
    private boolean accepted;
    private @Nullable InviteClientTransaction transaction;
    private @Nullable SipRequest sent;
    private List<Header> credentials = List.of();

    OutgoingReinvite(Call call, @Nullable String offer) {
        this(call, offer, false);
    }

    private OutgoingReinvite(Call call, @Nullable String offer, boolean silent) {
        this.call = call;
        this.core = call.core;
        this.offer = offer;
        this.silent = silent;
    }

    /** One that offers what there is already (RFC 4028 section 7.4); told only if the peer changes its description. */
    static OutgoingReinvite refresh(Call call, String present) {
        return new OutgoingReinvite(call, present, true);
    }

    boolean isPending() {
        return state == State.PENDING;
    }

    void start(long nowMs) {
        boolean updating = call.outgoingUpdate != null && call.outgoingUpdate.awaitsAnswer();
        if (call.incoming != null || call.incomingUpdate != null || updating) {
            glare(nowMs);
            return;
        }
        tries++;
        state = State.PENDING;
        call.dialog = call.dialog().nextLocal();
        cseq = call.dialog().localCSeq();
        ackBranch = core.ids.branch();
        Hop hop = core.nextHop(call.dialog());
        if (credentials.isEmpty()) {
            credentials = call.authenticator.forNew("INVITE", call.dialog().remoteTarget());
        }
        List<Header> more = new ArrayList<>(SessionTimer.keeping(call.session));
        more.addAll(credentials);
        SipRequest invite = core.reinvite(call.dialog(), hop, offer, more);
        sent = invite;
        core.deadlines.set(this, nowMs + core.config.ringLimitMs());
        transaction = core.transactions.invite(invite, hop, this, nowMs);
    }

    private void glare(long nowMs) {
        if (++tries > TRIES_MAX) {
            fail(491, Status.phrase(491), false, nowMs);
            return;
        }
        state = State.WAITING;
        core.deadlines.set(this, nowMs + core.ids.glareWaitMs(call.dialog().callIdOurs()));
    }

    @Override
    protected void expire(long nowMs) {
        switch (state) {
            case WAITING -> start(nowMs);
            case PENDING -> {
                abandon();
                onTimeout(nowMs);
            }
            case DONE -> abandon();
        }
    }

    private void abandon() {
        if (transaction != null) {
            transaction.abandon();
        }
    }

    @Override
    public void onResponse(SipResponse response, long nowMs) {
        if (response.isSuccess()) {
            success(response, nowMs);
        } else if (!response.isProvisional()) {
            failure(response, nowMs);
        }
    }

    private void failure(SipResponse response, long nowMs) {
        core.deadlines.clear(this);
        if (state == State.PENDING) {
            if (response.status() == 491) {
                glare(nowMs);
            } else if (response.status() == 422
                    && tries < TRIES_MAX
                    && SessionTimer.lengthened(call.session, sent, response)) {
                start(nowMs);
            } else if (offer != null && wantsUpdate(response)) {
                update(offer, nowMs);
            } else if (!challenged(response, nowMs)) {
                fail(response.status(), response.reasonPhrase(), false, nowMs);
            }
        }
    }

    /** Sends the re-INVITE again with the credentials that a proxy or the peer asks for (RFC 3261 section 22). */
    private boolean challenged(SipResponse response, long nowMs) {
        List<Header> shown = sent == null || tries >= TRIES_MAX
                ? List.of()
                : call.authenticator.answer(sent, response).orElse(List.of());
        if (shown.isEmpty()) {
            return false;
        }
        credentials = shown;
        start(nowMs);
        return true;
    }

    /** Some trunks take no re-INVITE and say that they take UPDATE. */
    private static boolean wantsUpdate(SipResponse response) {
        return (response.status() == 405 || response.status() == 501) && OutgoingUpdate.isAllowedBy(response.headers());
    }

    private void update(String description, long nowMs) {
        List<Header> headers = new ArrayList<>(SessionTimer.keeping(call.session));
        headers.add(new Header(HeaderName.ALLOW, Core.ALLOW));
        headers.add(new Header(HeaderName.CONTENT_TYPE, Sdp.CONTENT_TYPE));
        byte[] body = description.getBytes(StandardCharsets.UTF_8);
        Exchange.inCall(call, Method.UPDATE, headers, body, this::updated, nowMs);
    }

    private void updated(Exchange.Outcome outcome, long nowMs) {
        SipResponse response = outcome.response();
        if (state != State.PENDING) {
            return;
        }
        if (outcome.isSuccess() && response != null) {
            state = State.DONE;
            call.reinvite = null;
            changed(response, null, nowMs);
        } else if (outcome.status() == 491) {
            glare(nowMs);
        } else {
            fail(outcome.status(), outcome.reasonPhrase(), outcome.isLocal(), nowMs);
        }
    }

    /** The peer has accepted. @param accepted what was sent; null when it is not known any more */
    private void changed(SipResponse response, @Nullable SipRequest accepted, long nowMs) {
        boolean asBefore = Objects.equals(response.sdp(), call.dialog().remoteSdp());
        call.dialog = call.dialog().refreshed(response).described(offer, response.sdp());
        SessionTimer.accepted(call.session, accepted, response, nowMs);
        if (offer != null) {
            sendAck(null);
        }
        if (!silent || !asBefore) {
            core.emit(new SipEvent.ReinviteAnswered(call.number, response.sdp()));
        }
    }

    private void success(SipResponse response, long nowMs) {
        boolean first = !accepted;
        accepted = true;
        core.deadlines.clear(this);
        if (state == State.PENDING) {
            state = State.DONE;
            changed(response, sent, nowMs);
            if (offer != null) {
                call.reinvite = null;
            }
        } else if (ackSent || first) {
            // The call ended meanwhile, or the ACK was lost: the peer still wants one.
            ackSent = true;
            core.sendAck(call.dialog(), cseq, ackBranch, ackSdp, credentials, !first);
        }
    }

    /** Sends the first ACK. @param answer our description when the 200 carried the offer */
    boolean sendAck(@Nullable String answer) {
        if (!accepted || ackSent) {
            return false;
        }
        ackSent = true;
        ackSdp = answer;
        call.dialog = call.dialog().described(answer, null);
        core.sendAck(call.dialog(), cseq, ackBranch, answer, credentials, false);
        call.reinvite = null;
        return true;
    }

    @Override
    public void onTimeout(long nowMs) {
        if (state == State.PENDING) {
            fail(408, Status.phrase(408), true, nowMs);
        }
    }

    @Override
    public void onTransportFailure(long nowMs) {
        if (state == State.PENDING) {
            fail(503, Status.phrase(503), true, nowMs);
        }
    }

    private void fail(int status, String phrase, boolean local, long nowMs) {
        state = State.DONE;
        core.deadlines.clear(this);
        call.reinvite = null;
        if (!silent) {
            core.emit(new SipEvent.ReinviteFailed(call.number, status, phrase, local));
        }
        if (status == 408 || status == 481) {
            call.bye(List.of(), "a re-INVITE failed with " + status, nowMs);
        }
    }

    /**
     * Its outcome no longer matters, for the call ends: a 2xx that still comes is acknowledged, and the transaction is
     * given up after 64·T1, since the peer may have stopped repeating a response that was lost.
     */
    void stop(long nowMs) {
        boolean pending = state == State.PENDING;
        state = State.DONE;
        core.deadlines.set(this, pending ? nowMs + core.config.timers().timeoutMs() : NONE);
    }
}
