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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import releve.sip.dialog.Dialog;
import releve.sip.message.HeaderName;
import releve.sip.message.Method;
import releve.sip.message.SipMessage;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.sdp.Sdp;

/** What carriers and gateways do that no RFC foresees, or that few read in one: a call survives it, or ends as what it was. */
class CarrierLessonsTest {
    private static final InetSocketAddress A = LossyNetwork.address(1);
    private static final InetSocketAddress B = LossyNetwork.address(2);
    private static final InetSocketAddress C = LossyNetwork.address(3);
    private static final String SDP = Sdp.audio("127.0.0.1", 4000, 7).toString();
    private static final String OTHER_SDP = Sdp.audio("127.0.0.1", 4002, 8).toString();

    private final LossyNetwork net = new LossyNetwork(1);
    private final List<SipEvent> atA = new ArrayList<>();
    private final List<SipEvent> atB = new ArrayList<>();
    private final UserAgent a =
            net.add(UserAgentConfig.at(A).withLimits(100, 1_000, 40_000), (event, _) -> atA.add(event));
    private final UserAgent b = net.add(UserAgentConfig.at(B), (event, _) -> atB.add(event));

    private long call() {
        long call = a.invite(
                InviteRequest.of("sip:b@127.0.0.2", B, "sip:a@127.0.0.1", "sip:b@127.0.0.2")
                        .withSdp(SDP),
                net.nowMs);
        net.run(10);
        return call;
    }

    private long callThatIsUp() {
        long call = call();
        b.answer(incoming(), SDP, net.nowMs);
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

    /** Has messages changed on the way, as a gateway would write them. */
    private void rewrites(String line, String with) {
        net.alters = bytes -> new String(bytes, StandardCharsets.UTF_8)
                .replaceFirst(line, with)
                .getBytes(StandardCharsets.UTF_8);
    }

    private void refuses(Method method, int status) {
        net.answers = w ->
                w.message() instanceof SipRequest r && r.method().equals(method) && r.to().tag() != null ? status : 0;
    }

    @AfterEach
    void nothingIsLeft() {
        net.forEachAgent((_, agent) -> agent.hangUp(1, null, net.nowMs));
        net.run(1_000_000);
        net.forEachAgent((at, agent) -> assertThat(agent.calls() + agent.transactions() + agent.deadlines())
                .as("left at " + at)
                .isZero());
    }

    // Before the answer

    @Test
    void shouldCancelAtTheRingLimitWhenEarlyMediaIsFollowedBySilence() {
        call();
        b.ring(incoming(), 183, SDP, net.nowMs);
        net.run(10);
        // Nothing more is heard of that gateway, not even of our CANCEL.
        net.loses = w -> w.from().equals(B);
        net.run(39_000);
        assertThat(atA)
                .singleElement()
                .isInstanceOfSatisfying(
                        SipEvent.Provisional.class,
                        progress -> assertThat(progress.sdp()).isEqualTo(SDP));
        net.run(1_000);
        assertThat(requests(Method.CANCEL)).isNotEmpty();
        net.run(32_000);
        assertThat(atA.getLast()).isInstanceOfSatisfying(SipEvent.InviteFailed.class, failed -> {
            assertThat(failed.status()).isEqualTo(487);
            assertThat(failed.cancelled()).isTrue();
            assertThat(failed.local()).isTrue();
        });
    }

    @Test
    void shouldTakeACallThatIsAnsweredWithoutAnyProgress() {
        call();
        net.loses = w -> w.message() instanceof SipResponse r && r.isProvisional();
        b.answer(incoming(), SDP, net.nowMs);
        net.run(10);
        assertThat(atA)
                .singleElement()
                .isInstanceOfSatisfying(
                        SipEvent.Answered.class,
                        answered -> assertThat(answered.sdp()).isEqualTo(SDP));
    }

    @Test
    void shouldTellTheDescriptionOfTheProgressWhenTheAnswerHasNone() {
        long call = call();
        b.ring(incoming(), 183, OTHER_SDP, net.nowMs);
        b.ring(incoming(), 180, null, net.nowMs);
        net.run(10);
        net.alters = CarrierLessonsTest::withoutBody;
        b.answer(incoming(), OTHER_SDP, net.nowMs);
        net.run(10);
        assertThat(atA.getLast()).isEqualTo(new SipEvent.Answered(call, OTHER_SDP));
        assertThat(Objects.requireNonNull(a.dialog(call)).remoteSdp()).isEqualTo(OTHER_SDP);
    }

    @Test
    void shouldNotTakeTheDescriptionOfOnePhoneForAnothers() {
        long call = call();
        b.ring(incoming(), 183, OTHER_SDP, net.nowMs);
        net.run(10);
        net.alters = bytes -> withoutBody(new String(bytes, StandardCharsets.UTF_8)
                .replaceFirst("(To: [^\r]*;tag=)[^\r]*", "$1other")
                .getBytes(StandardCharsets.UTF_8));
        b.answer(incoming(), OTHER_SDP, net.nowMs);
        net.run(10);
        assertThat(atA.getLast()).isEqualTo(new SipEvent.Answered(call, null));
    }

    private static byte[] withoutBody(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!text.startsWith("SIP/2.0 200")) {
            return bytes;
        }
        return text.substring(0, text.indexOf("\r\n\r\n") + 4)
                .replaceFirst("Content-Length: [0-9]+", "Content-Length: 0")
                .replaceFirst("Content-Type: [^\r]*\r\n", "")
                .getBytes(StandardCharsets.UTF_8);
    }

