package releve.sip.agent;

import java.net.InetAddress;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import releve.sip.auth.DigestServer;
import releve.sip.dialog.DialogInfo;

/**
 * Who may watch our calls (RFC 4235 section 3.6), and how much that may cost. Whoever knows a dialog with us by its Call-ID
 * and both tags may watch that one (RFC 4538); all calls are for those only who are named here, or show credentials.
 *
 * @param allowed who may watch all calls, by source address; {@link releve.sip.limit.AccessList} is one
 * @param watchersMax subscriptions at a time, 1 or more; beyond, 503 with Retry-After
 * @param dialogsMax dialogs that one NOTIFY names, 1 to {@link DialogInfo#DIALOGS_MAX}; a subscription that has more to tell
 *     ends with the reason probation
 * @param expiresMinSeconds the shortest subscription, 1 or more; shorter ones are refused with 423
 * @param expiresMaxSeconds the longest, at least the shortest; longer ones are cut
 * @param leastIntervalMs between two NOTIFYs of changes to one subscriber, 0 or more; changes meanwhile are told together
 * @param users judges the credentials of who is neither named nor a party; null to refuse him with 403
 */
public record WatcherPolicy(
        Predicate<InetAddress> allowed,
        int watchersMax,
        int dialogsMax,
        int expiresMinSeconds,
        int expiresMaxSeconds,
        int leastIntervalMs,
        @Nullable DigestServer users) {
    /** @throws IllegalArgumentException when a value is out of its range */
    public WatcherPolicy {
        if (watchersMax < 1
                || dialogsMax < 1
                || dialogsMax > DialogInfo.DIALOGS_MAX
                || expiresMinSeconds < 1
                || expiresMaxSeconds < expiresMinSeconds
                || leastIntervalMs < 0) {
            throw new IllegalArgumentException("a limit of those who watch our calls is out of its range");
        }
    }

    /** 100 subscriptions of one minute to one hour, 64 dialogs and one NOTIFY a second each. */
    public static WatcherPolicy of(Predicate<InetAddress> allowed) {
        return new WatcherPolicy(allowed, 100, 64, 60, SubscribeRequest.EXPIRES_SECONDS, 1_000, null);
    }

    /** The same, and whose credentials that server accepts may watch all calls, too. */
    public WatcherPolicy withUsers(DigestServer server) {
        return new WatcherPolicy(
                allowed, watchersMax, dialogsMax, expiresMinSeconds, expiresMaxSeconds, leastIntervalMs, server);
    }

    /** Those who know a dialog may watch it, and nobody may watch more. */
    public static WatcherPolicy forParties() {
        return of(_ -> false);
    }
}
