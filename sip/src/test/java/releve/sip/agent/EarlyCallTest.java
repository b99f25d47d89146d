package releve.sip.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import releve.sip.message.BodyPart;
import releve.sip.message.GatewayAnalysis;
import releve.sip.message.HeaderName;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.sdp.Sdp;

/** Reliable progress and UPDATE, before and after the answer (RFC 3262, RFC 3311), on virtual time. */
class EarlyCallTest {
    private static final InetSocketAddress A = LossyNetwork.address(1);
    private static final InetSocketAddress B = LossyNetwork.address(2);
    private static final String SDP = Sdp.audio("127.0.0.1", 4000, 7).toString();
    private static final String OTHER_SDP = Sdp.audio("127.0.0.1", 4002, 8).toString();
    private static final byte[] CPA = "event=detected\r\nstatus=Asm\r\n".getBytes(StandardCharsets.UTF_8);

    private final LossyNetwork net = new LossyNetwork(1);
    private final List<SipEvent> atA = new ArrayList<>();
    private final List<SipEvent> atB = new ArrayList<>();
    private final UserAgent a = net.add(UserAgentConfig.at(A), (e, _) -> atA.add(e));
    private final UserAgent b = net.add(UserAgentConfig.at(B), (e, _) -> atB.add(e));

    private static InviteRequest spec() {
        return InviteRequest.of("sip:b@127.0.0.2", B, "sip:a@127.0.0.1", "sip:b@127.0.0.2")
                .withSdp(SDP);
    }

    private long start(InviteRequest spec) {
        long call = a.invite(spec, net.nowMs);
        net.run(10);
        return call;
    }

    private long incoming() {
        return ((SipEvent.IncomingCall) atB.getFirst()).call();
    }

    private Stream<LossyNetwork.Wire> requests(Method method) {
        return net.sent.stream()
                .filter(w -> w.message() instanceof SipRequest r && r.method().equals(method));
    }

    private List<Integer> statuses(Method method) {
        return net.sent.stream()
                .filter(w -> w.message() instanceof SipResponse r
                        && r.status() > 100
                        && r.cseq().method().equals(method))
                .map(w -> ((SipResponse) w.message()).status())
                .toList();
    }

    private <T extends SipEvent> T last(List<SipEvent> events, Class<T> kind) {
        return kind.cast(events.stream()
                .filter(kind::isInstance)
                .reduce((_, later) -> later)
                .orElseThrow());
    }

    @AfterEach
    void nothingIsLeft() {
        net.forEachAgent((_, agent) -> {
            for (long call = 1; call < 5; call++) {
                agent.hangUp(call, null, net.nowMs);
            }
        });
        net.run(1_000_000);
        net.forEachAgent((at, agent) -> assertThat(agent.calls() + agent.transactions() + agent.deadlines())
                .as("left at " + at)
                .isZero());
    }

    @Test
    void shouldAcknowledgeReliableProgressWithPrack() {
        long call = start(spec().withReliableProgress(false));
        assertThat(b.ringReliably(incoming(), 183, SDP, net.nowMs)).isTrue();
        net.run(2_000);
        assertThat(last(atA, SipEvent.Provisional.class).sdp()).isEqualTo(SDP);
        SipRequest prack =
                (SipRequest) requests(Method.PRACK).findFirst().orElseThrow().message();
        SipResponse progress = (SipResponse) net.sent.stream()
                .filter(w -> w.message() instanceof SipResponse r && r.status() == 183)
                .findFirst()
                .orElseThrow()
                .message();
        assertThat(prack.headers().first(HeaderName.RACK))
                .isEqualTo(progress.headers().first(HeaderName.RSEQ) + " 1 INVITE");
        assertThat(prack.cseq().number()).isEqualTo(2);
        assertThat(statuses(Method.PRACK)).containsExactly(200);
        assertThat(statuses(Method.INVITE)).containsExactly(183);
        b.answer(incoming(), SDP, net.nowMs);
        net.run(10);
        a.bye(call, null, net.nowMs);
        net.run(10);
        assertThat(requests(Method.BYE).map(w -> w.message().cseq().number())).containsExactly(3);
    }

