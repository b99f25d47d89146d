package releve.sip.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import releve.sip.dialog.Dialog;
import releve.sip.message.Header;
import releve.sip.message.HeaderName;
import releve.sip.message.Method;
import releve.sip.message.Reason;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.message.SipWriter;
import releve.sip.sdp.Sdp;
import releve.sip.transaction.Hop;

/** The races of calls, one by one, on virtual time (RFC 3261, RFC 5407). */
class CallRaceTest {
    private static final InetSocketAddress A = LossyNetwork.address(1);
    private static final InetSocketAddress B = LossyNetwork.address(2);
    private static final String SDP = Sdp.audio("127.0.0.1", 4000, 7).toString();

    private final LossyNetwork net = new LossyNetwork(1);
    private final List<SipEvent> atA = new ArrayList<>();
    private final List<SipEvent> atB = new ArrayList<>();
    private final Map<Class<?>, BiConsumer<SipEvent, Long>> doesB = new HashMap<>();
    private final UserAgent a = net.add(UserAgentConfig.at(A), (e, _) -> atA.add(e));
    private final UserAgent b = net.add(UserAgentConfig.at(B), (e, now) -> {
        atB.add(e);
        doesB.getOrDefault(e.getClass(), (_, _) -> {}).accept(e, now);
    });

    private long invite() {
        return a.invite(
                InviteRequest.of("sip:b@127.0.0.2", B, "sip:a@127.0.0.1", "sip:b@127.0.0.2")
                        .withSdp(SDP),
                net.nowMs);
    }

