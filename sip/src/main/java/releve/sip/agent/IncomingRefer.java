package releve.sip.agent;

import java.util.List;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.message.SubscriptionState;
import releve.sip.transaction.Deadline;
import releve.sip.transaction.NonInviteServerTransaction;

/**
 * A REFER of the peer and the subscription it makes (RFC 3515, RFC 4488, RFC 6665).
 *
 * <pre>
 * OFFERED  accept: 202, NOTIFY 100 → ACCEPTED, without a subscription → OVER; reject, or 10 s → OVER
 * ACCEPTED progress: NOTIFY; a final status, or no final one in the call's ring limit: last NOTIFY → OVER
 * OVER
 * </pre>
 */
final class IncomingRefer extends Deadline {
    /** How long the user may think about it: a non-INVITE transaction has 32 s in all (RFC 4320). */
    static final long DECIDE_MS = 10_000;

    private enum State {
        OFFERED,
        ACCEPTED,
        OVER
    }

    private final Call call;
    private final Core core;
    private final Inbound in;
    private final NonInviteServerTransaction transaction;
    private final boolean watched;
    private final String event;
    private State state = State.OFFERED;
    private long watchedUntilMs;

    /** @param first whether it is the dialog's first REFER, whose notifications need no id (RFC 3515 section 2.4.6) */
    IncomingRefer(Call call, Inbound in, NonInviteServerTransaction transaction, boolean first, long nowMs) {
        this.call = call;
        this.core = call.core;
        this.in = in;
        this.transaction = transaction;
        this.watched = !"false".equalsIgnoreCase(in.request().headers().first("Refer-Sub"));
        this.event = first ? "refer" : "refer;id=" + in.request().cseq().number();
        core.deadlines.set(this, nowMs + DECIDE_MS);
    }

    boolean accept(long nowMs) {
        if (state != State.OFFERED) {
            return false;
        }
        List<Header> headers = watched ? List.of() : List.of(new Header("Refer-Sub", "false"));
        respond(202, headers, nowMs);
        if (watched) {
            state = State.ACCEPTED;
            watchedUntilMs = nowMs + core.config.ringLimitMs();
            core.deadlines.set(this, watchedUntilMs);
            notify(StatusLine.of(100), nowMs);
        } else {
            over();
        }
        return true;
    }

    boolean reject(int status, long nowMs) {
        if (state != State.OFFERED) {
            return false;
        }
        over();
        respond(status, List.of(), nowMs);
        return true;
    }

    private void respond(int status, List<Header> headers, long nowMs) {
        transaction.respond(core.response(in, status, call.dialog().id().localTag(), headers, null), nowMs);
    }

    /** Tells the peer how the call it asked for goes. */
    boolean progress(StatusLine line, long nowMs) {
        if (state != State.ACCEPTED) {
            return false;
        }
        notify(line, nowMs);
        return true;
    }

    private void notify(StatusLine line, long nowMs) {
        SubscriptionState subscription = line.isFinal()
                ? SubscriptionState.terminated("noresource")
                : SubscriptionState.active((int) ((watchedUntilMs - nowMs) / 1_000));
        List<Header> headers = List.of(
                new Header("Event", event),
                new Header("Subscription-State", subscription.toString()),
                new Header(HeaderName.CONTENT_TYPE, StatusLine.CONTENT_TYPE));
        if (line.isFinal()) {
            over();
        }
        Exchange.inCall(call, Method.NOTIFY, headers, line.bytes(), this::notified, nowMs);
    }

    /** A peer that refuses a NOTIFY, or is silent, has no subscription any more (RFC 6665 section 4.2.2). */
    private void notified(Exchange.Outcome outcome, long nowMs) {
        if (!outcome.isSuccess()) {
            over();
        }
    }

    @Override
    protected void expire(long nowMs) {
        switch (state) {
            case OFFERED -> reject(480, nowMs);
            case ACCEPTED -> notify(StatusLine.of(408), nowMs);
            case OVER -> {}
        }
    }

    private void over() {
        state = State.OVER;
        core.deadlines.clear(this);
        if (call.referred == this) {
            call.referred = null;
        }
    }

    /** The call is over: a REFER nobody has decided about is refused. */
    void stop(long nowMs) {
        if (!reject(481, nowMs)) {
            over();
        }
    }

    static boolean isWellFormed(SipRequest refer) {
        return refer.headers().count("Refer-To") == 1
                && refer.headers().values("Refer-To").size() == 1;
    }
}
