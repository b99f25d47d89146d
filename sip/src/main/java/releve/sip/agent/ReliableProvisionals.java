package releve.sip.agent;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.RAck;
import releve.sip.message.SipResponse;
import releve.sip.transaction.Deadline;

/**
 * Our reliable provisional responses to one INVITE (RFC 3262 section 3).
 *
 * <pre>
 * IDLE         all are acknowledged; send → OUTSTANDING
 * OUTSTANDING  sent, repeated after T1 doubling; its PRACK → the next one, or IDLE; 64·T1 → the INVITE is rejected with 504
 * </pre>
 */
final class ReliableProvisionals extends Deadline {
    /** Responses that wait for the PRACK of the one before. */
    static final int WAITING_MAX = 8;

    private final Core core;
    private final IncomingInvite invite;
    private final ArrayDeque<Provisional> waiting = new ArrayDeque<>(2);
    private long rseq;
    private @Nullable SipResponse outstanding;
    private long intervalMs;
    private long giveUpAtMs;

    private record Provisional(int status, @Nullable String sdp) {}

    ReliableProvisionals(IncomingInvite invite, Core core) {
        this.core = core;
        this.invite = invite;
        this.rseq = core.ids.firstRSeq();
    }

    /** @return false when too many wait already */
    boolean send(int status, @Nullable String sdp, long nowMs) {
        if (waiting.size() >= WAITING_MAX) {
            return false;
        }
        waiting.add(new Provisional(status, sdp));
        if (outstanding == null) {
            next(nowMs);
        }
        return true;
    }

    private void next(long nowMs) {
        Provisional provisional = waiting.poll();
        if (provisional == null) {
            return;
        }
        rseq++;
        List<Header> headers = List.of(
                new Header(HeaderName.REQUIRE, OptionTags.RELIABLE), new Header(HeaderName.RSEQ, Long.toString(rseq)));
        outstanding = invite.respond(provisional.status(), headers, provisional.sdp(), nowMs);
        intervalMs = core.config.timers().t1Ms();
        giveUpAtMs = nowMs + core.config.timers().timeoutMs();
        core.deadlines.set(this, nowMs + intervalMs);
    }

    /** The response that a PRACK acknowledges; null for nothing that is outstanding (481). */
    @Nullable
    SipResponse outstanding(RAck rack) {
        boolean means =
                outstanding != null && rack.rseq() == rseq && rack.cseq().equals(outstanding.cseq());
        return means ? outstanding : null;
    }

    /** What is outstanding has been acknowledged. */
    void acknowledged(long nowMs) {
        outstanding = null;
        core.deadlines.clear(this);
        next(nowMs);
    }

    /** Whether a description has not arrived yet for certain: until then the INVITE must not be accepted. */
    boolean holdsAnswer() {
        return (outstanding != null && outstanding.sdp() != null)
                || waiting.stream().anyMatch(provisional -> provisional.sdp() != null);
    }

    @Override
    protected void expire(long nowMs) {
        if (outstanding == null) {
            return;
        }
        if (nowMs >= giveUpAtMs) {
            invite.reject(504, List.of(), nowMs);
            return;
        }
        invite.repeat(outstanding, nowMs);
        intervalMs *= 2;
        core.deadlines.set(this, Math.min(nowMs + intervalMs, giveUpAtMs));
    }

    /** The INVITE has its final response. */
    void stop() {
        outstanding = null;
        waiting.clear();
        core.deadlines.clear(this);
    }
}
