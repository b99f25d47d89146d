package releve.sip.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import releve.sip.dialog.DialogInfo.Cause;
import releve.sip.event.TransferEnd;
import releve.sip.event.TransferEnd.How;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.sdp.Sdp;

/** A, in a call with B, asks B to call C, and follows that call to its end (RFC 3515, RFC 4235). */
class TransferTest {
    private static final InetSocketAddress A = LossyNetwork.address(1);
    private static final InetSocketAddress B = LossyNetwork.address(2);
    private static final InetSocketAddress C = LossyNetwork.address(3);
    private static final String SDP = Sdp.audio("127.0.0.1", 4000, 7).toString();

    /** What may have been learnt of a call that was answered, or was not, when messages are lost for good. */
    private static final Set<How> ANSWERED = Set.of(How.ENDED, How.ANSWERED_UNKNOWN);

    private static final Set<How> NOT_ANSWERED = Set.of(How.FAILED, How.REFUSED, How.UNKNOWN);

    private final LossyNetwork net = new LossyNetwork(13);
    private final List<SipEvent> atA = new ArrayList<>();
    private final UserAgent a = net.add(UserAgentConfig.at(A), (e, _) -> atA.add(e));
    private final UserAgent b = net.add(UserAgentConfig.at(B), this::atB);
    private final UserAgent c = net.add(UserAgentConfig.at(C), (e, _) -> {
        if (e instanceof SipEvent.IncomingCall incoming) {
            atC = incoming.call();
        }
    });
    private boolean takes = true;
    /** To whom B says that it calls; null for whom it was referred to. */
    private String calledAs;

    private long callB;
    private long fromB;
    private long atC;
    private final long callA = up();

    /** B does what it is asked, and tells how it goes. */
    private void atB(SipEvent event, long nowMs) {
        switch (event) {
            case SipEvent.IncomingCall incoming -> {
                callB = incoming.call();
                b.answer(callB, SDP, nowMs);
            }
            case SipEvent.Referred referred -> {
                if (takes) {
                    b.acceptRefer(callB, nowMs);
                    fromB = b.invite(
                            InviteRequest.of(
                                            referred.referTo(),
                                            C,
                                            "sip:b@127.0.0.2",
                                            calledAs == null ? referred.referTo() : calledAs)
                                    .withSdp(SDP),
                            nowMs);
                } else {
                    b.rejectRefer(callB, 603, nowMs);
                }
            }
            case SipEvent.Provisional provisional
            when provisional.call() == fromB -> b.progressOfRefer(callB, provisional.status(), nowMs);
            case SipEvent.Answered answered when answered.call() == fromB -> b.progressOfRefer(callB, 200, nowMs);
            case SipEvent.InviteFailed failed
            when failed.call() == fromB -> b.progressOfRefer(callB, failed.status(), nowMs);
            default -> {}
        }
    }

    private long up() {
        long call = a.invite(
                InviteRequest.of("sip:b@127.0.0.2", B, "sip:a@127.0.0.1", "sip:b@127.0.0.2")
                        .withSdp(SDP),
                net.nowMs);
        net.run(1_000);
        return call;
    }

    private long transfer() {
        long transfer = a.transfer(callA, ReferRequest.to("sip:c@127.0.0.3"), net.nowMs);
        net.run(3_000);
        return transfer;
    }

    private List<SipEvent> told() {
        return atA.stream().filter(SipEvent.TransferEvent.class::isInstance).toList();
    }

    private static SipEvent over(long transfer, How how, int status, Cause cause) {
        return new SipEvent.TransferOver(transfer, new TransferEnd(how, status, cause));
    }

    private void nothingIsLeft() {
        a.hangUp(callA, null, net.nowMs);
        b.hangUp(fromB, null, net.nowMs);
        net.run(200_000);
        net.forEachAgent((address, agent) -> assertThat(agent.calls()
                        + agent.transactions()
                        + agent.deadlines()
                        + agent.watchers()
                        + agent.subscriptions())
                .as(address.toString())
                .isZero());
    }

    @Test
    void shouldFollowTheCallToItsEndBeyondTheEndOfOurs() {
        b.serve(WatcherPolicy.of(_ -> true));
        long transfer = transfer();
        assertThat(a.transfer(callA, ReferRequest.to("sip:c@127.0.0.3"), net.nowMs))
                .as("one at a time")
                .isZero();
        SipRequest subscribe = net.sent.stream()
                .filter(w -> w.message() instanceof SipRequest r && r.method().equals(Method.SUBSCRIBE))
                .map(w -> (SipRequest) w.message())
                .findFirst()
                .orElseThrow();
        assertThat(subscribe.uri()).isEqualTo(b.dialog(callB) == null ? "" : "sip:releve@127.0.0.2:5060");
        assertThat(subscribe.headers().first("Target-Dialog"))
                .isEqualTo("%s;local-tag=%s;remote-tag=%s"
                        .formatted(
                                a.dialog(callA).id().callId(),
                                a.dialog(callA).id().localTag(),
                                a.dialog(callA).id().remoteTag()));
        c.answer(atC, SDP, net.nowMs);
        net.run(3_000);
        assertThat(told()).containsExactly(new SipEvent.TransferAnswered(transfer, true));
        a.bye(callA, null, net.nowMs);
        net.run(7_200_000);
        assertThat(told()).as("they talk for two hours").hasSize(1);
        c.bye(atC, null, net.nowMs);
        net.run(3_000);
        assertThat(told().getLast()).isEqualTo(over(transfer, How.ENDED, 0, Cause.REMOTE_BYE));
        nothingIsLeft();
    }

