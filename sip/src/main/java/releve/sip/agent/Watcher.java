package releve.sip.agent;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import releve.sip.auth.Authenticator;
import releve.sip.dialog.Dialog;
import releve.sip.dialog.DialogInfo;
import releve.sip.event.NotifierState;
import releve.sip.message.Event;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Method;
import releve.sip.message.Params;
import releve.sip.message.SipRequest;
import releve.sip.message.SubscriptionState;
import releve.sip.transaction.Deadline;
import releve.sip.transaction.Hop;

/**
 * A peer's subscription to calls of ours. {@link NotifierState} has the states; here is what is told. Changes are only noted
 * when they happen, and told when the deadline that they set has come: in the middle of a change nothing is sent.
 */
final class Watcher extends Deadline {
    private static final long AT_ONCE = 0;
    private static final byte[] NO_BODY = new byte[0];

    private final Core core;
    private final WatcherPolicy policy;
    private final Event event;
    private final DialogSelection selection;
    private final String entity;
    /** The calls that have changed since the last NOTIFY, those that are over with their last state. */
    private final Map<Long, Change> changes = new LinkedHashMap<>();

    private Dialog dialog;
    private @Nullable NotifierState state;
    private int version;

    /** @param over its last state when the call is over; until then what it is when it is told counts */
    private record Change(Call call, DialogInfo.@Nullable Entry over) {}

    Watcher(Core core, WatcherPolicy policy, Event event, DialogSelection selection, Dialog dialog) {
        this.core = core;
        this.policy = policy;
        this.event = event;
        this.selection = selection;
        this.dialog = dialog;
        this.entity = core.contactUri(dialog.peer());
    }

    /** A SUBSCRIBE was accepted, the first or a further one. @param seconds granted; 0 ends the subscription */
    void subscribed(int seconds, long nowMs) {
        state = NotifierState.subscribed(state, nowMs + 1_000L * seconds);
        if (seconds == 0) {
            state = state.ending("timeout");
        } else if (!selection.isAll() && watched().isEmpty()) {
            state = state.ending("noresource");
        }
        proceed(nowMs);
    }

    Dialog dialog() {
        return dialog;
    }

    void keep(Dialog changed) {
        dialog = changed;
    }

    DialogSelection selection() {
        return selection;
    }

    boolean isSameAs(Event other) {
        return event.matches(other);
    }

    void changed(Call call) {
        if (state != null && selection.covers(call)) {
            note(new Change(call, null));
            state = state.changed();
        }
    }

    void over(Call call, DialogInfo.Entry last) {
        if (state != null && selection.covers(call)) {
            note(new Change(call, last));
            state = selection.isAll() ? state.changed() : state.ending("noresource");
        }
    }

    private void note(Change change) {
        // What is beyond the limit cannot be told, and ends the subscription when it is to be told.
        if (changes.size() <= policy.dialogsMax()) {
            changes.put(change.call().number, change);
        }
        core.deadlines.set(this, AT_ONCE);
    }

    private List<Call> watched() {
        return core.calls.values().stream()
                .filter(call -> call.phase != Call.Phase.ENDING && selection.covers(call))
                .limit(policy.dialogsMax() + 1L)
                .toList();
    }

    private List<DialogInfo.Entry> entries(boolean whole) {
        Map<Long, DialogInfo.Entry> entries = new LinkedHashMap<>();
        if (whole) {
            watched().forEach(call -> entries.put(call.number, CallStates.of(call)));
        }
        changes.values().forEach(change -> {
            DialogInfo.Entry last = change.over();
            entries.put(change.call().number, last != null ? last : CallStates.of(change.call()));
        });
        return List.copyOf(entries.values());
    }

    @Override
    protected void expire(long nowMs) {
        if (state != null) {
            state = state.elapsed(nowMs);
        }
        proceed(nowMs);
    }

    private void proceed(long nowMs) {
        if (state != null && state.maySend(nowMs)) {
            tell(state, nowMs);
        }
        NotifierState present = state;
        if (present == null || present.phase() == NotifierState.Phase.TERMINATED) {
            stop();
        } else if (present.nextMs() == Long.MAX_VALUE) {
            core.deadlines.clear(this);
        } else {
            core.deadlines.set(this, present.nextMs());
        }
    }

    private void tell(NotifierState telling, long nowMs) {
        boolean whole = telling.owed() == NotifierState.Owed.WHOLE;
        List<DialogInfo.Entry> entries = entries(whole);
        boolean tooMany = entries.size() > policy.dialogsMax();
        NotifierState now = tooMany ? telling.ending("probation") : telling;
        changes.clear();
        List<Header> headers = new ArrayList<>();
        headers.add(new Header("Event", event.type() + (event.id() == null ? "" : ";id=" + event.id())));
        headers.add(
                new Header("Subscription-State", subscriptionState(now, nowMs).toString()));
        byte[] body = NO_BODY;
        if (!tooMany) {
            headers.add(new Header(HeaderName.CONTENT_TYPE, DialogInfo.CONTENT_TYPE));
            DialogInfo document = new DialogInfo(version++, whole, entity, entries);
            body = document.write().getBytes(StandardCharsets.UTF_8);
        }
        state = now.sent(policy.leastIntervalMs(), nowMs);
        send(headers, body, nowMs);
    }

    private SubscriptionState subscriptionState(NotifierState now, long nowMs) {
        String reason = now.reason();
        if (reason == null) {
            return SubscriptionState.active((int) Math.max(0, (now.expiresAtMs() - nowMs) / 1_000));
        }
        SubscriptionState terminated = SubscriptionState.terminated(reason);
        if (!reason.equals("probation")) {
            return terminated;
        }
        Params later = terminated.params().with("retry-after", Integer.toString(policy.expiresMinSeconds()));
        return new SubscriptionState(terminated.state(), later);
    }

    private void send(List<Header> headers, byte[] body, long nowMs) {
        dialog = dialog.nextLocal();
        Hop hop = core.nextHop(dialog);
        headers.add(core.contact(hop));
        String via = core.via(hop, core.ids.branch());
        SipRequest notify = dialog.request(Method.NOTIFY, dialog.localCSeq(), via, headers, body);
        Exchange.start(core, notify, List.of(hop), Authenticator.NONE, this::nextCSeq, this::answered, nowMs);
    }

    private int nextCSeq() {
        dialog = dialog.nextLocal();
        return dialog.localCSeq();
    }

    /** Who refuses a NOTIFY, or is silent, has no subscription any more (RFC 6665 section 4.2.2). */
    private void answered(Exchange.Outcome outcome, long nowMs) {
        if (state != null) {
            state = state.answered(outcome.isSuccess());
            proceed(nowMs);
        }
    }

    private void stop() {
        state = null;
        changes.clear();
        core.deadlines.clear(this);
        core.watchers.forget(this);
    }
}
