package releve.sip.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import releve.sip.auth.Account;
import releve.sip.auth.DigestAlgorithm;
import releve.sip.auth.DigestClient;
import releve.sip.auth.DigestServer;
import releve.sip.dialog.DialogInfo;
import releve.sip.dialog.DialogInfo.Entry;
import releve.sip.dialog.DialogInfo.State;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.transaction.Hop;

/** Our subscriptions to dialogs, against notifiers that do right and wrong (RFC 6665 section 4.1, RFC 4235). */
class SubscriptionTest {
    private static final InetSocketAddress A = LossyNetwork.address(1);
    private static final InetSocketAddress B = LossyNetwork.address(2);
    private static final SubscribeRequest TO_B =
            SubscribeRequest.toDialogsOf("sip:b@127.0.0.2", Hop.udp(B), "sip:a@127.0.0.1");

    private final LossyNetwork net = new LossyNetwork(11);
    private final List<SipEvent> atA = new ArrayList<>();
    private final UserAgent a = net.add(UserAgentConfig.at(A), (e, _) -> atA.add(e));
    private final ScriptedPeer b = new ScriptedPeer(net, B, A);

    private static String document(int version, String kind, Map<String, State> dialogs) {
        List<Entry> entries = dialogs.entrySet().stream()
                .map(d -> new Entry(d.getKey(), null, true, d.getValue(), null, 0, null, null))
                .toList();
        return new DialogInfo(version, kind.equals("full"), "sip:b@127.0.0.2", entries).write();
    }

    private static Map<String, State> told(SipEvent event) {
        return ((SipEvent.DialogsChanged) event)
                .dialogs().stream().collect(java.util.stream.Collectors.toMap(Entry::id, Entry::state));
    }

    /** Accepts each SUBSCRIBE and tells a whole state, one version higher each time. */
    private void acceptsAll() {
        int[] version = {0};
        b.onRequest = subscribe -> {
            String expires = subscribe.headers().first("Expires");
            b.respond(subscribe, 200, "Expires: " + expires);
            String state = expires.equals("0") ? "terminated;reason=timeout" : "active;expires=" + expires;
            b.notify(subscribe, state, document(version[0]++, "full", Map.of("d", State.CONFIRMED)));
        };
    }

    private Stream<Integer> numbers() {
        return b.requests.stream().map(request -> request.cseq().number());
    }

    private void nothingIsLeft() {
        net.run(100_000);
        assertThat(a.subscriptions() + a.transactions() + a.deadlines()).isZero();
    }

    @Test
    void shouldSubscribeRefreshForADayAndLeave() {
        acceptsAll();
        long number = a.subscribe(TO_B, net.nowMs);
        net.run(1_000);
        SipRequest first = b.requests.getFirst();
        assertThat(first.headers().first("Event")).isEqualTo("dialog");
        assertThat(first.headers().first("Expires")).isEqualTo("3600");
        assertThat(first.headers().first("Accept")).isEqualTo("application/dialog-info+xml");
        assertThat(atA).hasSize(2);
        assertThat(atA.getFirst()).isEqualTo(new SipEvent.Subscribed(number, false));
        assertThat(told(atA.get(1))).isEqualTo(Map.of("d", State.CONFIRMED));
        net.run(86_400_000);
        assertThat(atA).as("nothing has changed").hasSize(2);
        assertThat(b.requests).hasSizeBetween(25, 26);
        assertThat(b.requests.stream().map(SipRequest::callId).distinct()).hasSize(1);
        assertThat(numbers()).isSorted().doesNotHaveDuplicates();
        assertThat(b.requests.getLast().to().tag()).isEqualTo("peer");
        assertThat(a.unsubscribe(number, net.nowMs)).isTrue();
        assertThat(a.unsubscribe(number, net.nowMs)).isFalse();
        net.run(1_000);
        assertThat(b.requests.getLast().headers().first("Expires")).isEqualTo("0");
        assertThat(atA.getLast()).isEqualTo(new SipEvent.SubscriptionEnded(number, 0, "timeout", -1));
        nothingIsLeft();
    }

