package releve.sip.agent;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.sip.dialog.Dialog;
import releve.sip.dialog.DialogInfo;
import releve.sip.dialog.KnownDialogs;
import releve.sip.event.SubscriberState;
import releve.sip.event.SubscriptionEnd;
import releve.sip.message.DeltaSeconds;
import releve.sip.message.Event;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Headers;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.MediaType;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.message.SubscriptionState;
import releve.sip.transaction.Deadline;
import releve.sip.transaction.Hop;

/**
 * A subscription of ours, from its first SUBSCRIBE to its end, and anew if it is kept. {@link SubscriberState} has the
 * states; here is what is sent and received. The first NOTIFY makes the dialog (RFC 6665 section 4.4.1); NOTIFYs of further
 * branches are refused with 481, so that there is one notifier.
 */
final class Subscription extends Deadline {
    private final long number;
    private final Core core;
    private final SubscribeRequest spec;
    private final User user;
    private final BackOff backOff;
    private SubscriberState state = SubscriberState.asked();
    private KnownDialogs known = KnownDialogs.NONE;
    private Subscriptions.Key key = new Subscriptions.Key("", "");
    private @Nullable Dialog dialog;
    private int cseq;
    private int expiresSeconds;
    private int attempt;
    private long startedAtMs;
    /** Whether a SUBSCRIBE is unanswered. */
    private boolean asking;
    /** Whether notifications were missed, so that the whole state has to be asked for. */
    private boolean missed;

    private boolean leaveNext;

    /** Who watches. */
    interface User {
        /** The notifier has decided; {@code pending} while it has not. */
        void subscribed(boolean pending, long nowMs);

        void changed(List<DialogInfo.Entry> dialogs, long nowMs);

        /** @param retryMs when it begins anew, in ms from now; -1 when it does not and nothing follows */
        void ended(SubscriptionEnd end, long retryMs, long nowMs);
    }

    Subscription(long number, Core core, SubscribeRequest spec, User user) {
        this.number = number;
        this.core = core;
        this.spec = spec;
        this.user = user;
        this.backOff = new BackOff(core.ids);
        this.expiresSeconds = spec.expiresSeconds();
    }

    void start(long nowMs) {
        attempt++;
        startedAtMs = nowMs;
        key = new Subscriptions.Key(core.ids.callId(), core.ids.tag());
        cseq = 0;
        state = SubscriberState.asked();
        known = known.anew();
        core.subscriptions.await(key, this);
        ask(expiresSeconds, nowMs);
    }

    /** Gives the subscription up; false when that is under way already. */
    boolean leave(long nowMs) {
        boolean first = !leaveNext;
        leaveNext = true;
        if (first && state.phase() == SubscriberState.Phase.TERMINATED) {
            over(nowMs);
        } else if (first) {
            proceed(nowMs);
        }
        return first;
    }

    private void ask(int seconds, long nowMs) {
        asking = true;
        int asked = attempt;
        SipRequest subscribe = subscribe(seconds);
        List<Hop> hops = dialog == null ? spec.hops() : List.of(core.nextHop(dialog));
        Exchange.start(
                core,
                subscribe,
                hops,
                spec.authenticator(),
                this::nextCSeq,
                (outcome, atMs) -> {
                    if (asked == attempt) {
                        outcome(outcome, seconds, atMs);
                    }
                },
                nowMs);
    }

    private int nextCSeq() {
        if (dialog == null) {
            return ++cseq;
        }
        dialog = dialog.nextLocal();
        return dialog.localCSeq();
    }

    private SipRequest subscribe(int seconds) {
        int sequence = nextCSeq();
        Dialog present = dialog;
        Hop hop = present == null ? spec.hops().getFirst() : core.nextHop(present);
        String via = core.via(hop, core.ids.branch());
        List<Header> own = new ArrayList<>();
        own.add(core.contact(hop));
        own.add(new Header("Event", spec.event().toString()));
        own.add(new Header(HeaderName.EXPIRES, Integer.toString(seconds)));
        own.add(new Header(HeaderName.ACCEPT, DialogInfo.CONTENT_TYPE));
        if (spec.target() != null) {
            own.add(new Header("Target-Dialog", spec.target().toString()));
        }
        String uri = present == null ? spec.resource() : present.remoteTarget();
        own.addAll(spec.authenticator().forNew(Method.SUBSCRIBE.name(), uri));
        if (present != null) {
            return present.request(Method.SUBSCRIBE, sequence, via, own, new byte[0]);
        }
        Headers.Builder headers = new Headers.Builder().add(HeaderName.VIA, via).add(HeaderName.MAX_FORWARDS, "70");
        spec.route().forEach(route -> headers.add(HeaderName.ROUTE, route));
        headers.add(HeaderName.FROM, "<" + spec.from() + ">;tag=" + key.localTag())
                .add(HeaderName.TO, "<" + spec.resource() + ">")
                .add(HeaderName.CALL_ID, key.callId())
                .add(HeaderName.CSEQ, sequence + " " + Method.SUBSCRIBE)
                .addAll(own);
        return SipRequest.of(Method.SUBSCRIBE, spec.resource(), headers.build());
    }

    private void outcome(Exchange.Outcome outcome, int asked, long nowMs) {
        asking = false;
        SipResponse response = outcome.response();
        if (response != null && response.isSuccess()) {
            Integer granted = DeltaSeconds.of(response.headers(), HeaderName.EXPIRES);
            dialog = dialog == null ? null : dialog.refreshed(response);
            state = state.accepted(
                    granted == null ? asked : granted, core.config.timers().timeoutMs(), nowMs);
        } else if (response != null && response.status() == 423 && asked > 0 && canRaise(response)) {
            ask(expiresSeconds, nowMs);
            return;
        } else {
            Integer retryAfter = response == null ? null : response.retryAfterSeconds();
            state = state.refused(outcome.status(), outcome.reasonPhrase(), retryAfter, nowMs);
        }
        proceed(nowMs);
    }

