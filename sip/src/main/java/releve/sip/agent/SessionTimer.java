package releve.sip.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import releve.sip.message.DeltaSeconds;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Headers;
import releve.sip.message.Method;
import releve.sip.message.SessionExpires;
import releve.sip.message.SessionExpires.Refresher;
import releve.sip.message.SipMessage;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.transaction.Deadline;

/**
 * The session timer of one call (RFC 4028). Calls without one have none of these.
 *
 * <pre>
 * IDLE      nothing agreed on yet; 2xx to an INVITE or UPDATE of either side → OURS or THEIRS
 * OURS      ours to refresh: at half the interval UPDATE, or re-INVITE where the peer has no UPDATE; its 2xx → OURS anew;
 *           408 or 481 ends the call; after any other failure again later; no refresh until the cut: BYE → OVER
 * THEIRS    the peer's to refresh; no refresh until the cut: BYE → OVER
 * OVER      the call ends
 * OURS, THEIRS  2xx to any INVITE or UPDATE of either side: agreed on anew → OURS or THEIRS
 * </pre>
 *
 * The cut comes 32 s before the session expires, or a third of the interval if that is less (section 10).
 */
final class SessionTimer extends Deadline {
    static final String EXPIRED = "the session was not refreshed in time";

    private static final int MARGIN_MS = 32_000;
    /** Between tries while a change of the session is under way, or after a refresh failed; more in long sessions. */
    private static final int AGAIN_LEAST_MS = 4_000;

    private enum State {
        IDLE,
        OURS,
        THEIRS,
        OVER
    }

    private final Call call;
    private final Core core;
    private final SessionInterval setting;
    private State state = State.IDLE;
    private int seconds;
    /** The longest Min-SE that somebody on the path has asked for. */
    private int minSeconds;

    private boolean peerUpdates;
    private boolean refreshing;
    private long cutAtMs;

    SessionTimer(Call call, SessionInterval setting) {
        this.call = call;
        this.core = call.core;
        this.setting = setting;
        this.seconds = setting.seconds();
        this.minSeconds = setting.minSeconds();
    }

    /** The timer of a call under that setting; null when it has none. */
    static @Nullable SessionTimer of(Call call, SessionInterval setting) {
        return setting.isOn() ? new SessionTimer(call, setting) : null;
    }

    // Requests of ours

    /** What an INVITE that makes a call says about it (section 7.1): who refreshes is left to the answer. */
    static List<Header> asking(SessionInterval setting) {
        return setting.isOn() ? headers(new SessionExpires(setting.seconds(), null), setting.minSeconds()) : List.of();
    }

    /** What a re-INVITE or UPDATE of that call says about it: the roles stay as they are (section 7.4). */
    static List<Header> keeping(@Nullable SessionTimer timer) {
        if (timer == null) {
            return List.of();
        }
        Refresher refresher = switch (timer.state) {
            case IDLE, OVER -> null;
            case OURS -> Refresher.UAC;
            case THEIRS -> Refresher.UAS;
        };
        return headers(new SessionExpires(timer.seconds, refresher), timer.minSeconds);
    }

    private static List<Header> headers(SessionExpires expires, int minSeconds) {
        List<Header> headers = new ArrayList<>(3);
        headers.add(new Header(HeaderName.SUPPORTED, OptionTags.TIMER));
        headers.add(new Header(HeaderName.SESSION_EXPIRES, expires.toString()));
        if (minSeconds > SessionInterval.LEAST_SECONDS) {
            headers.add(new Header(HeaderName.MIN_SE, Integer.toString(minSeconds)));
        }
        return headers;
    }

    /** The interval that a 422 asks for in place of the one in the request; 0 when the 422 stands (section 7.3). */
    static int longer(SipRequest sent, SipResponse response) {
        SessionExpires asked = SessionExpires.of(sent.headers());
        Integer least = DeltaSeconds.of(response.headers(), HeaderName.MIN_SE);
        return asked == null || least == null || least <= asked.seconds() ? 0 : least;
    }

    /** A re-INVITE was too short for somebody. @return whether one with a longer interval is worth a try */
    static boolean lengthened(@Nullable SessionTimer timer, @Nullable SipRequest sent, SipResponse response) {
        int longer = timer == null || sent == null ? 0 : longer(sent, response);
        if (timer == null || longer == 0) {
            return false;
        }
        timer.seconds = longer;
        timer.minSeconds = Math.max(timer.minSeconds, longer);
        return true;
    }

    /**
     * A 2xx to an INVITE or UPDATE of ours came. A peer that knows no session timer leaves the refreshing to us (section 7.2).
     *
     * @param sent the request, as it was accepted; null when it is not known any more
     */
    static void accepted(@Nullable SessionTimer timer, @Nullable SipRequest sent, SipResponse response, long nowMs) {
        if (timer == null) {
            return;
        }
        SessionExpires asked = sent == null ? null : SessionExpires.of(sent.headers());
        SessionExpires agreed = SessionExpires.of(response.headers());
        int seconds = agreed != null ? agreed.seconds() : asked != null ? asked.seconds() : timer.seconds;
        Integer least = sent == null ? null : DeltaSeconds.of(sent.headers(), HeaderName.MIN_SE);
        timer.minSeconds = Math.max(timer.minSeconds, least == null ? 0 : least);
        timer.heard(response);
        timer.run(seconds, agreed == null || agreed.refresher() != Refresher.UAS, nowMs);
    }

