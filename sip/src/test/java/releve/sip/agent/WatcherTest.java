package releve.sip.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import releve.sip.auth.Account;
import releve.sip.auth.DigestAlgorithm;
import releve.sip.auth.DigestClient;
import releve.sip.auth.DigestServer;
import releve.sip.dialog.DialogId;
import releve.sip.dialog.DialogInfo;
import releve.sip.dialog.DialogInfo.Cause;
import releve.sip.dialog.DialogInfo.Entry;
import releve.sip.dialog.DialogInfo.State;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.message.TargetDialog;
import releve.sip.sdp.Sdp;
import releve.sip.transaction.Hop;

/** Peers that watch our calls (RFC 6665 section 4.2, RFC 4235): A watches B, whom C calls. */
class WatcherTest {
    private static final InetSocketAddress A = LossyNetwork.address(1);
    private static final InetSocketAddress B = LossyNetwork.address(2);
    private static final InetSocketAddress C = LossyNetwork.address(3);
    private static final String SDP = Sdp.audio("127.0.0.1", 4000, 7).toString();
    private static final SubscribeRequest TO_B =
            SubscribeRequest.toDialogsOf("sip:b@127.0.0.2", Hop.udp(B), "sip:a@127.0.0.1");

    private final LossyNetwork net = new LossyNetwork(12);
    private final List<SipEvent> atA = new ArrayList<>();
    private final List<Entry> seen = new ArrayList<>();
    private final List<Long> callsAtB = new ArrayList<>();
    private final UserAgent a = net.add(UserAgentConfig.at(A), (e, _) -> {
        atA.add(e);
        if (e instanceof SipEvent.DialogsChanged changed) {
            seen.addAll(changed.dialogs());
        }
    });
    private final UserAgent b = net.add(UserAgentConfig.at(B), (e, _) -> {
        if (e instanceof SipEvent.IncomingCall incoming) {
            callsAtB.add(incoming.call());
        }
    });
    private final UserAgent c = net.add(UserAgentConfig.at(C), (_, _) -> {});

    private long call() {
        return c.invite(
                InviteRequest.of("sip:b@127.0.0.2", B, "sip:c@127.0.0.3", "sip:b@127.0.0.2")
                        .withSdp(SDP),
                net.nowMs);
    }

    private long callUp() {
        long call = call();
        net.run(100);
        b.answer(callsAtB.getLast(), SDP, net.nowMs);
        net.run(1_000);
        return call;
    }

    private List<State> states() {
        return seen.stream().map(Entry::state).toList();
    }

    private List<SipRequest> notifies() {
        return net.sent.stream()
                .filter(w -> w.message() instanceof SipRequest r && r.method().equals(Method.NOTIFY))
                .map(w -> (SipRequest) w.message())
                .toList();
    }

    private static DialogInfo document(SipRequest notify) {
        try {
            return DialogInfo.parse(new String(notify.body(), StandardCharsets.UTF_8));
        } catch (MalformedMessageException e) {
            throw new AssertionError(e);
        }
    }