    @Test
    void shouldTellOfTheAnswerWhenThePeerTellsNoDialogs() {
        long transfer = transfer();
        assertThat(told()).isEmpty();
        c.answer(atC, SDP, net.nowMs);
        net.run(3_000);
        assertThat(told())
                .containsExactly(
                        new SipEvent.TransferAnswered(transfer, false), over(transfer, How.ANSWERED_UNKNOWN, 0, null));
        nothingIsLeft();
    }

    @Test
    void shouldSayThatNobodyAnswered() {
        for (boolean watched : new boolean[] {false, true}) {
            if (watched) {
                b.serve(WatcherPolicy.of(_ -> true));
            }
            long transfer = transfer();
            c.reject(atC, 486, List.of(), net.nowMs);
            net.run(3_000);
            assertThat(told().getLast()).isEqualTo(over(transfer, How.FAILED, 486, null));
        }
        assertThat(told()).hasSize(2);
        nothingIsLeft();
    }

    @Test
    void shouldSayThatThePeerDoesNotTakeTheRefer() {
        takes = false;
        long transfer = transfer();
        assertThat(told()).containsExactly(over(transfer, How.REFUSED, 603, null));
        assertThat(a.subscriptions()).isZero();
        nothingIsLeft();
    }

    @Test
    void shouldFollowByDialogsAloneWhenThePeerLeavesOurCallAtOnce() {
        b.serve(WatcherPolicy.of(_ -> true));
        long transfer = transfer();
        b.bye(callB, null, net.nowMs);
        net.run(3_000);
        c.ring(atC, 180, null, net.nowMs);
        net.run(3_000);
        assertThat(told()).isEmpty();
        c.answer(atC, SDP, net.nowMs);
        net.run(3_000);
        b.bye(fromB, null, net.nowMs);
        net.run(3_000);
        assertThat(told())
                .containsExactly(
                        new SipEvent.TransferAnswered(transfer, true), over(transfer, How.ENDED, 0, Cause.LOCAL_BYE));
        nothingIsLeft();
    }

    @Test
    void shouldFollowByDialogsAloneWhenNoNotificationIsWanted() {
        b.serve(WatcherPolicy.of(_ -> true));
        long transfer = a.transfer(callA, new ReferRequest("sip:c@127.0.0.3", false, List.of()), net.nowMs);
        net.run(3_000);
        c.reject(atC, 404, List.of(), net.nowMs);
        net.run(3_000);
        assertThat(told()).containsExactly(over(transfer, How.FAILED, 404, Cause.REJECTED));
        nothingIsLeft();
    }

    @Test
    void shouldSayThatNothingIsKnownWhenThePeerLeavesOurCallAndTellsNoDialogs() {
        long transfer = transfer();
        b.bye(callB, null, net.nowMs);
        net.run(3_000);
        assertThat(told()).containsExactly(over(transfer, How.UNKNOWN, 0, null));
        nothingIsLeft();
    }

    @Test
    void shouldNotWaitForeverForADialogThatIsNotAmongThoseOfThePeer() {
        b.serve(WatcherPolicy.of(_ -> true));
        calledAs = "sip:internal@127.0.0.9";
        long transfer = transfer();
        c.answer(atC, SDP, net.nowMs);
        net.run(40_000);
        assertThat(told())
                .containsExactly(
                        new SipEvent.TransferAnswered(transfer, false), over(transfer, How.ANSWERED_UNKNOWN, 0, null));
        assertThat(b.watchers()).isZero();
        nothingIsLeft();
    }

    @Test
    void shouldWatchNobodyWhenNobodyWantsToKnowAlreadyBeforeTheReferIsTaken() {
        b.serve(WatcherPolicy.of(_ -> true));
        long transfer = a.transfer(callA, ReferRequest.to("sip:c@127.0.0.3"), net.nowMs);
        assertThat(a.stopFollowing(transfer, net.nowMs)).isTrue();
        net.run(3_000);
        assertThat(a.subscriptions() + b.watchers()).isZero();
        assertThat(told()).isEmpty();
        c.reject(atC, 486, List.of(), net.nowMs);
        nothingIsLeft();
    }

    @Test
    void shouldStopFollowingWhenNobodyWantsToKnow() {
        b.serve(WatcherPolicy.of(_ -> true));
        long transfer = transfer();
        assertThat(a.stopFollowing(transfer, net.nowMs)).isTrue();
        assertThat(a.stopFollowing(transfer, net.nowMs)).isFalse();
        net.run(3_000);
        assertThat(b.watchers()).isZero();
        c.answer(atC, SDP, net.nowMs);
        net.run(3_000);
        assertThat(told()).isEmpty();
        nothingIsLeft();
    }

    /** A network that loses, doubles and reorders: each transfer ends once, as the call went, and nothing is left. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldEndEachTransferOnceWhateverTheNetworkDoes(long seed) {
        b.serve(WatcherPolicy.of(_ -> true));
        SplittableRandom random = new SplittableRandom(seed);
        net.loss = 0.1;
        net.doubling = 0.1;
        net.delayMaxMs = 300;
        net.loses = _ -> random.nextInt(20) == 0;
        long transfer = transfer();
        net.run(10_000);
        boolean answers = atC != 0 && random.nextBoolean();
        if (answers) {
            c.answer(atC, SDP, net.nowMs);
            net.run(random.nextInt(20_000));
            c.hangUp(atC, null, net.nowMs);
        } else {
            c.reject(atC, 486, List.of(), net.nowMs);
        }
        net.run(400_000);
        assertThat(told().stream().filter(SipEvent.TransferOver.class::isInstance))
                .as("seed " + seed + ", transfer " + transfer)
                .hasSize(1);
        How how = ((SipEvent.TransferOver) told().getLast()).end().how();
        assertThat(how).as("seed " + seed).isIn(answers ? ANSWERED : NOT_ANSWERED);
        nothingIsLeft();
    }
}
