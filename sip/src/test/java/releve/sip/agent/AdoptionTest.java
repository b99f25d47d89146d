package releve.sip.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import releve.sip.dialog.Dialog;
import releve.sip.dialog.DialogInfo;
import releve.sip.dialog.DialogText;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.sdp.Sdp;
import releve.sip.transaction.Hop;

/** Calls that outlive the process that made them: another takes them over, from another address as a rule. */
class AdoptionTest {
    private static final InetSocketAddress FORMER = LossyNetwork.address(1);
    private static final InetSocketAddress PEER = LossyNetwork.address(2);
    private static final InetSocketAddress HEIR = LossyNetwork.address(3);
    private static final String SDP = Sdp.audio("127.0.0.1", 4000, 7).toString();

    private final LossyNetwork net = new LossyNetwork(1);
    private final List<SipEvent> atPeer = new ArrayList<>();
    private final List<SipEvent> atHeir = new ArrayList<>();
    private final SessionInterval session = SessionInterval.of(90);
    private final UserAgent former = net.add(UserAgentConfig.at(FORMER).withSessions(session), (_, _) -> {});
    private final UserAgent peer = net.add(UserAgentConfig.at(PEER), (event, _) -> atPeer.add(event));
    private final UserAgent heir =
            net.add(UserAgentConfig.at(HEIR).withSessions(session), (event, _) -> atHeir.add(event));
    private long peersCall;

    /** A call that is up; then its maker says nothing more. */
    private Dialog heldByTheDead() {
        long call = former.invite(
                InviteRequest.of("sip:b@127.0.0.2", PEER, "sip:a@127.0.0.1", "sip:b@127.0.0.2")
                        .withSdp(SDP),
                net.nowMs);
        net.run(10);
        peersCall = ((SipEvent.IncomingCall) atPeer.getFirst()).call();
        peer.answer(peersCall, SDP, net.nowMs);
        net.run(10);
        String stored = DialogText.write(Objects.requireNonNull(former.dialog(call)));
        formerDies();
        return DialogText.parse(stored);
    }

    private void formerDies() {
        net.remove(FORMER);
    }

    private Stream<LossyNetwork.Wire> requests(Method method) {
        return net.sent.stream()
                .filter(w -> w.message() instanceof SipRequest r && r.method().equals(method));
    }

    private void refuses(Method method, int status) {
        net.answers = w -> w.to().equals(PEER)
                        && w.message() instanceof SipRequest r
                        && r.method().equals(method)
                ? status
                : 0;
    }

    @AfterEach
    void nothingIsLeft() {
        net.forEachAgent((_, agent) -> {
            for (long call = 1; call < 3; call++) {
                agent.hangUp(call, null, net.nowMs);
            }
        });
        net.run(1_000_000);
        net.forEachAgent((at, agent) -> assertThat(agent.calls() + agent.transactions() + agent.deadlines())
                .as("left at " + at)
                .isZero());
    }

    @Test
    void shouldHaveThePeersRequestsComeToTheHeirAtOnce() {
        heir.adopt(AdoptRequest.of(heldByTheDead()), net.nowMs);
        net.run(10);
        assertThat(requests(Method.UPDATE)).singleElement().satisfies(w -> {
            assertThat(w.message().cseq().number()).isGreaterThan(AdoptRequest.SKIPPED_CSEQS);
            assertThat(w.message().body()).isEmpty();
        });
        peer.bye(peersCall, null, net.nowMs);
        net.run(10);
        assertThat(requests(Method.BYE)).extracting(LossyNetwork.Wire::to).containsExactly(HEIR);
        assertThat(atHeir)
                .singleElement()
                .isInstanceOfSatisfying(
                        SipEvent.CallEnded.class,
                        ended -> assertThat(ended.byRemote()).isTrue());
    }

    @Test
    void shouldAgreeOnASessionTimerAnew() {
        heir.adopt(AdoptRequest.of(heldByTheDead()), net.nowMs);
        net.run(10);
        net.loses = w -> w.from().equals(PEER);
        net.run(100_000);
        assertThat(atHeir)
                .singleElement()
                .isInstanceOfSatisfying(
                        SipEvent.CallEnded.class,
                        ended -> assertThat(ended.detail()).contains("refresh"));
    }

    @Test
    void shouldReinviteWithWhatThereIsWhenThePeerHasNoUpdate() {
        refuses(Method.UPDATE, 405);
        heir.adopt(AdoptRequest.of(heldByTheDead()), net.nowMs);
        net.run(10);
        peer.answerReinvite(peersCall, SDP, net.nowMs);
        net.run(10);
        LossyNetwork.Wire reinvite = requests(Method.INVITE)
                .filter(w -> w.from().equals(HEIR))
                .findFirst()
                .orElseThrow();
        assertThat(reinvite.message().sdp()).isEqualTo(SDP);
        assertThat(atHeir).isEmpty();
        peer.bye(peersCall, null, net.nowMs);
        net.run(10);
        assertThat(requests(Method.BYE)).extracting(LossyNetwork.Wire::to).containsExactly(HEIR);
    }

    @Test
    void shouldEndTheCallHereWhenItIsOverThere() {
        Dialog dialog = heldByTheDead();
        peer.bye(peersCall, null, net.nowMs);
        net.run(33_000);
        heir.adopt(AdoptRequest.of(dialog), net.nowMs);
        net.run(10);
        assertThat(atHeir)
                .singleElement()
                .isInstanceOfSatisfying(
                        SipEvent.CallEnded.class,
                        ended -> assertThat(ended.detail()).contains("481"));
    }