    // Requests of the peer

    /** The Min-SE with which a request has to be refused with 422; null when its interval will do (section 9). */
    static @Nullable Header tooShort(SessionInterval setting, Headers request) {
        SessionExpires asked = SessionExpires.of(request);
        boolean refused = setting.isOn()
                && asked != null
                && asked.seconds() < setting.minSeconds()
                && OptionTags.supports(request, OptionTags.TIMER);
        return refused ? new Header(HeaderName.MIN_SE, Integer.toString(setting.minSeconds())) : null;
    }

    /** We accept an INVITE or UPDATE of the peer now. @return what the 2xx says about it (section 9) */
    static List<Header> accepting(@Nullable SessionTimer timer, SipRequest request, long nowMs) {
        return timer == null || timer.state == State.OVER ? List.of() : timer.accept(request, nowMs);
    }

    private List<Header> accept(SipRequest request, long nowMs) {
        SessionExpires asked = SessionExpires.of(request.headers());
        Integer least = DeltaSeconds.of(request.headers(), HeaderName.MIN_SE);
        minSeconds = Math.max(minSeconds, least == null ? 0 : least);
        int wanted = Math.max(setting.seconds(), minSeconds);
        int agreed = asked == null ? wanted : Math.max(Math.min(asked.seconds(), wanted), minSeconds);
        boolean ours = refreshesAsServer(asked, OptionTags.supports(request.headers(), OptionTags.TIMER));
        heard(request);
        run(agreed, ours, nowMs);
        SessionExpires said = new SessionExpires(agreed, ours ? Refresher.UAS : Refresher.UAC);
        List<Header> headers = new ArrayList<>(3);
        headers.add(new Header(HeaderName.SUPPORTED, OptionTags.TIMER));
        headers.add(new Header(HeaderName.SESSION_EXPIRES, said.toString()));
        if (!ours) {
            headers.add(new Header(HeaderName.REQUIRE, OptionTags.TIMER));
        }
        return headers;
    }

    /** Table 2 of section 9: the peer's choice, and ours where it made none or knows no session timer. */
    private boolean refreshesAsServer(@Nullable SessionExpires asked, boolean supported) {
        if (asked != null && asked.refresher() != null) {
            return asked.refresher() == Refresher.UAS;
        }
        return switch (state) {
            case OURS -> true;
            case THEIRS -> !supported;
            case IDLE, OVER -> !supported || setting.refreshes();
        };
    }

    // The timer

    private void heard(SipMessage message) {
        if (message.headers().has(HeaderName.ALLOW)) {
            peerUpdates = OutgoingUpdate.isAllowedBy(message.headers());
        }
    }

    private void run(int agreedSeconds, boolean ours, long nowMs) {
        if (state == State.OVER) {
            return;
        }
        // No peer makes us send a refresh more often than the RFC allows, whatever it says.
        seconds = Math.max(agreedSeconds, SessionInterval.LEAST_SECONDS);
        long intervalMs = 1_000L * seconds;
        state = ours ? State.OURS : State.THEIRS;
        cutAtMs = nowMs + intervalMs - Math.min(MARGIN_MS, intervalMs / 3);
        core.deadlines.set(this, ours ? nowMs + intervalMs / 2 : cutAtMs);
    }

    @Override
    protected void expire(long nowMs) {
        if (nowMs >= cutAtMs) {
            state = State.OVER;
            call.bye(List.of(), EXPIRED, nowMs);
        } else if (state == State.OURS) {
            again(nowMs);
            refresh(nowMs);
        }
    }

    private void again(long nowMs) {
        long waitMs = Math.max(AGAIN_LEAST_MS, 1_000L * seconds / 16);
        core.deadlines.set(this, Math.min(nowMs + waitMs, cutAtMs));
    }

    /** An INVITE of either side that is under way refreshes the session, too: nothing is sent beside it. */
    private void refresh(long nowMs) {
        String present = call.dialog().localSdp();
        if (refreshing || !call.canReinvite() || call.incoming != null) {
            return;
        }
        if (!peerUpdates && present != null) {
            call.reinvite = OutgoingReinvite.refresh(call, present);
            call.reinvite.start(nowMs);
            return;
        }
        refreshing = true;
        List<Header> headers = new ArrayList<>(keeping(this));
        headers.add(Core.ALLOWED);
        Exchange.inCall(call, Method.UPDATE, headers, new byte[0], this::updated, nowMs);
    }

    private void updated(Exchange.Outcome outcome, long nowMs) {
        refreshing = false;
        if (state == State.OVER) {
            return;
        }
        SipResponse response = outcome.response();
        if (outcome.isSuccess()) {
            Objects.requireNonNull(response, "a success is somebody's response");
            call.dialog = call.dialog().refreshed(response);
            accepted(this, null, response, nowMs);
        } else if (outcome.status() == 408 || outcome.status() == 481) {
            call.bye(List.of(), "a refresh of the session failed with " + outcome.status(), nowMs);
        } else if (outcome.status() == 405 || outcome.status() == 501) {
            peerUpdates = false;
            refresh(nowMs);
        }
    }

    /** The call ends. */
    static void stop(@Nullable SessionTimer timer) {
        if (timer != null) {
            timer.state = State.OVER;
            timer.core.deadlines.clear(timer);
        }
    }

    static SessionInterval settingOf(@Nullable SessionTimer timer) {
        return timer == null ? SessionInterval.OFF : timer.setting;
    }
}