    private SipResponse answerTo(Method method) {
        return net.sent.stream()
                .filter(w -> w.message() instanceof SipResponse r
                        && r.cseq().method().equals(method))
                .map(w -> (SipResponse) w.message())
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    private String askedUri = "sip:b@127.0.0.2";
    private int next;

    private SipResponse ask(String... headers) {
        String text = String.join(
                "\r\n",
                "SUBSCRIBE " + askedUri + " SIP/2.0",
                "Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKask" + ++next,
                "From: <sip:a@127.0.0.1>;tag=ask",
                "Call-ID: ask" + next,
                "CSeq: 1 SUBSCRIBE",
                "Contact: <sip:a@127.0.0.1:5060>",
                String.join("\r\n", headers),
                "\r\n");
        String whole = text.contains("To: ") ? text : text.replace("CSeq:", "To: <sip:b@127.0.0.2>\r\nCSeq:");
        net.inject(whole.getBytes(StandardCharsets.UTF_8), A, B);
        net.run(100);
        return answerTo(Method.SUBSCRIBE);
    }

    private void nothingIsLeft() {
        net.run(200_000);
        net.forEachAgent((address, agent) -> assertThat(
                        agent.calls() + agent.transactions() + agent.deadlines() + agent.watchers())
                .as(address.toString())
                .isZero());
    }

    @Test
    void shouldTellAWatcherOfEachCallFromItsStartToItsEnd() {
        b.serve(WatcherPolicy.of(_ -> true));
        long subscription = a.subscribe(TO_B, net.nowMs);
        net.run(2_000);
        assertThat(document(notifies().getFirst()).full()).isTrue();
        assertThat(document(notifies().getFirst()).entity()).isEqualTo("sip:releve@127.0.0.2:5060");
        assertThat(notifies().getFirst().headers().first("Subscription-State")).isEqualTo("active;expires=3600");
        long call = call();
        net.run(2_000);
        long atB = callsAtB.getFirst();
        b.ring(atB, 180, null, net.nowMs);
        net.run(2_000);
        b.answer(atB, SDP, net.nowMs);
        net.run(2_000);
        c.hangUp(call, null, net.nowMs);
        net.run(2_000);
        assertThat(states()).containsExactly(State.TRYING, State.EARLY, State.CONFIRMED, State.TERMINATED);
        Entry last = seen.getLast();
        assertThat(last.cause()).isEqualTo(Cause.REMOTE_BYE);
        assertThat(last.initiated()).isFalse();
        assertThat(last.local()).isEqualTo("sip:b@127.0.0.2");
        assertThat(last.remote()).isEqualTo("sip:c@127.0.0.3");
        List<DialogInfo> told = notifies().stream().map(WatcherTest::document).toList();
        assertThat(told.stream().map(DialogInfo::version)).containsExactly(0, 1, 2, 3, 4);
        assertThat(told.stream().skip(1)).noneMatch(DialogInfo::full);
        a.unsubscribe(subscription, net.nowMs);
        net.run(2_000);
        assertThat(atA.getLast()).isEqualTo(new SipEvent.SubscriptionEnded(subscription, 0, "timeout", -1));
        nothingIsLeft();
    }

    @Test
    void shouldTellOfACallOfOursThatIsRefused() {
        b.serve(WatcherPolicy.of(_ -> true));
        a.subscribe(TO_B, net.nowMs);
        net.run(2_000);
        b.invite(InviteRequest.of("sip:c@127.0.0.3", C, "sip:b@127.0.0.2", "sip:c@127.0.0.3"), net.nowMs);
        net.run(2_000);
        assertThat(states()).containsExactly(State.TRYING, State.PROCEEDING);
        assertThat(seen.getFirst().initiated()).isTrue();
        assertThat(seen.getFirst().remote()).isEqualTo("sip:c@127.0.0.3");
        c.reject(1, 486, List.of(), net.nowMs);
        net.run(2_000);
        assertThat(seen.getLast().state()).isEqualTo(State.TERMINATED);
        assertThat(seen.getLast().cause()).isEqualTo(Cause.REJECTED);
        assertThat(seen.getLast().code()).isEqualTo(486);
    }

    @Test
    void shouldEndASubscriptionToOneDialogWithIt() {
        b.serve(WatcherPolicy.forParties());
        long call = callUp();
        callUp();
        long subscription = c.subscribe(
                SubscribeRequest.toDialogsOf("sip:b@127.0.0.2", Hop.udp(B), "sip:c@127.0.0.3")
                        .onlyOf(c.dialog(call).id()),
                net.nowMs);
        net.run(2_000);
        DialogInfo first = document(notifies().getFirst());
        assertThat(first.dialogs()).as("the other call is nobody's business").hasSize(1);
        assertThat(first.dialogs().getFirst().dialog().callId())
                .isEqualTo(c.dialog(call).id().callId());
        assertThat(subscription).isPositive();
        c.hangUp(call, null, net.nowMs);
        net.run(2_000);
        SipRequest last = notifies().getLast();
        assertThat(last.headers().first("Subscription-State")).isEqualTo("terminated;reason=noresource");
        assertThat(document(last).dialogs().getFirst().state()).isEqualTo(State.TERMINATED);
        assertThat(b.watchers() + c.subscriptions()).isZero();
    }

    @Test
    void shouldLetPartiesOfACallWatchThatOneOnly() {
        b.serve(WatcherPolicy.forParties());
        long call = callUp();
        DialogId ours = b.dialog(callsAtB.getFirst()).id();
        String named = "Event: dialog;call-id=\"%s\";to-tag=%s;from-tag=%s"
                .formatted(ours.callId(), ours.localTag(), ours.remoteTag());
        String shown = "Target-Dialog: " + new TargetDialog(ours.callId(), ours.remoteTag(), ours.localTag());
        String other = "Target-Dialog: " + new TargetDialog("other", ours.remoteTag(), ours.localTag());
        assertThat(ask("Event: dialog").status()).isEqualTo(403);
        assertThat(ask("Event: dialog", shown).status()).as("all, by one").isEqualTo(403);
        assertThat(ask("Event: dialog;call-id=" + ours.callId()).status())
                .as("the tags are the secret")
                .isEqualTo(403);
        assertThat(ask(named.replace(ours.localTag(), "guess")).status()).isEqualTo(403);
        assertThat(ask(named, other).status()).isEqualTo(403);
        assertThat(ask(named, shown, "Require: tdialog").status()).isEqualTo(200);
        assertThat(ask(named).status()).isEqualTo(200);
        c.hangUp(call, null, net.nowMs);
        nothingIsLeft();
    }

    @Test
    void shouldLetWatchAllCallsWhoShowsTheRightCredentials() {
        b.serve(WatcherPolicy.forParties()
                .withUsers(new DigestServer(
                        "b",
                        List.of(DigestAlgorithm.SHA_256),
                        user -> user.equals("supervisor") ? Optional.of("zanzibar") : Optional.empty(),
                        new SplittableRandom(5))));
        callUp();
        a.subscribe(TO_B.withAuthenticator(credentials("wrong")), net.nowMs);
        net.run(2_000);
        assertThat(((SipEvent.SubscriptionEnded) atA.getLast()).status()).isEqualTo(401);
        a.subscribe(TO_B.withExpires(600).withAuthenticator(credentials("zanzibar")), net.nowMs);
        net.run(3_600_000);
        assertThat(states()).containsExactly(State.CONFIRMED);
        assertThat(b.watchers()).as("refreshed for an hour").isEqualTo(1);
    }

    private static DigestClient credentials(String secret) {
        return new DigestClient(List.of(Account.anyRealm("supervisor", secret)), new SplittableRandom(6));
    }

    @Test
    void shouldRefuseSubscriptionsThatItCannotServe() {
        assertThat(ask("Event: dialog").status()).as("before it serves").isEqualTo(489);
        b.serve(WatcherPolicy.of(_ -> true));
        assertThat(ask("Event: presence").status()).isEqualTo(489);
        assertThat(answerTo(Method.SUBSCRIBE).headers().first("Allow-Events")).isEqualTo("dialog, refer");
        assertThat(ask("X-No: event").status()).isEqualTo(489);
        assertThat(ask("Event: dialog", "Accept: application/pidf+xml").status())
                .isEqualTo(406);
        assertThat(ask("Event: dialog", "Require: 100rel, xyz").status()).isEqualTo(420);
        askedUri = "tel:+12015550123";
        assertThat(ask("Event: dialog").status()).isEqualTo(416);
        askedUri = "sip:b@127.0.0.2";
        assertThat(ask("Event: dialog", "Expires: soon").status()).isEqualTo(400);
        assertThat(ask("Event: dialog", "Expires: 59").status()).isEqualTo(423);
        assertThat(answerTo(Method.SUBSCRIBE).headers().first("Min-Expires")).isEqualTo("60");
        assertThat(ask("Event: dialog", "To: <sip:b@127.0.0.2>;tag=none").status())
                .isEqualTo(481);
        assertThat(b.watchers()).isZero();
        SipResponse taken =
                ask("Event: dialog", "Expires: 86400", "Accept: application/*", "Record-Route: <sip:127.0.0.1;lr>");
        assertThat(taken.status()).isEqualTo(200);
        assertThat(taken.headers().first("Expires")).as("cut").isEqualTo("3600");
        assertThat(taken.headers().first("Record-Route")).isEqualTo("<sip:127.0.0.1;lr>");
    }

    @Test
    void shouldNotShareTheDialogOfACallWithASubscription() {
        b.serve(WatcherPolicy.of(_ -> true));
        callUp();
        DialogId ours = b.dialog(callsAtB.getFirst()).id();
        String text = String.join(
                "\r\n",
                "SUBSCRIBE sip:b@127.0.0.2 SIP/2.0",
                "Via: SIP/2.0/UDP 127.0.0.3:5060;branch=z9hG4bKshare",
                "From: <sip:c@127.0.0.3>;tag=" + ours.remoteTag(),
                "To: <sip:b@127.0.0.2>;tag=" + ours.localTag(),
                "Call-ID: " + ours.callId(),
                "CSeq: 7 SUBSCRIBE",
                "Event: dialog",
                "\r\n");
        net.inject(text.getBytes(StandardCharsets.UTF_8), C, B);
        net.run(100);
        assertThat(answerTo(Method.SUBSCRIBE).status()).isEqualTo(403);
        assertThat(b.calls()).isEqualTo(1);
    }

    @Test
    void shouldTellTheWholeStateOnceToWhoAsksOnce() {
        b.serve(WatcherPolicy.of(_ -> true));
        callUp();
        assertThat(ask("Event: dialog;id=7", "Expires: 0").status()).isEqualTo(200);
        net.run(1_000);
        SipRequest only = notifies().getLast();
        assertThat(only.headers().first("Event")).isEqualTo("dialog;id=7");
        assertThat(only.headers().first("Subscription-State")).isEqualTo("terminated;reason=timeout");
        assertThat(document(only).full()).isTrue();
        assertThat(document(only).dialogs()).hasSize(1);
        assertThat(b.watchers()).isZero();
    }

    @Test
    void shouldTellManyChangesTogetherAndNoSoonerThanTheLeastInterval() {
        b.serve(WatcherPolicy.of(_ -> true));
        a.subscribe(TO_B, net.nowMs);
        net.run(2_000);
        int before = notifies().size();
        for (int i = 0; i < 20; i++) {
            call();
            net.run(50);
            b.ring(callsAtB.getLast(), 180, null, net.nowMs);
            net.run(50);
        }
        net.run(1_500);
        assertThat(notifies().size() - before).as("in 3.5 s").isBetween(2, 4);
        assertThat(seen.stream().filter(e -> e.state() == State.EARLY)).hasSize(20);
        List<Long> times = net.sent.stream()
                .filter(w -> w.message() instanceof SipRequest r && r.method().equals(Method.NOTIFY))
                .map(LossyNetwork.Wire::atMs)
                .skip(before)
                .toList();
        for (int i = 1; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 1)).isGreaterThanOrEqualTo(1_000);
        }
    }

    @Test
    void shouldEndASubscriptionThatHasMoreToTellThanADocumentMayNameAndTakeItAgainLater() {
        b.serve(new WatcherPolicy(_ -> true, 10, 3, 60, 3_600, 1_000, null));
        long subscription = a.subscribe(TO_B, net.nowMs);
        net.run(2_000);
        List<Long> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            calls.add(call());
        }
        net.run(2_000);
        assertThat(atA.getLast()).isEqualTo(new SipEvent.SubscriptionEnded(subscription, 0, "probation", 60_000));
        assertThat(notifies().getLast().body()).isEmpty();
        assertThat(b.watchers()).isZero();
        c.cancel(calls.getFirst(), null, net.nowMs);
        net.run(61_000);
        assertThat(b.watchers()).isEqualTo(1);
        assertThat(states()).containsExactly(State.TRYING, State.TRYING, State.TRYING);
    }

    @Test
    void shouldTakeNoMoreWatchersThanItsLimit() {
        b.serve(new WatcherPolicy(_ -> true, 2, 3, 60, 3_600, 1_000, null));
        a.subscribe(TO_B, net.nowMs);
        a.subscribe(TO_B, net.nowMs);
        net.run(1_000);
        SipResponse third = ask("Event: dialog");
        assertThat(third.status()).isEqualTo(503);
        assertThat(third.headers().first("Retry-After")).isEqualTo("5");
        assertThat(b.count(Counter.REFUSED_AT_LIMIT)).isEqualTo(1);
        assertThat(b.watchers()).isEqualTo(2);
    }

    @Test
    void shouldForgetAWatcherThatRefusesItsNotificationsOrIsSilent() {
        b.serve(WatcherPolicy.of(_ -> true));
        assertThat(ask("Event: dialog").status()).isEqualTo(200);
        net.run(1_000);
        assertThat(b.watchers()).as("A knows nothing of it and answers 481").isZero();
        net.loses = w -> w.message() instanceof SipRequest r && r.method().equals(Method.NOTIFY);
        ask("Event: dialog");
        assertThat(b.watchers()).isEqualTo(1);
        net.run(33_000);
        assertThat(b.watchers()).isZero();
        nothingIsLeft();
    }

    @Test
    void shouldEndASubscriptionThatIsNotRefreshed() {
        b.serve(WatcherPolicy.of(_ -> true));
        a.subscribe(TO_B.withExpires(60), net.nowMs);
        net.run(2_000);
        net.loses = w -> w.message() instanceof SipRequest r && r.method().equals(Method.SUBSCRIBE);
        net.run(59_000);
        assertThat(notifies().getLast().headers().first("Subscription-State")).isEqualTo("terminated;reason=timeout");
        assertThat(b.watchers()).isZero();
    }

    @Test
    void shouldSayThatCallsMayBeWatchedOnlyWhereTheyMay() {
        callUp();
        assertThat(answerTo(Method.INVITE).headers().has("Allow-Events")).isFalse();
        b.serve(WatcherPolicy.forParties());
        callUp();
        assertThat(answerTo(Method.INVITE).headers().first("Allow-Events")).isEqualTo("dialog, refer");
        a.options("sip:b@127.0.0.2", B, net.nowMs);
        net.run(100);
        assertThat(answerTo(Method.OPTIONS).headers().first("Allow-Events")).isEqualTo("dialog, refer");
    }

    @Test
    void shouldRefuseLimitsThatAreNone() {
        assertThatThrownBy(() -> new WatcherPolicy(_ -> true, 0, 3, 60, 3_600, 1_000, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new WatcherPolicy(_ -> true, 1, 257, 60, 3_600, 1_000, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new WatcherPolicy(_ -> true, 1, 3, 60, 59, 1_000, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** A network that loses, doubles and reorders: whatever happened, in the end the watcher knows what there is. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldAgreeWithTheWatcherInTheEndWhateverTheNetworkDoes(long seed) {
        LossyNetwork lossy = new LossyNetwork(seed);
        lossy.loss = 0.15;
        lossy.doubling = 0.15;
        lossy.delayMaxMs = 400;
        Map<String, Entry> known = new HashMap<>();
        UserAgent watcher = lossy.add(UserAgentConfig.at(A), (e, _) -> {
            if (e instanceof SipEvent.DialogsChanged changed) {
                changed.dialogs().forEach(d -> known.put(d.id(), d));
            }
        });
        List<Long> up = new ArrayList<>();
        UserAgent watched = lossy.add(UserAgentConfig.at(B), (e, _) -> {
            if (e instanceof SipEvent.IncomingCall incoming) {
                up.add(incoming.call());
            } else if (e instanceof SipEvent.CallEvent ofCall && ofCall.isFinal()) {
                up.remove(ofCall.call());
            }
        });
        UserAgent caller = lossy.add(UserAgentConfig.at(C), (_, _) -> {});
        watched.serve(WatcherPolicy.of(_ -> true));
        long subscription = watcher.subscribe(TO_B.withExpires(120), lossy.nowMs);
        List<Long> calls = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            calls.add(caller.invite(
                    InviteRequest.of("sip:b@127.0.0.2", B, "sip:c@127.0.0.3", "sip:b@127.0.0.2")
                            .withSdp(SDP),
                    lossy.nowMs));
            lossy.run(lossy.random.nextInt(5_000));
            up.forEach(call -> watched.answer(call, SDP, lossy.nowMs));
            lossy.run(lossy.random.nextInt(5_000));
            if (lossy.random.nextInt(3) > 0) {
                caller.hangUp(calls.removeFirst(), null, lossy.nowMs);
            }
        }
        lossy.loss = 0;
        lossy.run(3_600_000);
        List<String> alive = known.values().stream()
                .filter(d -> d.state() != State.TERMINATED)
                .map(Entry::id)
                .sorted()
                .toList();
        assertThat(alive)
                .as("seed " + seed)
                .isEqualTo(up.stream().map(call -> "call-" + call).sorted().toList());
        watcher.unsubscribe(subscription, lossy.nowMs);
        List.copyOf(up).forEach(call -> watched.hangUp(call, null, lossy.nowMs));
        lossy.run(200_000);
        lossy.forEachAgent((address, agent) -> assertThat(agent.transactions()
                        + agent.deadlines()
                        + agent.watchers()
                        + agent.subscriptions()
                        + agent.calls())
                .as(address + ", seed " + seed)
                .isZero());
    }
}