    private long incoming() {
        return atB.stream()
                .filter(SipEvent.IncomingCall.class::isInstance)
                .map(e -> ((SipEvent.IncomingCall) e).call())
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    private void bAnswers() {
        doesB.put(SipEvent.IncomingCall.class, (e, now) -> b.answer(((SipEvent.IncomingCall) e).call(), SDP, now));
    }

    private Stream<SipRequest> requests(Method method, InetSocketAddress from) {
        return net.sent.stream()
                .filter(w -> w.from().equals(from)
                        && w.message() instanceof SipRequest r
                        && r.method().equals(method))
                .map(w -> (SipRequest) w.message());
    }

    private Stream<SipResponse> responses(int status, Method method, InetSocketAddress from) {
        return net.sent.stream()
                .filter(w -> w.from().equals(from)
                        && w.message() instanceof SipResponse r
                        && r.status() == status
                        && r.cseq().method().equals(method))
                .map(w -> (SipResponse) w.message());
    }

    private static boolean is(LossyNetwork.Wire wire, int status, Method method) {
        return wire.message() instanceof SipResponse r
                && r.status() == status
                && r.cseq().method().equals(method);
    }

    private static boolean is(LossyNetwork.Wire wire, Method method) {
        return wire.message() instanceof SipRequest r && r.method().equals(method);
    }

    private static Class<?>[] kinds(Class<?>... kinds) {
        return kinds;
    }

    private static void assertKinds(List<SipEvent> events, Class<?>... kinds) {
        assertThat(events).extracting(Object::getClass).containsExactly(kinds);
    }

    @AfterEach
    void nothingIsLeft() {
        net.run(1_000_000);
        net.forEachAgent((at, agent) -> {
            assertThat(agent.calls()).as("calls at " + at).isZero();
            assertThat(agent.transactions()).as("transactions at " + at).isZero();
            assertThat(agent.deadlines()).as("deadlines at " + at).isZero();
        });
    }

    @Test
    void shouldCarryPlainCallWhenCalleeRingsAndAnswers() {
        long call = invite();
        net.run(10);
        b.ring(incoming(), 180, null, net.nowMs);
        net.run(10);
        b.answer(incoming(), SDP, net.nowMs);
        net.run(10);
        a.bye(call, Reason.NORMAL_CLEARING, net.nowMs);
        net.run(10);
        assertKinds(atA, SipEvent.Provisional.class, SipEvent.Answered.class, SipEvent.CallEnded.class);
        assertKinds(atB, SipEvent.IncomingCall.class, SipEvent.Acknowledged.class, SipEvent.CallEnded.class);
        assertThat(((SipEvent.CallEnded) atB.getLast()).q850Cause()).isEqualTo(16);
        assertThat(net.sent).hasSize(7);
    }

    @Test
    void shouldHoldCancelUntilProvisionalWhenNoneCameYet() {
        long call = invite();
        assertThat(a.cancel(call, null, net.nowMs)).isTrue();
        assertThat(a.cancel(call, null, net.nowMs)).isFalse();
        assertThat(requests(Method.CANCEL, A)).isEmpty();
        net.run(100);
        assertThat(requests(Method.CANCEL, A)).hasSize(1);
        assertKinds(atB, SipEvent.IncomingCall.class, SipEvent.CancelledByPeer.class);
        assertThat(atA).singleElement().isInstanceOfSatisfying(SipEvent.InviteFailed.class, f -> {
            assertThat(f.status()).isEqualTo(487);
            assertThat(f.cancelled()).isTrue();
            assertThat(f.local()).isFalse();
        });
    }

    @Test
    void shouldEndCallWhenAnswerCrossesCancel() {
        net.delayMinMs = net.delayMaxMs = 50;
        long call = invite();
        net.run(120);
        b.answer(incoming(), SDP, net.nowMs);
        a.cancel(call, null, net.nowMs);
        net.run(500);
        assertKinds(atA, SipEvent.AnsweredAfterCancel.class, SipEvent.CallEnded.class);
        assertKinds(atB, SipEvent.IncomingCall.class, SipEvent.Acknowledged.class, SipEvent.CallEnded.class);
        assertThat(responses(200, Method.CANCEL, B)).isNotEmpty();
    }

    @Test
    void shouldGiveUpCancelledCallAfter64T1When487NeverComes() {
        net.loses = w -> is(w, 487, Method.INVITE);
        long call = invite();
        net.run(10);
        long cancelledAtMs = net.nowMs;
        a.cancel(call, null, net.nowMs);
        net.run(31_900);
        assertThat(atA).isEmpty();
        net.run(200);
        assertThat(net.nowMs - cancelledAtMs).isBetween(32_000L, 32_200L);
        assertThat(atA).singleElement().isInstanceOfSatisfying(SipEvent.InviteFailed.class, f -> {
            assertThat(f.status()).isEqualTo(487);
            assertThat(f.local()).isTrue();
        });
    }

    @Test
    void shouldEndCallWhenAnswerComesAfterCallWasGivenUp() {
        net.loses = w -> is(w, 487, Method.INVITE) || is(w, Method.CANCEL);
        long call = invite();
        net.run(10);
        a.cancel(call, null, net.nowMs);
        net.run(33_000);
        assertKinds(atA, SipEvent.InviteFailed.class);
        b.answer(incoming(), SDP, net.nowMs);
        net.run(100);
        assertKinds(atB, SipEvent.IncomingCall.class, SipEvent.Acknowledged.class, SipEvent.CallEnded.class);
        assertThat(a.count(Counter.SURPLUS_ANSWERS_ENDED)).isEqualTo(1);
    }

    @Test
    void shouldFailWith408AfterTimerBWhenPeerIsSilent() {
        net.loses = _ -> true;
        long startMs = net.nowMs;
        invite();
        net.run(31_999);
        assertThat(atA).isEmpty();
        net.run(10);
        assertThat(atA).singleElement().isInstanceOfSatisfying(SipEvent.InviteFailed.class, f -> {
            assertThat(f.status()).isEqualTo(408);
            assertThat(f.local()).isTrue();
        });
        assertThat(net.sent.stream().map(w -> w.atMs() - startMs))
                .containsExactly(0L, 500L, 1500L, 3500L, 7500L, 15500L, 31500L);
    }

    @Test
    void shouldRepeatAnswerUntilAckAndAcknowledgeEachRepetition() {
        bAnswers();
        int[] lost = {2};
        net.loses = w -> is(w, Method.ACK) && lost[0]-- > 0;
        long call = invite();
        net.run(3_000);
        assertThat(responses(200, Method.INVITE, B)).hasSize(3);
        assertThat(requests(Method.ACK, A)).hasSize(3);
        assertThat(requests(Method.ACK, A).map(r -> r.topVia().branch()).distinct())
                .hasSize(1);
        assertKinds(atB, SipEvent.IncomingCall.class, SipEvent.Acknowledged.class);
        a.bye(call, null, net.nowMs);
    }

    @Test
    void shouldAcknowledgeAnswerThatIsRepeatedAfterEndOfCall() {
        bAnswers();
        net.loses = w -> is(w, Method.ACK) || is(w, Method.BYE);
        long call = invite();
        net.run(100);
        a.bye(call, null, net.nowMs);
        net.run(5_000);
        assertThat(requests(Method.ACK, A)).hasSizeGreaterThan(2);
        assertThat(requests(Method.ACK, A).map(r -> r.topVia().branch()).distinct())
                .hasSize(1);
        assertThat(requests(Method.BYE, A).map(SipRequest::cseq).distinct()).hasSize(1);
    }

    @Test
    void shouldLetGoOfEndedCallWhileItsTransactionStillWaits() throws InterruptedException {
        net.record = false;
        bAnswers();
        var offer = new WeakReference<>(Sdp.audio("127.0.0.1", 4000, 9).toString());
        long call = a.invite(
                InviteRequest.of("sip:b@127.0.0.2", B, "sip:a@127.0.0.1", "sip:b@127.0.0.2")
                        .withSdp(Objects.requireNonNull(offer.get())),
                net.nowMs);
        net.run(100);
        a.bye(call, null, net.nowMs);
        net.run(100);
        assertThat(a.calls()).isZero();
        assertThat(a.transactions()).isPositive();
        for (int i = 0; i < 100 && offer.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(offer.get()).isNull();
    }

    @Test
    void shouldEndCallWithByeWhenAnswerIsNeverAcknowledged() {
        bAnswers();
        net.loses = w -> is(w, Method.ACK);
        invite();
        net.run(33_000);
        assertThat(requests(Method.BYE, B)).hasSize(1);
        assertKinds(atB, SipEvent.IncomingCall.class, SipEvent.CallEnded.class);
        assertThat(atA.getLast())
                .isInstanceOfSatisfying(
                        SipEvent.CallEnded.class, e -> assertThat(e.byRemote()).isTrue());
        assertThat(b.count(Counter.ACKS_MISSING)).isEqualTo(1);
    }

    @Test
    void shouldHoldByeOfCalleeUntilAckWhenAskedBefore() {
        bAnswers();
        boolean[] lose = {true};
        net.loses = w -> lose[0] && is(w, Method.ACK);
        invite();
        net.run(100);
        assertThat(b.bye(incoming(), null, net.nowMs)).isTrue();
        net.run(100);
        assertThat(requests(Method.BYE, B)).isEmpty();
        lose[0] = false;
        net.run(1_000);
        assertThat(requests(Method.BYE, B)).hasSize(1);
        assertKinds(atB, SipEvent.IncomingCall.class, SipEvent.Acknowledged.class, SipEvent.CallEnded.class);
    }

    @Test
    void shouldEndOnceOnEachSideWhenByesCross() {
        bAnswers();
        net.delayMinMs = net.delayMaxMs = 20;
        long call = invite();
        net.run(100);
        a.bye(call, null, net.nowMs);
        b.bye(incoming(), null, net.nowMs);
        net.run(200);
        assertKinds(atA, SipEvent.Answered.class, SipEvent.CallEnded.class);
        assertKinds(atB, SipEvent.IncomingCall.class, SipEvent.Acknowledged.class, SipEvent.CallEnded.class);
    }

    @Test
    void shouldAcceptByeBeforeAck() {
        bAnswers();
        net.loses = w -> is(w, Method.ACK);
        long call = invite();
        net.run(20);
        a.bye(call, null, net.nowMs);
        net.run(20);
        assertKinds(atB, SipEvent.IncomingCall.class, SipEvent.CallEnded.class);
        net.run(2_000);
        assertThat(responses(200, Method.INVITE, B)).hasSize(1);
    }

    @Test
    void shouldAcknowledgeAndEndSecondForkWhenTwoAnswer() {
        bAnswers();
        long call = invite();
        net.run(50);
        SipResponse answer = responses(200, Method.INVITE, B).findFirst().orElseThrow();
        String fork = new String(SipWriter.write(answer), StandardCharsets.UTF_8)
                .replace("tag=" + answer.to().tag(), "tag=other");
        net.inject(fork.getBytes(StandardCharsets.UTF_8), B, A);
        net.inject(fork.getBytes(StandardCharsets.UTF_8), B, A);
        net.run(50);
        assertThat(requests(Method.ACK, A).filter(r -> "other".equals(r.to().tag())))
                .hasSize(2);
        assertThat(requests(Method.BYE, A).filter(r -> "other".equals(r.to().tag())))
                .hasSize(1);
        assertThat(a.calls()).isEqualTo(1);
        assertKinds(atA, SipEvent.Answered.class);
        a.bye(call, null, net.nowMs);
    }

    @Test
    void shouldSettleGlareWhenBothSidesReinvite() {
        bAnswers();
        doesB.put(
                SipEvent.IncomingReinvite.class,
                (e, now) -> b.answerReinvite(((SipEvent.IncomingReinvite) e).call(), SDP, now));
        net.delayMinMs = net.delayMaxMs = 20;
        long call = invite();
        net.run(100);
        a.reinvite(call, SDP, net.nowMs);
        b.reinvite(incoming(), SDP, net.nowMs);
        assertThat(a.reinvite(call, SDP, net.nowMs)).isFalse();
        for (int i = 0; i < 100; i++) {
            net.run(100);
            if (atA.getLast() instanceof SipEvent.IncomingReinvite in) {
                a.answerReinvite(in.call(), SDP, net.nowMs);
            }
        }
        assertThat(responses(491, Method.INVITE, A)).hasSize(1);
        assertThat(responses(491, Method.INVITE, B)).hasSize(1);
        assertThat(atA).hasAtLeastOneElementOfType(SipEvent.ReinviteAnswered.class);
        assertThat(atB).hasAtLeastOneElementOfType(SipEvent.ReinviteAnswered.class);
        a.bye(call, null, net.nowMs);
    }

    @Test
    void shouldEndCallWhenReinviteIsAnswered481() {
        bAnswers();
        long call = invite();
        net.run(50);
        Dialog held = b.dialog(incoming());
        assertThat(held).isNotNull();
        UserAgent other = net.add(UserAgentConfig.at(B), (_, _) -> {});
        a.reinvite(call, SDP, net.nowMs);
        net.run(100);
        assertKinds(atA, SipEvent.Answered.class, SipEvent.ReinviteFailed.class, SipEvent.CallEnded.class);
        assertThat(other.calls()).isZero();
    }

    @Test
    void shouldCarryOnWhenDialogIsAdoptedByAnotherProcess() {
        bAnswers();
        doesB.put(
                SipEvent.IncomingReinvite.class,
                (e, now) -> b.answerReinvite(((SipEvent.IncomingReinvite) e).call(), SDP, now));
        long call = invite();
        net.run(50);
        Dialog stored = a.dialog(call);
        assertThat(stored).isNotNull();
        List<SipEvent> atHeir = new ArrayList<>();
        UserAgent heir = net.add(UserAgentConfig.at(A), (e, _) -> atHeir.add(e));
        long adopted = heir.adopt(AdoptRequest.of(stored), net.nowMs);
        assertThat(heir.adopt(AdoptRequest.of(stored), net.nowMs)).isZero();
        assertThat(heir.reinvite(adopted, SDP, net.nowMs)).isTrue();
        net.run(50);
        assertThat(atHeir).singleElement().isInstanceOf(SipEvent.ReinviteAnswered.class);
        b.bye(incoming(), null, net.nowMs);
        net.run(50);
        assertThat(atHeir.getLast()).isInstanceOf(SipEvent.CallEnded.class);
    }

    @Test
    void shouldEndCallGivenUpWithOneByeWhenItsAnswerIsRepeated() {
        net.loses = w -> is(w, 487, Method.INVITE) || is(w, Method.CANCEL);
        long call = invite();
        net.run(10);
        a.cancel(call, null, net.nowMs);
        net.run(33_000);
        net.loses = w -> w.from().equals(A);
        b.answer(incoming(), SDP, net.nowMs);
        net.run(5_000);
        net.loses = _ -> false;
        assertThat(requests(Method.ACK, A)).hasSizeGreaterThan(2);
        assertThat(requests(Method.BYE, A).map(r -> r.topVia().branch()).distinct())
                .hasSize(1);
    }

    @Test
    void shouldAcknowledgeAnswerThatFormerHolderOfAdoptedDialogCouldNot() {
        bAnswers();
        boolean[] alive = {true};
        doesB.put(SipEvent.IncomingReinvite.class, (e, now) -> {
            alive[0] = false;
            b.answerReinvite(((SipEvent.IncomingReinvite) e).call(), SDP, now);
        });
        long call = invite();
        net.run(50);
        Dialog stored = a.dialog(call);
        net.loses = w -> !alive[0] && w.from().equals(A);
        a.reinvite(call, SDP, net.nowMs);
        net.run(50);
        UserAgent heir = net.add(UserAgentConfig.at(A), (_, _) -> {});
        net.loses = _ -> false;
        heir.adopt(AdoptRequest.of(stored), net.nowMs);
        net.run(40_000);
        assertThat(b.count(Counter.ACKS_MISSING)).isZero();
        assertThat(b.calls()).isEqualTo(1);
        b.bye(incoming(), null, net.nowMs);
    }

    @Test
    void shouldLetPeerOfferWhenInviteHasNone() {
        bAnswers();
        long call = a.invite(InviteRequest.of("sip:b@127.0.0.2", B, "sip:a@127.0.0.1", "sip:b@127.0.0.2"), net.nowMs);
        net.run(100);
        assertThat(requests(Method.ACK, A)).isEmpty();
        assertThat(a.acknowledge(call, SDP)).isTrue();
        net.run(1000);
        assertThat(atB.getLast())
                .isInstanceOfSatisfying(
                        SipEvent.Acknowledged.class, e -> assertThat(e.sdp()).isEqualTo(SDP));
        a.bye(call, null, net.nowMs);
    }

    @Test
    void shouldRefuseWith503AndRetryAfterWhenLimitOfCallsIsReached() {
        InetSocketAddress at = LossyNetwork.address(3);
        UserAgent small = net.add(UserAgentConfig.at(at).withLimits(1, 1000, 1000), (_, _) -> {});
        for (int i = 0; i < 2; i++) {
            a.invite(InviteRequest.of("sip:c@127.0.0.3", at, "sip:a@127.0.0.1", "sip:c@127.0.0.3"), net.nowMs);
        }
        net.run(100);
        assertThat(atA).singleElement().isInstanceOfSatisfying(SipEvent.InviteFailed.class, f -> {
            assertThat(f.status()).isEqualTo(503);
            assertThat(f.retryAfterSeconds()).isEqualTo(5);
        });
        assertThat(small.count(Counter.REFUSED_AT_LIMIT)).isEqualTo(1);
    }

    @Test
    void shouldReportCauseAndRetryAfterWhenRejected() {
        doesB.put(
                SipEvent.IncomingCall.class,
                (e, now) -> b.reject(
                        ((SipEvent.IncomingCall) e).call(),
                        486,
                        List.of(
                                new Header(HeaderName.REASON, new Reason("Q.850", 17, "User busy").toString()),
                                new Header(HeaderName.RETRY_AFTER, "30 (in a meeting);duration=60")),
                        now));
        invite();
        net.run(100);
        assertThat(atA).singleElement().isInstanceOfSatisfying(SipEvent.InviteFailed.class, f -> {
            assertThat(f.status()).isEqualTo(486);
            assertThat(f.q850Cause()).isEqualTo(17);
            assertThat(f.retryAfterSeconds()).isEqualTo(30);
        });
        assertKinds(atB, kinds(SipEvent.IncomingCall.class, SipEvent.CallEnded.class));
    }

    @Test
    void shouldCancelAtRingLimitWhenNobodyAnswers() {
        invite();
        net.run(10);
        b.ring(incoming(), 180, null, net.nowMs);
        net.run(200_000);
        assertThat(atA.getLast())
                .isInstanceOfSatisfying(
                        SipEvent.InviteFailed.class, f -> assertThat(f.status()).isIn(480, 487));
    }

    @Test
    void shouldDropAndCountWhenSourceIsNotAllowed() {
        InetSocketAddress at = LossyNetwork.address(4);
        UserAgent closed = net.add(
                UserAgentConfig.at(at)
                        .withAllowed(address -> address.getHostAddress().equals("127.0.0.9")),
                (_, _) -> {});
        long question = a.options("sip:127.0.0.4", at, net.nowMs);
        net.run(40_000);
        assertThat(atA).containsExactly(new SipEvent.OptionsFailed(question, Hop.udp(at), 408));
        assertThat(closed.count(Counter.DROPPED_UNKNOWN_PEER)).isEqualTo(11);
        assertThat(net.sent).allMatch(w -> w.from().equals(A));
    }

    @Test
    void shouldAnswerOptions() {
        long question = a.options("sip:127.0.0.2", B, net.nowMs);
        net.run(100);
        assertThat(atA).containsExactly(new SipEvent.OptionsAnswered(question, Hop.udp(B), 200, null));
    }

    @Test
    void shouldFailWithLocal503WhenNetworkRefuses() {
        UserAgent alone = new UserAgent(UserAgentConfig.at(A), net.random.split());
        alone.invite(InviteRequest.of("sip:b@127.0.0.2", B, "sip:a@127.0.0.1", "sip:b@127.0.0.2"), 0);
        alone.transmitFailed(alone.nextTransmit(), 0);
        assertThat(alone.nextEvent()).isInstanceOfSatisfying(SipEvent.InviteFailed.class, f -> {
            assertThat(f.status()).isEqualTo(503);
            assertThat(f.local()).isTrue();
        });
        assertThat(alone.deadlines()).isZero();
    }

    @Test
    void shouldFollowRecordRouteWhenProxyStaysInPath() {
        InetSocketAddress proxy = LossyNetwork.address(5);
        bAnswers();
        long call = invite();
        net.loses = w -> w.from().equals(B);
        net.run(50);
        SipResponse answer = responses(200, Method.INVITE, B).findFirst().orElseThrow();
        String routed = new String(SipWriter.write(answer), StandardCharsets.UTF_8)
                .replace(
                        "Contact:", "Record-Route: <sip:127.0.0.6;lr>\r\nRecord-Route: <sip:127.0.0.5;lr>\r\nContact:");
        net.inject(routed.getBytes(StandardCharsets.UTF_8), B, A);
        net.run(50);
        LossyNetwork.Wire ack =
                net.sent.stream().filter(w -> is(w, Method.ACK)).findFirst().orElseThrow();
        assertThat(ack.to()).isEqualTo(proxy);
        assertThat(ack.message().headers().values(HeaderName.ROUTE))
                .containsExactly("<sip:127.0.0.5;lr>", "<sip:127.0.0.6;lr>");
        assertThat(((SipRequest) ack.message()).uri()).isEqualTo("sip:releve@127.0.0.2:5060");
        a.bye(call, null, net.nowMs);
    }
}