    @Test
    void shouldAskForLongerWhenTheNotifierFindsTheTimeTooBrief() {
        b.onRequest = subscribe -> b.respond(subscribe, 423, "Min-Expires: 7200");
        a.subscribe(TO_B, net.nowMs);
        net.run(1_000);
        assertThat(b.requests.stream().map(r -> r.headers().first("Expires"))).containsExactly("3600", "7200");
        assertThat(((SipEvent.SubscriptionEnded) atA.getLast()).status())
                .as("it asks for even more each time")
                .isEqualTo(423);
        nothingIsLeft();
    }

    @Test
    void shouldShowCredentialsWhenChallenged() {
        DigestServer server = new DigestServer(
                "b", List.of(DigestAlgorithm.SHA_256), _ -> java.util.Optional.of("zanzibar"), new SplittableRandom(3));
        b.onRequest = subscribe -> {
            switch (server.verify(subscribe, net.nowMs)) {
                case DigestServer.Verdict.Accepted _ -> {
                    b.respond(subscribe, 200, "Expires: 3600");
                    b.notify(subscribe, "active", "");
                }
                case DigestServer.Verdict.Challenged challenged ->
                    b.respond(
                            subscribe,
                            401,
                            "WWW-Authenticate: "
                                    + challenged.challenges().getFirst().value());
                case DigestServer.Verdict.Misused _ -> b.respond(subscribe, 400);
            }
        };
        long number = a.subscribe(
                TO_B.withAuthenticator(
                        new DigestClient(List.of(Account.anyRealm("a", "zanzibar")), new SplittableRandom(4))),
                net.nowMs);
        net.run(1_000);
        assertThat(numbers()).containsExactly(1, 2);
        assertThat(atA).containsExactly(new SipEvent.Subscribed(number, false));
    }

    @Test
    void shouldTakeANotificationThatOvertakesTheAnswerAndBePendingMeanwhile() {
        b.onRequest = subscribe -> {
            b.notify(subscribe, "pending;expires=600", "");
            net.at(200, () -> b.respond(subscribe, 202, "Expires: 600"));
        };
        long number = a.subscribe(TO_B, net.nowMs);
        net.run(1_000);
        b.notify(b.requests.getFirst(), "active;expires=600", document(0, "full", Map.of()));
        net.run(1_000);
        assertThat(atA).containsExactly(new SipEvent.Subscribed(number, true), new SipEvent.Subscribed(number, false));
        assertThat(b.responses).allMatch(response -> response.status() == 200);
    }

    @Test
    void shouldGiveUpOnANotifierThatAcceptsAndNeverNotifies() {
        b.onRequest = subscribe -> b.respond(subscribe, 200, "Expires: 3600");
        long number = a.subscribe(TO_B.once(), net.nowMs);
        net.run(31_000);
        assertThat(atA).isEmpty();
        net.run(2_000);
        assertThat(atA).containsExactly(new SipEvent.SubscriptionEnded(number, 408, "no notification came", -1));
        nothingIsLeft();
    }

    @Test
    void shouldNotInsistWhereThePackageIsNotKnown() {
        b.onRequest = subscribe -> b.respond(subscribe, 489, "Allow-Events: presence");
        long number = a.subscribe(TO_B, net.nowMs);
        net.run(1_000);
        assertThat(atA).containsExactly(new SipEvent.SubscriptionEnded(number, 489, "Said", -1));
        nothingIsLeft();
    }

    @Test
    void shouldComeBackAfterTheTimeThatTheNotifierAsksFor() {
        b.onRequest = subscribe -> b.respond(subscribe, 503, "Retry-After: 77");
        long number = a.subscribe(TO_B, net.nowMs);
        net.run(1_000);
        assertThat(atA).containsExactly(new SipEvent.SubscriptionEnded(number, 503, "Said", 77_000));
        acceptsAll();
        net.run(77_000);
        assertThat(atA).contains(new SipEvent.Subscribed(number, false));
        assertThat(b.requests.stream().map(SipRequest::callId).distinct())
                .as("another subscription, another dialog")
                .hasSize(2);
    }

