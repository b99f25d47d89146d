package releve.sip.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.sip.auth.Authenticator;
import releve.sip.dialog.DialogId;
import releve.sip.event.SubscriberState;
import releve.sip.message.Event;
import releve.sip.message.TargetDialog;
import releve.sip.transaction.Hop;

/**
 * A subscription to the dialogs of a user agent (RFC 4235, RFC 6665).
 *
 * @param resource whose dialogs, a URI
 * @param hops where it is, best first; at least one
 * @param route Route values of the first SUBSCRIBE, possibly none
 * @param from our address, a URI
 * @param event the package dialog, with the parameters that name one dialog if it is to be one only (RFC 4235 section 3.2)
 * @param expiresSeconds for how long each SUBSCRIBE asks, 1 to 86,400
 * @param keep whether to subscribe anew when the subscription ends and that makes sense
 * @param target a dialog with the notifier, by which it may know that we may ask (RFC 4538); or null
 * @param authenticator shows credentials
 */
public record SubscribeRequest(
        String resource,
        List<Hop> hops,
        List<String> route,
        String from,
        Event event,
        int expiresSeconds,
        boolean keep,
        @Nullable TargetDialog target,
        Authenticator authenticator) {
    /** What is asked for unless something else is said (RFC 4235 section 3.4). */
    public static final int EXPIRES_SECONDS = 3_600;

    /** The package's name. */
    static final String DIALOG = "dialog";

    /** @throws IllegalArgumentException when there is no hop, the package is another, or the time is out of its range */
    public SubscribeRequest {
        hops = List.copyOf(hops);
        route = List.copyOf(route);
        if (!event.type().equals(DIALOG)) {
            throw new IllegalArgumentException(
                    event.type() + " is not an event package that can be subscribed to here");
        }
        if (hops.isEmpty() || expiresSeconds < 1 || expiresSeconds > SubscriberState.EXPIRES_MAX_SECONDS) {
            throw new IllegalArgumentException("a subscription needs a hop, and 1 to 86400 seconds");
        }
    }

    /** A subscription to all dialogs of a user agent, for an hour, that is kept. */
    public static SubscribeRequest toDialogsOf(String resource, Hop hop, String from) {
        return new SubscribeRequest(
                resource,
                List.of(hop),
                List.of(),
                from,
                Event.of(DIALOG),
                EXPIRES_SECONDS,
                true,
                null,
                Authenticator.NONE);
    }

    /** To one dialog only. @param dialog with the notifier's tag as the remote one, as the notifier's peer has it */
    public SubscribeRequest onlyOf(DialogId dialog) {
        Event one = Event.of(DIALOG)
                .with("call-id", dialog.callId())
                .with("to-tag", dialog.remoteTag())
                .with("from-tag", dialog.localTag());
        return new SubscribeRequest(resource, hops, route, from, one, expiresSeconds, keep, target, authenticator);
    }

    public SubscribeRequest withExpires(int seconds) {
        return new SubscribeRequest(resource, hops, route, from, event, seconds, keep, target, authenticator);
    }

    /** One that is over when it ends for the first time. */
    public SubscribeRequest once() {
        return new SubscribeRequest(resource, hops, route, from, event, expiresSeconds, false, target, authenticator);
    }

    /** One that shows a dialog with the notifier. */
    public SubscribeRequest knowing(TargetDialog dialog) {
        return new SubscribeRequest(resource, hops, route, from, event, expiresSeconds, keep, dialog, authenticator);
    }

    /** One whose first SUBSCRIBE takes that route. */
    public SubscribeRequest along(List<String> routes) {
        return new SubscribeRequest(resource, hops, routes, from, event, expiresSeconds, keep, target, authenticator);
    }

    public SubscribeRequest withAuthenticator(Authenticator answers) {
        return new SubscribeRequest(resource, hops, route, from, event, expiresSeconds, keep, target, answers);
    }
}