    @Test
    void shouldRepeatReliableProgressUntilPrackArrivesAndTellItOnce() {
        start(spec().withReliableProgress(true));
        int[] lost = {3};
        net.loses = w -> w.message() instanceof SipRequest r && r.method().equals(Method.PRACK) && lost[0]-- > 0;
        b.ring(incoming(), 180, null, net.nowMs);
        net.run(8_000);
        assertThat(statuses(Method.INVITE)).hasSizeBetween(3, 5).containsOnly(180);
        assertThat(requests(Method.PRACK)
                        .map(w -> w.message().topVia().branch())
                        .distinct())
                .hasSize(1);
        assertThat(atA).filteredOn(SipEvent.Provisional.class::isInstance).hasSize(1);
    }

    @Test
    void shouldHoldAnswerUntilDescriptionInProgressIsAcknowledged() {
        start(spec().withReliableProgress(true));
        boolean[] lose = {true};
        net.loses = w ->
                lose[0] && w.message() instanceof SipRequest r && r.method().equals(Method.PRACK);
        b.ringReliably(incoming(), 183, SDP, net.nowMs);
        assertThat(b.answer(incoming(), SDP, net.nowMs)).isTrue();
        assertThat(b.answer(incoming(), SDP, net.nowMs)).isFalse();
        net.run(400);
        assertThat(statuses(Method.INVITE)).doesNotContain(200);
        lose[0] = false;
        net.run(1_000);
        assertThat(statuses(Method.INVITE)).contains(200);
        assertThat(last(atA, SipEvent.Answered.class).sdp()).isEqualTo(SDP);
    }

    @Test
    void shouldAcknowledgeProgressAnewWhenAnotherRequestOvertakesItsPrack() {
        long call = start(spec().withReliableProgress(false));
        boolean[] first = {true};
        net.loses = w -> w.message() instanceof SipRequest r
                && r.method().equals(Method.PRACK)
                && first[0]
                && !(first[0] = false);
        b.ringReliably(incoming(), 183, SDP, net.nowMs);
        net.run(10);
        a.update(call, null, new byte[0], net.nowMs);
        net.run(1_000);
        assertThat(statuses(Method.PRACK)).containsExactly(500, 200);
        assertThat(b.answer(incoming(), SDP, net.nowMs)).isTrue();
        net.run(10);
        assertThat(atA).hasAtLeastOneElementOfType(SipEvent.Answered.class);
    }

    @Test
    void shouldLeaveTheCallAloneWhenAnUpdateWasForAPhoneThatAnotherWasQuickerThan() {
        long call = start(spec().withReliableProgress(false));
        b.ringReliably(incoming(), 183, SDP, net.nowMs);
        net.run(10);
        net.loses = w -> w.message() instanceof SipRequest r && r.method().equals(Method.UPDATE);
        a.update(call, null, new byte[0], net.nowMs);
        net.run(10);
        net.alters = bytes -> new String(bytes, StandardCharsets.UTF_8)
                .replaceFirst("(To: [^\r]*;tag=)[^\r]*", "$1other")
                .getBytes(StandardCharsets.UTF_8);
        b.answer(incoming(), SDP, net.nowMs);
        net.run(10);
        net.alters = bytes -> bytes;
        net.run(35_000);
        assertThat(last(atA, SipEvent.UpdateAnswered.class).status()).isEqualTo(408);
        assertThat(requests(Method.BYE).map(w -> w.message().to().tag())).doesNotContain("other");
        assertThat(a.reinvite(call, SDP, net.nowMs)).isTrue();
    }

    @Test
    void shouldSendReliableProgressOneAfterTheOther() {
        start(spec().withReliableProgress(false));
        net.delayMinMs = net.delayMaxMs = 50;
        b.ringReliably(incoming(), 183, SDP, net.nowMs);
        b.ringReliably(incoming(), 180, null, net.nowMs);
        assertThat(statuses(Method.INVITE)).isEmpty();
        net.run(60);
        assertThat(statuses(Method.INVITE)).containsExactly(183);
        net.run(200);
        assertThat(statuses(Method.INVITE)).containsExactly(183, 180);
        assertThat(atA).filteredOn(SipEvent.Provisional.class::isInstance).hasSize(2);
    }

