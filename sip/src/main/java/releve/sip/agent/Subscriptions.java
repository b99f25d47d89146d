package releve.sip.agent;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import releve.sip.dialog.DialogInfo;
import releve.sip.event.SubscriptionEnd;
import releve.sip.message.SipRequest;

/** The subscriptions of ours, by number and by the tag that we gave them; no more than there may be calls. */
final class Subscriptions {
    private final Core core;
    private final Map<Long, Subscription> byNumber = new HashMap<>();
    private final Map<Key, Subscription> byTag = new HashMap<>();

    /** What a NOTIFY names a subscription by before there is a dialog (RFC 6665 section 4.4.1). */
    record Key(String callId, String localTag) {}

    Subscriptions(Core core) {
        this.core = core;
    }

    long open(SubscribeRequest spec, long nowMs) {
        long number = core.nextCallNumber();
        open(number, spec, new Teller(number), nowMs);
        return number;
    }

    /** @return the subscription; null at the limit, which the user has been told then */
    @Nullable
    Subscription open(long number, SubscribeRequest spec, Subscription.User user, long nowMs) {
        if (byNumber.size() >= core.config.callsMax()) {
            core.count(Counter.REFUSED_AT_LIMIT);
            user.ended(SubscriptionEnd.refused(503, "Too many subscriptions here", null), -1, nowMs);
            return null;
        }
        Subscription subscription = new Subscription(number, core, spec, user);
        byNumber.put(number, subscription);
        subscription.start(nowMs);
        return subscription;
    }

    boolean leave(long number, long nowMs) {
        Subscription subscription = byNumber.get(number);
        return subscription != null && subscription.leave(nowMs);
    }

    /** Gives a NOTIFY to its subscription. @return false when it belongs to none */
    boolean notified(Inbound in, long nowMs) {
        SipRequest notify = in.request();
        String tag = notify.to().tag();
        Subscription subscription = tag == null ? null : byTag.get(new Key(notify.callId(), tag));
        if (subscription == null) {
            return false;
        }
        subscription.notified(in, nowMs);
        return true;
    }

    void await(Key key, Subscription subscription) {
        byTag.put(key, subscription);
    }

    void forget(Key key, Subscription subscription) {
        byTag.remove(key, subscription);
    }

    void over(long number) {
        byNumber.remove(number);
    }

    int size() {
        return byNumber.size();
    }

    /** Makes events of what a subscription hears. */
    private final class Teller implements Subscription.User {
        private final long number;

        Teller(long number) {
            this.number = number;
        }

        @Override
        public void subscribed(boolean pending, long nowMs) {
            core.emit(new SipEvent.Subscribed(number, pending));
        }

        @Override
        public void changed(List<DialogInfo.Entry> dialogs, long nowMs) {
            core.emit(new SipEvent.DialogsChanged(number, dialogs));
        }

        @Override
        public void ended(SubscriptionEnd end, long retryMs, long nowMs) {
            core.emit(new SipEvent.SubscriptionEnded(number, end.status(), end.reason(), retryMs));
        }
    }
}
