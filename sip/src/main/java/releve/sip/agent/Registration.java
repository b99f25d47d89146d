package releve.sip.agent;

import releve.sip.message.DeltaSeconds;
import releve.sip.message.HeaderName;
import releve.sip.message.Headers;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.Method;
import releve.sip.message.NameAddr;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.transaction.Deadline;
import releve.sip.transaction.Hop;

/**
 * A registration that is kept (RFC 3261 section 10.2, back-off of RFC 5626 section 4.5).
 *
 * <pre>
 * ASKING  REGISTER under way; 2xx → HELD; 423 → ASKING with Min-Expires; other, none → FAILED
 * HELD    refresh due: REGISTER → ASKING
 * FAILED  back-off over: REGISTER → ASKING
 * any     unregister: REGISTER with Expires 0 → LEAVING (after the one under way)
 * LEAVING any outcome → OVER
 * </pre>
 */
final class Registration extends Deadline {
    /** The longest interval that is believed, s: a mistyped one must not leave us unregistered for good. */
    private static final int EXPIRES_MAX_SECONDS = 86_400;

    private enum State {
        ASKING,
        HELD,
        FAILED,
        LEAVING,
        OVER
    }

    private final long number;
    private final Core core;
    private final RegisterRequest spec;
    private final String callId;
    private final String fromTag;
    private final BackOff backOff;
    private State state = State.FAILED;
    private int cseq;
    private int expiresSeconds;
    private boolean leaveNext;

    Registration(long number, Core core, RegisterRequest spec) {
        this.number = number;
        this.core = core;
        this.spec = spec;
        this.callId = core.ids.callId();
        this.fromTag = core.ids.tag();
        this.backOff = new BackOff(core.ids);
        this.expiresSeconds = spec.expiresSeconds();
    }

    void start(long nowMs) {
        state = State.ASKING;
        ask(expiresSeconds, nowMs);
    }

    /** Gives the registration up; false when that is under way already. */
    boolean leave(long nowMs) {
        return switch (state) {
            case ASKING -> {
                boolean first = !leaveNext;
                leaveNext = true;
                yield first;
            }
            case HELD, FAILED -> {
                leaveNow(nowMs);
                yield true;
            }
            case LEAVING, OVER -> false;
        };
    }

    private void leaveNow(long nowMs) {
        core.deadlines.clear(this);
        state = State.LEAVING;
        ask(0, nowMs);
    }

    private void ask(int seconds, long nowMs) {
        Exchange.start(core, register(seconds), spec.hops(), spec.authenticator(), () -> ++cseq, this::outcome, nowMs);
    }

    /** The same Call-ID and From tag each time, the next number (section 10.2). */
    private SipRequest register(int seconds) {
        Hop hop = spec.hops().getFirst();
        Headers.Builder headers = new Headers.Builder()
                .add(HeaderName.VIA, core.via(hop, core.ids.branch()))
                .add(HeaderName.MAX_FORWARDS, "70")
                .add(HeaderName.FROM, "<" + spec.addressOfRecord() + ">;tag=" + fromTag)
                .add(HeaderName.TO, "<" + spec.addressOfRecord() + ">")
                .add(HeaderName.CALL_ID, callId)
                .add(HeaderName.CSEQ, ++cseq + " " + Method.REGISTER)
                .add(HeaderName.CONTACT, core.contact(hop).value() + ";expires=" + seconds)
                .add(HeaderName.EXPIRES, Integer.toString(seconds))
                .addAll(spec.authenticator().forNew(Method.REGISTER.name(), spec.registrar()));
        return SipRequest.of(Method.REGISTER, spec.registrar(), headers.build());
    }

    private void outcome(Exchange.Outcome outcome, long nowMs) {
        if (state == State.LEAVING) {
            state = State.OVER;
            core.registrations.remove(number);
            core.emit(new SipEvent.Unregistered(number));
            return;
        }
        SipResponse response = outcome.response();
        if (response != null && response.isSuccess()) {
            held(response, nowMs);
        } else if (response != null && response.status() == 423 && canRaise(response)) {
            ask(expiresSeconds, nowMs);
            return;
        } else {
            failed(outcome, nowMs);
        }
        if (leaveNext) {
            leaveNow(nowMs);
        }
    }

    private boolean canRaise(SipResponse response) {
        Integer min = DeltaSeconds.of(response.headers(), "Min-Expires");
        if (min == null || min <= expiresSeconds || min > EXPIRES_MAX_SECONDS) {
            return false;
        }
        expiresSeconds = min;
        return true;
    }

    private void held(SipResponse response, long nowMs) {
        state = State.HELD;
        backOff.reset();
        int granted = granted(response);
        // Early enough for a lost REGISTER to be repeated and, on short registrations, at half their time.
        long refreshMs = 1_000L * Math.max(granted / 2, granted - 60);
        core.deadlines.set(this, nowMs + Math.max(1_000, refreshMs));
        core.emit(new SipEvent.Registered(number, granted));
    }

    /** The time our own binding was given: other bindings of the address of record are listed too (section 10.2.4). */
    private int granted(SipResponse response) {
        String ours = core.contactUri(spec.hops().getFirst());
        for (String contact : response.headers().values(HeaderName.CONTACT)) {
            try {
                NameAddr parsed = NameAddr.parse(contact);
                long seconds = parsed.params().number("expires");
                if (parsed.uri().equals(ours) && seconds > 0) {
                    return (int) Math.min(seconds, EXPIRES_MAX_SECONDS);
                }
            } catch (MalformedMessageException _) {
                // Another phone's binding may be as odd as it likes.
                continue;
            }
        }
        Integer all = DeltaSeconds.of(response.headers(), HeaderName.EXPIRES);
        return all != null && all > 0 ? Math.min(all, EXPIRES_MAX_SECONDS) : expiresSeconds;
    }

    private void failed(Exchange.Outcome outcome, long nowMs) {
        state = State.FAILED;
        long retryMs = backOff.nextMs(
                outcome.response() == null ? null : outcome.response().retryAfterSeconds());
        core.deadlines.set(this, nowMs + retryMs);
        core.emit(new SipEvent.RegistrationFailed(
                number, outcome.status(), outcome.reasonPhrase(), retryMs, outcome.isLocal()));
    }

    @Override
    protected void expire(long nowMs) {
        switch (state) {
            case HELD, FAILED -> start(nowMs);
            case ASKING, LEAVING, OVER -> {}
        }
    }
}
