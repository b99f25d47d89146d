package releve.sip.agent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import releve.sip.auth.DigestServer;
import releve.sip.dialog.Dialog;
import releve.sip.dialog.DialogId;
import releve.sip.dialog.DialogInfo;
import releve.sip.message.DeltaSeconds;
import releve.sip.message.Event;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Headers;
import releve.sip.message.MediaType;
import releve.sip.message.Params;
import releve.sip.message.SipRequest;
import releve.sip.message.SipUri;

/** Who watches our calls: takes SUBSCRIBEs (RFC 6665 section 4.2.1) within a {@link WatcherPolicy}, and passes changes on. */
final class Watchers {
    private static final int HOUR_SECONDS = 3_600;
    private static final MediaType DOCUMENT = new MediaType("application", "dialog-info+xml", Params.NONE);

    private final Core core;
    private final Map<DialogId, Watcher> byDialog = new HashMap<>();
    private @Nullable WatcherPolicy policy;

    Watchers(Core core) {
        this.core = core;
    }

    void serve(WatcherPolicy newPolicy) {
        policy = newPolicy;
    }

    /** The packages that may be subscribed to here: dialog for whom the policy lets, refer by a REFER only. */
    Header allowEvents() {
        return new Header("Allow-Events", policy == null ? "refer" : "dialog, refer");
    }

    /** Whether calls may be watched at all. */
    boolean isServing() {
        return policy != null;
    }

    void subscribe(Inbound in, long nowMs) {
        SipRequest subscribe = in.request();
        Event event = Event.of(subscribe.headers());
        WatcherPolicy present = policy;
        if (present == null || event == null || !event.type().equals(SubscribeRequest.DIALOG)) {
            core.answer(in, 489, List.of(allowEvents()), nowMs);
            return;
        }
        List<String> unknown = OptionTags.unknown(subscribe.headers(), false);
        if (!SipUri.isSip(subscribe.uri())) {
            core.answer(in, 416, List.of(), nowMs);
        } else if (!unknown.isEmpty()) {
            core.answer(in, 420, List.of(new Header(HeaderName.UNSUPPORTED, String.join(", ", unknown))), nowMs);
        } else if (!DOCUMENT.isAccepted(subscribe.headers())) {
            core.answer(in, 406, List.of(), nowMs);
        } else if (subscribe.to().tag() == null) {
            first(in, event, present, nowMs);
        } else {
            further(in, event, present, nowMs);
        }
    }

    private void first(Inbound in, Event event, WatcherPolicy present, long nowMs) {
        DialogSelection selection = DialogSelection.of(event);
        Refusal refusal = refusal(in, selection, present, nowMs);
        if (refusal != null) {
            core.answer(in, refusal.status(), refusal.headers(), nowMs);
            return;
        }
        int seconds = seconds(in, present, nowMs);
        if (seconds < 0) {
            return;
        }
        if (byDialog.size() >= present.watchersMax()) {
            core.count(Counter.REFUSED_AT_LIMIT);
            Header later = new Header(HeaderName.RETRY_AFTER, Integer.toString(core.config.retryAfterSeconds()));
            core.answer(in, 503, List.of(later), nowMs);
            return;
        }
        String tag = core.ids.tag();
        Dialog dialog = Dialog.ofRequest(in.request(), tag, in.source()).confirm();
        Watcher watcher = new Watcher(core, present, event, selection, dialog);
        byDialog.put(dialog.id(), watcher);
        core.answer(in, 200, tag, granted(in, seconds), nowMs);
        watcher.subscribed(seconds, nowMs);
    }

    private void further(Inbound in, Event event, WatcherPolicy present, long nowMs) {
        DialogId id = DialogId.ofReceived(in.request());
        Watcher watcher = byDialog.get(id);
        if (watcher == null) {
            // A call's dialog is not shared with a subscription (RFC 6665 section 4.5.2).
            core.answer(in, core.dialogs.containsKey(id) ? 403 : 481, List.of(), nowMs);
        } else if (!watcher.isSameAs(event)) {
            core.answer(in, 481, List.of(), nowMs);
        } else if (!watcher.dialog().inOrder(in.request())) {
            core.answer(in, 500, List.of(), nowMs);
        } else {
            int seconds = seconds(in, present, nowMs);
            if (seconds >= 0) {
                watcher.keep(watcher.dialog().received(in.request()).refreshed(in.request()));
                core.answer(in, 200, granted(in, seconds), nowMs);
                watcher.subscribed(seconds, nowMs);
            }
        }
    }

    /** Why a subscription may not begin: 403 for who has nothing to show, 401 where credentials may help. */
    private record Refusal(int status, List<Header> headers) {}

    private @Nullable Refusal refusal(Inbound in, DialogSelection selection, WatcherPolicy present, long nowMs) {
        if (present.allowed().test(in.source().address().getAddress()) || isParty(in, selection)) {
            return null;
        }
        if (present.users() == null) {
            return new Refusal(403, List.of());
        }
        return switch (present.users().verify(in.request(), nowMs)) {
            case DigestServer.Verdict.Accepted _ -> null;
            case DigestServer.Verdict.Challenged challenged -> new Refusal(401, challenged.challenges());
            case DigestServer.Verdict.Misused _ -> new Refusal(400, List.of());
        };
    }

    private boolean isParty(Inbound in, DialogSelection selection) {
        DialogId named = selection.only();
        DialogId shown = DialogSelection.shownBy(in.request());
        boolean consistent = shown == null || shown.equals(named);
        return named != null && consistent && core.dialogs.containsKey(named);
    }

    /** The seconds to grant; below 0 when the request has been refused for what it asks. */
    private int seconds(Inbound in, WatcherPolicy present, long nowMs) {
        Headers headers = in.request().headers();
        Integer asked = DeltaSeconds.of(headers, HeaderName.EXPIRES);
        if (asked == null && headers.has(HeaderName.EXPIRES)) {
            core.answer(in, 400, List.of(), nowMs);
            return -1;
        }
        int wanted = asked == null ? SubscribeRequest.EXPIRES_SECONDS : asked;
        if (wanted > 0 && wanted < present.expiresMinSeconds() && wanted < HOUR_SECONDS) {
            Header least = new Header("Min-Expires", Integer.toString(present.expiresMinSeconds()));
            core.answer(in, 423, List.of(least), nowMs);
            return -1;
        }
        return Math.min(wanted, present.expiresMaxSeconds());
    }

    private List<Header> granted(Inbound in, int seconds) {
        List<Header> headers = new ArrayList<>();
        for (String route : in.request().headers().values(HeaderName.RECORD_ROUTE)) {
            headers.add(new Header(HeaderName.RECORD_ROUTE, route));
        }
        headers.add(core.contact(in.source()));
        headers.add(new Header(HeaderName.EXPIRES, Integer.toString(seconds)));
        return headers;
    }

    /** A call is not any more what it was. */
    void changed(Call call) {
        if (!byDialog.isEmpty()) {
            byDialog.values().forEach(watcher -> watcher.changed(call));
        }
    }

    /** A call is over; told once, with the dialog that it had still in its place. */
    void over(Call call, DialogInfo.@Nullable Cause cause, int code) {
        if (!byDialog.isEmpty()) {
            DialogInfo.Entry last = CallStates.of(call).terminated(cause, code);
            byDialog.values().forEach(watcher -> watcher.over(call, last));
        }
    }

    void forget(Watcher watcher) {
        byDialog.remove(watcher.dialog().id(), watcher);
    }

    int size() {
        return byDialog.size();
    }
}
