package releve.sip.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import releve.sip.message.Method;
import releve.sip.message.SipMessage;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.sdp.Sdp;

/** Offers and answers before a call is answered: in reliable progress, in PRACK, in UPDATE (RFC 3262 section 5, RFC 3311 section 5). */
class EarlyOfferTest {
    private static final InetSocketAddress A = LossyNetwork.address(1);
    private static final InetSocketAddress B = LossyNetwork.address(2);
    private static final String SDP = Sdp.audio("127.0.0.1", 4000, 7).toString();
    private static final String CALLEES = Sdp.audio("127.0.0.2", 4002, 8).toString();
    private static final String FURTHER = Sdp.audio("127.0.0.1", 4004, 9).toString();

    private final LossyNetwork net = new LossyNetwork(1);
    private final List<SipEvent> atA = new ArrayList<>();
    private final List<SipEvent> atB = new ArrayList<>();
    private final UserAgent a = net.add(UserAgentConfig.at(A), (e, _) -> atA.add(e));
    private final UserAgent b = net.add(UserAgentConfig.at(B), (e, _) -> atB.add(e));

    private long call(boolean offers) {
        InviteRequest spec = InviteRequest.of("sip:b@127.0.0.2", B, "sip:a@127.0.0.1", "sip:b@127.0.0.2")
                .withReliableProgress(true);
        long call = a.invite(offers ? spec.withSdp(SDP) : spec, net.nowMs);
        net.run(10);
        return call;
    }

    private long incoming() {
        return ((SipEvent.IncomingCall) atB.getFirst()).call();
    }

    private static byte[] bytes(String sdp) {
        return sdp.getBytes(StandardCharsets.UTF_8);
    }

    private Stream<SipMessage> requests(Method method) {
        return net.sent.stream()
                .map(LossyNetwork.Wire::message)
                .filter(m -> m instanceof SipRequest r && r.method().equals(method));
    }

    private Stream<SipResponse> responses(Method method) {
        return net.sent.stream()
                .filter(w -> w.message() instanceof SipResponse r
                        && r.status() > 100
                        && r.cseq().method().equals(method))
                .map(w -> (SipResponse) w.message());
    }

    private Stream<Integer> statuses(Method method) {
        return responses(method).map(SipResponse::status);
    }

    private <T extends SipEvent> T last(List<SipEvent> events, Class<T> kind) {
        return kind.cast(events.stream()
                .filter(kind::isInstance)
                .reduce((_, later) -> later)
                .orElseThrow());
    }

    /** Gives the peer's requests of that method a description in place of what they carry. */
    private static UnaryOperator<byte[]> describing(String method, String sdp) {
        return bytes -> {
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (!text.startsWith(method + " ")) {
                return bytes;
            }
            String head = text.substring(0, text.indexOf("\r\n\r\n"))
                    .replaceFirst("\r\nContent-Length: [0-9]+", "")
                    .replaceFirst("\r\nContent-Type: [^\r]*", "");
            String described = sdp.isEmpty() ? "" : "\r\nContent-Type: " + Sdp.CONTENT_TYPE;
            return bytes(head + described + "\r\nContent-Length: " + bytes(sdp).length + "\r\n\r\n" + sdp);
        };
    }

    @AfterEach
    void nothingIsLeft() {
        net.forEachAgent((_, agent) -> agent.hangUp(1, null, net.nowMs));
        net.run(1_000_000);
        net.forEachAgent((at, agent) -> assertThat(agent.calls() + agent.transactions() + agent.deadlines())
                .as("left at " + at)
                .isZero());
    }

    // The offer in progress