    private boolean canRaise(SipResponse response) {
        Integer min = DeltaSeconds.of(response.headers(), "Min-Expires");
        if (min == null || min <= expiresSeconds || min > SubscriberState.EXPIRES_MAX_SECONDS) {
            return false;
        }
        expiresSeconds = min;
        return true;
    }

    /** A NOTIFY for our tag came. */
    void notified(Inbound in, long nowMs) {
        SipRequest notify = in.request();
        Event event = Event.of(notify.headers());
        String tag = notify.from().tag();
        Dialog present = dialog;
        boolean another = present != null && !present.id().remoteTag().equals(tag);
        SubscriptionState heard = SubscriptionState.of(notify.headers());
        if (event == null || !event.matches(spec.event()) || another || tag == null) {
            core.answer(in, 481, List.of(), nowMs);
        } else if (present != null && !present.inOrder(notify)) {
            core.answer(in, 500, List.of(), nowMs);
        } else if (heard == null) {
            core.answer(in, 400, List.of(), nowMs);
        } else {
            Dialog noted = present != null
                    ? present.received(notify)
                    : Dialog.ofRequest(notify, key.localTag(), in.source())
                            .skipLocal(cseq)
                            .confirm();
            dialog = noted.refreshed(notify);
            take(in, heard, nowMs);
        }
    }

    private void take(Inbound in, SubscriptionState heard, long nowMs) {
        List<DialogInfo.Entry> changed = document(in, nowMs);
        SubscriberState.Phase before = state.phase();
        state = state.notified(heard, nowMs);
        SubscriberState.Phase now = state.phase();
        boolean held = now == SubscriberState.Phase.ACTIVE || now == SubscriberState.Phase.PENDING;
        if (held && now != before) {
            backOff.reset();
            user.subscribed(now == SubscriberState.Phase.PENDING, nowMs);
        }
        if (!changed.isEmpty()) {
            user.changed(changed, nowMs);
        }
        proceed(nowMs);
    }

    /** Answers the NOTIFY by what it carries. @return what has changed */
    private List<DialogInfo.Entry> document(Inbound in, long nowMs) {
        SipRequest notify = in.request();
        List<DialogInfo.Entry> changed = List.of();
        int status = 200;
        if (notify.body().length > 0) {
            try {
                String type = notify.headers().first(HeaderName.CONTENT_TYPE);
                boolean known = type != null && MediaType.parse(type).is(DialogInfo.CONTENT_TYPE);
                if (known && !notify.headers().has(HeaderName.CONTENT_ENCODING)) {
                    changed = news(DialogInfo.parse(new String(notify.body(), StandardCharsets.UTF_8)));
                } else {
                    status = 415;
                }
            } catch (MalformedMessageException _) {
                status = 400;
            }
        }
        List<Header> headers =
                status == 415 ? List.of(new Header(HeaderName.ACCEPT, DialogInfo.CONTENT_TYPE)) : List.of();
        core.answer(in, status, headers, nowMs);
        return changed;
    }

    private List<DialogInfo.Entry> news(DialogInfo document) {
        return switch (known.take(document)) {
            case KnownDialogs.Taken.News news -> {
                known = news.known();
                missed = false;
                yield news.changed();
            }
            case KnownDialogs.Taken.Stale _ -> List.of();
            case KnownDialogs.Taken.Gap _ -> {
                missed = true;
                yield List.of();
            }
        };
    }

    /** Does what the state asks for now, and sets the time to look again. */
    private void proceed(long nowMs) {
        switch (state.phase()) {
            case TERMINATED -> {
                over(nowMs);
                return;
            }
            case PENDING, ACTIVE -> {
                if (!asking && leaveNext) {
                    state = state.leaving();
                    ask(0, nowMs);
                } else if (!asking && (missed || state.wantsRefresh(nowMs))) {
                    missed = false;
                    state = state.refreshing();
                    ask(expiresSeconds, nowMs);
                }
            }
            case NOTIFY_WAIT, LEAVING -> {}
        }
        if (state.phase() == SubscriberState.Phase.TERMINATED) {
            return;
        }
        if (state.nextMs() == SubscriberState.NEVER) {
            core.deadlines.clear(this);
        } else {
            core.deadlines.set(this, state.nextMs());
        }
    }

    @Override
    protected void expire(long nowMs) {
        if (state.phase() == SubscriberState.Phase.TERMINATED) {
            start(nowMs);
        } else {
            state = state.elapsed(nowMs);
            proceed(nowMs);
        }
    }

    private void over(long nowMs) {
        SubscriptionEnd end = state.end();
        core.deadlines.clear(this);
        core.subscriptions.forget(key, this);
        attempt++;
        dialog = null;
        asking = false;
        missed = false;
        if (end == null || leaveNext || !spec.keep() || end.again() == SubscriptionEnd.Again.NEVER) {
            core.subscriptions.over(number);
            user.ended(end == null ? SubscriptionEnd.refused(487, "given up", null) : end, -1, nowMs);
            return;
        }
        // A notifier that ends each subscription at once is not asked in a circle.
        boolean atOnce = end.again() == SubscriptionEnd.Again.AT_ONCE && nowMs - startedAtMs >= BackOff.FIRST_MS;
        long retryMs = atOnce ? 0 : backOff.nextMs(end.waitSeconds() > 0 ? end.waitSeconds() : null);
        core.deadlines.set(this, nowMs + retryMs);
        user.ended(end, retryMs, nowMs);
    }
}
