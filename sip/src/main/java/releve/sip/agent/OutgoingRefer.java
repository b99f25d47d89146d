package releve.sip.agent;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.sip.message.Event;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.message.Status;
import releve.sip.message.SubscriptionState;
import releve.sip.transaction.Deadline;

/**
 * A REFER of ours and the subscription it makes (RFC 3515, RFC 4488, RFC 6665).
 *
 * <pre>
 * SENT    2xx → WATCHED, or without a subscription → OVER; failure → OVER; NOTIFY may come before the 2xx
 * WATCHED NOTIFY with a final status, or that ends the subscription → OVER; none in time → OVER
 * OVER
 * </pre>
 */
final class OutgoingRefer extends Deadline {
    private static final Event REFER = Event.of("refer");

    private enum State {
        SENT,
        WATCHED,
        OVER
    }

    private final Call call;
    private final Core core;
    private final ReferRequest spec;
    private final @Nullable Follower follower;
    private State state = State.SENT;
    private int cseq;
    /** Whether the follower knows that the REFER was taken. */
    private boolean known;

    /** Who follows the call that the peer makes, beside the events. */
    interface Follower {
        /** The peer took the REFER. @param tells whether it will tell how the call goes */
        void taken(boolean tells, long nowMs);

        void refused(int status, long nowMs);

        /** The peer told a status of the call. */
        void told(int status, long nowMs);

        /** The peer will tell no more. */
        void untold(long nowMs);
    }

    OutgoingRefer(Call call, ReferRequest spec, @Nullable Follower follower) {
        this.call = call;
        this.core = call.core;
        this.spec = spec;
        this.follower = follower;
    }

    void start(long nowMs) {
        List<Header> headers = new ArrayList<>(spec.headers());
        headers.add(new Header("Refer-To", "<" + spec.referTo() + ">"));
        if (!spec.progress()) {
            headers.add(new Header("Refer-Sub", "false"));
            headers.add(new Header(HeaderName.SUPPORTED, "norefersub"));
        }
        Exchange.inCall(call, Method.REFER, headers, new byte[0], this::outcome, nowMs);
        cseq = call.dialog().localCSeq();
    }

    private void outcome(Exchange.Outcome outcome, long nowMs) {
        if (state != State.SENT || call.phase == Call.Phase.OVER) {
            return;
        }
        SipResponse response = outcome.response();
        if (response == null || !response.isSuccess()) {
            over();
            core.emit(
                    new SipEvent.ReferFailed(call.number, outcome.status(), outcome.reasonPhrase(), outcome.isLocal()));
            if (follower != null) {
                follower.refused(outcome.status(), nowMs);
            }
            return;
        }
        // A try with credentials took another number, and that is the one the subscription has.
        cseq = response.cseq().number();
        boolean watched =
                spec.progress() || !"false".equalsIgnoreCase(response.headers().first("Refer-Sub"));
        core.emit(new SipEvent.ReferAccepted(call.number, watched));
        if (watched) {
            state = State.WATCHED;
            core.deadlines.set(this, nowMs + core.config.ringLimitMs());
        } else {
            over();
        }
        taken(watched, nowMs);
    }

    private void taken(boolean tells, long nowMs) {
        if (follower != null && !known) {
            known = true;
            follower.taken(tells, nowMs);
        }
    }

    /** A NOTIFY in the call's dialog. @return the status to answer */
    int notified(SipRequest notify, long nowMs) {
        if (state == State.OVER || !isOurs(notify)) {
            return 481;
        }
        SubscriptionState subscription = SubscriptionState.of(notify.headers());
        if (subscription == null) {
            return 400;
        }
        // A notification may overtake the response, and says the same.
        taken(true, nowMs);
        StatusLine told = StatusLine.read(notify.body());
        StatusLine line = told;
        boolean ends = subscription.isTerminated() || (line != null && line.isFinal());
        if (line == null) {
            line = ends ? new StatusLine(408, "The referred call's outcome is not known") : StatusLine.of(100);
        }
        if (ends) {
            over();
        }
        core.emit(new SipEvent.ReferProgress(call.number, line.status(), line.phrase(), ends));
        if (follower != null && told != null) {
            follower.told(told.status(), nowMs);
        }
        if (follower != null && ends) {
            follower.untold(nowMs);
        }
        return 200;
    }

    private boolean isOurs(SipRequest notify) {
        Event event = Event.of(notify.headers());
        return event != null
                && event.type().equalsIgnoreCase(REFER.type())
                && (event.id() == null || event.id().equals(Integer.toString(cseq)));
    }

    @Override
    protected void expire(long nowMs) {
        over();
        core.emit(new SipEvent.ReferProgress(call.number, 408, Status.phrase(408), true));
        if (follower != null) {
            follower.untold(nowMs);
        }
    }

    private void over() {
        state = State.OVER;
        core.deadlines.clear(this);
        if (call.refer == this) {
            call.refer = null;
        }
    }

    /** The call is over: nothing is told any more. */
    void stop(long nowMs) {
        boolean open = state != State.OVER;
        over();
        if (open && follower != null) {
            follower.untold(nowMs);
        }
    }
}