    @Test
    void shouldOfferInProgressAndTakeTheAnswerInPrackWhenTheInviteHasNoOffer() {
        long call = call(false);
        assertThat(b.ring(incoming(), 183, CALLEES, net.nowMs)).isTrue();
        net.run(10);
        assertThat(last(atA, SipEvent.Provisional.class).sdp()).isEqualTo(CALLEES);
        assertThat(requests(Method.PRACK)).isEmpty();
        assertThat(a.answerProgress(call, SDP, net.nowMs)).isTrue();
        assertThat(a.answerProgress(call, SDP, net.nowMs)).isFalse();
        net.run(10);
        assertThat(requests(Method.PRACK))
                .singleElement()
                .satisfies(prack -> assertThat(prack.sdp()).isEqualTo(SDP));
        assertThat(Objects.requireNonNull(b.dialog(incoming())).remoteSdp()).isEqualTo(SDP);
        b.answer(incoming(), "whatever: there is nothing more to say", net.nowMs);
        net.run(10);
        assertThat(responses(Method.INVITE).filter(r -> r.status() == 200))
                .singleElement()
                .satisfies(answer -> assertThat(answer.sdp()).isNull());
        assertThat(requests(Method.ACK))
                .singleElement()
                .satisfies(ack -> assertThat(ack.sdp()).isNull());
        assertThat(last(atA, SipEvent.Answered.class).sdp()).isEqualTo(CALLEES);
        assertThat(last(atB, SipEvent.Acknowledged.class).sdp()).isEqualTo(SDP);
        assertThat(Objects.requireNonNull(a.dialog(call)).localSdp()).isEqualTo(SDP);
        assertThat(Objects.requireNonNull(b.dialog(incoming())).localSdp()).isEqualTo(CALLEES);
    }

    @Test
    void shouldRepeatTheOfferUntilItIsAnsweredAndThenGiveUp() {
        call(false);
        b.ring(incoming(), 183, CALLEES, net.nowMs);
        net.run(33_000);
        assertThat(atA).filteredOn(SipEvent.Provisional.class::isInstance).hasSize(1);
        assertThat(last(atA, SipEvent.InviteFailed.class).status()).isEqualTo(504);
        assertThat(requests(Method.PRACK)).isEmpty();
    }

    @Test
    void shouldHoldTheAnswerUntilTheOfferInProgressIsAnswered() {
        long call = call(false);
        b.ring(incoming(), 183, CALLEES, net.nowMs);
        net.run(10);
        b.answer(incoming(), CALLEES, net.nowMs);
        net.run(200);
        assertThat(statuses(Method.INVITE)).doesNotContain(200);
        a.answerProgress(call, SDP, net.nowMs);
        net.run(10);
        assertThat(statuses(Method.INVITE)).contains(200);
    }

    @Test
    void shouldMakeOneOfferInProgressAndInTheFirst() {
        long call = call(false);
        assertThat(b.ring(incoming(), 180, null, net.nowMs)).isFalse();
        assertThat(b.ring(incoming(), 183, CALLEES, net.nowMs)).isTrue();
        assertThat(b.ring(incoming(), 183, CALLEES, net.nowMs)).isFalse();
        assertThat(b.ring(incoming(), 180, null, net.nowMs)).isTrue();
        net.run(10);
        a.answerProgress(call, SDP, net.nowMs);
        net.run(10);
        assertThat(statuses(Method.INVITE)).containsExactly(183, 180);
        assertThat(statuses(Method.PRACK)).containsExactly(200, 200);
    }

    @Test
    void shouldNotTakeAPrackWithoutTheAnswerThatItOwes() {
        long call = call(false);
        net.alters = describing("PRACK", "");
        b.ring(incoming(), 183, CALLEES, net.nowMs);
        net.run(10);
        a.answerProgress(call, SDP, net.nowMs);
        net.run(33_000);
        assertThat(statuses(Method.PRACK)).containsExactly(400);
        assertThat(last(atA, SipEvent.InviteFailed.class).status()).isEqualTo(504);
    }

    // A further offer in PRACK