    @Test
    void shouldSkipMoreNumbersWhenTheFormerHolderHadUsedThem() {
        Dialog dialog = heldByTheDead();
        // The former holder used a number that nobody stored.
        UserAgent secret = net.add(UserAgentConfig.at(FORMER), (_, _) -> {});
        secret.adopt(AdoptRequest.of(dialog).withSkippedCSeqs(3), net.nowMs);
        net.run(10);
        formerDies();
        heir.adopt(AdoptRequest.of(dialog).withSkippedCSeqs(2), net.nowMs);
        net.run(5_000);
        assertThat(requests(Method.UPDATE).map(w -> w.message().cseq().number()))
                .containsExactly(5, 4, 7);
        peer.bye(peersCall, null, net.nowMs);
        net.run(10);
        assertThat(requests(Method.BYE)).extracting(LossyNetwork.Wire::to).containsExactly(HEIR);
    }

    @Test
    void shouldKeepTheCallWhenThePeerRefusesEveryRefresh() {
        Dialog dialog = heldByTheDead();
        net.answers = w -> w.message() instanceof SipRequest r
                        && (r.method().equals(Method.UPDATE) || r.method().equals(Method.INVITE))
                ? 488
                : 0;
        long call = heir.adopt(AdoptRequest.of(dialog), net.nowMs);
        net.run(60_000);
        assertThat(atHeir).isEmpty();
        assertThat(heir.bye(call, null, net.nowMs)).isTrue();
        net.run(10);
        assertThat(atPeer.getLast()).isInstanceOf(SipEvent.CallEnded.class);
    }

    @Test
    void shouldAskAgainAFewTimesWhenThePeerIsBusy() {
        Dialog dialog = heldByTheDead();
        refuses(Method.UPDATE, 500);
        heir.adopt(AdoptRequest.of(dialog), net.nowMs);
        net.run(60_000);
        peer.answerReinvite(peersCall, SDP, net.nowMs);
        net.run(10);
        assertThat(requests(Method.UPDATE)).hasSize(Adoption.TRIES_MAX);
        assertThat(requests(Method.INVITE).filter(w -> w.from().equals(HEIR))).hasSize(1);
        assertThat(atHeir).isEmpty();
    }

    @Test
    void shouldKeepTheHeirsAddressWhenAReinviteOfTheFormerHolderIsAnsweredLater() {
        long call = former.invite(
                InviteRequest.of("sip:b@127.0.0.2", PEER, "sip:a@127.0.0.1", "sip:b@127.0.0.2")
                        .withSdp(SDP),
                net.nowMs);
        net.run(10);
        peersCall = ((SipEvent.IncomingCall) atPeer.getFirst()).call();
        peer.answer(peersCall, SDP, net.nowMs);
        net.run(10);
        Dialog dialog = Objects.requireNonNull(former.dialog(call));
        former.reinvite(call, SDP, net.nowMs);
        net.run(10);
        formerDies();
        heir.adopt(AdoptRequest.of(dialog), net.nowMs);
        net.run(10);
        peer.answerReinvite(peersCall, SDP, net.nowMs);
        net.run(33_000);
        assertThat(requests(Method.BYE)).extracting(LossyNetwork.Wire::to).containsExactly(HEIR);
    }

    @Test
    void shouldShowItsWatchersACallThatIsUp() {
        Dialog dialog = heldByTheDead();
        InetSocketAddress at = LossyNetwork.address(4);
        List<DialogInfo.State> seen = new ArrayList<>();
        UserAgent watcher = net.add(UserAgentConfig.at(at), (event, _) -> {
            if (event instanceof SipEvent.DialogsChanged changed) {
                changed.dialogs().forEach(entry -> seen.add(entry.state()));
            }
        });
        heir.serve(WatcherPolicy.of(_ -> true));
        long subscription = watcher.subscribe(
                SubscribeRequest.toDialogsOf("sip:a@127.0.0.3", Hop.udp(HEIR), "sip:w@127.0.0.4"), net.nowMs);
        net.run(2_000);
        heir.adopt(AdoptRequest.of(dialog), net.nowMs);
        net.run(2_000);
        assertThat(seen).containsExactly(DialogInfo.State.CONFIRMED);
        watcher.unsubscribe(subscription, net.nowMs);
        net.run(2_000);
    }

    @Test
    void shouldAdoptNothingTwiceNorEarlyNorBeyondItsLimit() {
        Dialog dialog = heldByTheDead();
        UserAgent small = net.add(UserAgentConfig.at(FORMER).withLimits(1, 100, 1_000), (_, _) -> {});
        small.invite(InviteRequest.of("sip:b@127.0.0.9", PEER, "sip:a@127.0.0.1", "sip:b@127.0.0.9"), net.nowMs);
        assertThat(small.adopt(AdoptRequest.of(dialog), net.nowMs)).isZero();
        Dialog early = Dialog.ofResponse(
                (SipResponse) net.sent.stream()
                        .map(LossyNetwork.Wire::message)
                        .filter(m -> m instanceof SipResponse r && r.status() == 100)
                        .findFirst()
                        .orElseThrow(),
                dialog.peer(),
                null);
        assertThat(heir.adopt(AdoptRequest.of(early), net.nowMs)).isZero();
        assertThat(heir.adopt(AdoptRequest.of(dialog), net.nowMs)).isPositive();
        assertThat(heir.adopt(AdoptRequest.of(dialog), net.nowMs)).isZero();
    }
}