    @Test
    void shouldBackOffWhileTheNotifierIsAway() {
        a.subscribe(TO_B, net.nowMs);
        net.run(3_600_000);
        assertThat(atA).hasSizeBetween(4, 9);
        long last = 0;
        for (SipEvent event : atA) {
            SipEvent.SubscriptionEnded ended = (SipEvent.SubscriptionEnded) event;
            assertThat(ended.status()).isEqualTo(408);
            assertThat(ended.retryMs()).isBetween(last / 2, BackOff.MAX_MS);
            last = ended.retryMs();
        }
    }

    @Test
    void shouldBeginAnewAtOnceWhenDeactivatedButNotInACircle() {
        acceptsAll();
        long number = a.subscribe(TO_B, net.nowMs);
        net.run(60_000);
        SipRequest first = b.requests.getFirst();
        b.notify(first, "terminated;reason=deactivated", "");
        net.run(1_000);
        assertThat(atA).contains(new SipEvent.SubscriptionEnded(number, 0, "deactivated", 0));
        SipRequest second = b.requests.getLast();
        assertThat(second.callId()).isNotEqualTo(first.callId());
        b.cseq = 100;
        b.notify(second, "terminated;reason=deactivated", "");
        net.run(1_000);
        assertThat(((SipEvent.SubscriptionEnded) atA.getLast()).retryMs()).isGreaterThanOrEqualTo(BackOff.FIRST_MS / 2);
    }

    @Test
    void shouldTellWhatEndedMeanwhileWhenTheNotifierHadForgottenTheSubscription() {
        acceptsAll();
        long number = a.subscribe(TO_B, net.nowMs);
        net.run(60_000);
        b.onRequest = subscribe -> {
            if (subscribe.to().tag() != null) {
                b.respond(subscribe, 481);
            } else {
                b.respond(subscribe, 200, "Expires: 3600");
                b.notify(
                        subscribe,
                        "peer",
                        1,
                        "active;expires=3600",
                        DialogInfo.CONTENT_TYPE,
                        document(0, "full", Map.of()));
            }
        };
        net.run(3_600_000);
        assertThat(atA).contains(new SipEvent.SubscriptionEnded(number, 481, "Said", 0));
        assertThat(told(atA.getLast())).isEqualTo(Map.of("d", State.TERMINATED));
    }

    @Test
    void shouldAskForTheWholeStateWhenANotificationIsMissing() {
        acceptsAll();
        a.subscribe(TO_B, net.nowMs);
        net.run(1_000);
        SipRequest first = b.requests.getFirst();
        int[] version = {5};
        b.onRequest = subscribe -> {
            b.respond(subscribe, 200, "Expires: 3600");
            b.notify(
                    subscribe,
                    "active;expires=3600",
                    document(++version[0], "full", Map.of("d", State.CONFIRMED, "x", State.EARLY)));
        };
        b.notify(first, "active;expires=3600", document(5, "partial", Map.of("d", State.TERMINATED)));
        net.run(1_000);
        assertThat(b.requests).hasSize(2);
        assertThat(told(atA.getLast()))
                .as("the missed document counts for nothing")
                .isEqualTo(Map.of("x", State.EARLY));
        b.notify(first, "active;expires=3600", document(7, "partial", Map.of("x", State.CONFIRMED)));
        net.run(1_000);
        assertThat(told(atA.getLast())).isEqualTo(Map.of("x", State.CONFIRMED));
        assertThat(b.requests).hasSize(2);
    }