    @Test
    void shouldAnswerAnOfferInPrackInIts200BeforeTheCallIsAnswered() {
        call(true);
        net.alters = describing("PRACK", FURTHER);
        b.ring(incoming(), 183, CALLEES, net.nowMs);
        net.run(10);
        assertThat(last(atB, SipEvent.IncomingReinvite.class).sdp()).isEqualTo(FURTHER);
        assertThat(b.answer(incoming(), CALLEES, net.nowMs)).isTrue();
        net.run(200);
        assertThat(statuses(Method.PRACK)).isEmpty();
        assertThat(statuses(Method.INVITE)).containsExactly(183);
        assertThat(b.answerReinvite(incoming(), CALLEES, net.nowMs)).isTrue();
        net.run(10);
        assertThat(responses(Method.PRACK)).singleElement().satisfies(answer -> {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.sdp()).isEqualTo(CALLEES);
        });
        assertThat(statuses(Method.INVITE)).containsExactly(183, 200);
        assertThat(Objects.requireNonNull(b.dialog(incoming())).remoteSdp()).isEqualTo(FURTHER);
    }

    @Test
    void shouldGoOnWithTheCallWhenAnOfferInPrackIsRefused() {
        call(true);
        net.alters = describing("PRACK", FURTHER);
        b.ring(incoming(), 183, CALLEES, net.nowMs);
        net.run(10);
        b.rejectReinvite(incoming(), 488, net.nowMs);
        b.answer(incoming(), CALLEES, net.nowMs);
        net.run(10);
        assertThat(statuses(Method.PRACK)).containsExactly(488);
        assertThat(last(atA, SipEvent.Answered.class).sdp()).isEqualTo(CALLEES);
    }

    @Test
    void shouldNotTakeAnOfferInPrackBeforeTheFirstIsAnswered() {
        call(true);
        net.alters = describing("PRACK", FURTHER);
        b.ring(incoming(), 180, null, net.nowMs);
        net.run(10);
        assertThat(statuses(Method.PRACK)).containsExactly(400);
        assertThat(atB).noneMatch(SipEvent.IncomingReinvite.class::isInstance);
    }

    // A further offer in UPDATE

    @Test
    void shouldHoldTheCallersUpdateUntilItsFirstOfferIsAnswered() {
        long call = call(true);
        b.ring(incoming(), 180, null, net.nowMs);
        net.run(10);
        assertThat(a.update(call, Sdp.CONTENT_TYPE, bytes(FURTHER), net.nowMs)).isTrue();
        net.run(3_000);
        assertThat(requests(Method.UPDATE)).isEmpty();
        b.ring(incoming(), 183, CALLEES, net.nowMs);
        net.run(6_000);
        assertThat(last(atB, SipEvent.IncomingReinvite.class).sdp()).isEqualTo(FURTHER);
        b.answerReinvite(incoming(), CALLEES, net.nowMs);
        net.run(10);
        assertThat(last(atA, SipEvent.UpdateAnswered.class))
                .isEqualTo(new SipEvent.UpdateAnswered(call, 200, "OK", CALLEES, false));
    }

    @Test
    void shouldHoldTheCalleesUpdateUntilItsAnswerHasArrivedForCertain() {
        long call = call(true);
        net.loses = w -> w.message() instanceof SipRequest r && r.method().equals(Method.PRACK);
        b.ring(incoming(), 183, CALLEES, net.nowMs);
        net.run(10);
        assertThat(b.update(incoming(), Sdp.CONTENT_TYPE, bytes(CALLEES), net.nowMs))
                .isTrue();
        net.run(1_000);
        assertThat(requests(Method.UPDATE)).isEmpty();
        net.loses = _ -> false;
        net.run(6_000);
        assertThat(last(atA, SipEvent.IncomingReinvite.class).sdp()).isEqualTo(CALLEES);
        a.answerReinvite(call, SDP, net.nowMs);
        net.run(10);
        assertThat(last(atB, SipEvent.UpdateAnswered.class).status()).isEqualTo(200);
    }

    @Test
    void shouldRefuseAnUpdateThatOffersBeforeItMay() {
        // To a caller who owes an answer 500, to one whose offer is open 491 (RFC 3311 section 5.2).
        long call = call(false);
        net.alters = describing("UPDATE", FURTHER);
        b.ring(incoming(), 183, CALLEES, net.nowMs);
        net.run(10);
        b.update(incoming(), "application/x-cisco-cpa", new byte[1], net.nowMs);
        net.run(10);
        assertThat(statuses(Method.UPDATE)).containsExactly(500);
        net.loses = w -> w.message() instanceof SipRequest r && r.method().equals(Method.PRACK);
        a.answerProgress(call, SDP, net.nowMs);
        a.update(call, "application/x-cisco-cpa", new byte[1], net.nowMs);
        net.run(10);
        assertThat(statuses(Method.UPDATE)).containsExactly(500, 491);
    }
}