    @Test
    void shouldRejectCallWith504WhenReliableProgressIsNeverAcknowledged() {
        start(spec().withReliableProgress(true));
        net.loses = w -> w.message() instanceof SipRequest r && r.method().equals(Method.PRACK);
        b.ring(incoming(), 180, null, net.nowMs);
        net.run(33_000);
        assertThat(last(atA, SipEvent.InviteFailed.class).status()).isEqualTo(504);
        assertThat(last(atB, SipEvent.CallEnded.class).detail()).contains("504");
    }

    @Test
    void shouldRingUnreliablyWhenCallerDoesNotKnowBetter() {
        start(spec());
        assertThat(b.ringReliably(incoming(), 180, null, net.nowMs)).isFalse();
        assertThat(b.ring(incoming(), 180, null, net.nowMs)).isTrue();
        net.run(1_000);
        assertThat(requests(Method.PRACK)).isEmpty();
        assertThat(statuses(Method.INVITE)).containsExactly(180);
    }

    @Test
    void shouldRefuseCallWhenItRequiresWhatNobodyKnows() {
        long call = a.invite(spec().withHeader(HeaderName.REQUIRE, "100rel, teleport"), net.nowMs);
        net.run(10);
        assertThat(last(atA, SipEvent.InviteFailed.class))
                .isEqualTo(new SipEvent.InviteFailed(call, 420, "Bad Extension", null, null, false, false));
        SipResponse refused = (SipResponse) net.sent.get(1).message();
        assertThat(refused.headers().first(HeaderName.UNSUPPORTED)).isEqualTo("teleport");
    }

    @Test
    void shouldTellResultOfGatewaysAnalysisWhenUpdateComesBeforeAnswer() {
        long call = start(spec().withReliableProgress(false));
        b.ringReliably(incoming(), 183, SDP, net.nowMs);
        net.run(10);
        assertThat(b.update(incoming(), "application/x-cisco-cpa", CPA, net.nowMs))
                .isTrue();
        net.run(10);
        SipEvent.UpdateReceived result = last(atA, SipEvent.UpdateReceived.class);
        assertThat(result.call()).isEqualTo(call);
        assertThat(result.contentType()).isEqualTo("application/x-cisco-cpa");
        assertThat(result.body()).isEqualTo(CPA);
        assertThat(last(atB, SipEvent.UpdateAnswered.class).status()).isEqualTo(200);
        assertThat(requests(Method.CANCEL)).isEmpty();
        b.answer(incoming(), SDP, net.nowMs);
        net.run(10);
        assertThat(atA).hasAtLeastOneElementOfType(SipEvent.Answered.class);
        assertThat(b.update(incoming(), "application/x-cisco-cpa", CPA, net.nowMs))
                .isTrue();
        net.run(10);
        assertThat(atA).filteredOn(SipEvent.UpdateReceived.class::isInstance).hasSize(2);
    }

    @Test
    void shouldCarryAGatewaysAnalysisBesideTheDescriptions() {
        BodyPart asked = new GatewayAnalysis.Request(608, 2500, 3000, 112, 30_000).asPart();
        long call = start(spec().withBeside(asked));
        SipRequest invite = last(atB, SipEvent.IncomingCall.class).invite();
        assertThat(invite.sdp()).isEqualTo(SDP);
        assertThat(last(atB, SipEvent.IncomingCall.class).sdp()).isEqualTo(SDP);
        assertThat(invite.parts().getLast().content()).isEqualTo(asked.content());

        BodyPart enabled = new GatewayAnalysis.Enabled().asPart();
        assertThat(b.attach(incoming(), enabled)).isTrue();
        b.ring(incoming(), 183, OTHER_SDP, net.nowMs);
        b.ring(incoming(), 180, null, net.nowMs);
        net.run(10);
        assertThat(atA)
                .filteredOn(SipEvent.UpdateReceived.class::isInstance)
                .as("told once, and before the response it came with")
                .hasSize(1);
        assertThat(last(atA, SipEvent.UpdateReceived.class).call()).isEqualTo(call);
        assertThat(last(atA, SipEvent.UpdateReceived.class).body()).isEqualTo(enabled.content());
        assertThat(atA).contains(new SipEvent.Provisional(call, 183, OTHER_SDP));

        assertThat(b.attach(incoming(), enabled)).isTrue();
        b.ring(incoming(), 180, null, net.nowMs);
        net.run(10);
        assertThat(atA).filteredOn(SipEvent.UpdateReceived.class::isInstance).hasSize(2);
        b.answer(incoming(), SDP, net.nowMs);
        net.run(10);
        assertThat(b.attach(incoming(), enabled)).isFalse();
    }