    @Test
    void shouldRefuseNotificationsThatAreNotInOrder() {
        acceptsAll();
        a.subscribe(TO_B, net.nowMs);
        net.run(1_000);
        int events = atA.size();
        SipRequest first = b.requests.getFirst();
        String news = document(1, "partial", Map.of("d", State.TERMINATED));
        b.notify(first, "another", 1, "active", DialogInfo.CONTENT_TYPE, news);
        net.run(100);
        assertThat(b.lastStatus()).as("a second branch").isEqualTo(481);
        b.notify(first, "peer", 1, "active", DialogInfo.CONTENT_TYPE, news);
        net.run(100);
        assertThat(b.lastStatus()).as("the number of the first").isEqualTo(500);
        b.notify(first, "peer", 10, "active, and how", DialogInfo.CONTENT_TYPE, news);
        net.run(100);
        assertThat(b.lastStatus()).isEqualTo(400);
        b.notify(first, "peer", 11, "active", "application/pidf+xml", news);
        net.run(100);
        assertThat(b.lastStatus()).isEqualTo(415);
        assertThat(b.responses.getLast().headers().first("Accept")).isEqualTo(DialogInfo.CONTENT_TYPE);
        b.notify(first, "peer", 12, "active", DialogInfo.CONTENT_TYPE, "<dialog-info/>");
        net.run(100);
        assertThat(b.lastStatus()).isEqualTo(400);
        assertThat(atA).hasSize(events);
        b.notify(first, "peer", 13, "active", DialogInfo.CONTENT_TYPE + ";charset=UTF-8", news);
        net.run(100);
        assertThat(b.lastStatus()).isEqualTo(200);
        assertThat(told(atA.getLast())).isEqualTo(Map.of("d", State.TERMINATED));
    }

    @Test
    void shouldLeaveAfterTheSubscribeUnderWay() {
        acceptsAll();
        long number = a.subscribe(TO_B, net.nowMs);
        assertThat(a.unsubscribe(number, net.nowMs)).isTrue();
        net.run(1_000);
        assertThat(b.requests.stream().map(r -> r.headers().first("Expires"))).containsExactly("3600", "0");
        assertThat(((SipEvent.SubscriptionEnded) atA.getLast()).retryMs()).isEqualTo(-1);
        nothingIsLeft();
    }

    @Test
    void shouldLeaveWhileItWaitsToBeginAnew() {
        b.onRequest = subscribe -> b.respond(subscribe, 503, "Retry-After: 77");
        long number = a.subscribe(TO_B, net.nowMs);
        net.run(1_000);
        assertThat(a.unsubscribe(number, net.nowMs)).isTrue();
        net.run(1_000);
        assertThat(atA.getLast()).isEqualTo(new SipEvent.SubscriptionEnded(number, 503, "Said", -1));
        assertThat(b.requests).hasSize(1);
        nothingIsLeft();
    }

    @Test
    void shouldTakeItsRouteAndTheTargetThatNotificationsName() {
        acceptsAll();
        a.subscribe(TO_B.along(List.of("<sip:127.0.0.2;lr>")), net.nowMs);
        net.run(1_000);
        assertThat(b.requests.getFirst().headers().first("Route")).isEqualTo("<sip:127.0.0.2;lr>");
        assertThat(b.requests.getFirst().uri()).isEqualTo("sip:b@127.0.0.2");
        net.run(3_600_000);
        assertThat(b.requests.get(1).uri()).isEqualTo("sip:peer@127.0.0.2:5060");
    }

    @Test
    void shouldWatchNoMoreThanItMayCall() {
        UserAgentConfig config = UserAgentConfig.at(LossyNetwork.address(3)).withLimits(1, 100, 180_000);
        List<SipEvent> events = new ArrayList<>();
        UserAgent small = net.add(config, (e, _) -> events.add(e));
        small.subscribe(TO_B, net.nowMs);
        long refused = small.subscribe(TO_B, net.nowMs);
        net.run(100);
        assertThat(events)
                .containsExactly(new SipEvent.SubscriptionEnded(refused, 503, "Too many subscriptions here", -1));
        assertThat(small.subscriptions()).isEqualTo(1);
        assertThat(b.requests).allMatch(r -> r.method().equals(Method.SUBSCRIBE));
    }
}