    // While it is up

    @Test
    void shouldKeepTheRouteAndTakeTheNewTargetWhenAReinviteIsAnsweredWithOtherRoutes() {
        long call = callThatIsUp();
        net.add(UserAgentConfig.at(C), (_, _) -> {});
        a.reinvite(call, SDP, net.nowMs);
        net.run(10);
        b.answerReinvite(incoming(), SDP, net.nowMs);
        rewrites(
                "Contact: <sip:releve@127.0.0.2:5060>",
                "Record-Route: <sip:127.0.0.9;lr>\r\nContact: <sip:x@127.0.0.3>");
        net.run(10);
        net.alters = bytes -> bytes;
        Dialog dialog = Objects.requireNonNull(a.dialog(call));
        assertThat(dialog.routeSet()).isEmpty();
        assertThat(dialog.remoteTarget()).isEqualTo("sip:x@127.0.0.3");
        a.bye(call, null, net.nowMs);
        net.run(10);
        LossyNetwork.Wire bye = requests(Method.BYE).findFirst().orElseThrow();
        assertThat(bye.to()).isEqualTo(C);
        assertThat(bye.message().headers().has(HeaderName.ROUTE)).isFalse();
        b.bye(incoming(), null, net.nowMs);
    }

    @Test
    void shouldKeepTheRouteWhenThePeersReinviteShowsAnother() {
        long call = callThatIsUp();
        rewrites("(INVITE [^\r]*\r\n)", "$1Record-Route: <sip:127.0.0.9;lr>\r\n");
        b.reinvite(incoming(), SDP, net.nowMs);
        net.run(10);
        a.answerReinvite(call, SDP, net.nowMs);
        net.run(10);
        assertThat(Objects.requireNonNull(a.dialog(call)).routeSet()).isEmpty();
        a.bye(call, null, net.nowMs);
        net.run(10);
        assertThat(requests(Method.BYE)).extracting(LossyNetwork.Wire::to).containsExactly(B);
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 405, 488, 500, 501, 606})
    void shouldKeepTheCallWhenATrunkRefusesReinvites(int status) {
        long call = callThatIsUp();
        refuses(Method.INVITE, status);
        a.reinvite(call, OTHER_SDP, net.nowMs);
        net.run(40_000);
        assertThat(atA.getLast())
                .isInstanceOfSatisfying(
                        SipEvent.ReinviteFailed.class,
                        failed -> assertThat(failed.status()).isEqualTo(status));
        assertThat(Objects.requireNonNull(a.dialog(call)).localSdp()).isEqualTo(SDP);
        assertThat(a.bye(call, null, net.nowMs)).isTrue();
        net.run(10);
        assertThat(atB.getLast()).isInstanceOf(SipEvent.CallEnded.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {405, 501})
    void shouldUpdateInsteadWhereOnlyThatIsAllowed(int status) {
        long call = callThatIsUp();
        net.allows = "INVITE, ACK, BYE, CANCEL, UPDATE";
        refuses(Method.INVITE, status);
        a.reinvite(call, OTHER_SDP, net.nowMs);
        net.run(10);
        assertThat(((SipEvent.IncomingReinvite) atB.getLast()).sdp()).isEqualTo(OTHER_SDP);
        b.answerReinvite(incoming(), SDP, net.nowMs);
        net.run(10);
        assertThat(atA.getLast()).isEqualTo(new SipEvent.ReinviteAnswered(call, SDP));
        assertThat(requests(Method.UPDATE))
                .singleElement()
                .satisfies(w -> assertThat(w.message().headers().first(HeaderName.CONTENT_TYPE))
                        .isEqualTo(Sdp.CONTENT_TYPE));
        assertThat(Objects.requireNonNull(a.dialog(call)).localSdp()).isEqualTo(OTHER_SDP);
        assertThat(a.reinvite(call, SDP, net.nowMs)).isTrue();
    }

    @Test
    void shouldSayWhatBecameOfTheUpdateThatStoodForAReinvite() {
        long call = callThatIsUp();
        net.allows = "UPDATE";
        refuses(Method.INVITE, 405);
        a.reinvite(call, OTHER_SDP, net.nowMs);
        net.run(10);
        b.rejectReinvite(incoming(), 488, net.nowMs);
        net.run(10);
        assertThat(atA.getLast()).isEqualTo(new SipEvent.ReinviteFailed(call, 488, "Not Acceptable Here", false));
        assertThat(a.calls()).isEqualTo(1);
    }

    @Test
    void shouldTryAgainByUpdateWhenTheUpdateThatStoodForAReinviteMeetsGlare() {
        long call = callThatIsUp();
        net.allows = "UPDATE";
        int[] refused = {0};
        net.answers = w -> w.message() instanceof SipRequest r && r.method().equals(Method.INVITE)
                ? 405
                : w.message() instanceof SipRequest u && u.method().equals(Method.UPDATE) && refused[0]++ == 0
                        ? 491
                        : 0;
        a.reinvite(call, OTHER_SDP, net.nowMs);
        net.run(5_000);
        b.answerReinvite(incoming(), SDP, net.nowMs);
        net.run(10);
        assertThat(atA.getLast()).isEqualTo(new SipEvent.ReinviteAnswered(call, SDP));
        assertThat(requests(Method.INVITE)).hasSize(3);
    }

    @Test
    void shouldSendWhereTheCallWasMadeWhenThePeersContactIsBehindNat() {
        InetSocketAddress at = LossyNetwork.address(4);
        List<SipEvent> events = new ArrayList<>();
        UserAgent natted = net.add(UserAgentConfig.at(at).withFollowContact(false), (event, _) -> events.add(event));
        rewrites("Contact: <sip:releve@127.0.0.2:5060>", "Contact: <sip:releve@10.0.0.2:5060>");
        long call = natted.invite(
                InviteRequest.of("sip:b@127.0.0.2", B, "sip:a@127.0.0.4", "sip:b@127.0.0.2")
                        .withSdp(SDP),
                net.nowMs);
        net.run(10);
        b.answer(incoming(), SDP, net.nowMs);
        net.run(10);
        natted.bye(call, null, net.nowMs);
        net.run(10);
        assertThat(requests(Method.ACK)).extracting(LossyNetwork.Wire::to).containsExactly(B);
        assertThat(requests(Method.BYE)).singleElement().satisfies(w -> {
            assertThat(w.to()).isEqualTo(B);
            SipMessage bye = w.message();
            assertThat(((SipRequest) bye).uri()).isEqualTo("sip:releve@10.0.0.2:5060");
        });
        assertThat(events.getLast()).isInstanceOf(SipEvent.CallEnded.class);
    }
}