    @Test
    void shouldAnswerOfferInUpdateAfterTheAnswer() {
        long call = start(spec());
        b.answer(incoming(), SDP, net.nowMs);
        net.run(10);
        a.update(call, Sdp.CONTENT_TYPE, OTHER_SDP.getBytes(StandardCharsets.UTF_8), net.nowMs);
        net.run(10);
        assertThat(last(atB, SipEvent.IncomingReinvite.class).sdp()).isEqualTo(OTHER_SDP);
        assertThat(b.answerReinvite(incoming(), SDP, net.nowMs)).isTrue();
        assertThat(b.answerReinvite(incoming(), SDP, net.nowMs)).isFalse();
        net.run(10);
        assertThat(last(atA, SipEvent.UpdateAnswered.class))
                .isEqualTo(new SipEvent.UpdateAnswered(call, 200, "OK", SDP, false));
        assertThat(Objects.requireNonNull(a.dialog(call)).localSdp()).isEqualTo(OTHER_SDP);
        assertThat(Objects.requireNonNull(b.dialog(incoming())).remoteSdp()).isEqualTo(OTHER_SDP);
    }

    @Test
    void shouldSettleGlareWhenUpdateAndReinviteCross() {
        long call = start(spec());
        b.answer(incoming(), SDP, net.nowMs);
        net.run(10);
        net.delayMinMs = net.delayMaxMs = 20;
        a.update(call, Sdp.CONTENT_TYPE, OTHER_SDP.getBytes(StandardCharsets.UTF_8), net.nowMs);
        b.reinvite(incoming(), SDP, net.nowMs);
        for (int i = 0; i < 100; i++) {
            net.run(100);
            a.answerReinvite(call, SDP, net.nowMs);
            b.answerReinvite(incoming(), SDP, net.nowMs);
        }
        assertThat(statuses(Method.UPDATE)).contains(491, 200);
        assertThat(statuses(Method.INVITE)).contains(491, 200);
        assertThat(last(atA, SipEvent.UpdateAnswered.class).status()).isEqualTo(200);
        assertThat(atB).hasAtLeastOneElementOfType(SipEvent.ReinviteAnswered.class);
    }

    @Test
    void shouldRefuseUpdateWithOfferWhileAnotherIsUnanswered() {
        long call = start(spec().withReliableProgress(false));
        b.ringReliably(incoming(), 180, null, net.nowMs);
        net.run(10);
        // A caller of ours waits with its offer; others may not.
        net.alters = bytes -> new String(bytes, StandardCharsets.UTF_8)
                .replace("text/plain", Sdp.CONTENT_TYPE)
                .getBytes(StandardCharsets.UTF_8);
        assertThat(a.update(call, "text/plain", OTHER_SDP.getBytes(StandardCharsets.UTF_8), net.nowMs))
                .isTrue();
        net.run(10);
        assertThat(statuses(Method.UPDATE)).containsExactly(500);
        assertThat(last(atA, SipEvent.UpdateAnswered.class).status()).isEqualTo(500);
        assertThat(a.calls()).isEqualTo(1);
    }

    @Test
    void shouldEndCallWhenUpdateFindsNoDialog() {
        long call = start(spec());
        b.answer(incoming(), SDP, net.nowMs);
        net.run(10);
        net.add(UserAgentConfig.at(B), (_, _) -> {});
        a.update(call, null, new byte[0], net.nowMs);
        net.run(100);
        assertThat(last(atA, SipEvent.UpdateAnswered.class).status()).isEqualTo(481);
        assertThat(last(atA, SipEvent.CallEnded.class).byRemote()).isFalse();
    }
}
