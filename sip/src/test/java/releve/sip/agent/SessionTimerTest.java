package releve.sip.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import releve.sip.message.HeaderName;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.Method;
import releve.sip.message.SessionExpires;
import releve.sip.message.SessionExpires.Refresher;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.sdp.Sdp;

/** Session timers (RFC 4028) between two user agents, on virtual time. */
class SessionTimerTest {
    private static final InetSocketAddress A = LossyNetwork.address(1);
    private static final InetSocketAddress B = LossyNetwork.address(2);
    private static final String SDP = Sdp.audio("127.0.0.1", 4000, 7).toString();
    private static final SessionInterval WE = SessionInterval.of(90);
    private static final SessionInterval THEY = new SessionInterval(90, 90, false);

    private final LossyNetwork net = new LossyNetwork(1);
    private final List<SipEvent> atA = new ArrayList<>();
    private final List<SipEvent> atB = new ArrayList<>();
    private UserAgent a = agent(A, SessionInterval.OFF, atA);
    private UserAgent b = agent(B, SessionInterval.OFF, atB);
    private long startedAtMs;

    private UserAgent agent(InetSocketAddress at, SessionInterval session, List<SipEvent> events) {
        return net.add(UserAgentConfig.at(at).withSessions(session), (e, _) -> events.add(e));
    }

    private long talk(SessionInterval callers, SessionInterval callees) {
        a = agent(A, callers, atA);
        b = agent(B, callees, atB);
        return talk(InviteRequest.of("sip:b@127.0.0.2", B, "sip:a@127.0.0.1", "sip:b@127.0.0.2"));
    }

    private long talk(InviteRequest spec) {
        long call = a.invite(spec.withSdp(SDP), net.nowMs);
        net.run(10);
        assertThat(b.answer(incoming(), SDP, net.nowMs)).isTrue();
        net.run(10);
        startedAtMs = net.nowMs;
        return call;
    }

    private long incoming() {
        return ((SipEvent.IncomingCall) atB.getFirst()).call();
    }

    private Stream<LossyNetwork.Wire> requests(Method method) {
        return net.sent.stream()
                .filter(w -> w.message() instanceof SipRequest r && r.method().equals(method));
    }

    private List<LossyNetwork.Wire> refreshes() {
        return requests(Method.UPDATE).toList();
    }

    private long secondsAt(LossyNetwork.Wire wire) {
        return Math.round((wire.atMs() - startedAtMs) / 1_000.0);
    }

    private SipResponse answer() {
        return (SipResponse) net.sent.stream()
                .filter(w -> w.message() instanceof SipResponse r
                        && r.status() == 200
                        && r.cseq().method().equals(Method.INVITE))
                .findFirst()
                .orElseThrow()
                .message();
    }

    private static SipEvent.@Nullable CallEnded end(List<SipEvent> events) {
        return events.stream()
                .filter(SipEvent.CallEnded.class::isInstance)
                .map(SipEvent.CallEnded.class::cast)
                .findFirst()
                .orElse(null);
    }

    @AfterEach
    void nothingIsLeft() {
        a.bye(1, null, net.nowMs);
        b.bye(1, null, net.nowMs);
        net.run(1_000_000);
        net.forEachAgent((at, agent) -> assertThat(agent.calls() + agent.transactions() + agent.deadlines())
                .as("left at " + at)
                .isZero());
    }

    @Test
    void shouldRefreshAtHalfTheIntervalWhenTheCalleeLeavesItToTheCaller() {
        talk(WE, THEY);
        assertThat(answer().headers().first(HeaderName.SESSION_EXPIRES)).isEqualTo("90;refresher=uac");
        assertThat(OptionTags.requires(answer().headers(), OptionTags.TIMER)).isTrue();
        net.run(200_000);
        assertThat(refreshes()).extracting(this::secondsAt).containsExactly(45L, 90L, 135L, 180L);
        assertThat(refreshes())
                .allMatch(w -> w.from().equals(A)
                        && "90;refresher=uac".equals(w.message().headers().first(HeaderName.SESSION_EXPIRES)));
        assertThat(a.calls() + b.calls()).isEqualTo(2);
        assertThat(atA).noneMatch(SipEvent.UpdateAnswered.class::isInstance);
    }

    @Test
    void shouldRefreshFromTheCalleesSideWhenThatIsItsChoice() {
        talk(THEY, WE);
        assertThat(answer().headers().first(HeaderName.SESSION_EXPIRES)).isEqualTo("90;refresher=uas");
        net.run(100_000);
        assertThat(refreshes()).hasSize(2).allMatch(w -> w.from().equals(B));
        assertThat(a.calls() + b.calls()).isEqualTo(2);
    }

    @Test
    void shouldEndTheCallOnBothSidesBeforeTheSessionExpiresWhenThePathIsCut() {
        talk(WE, THEY);
        net.loses = _ -> true;
        net.run(59_900);
        assertThat(a.calls() + b.calls()).isEqualTo(2);
        net.run(200);
        assertThat(requests(Method.BYE).map(LossyNetwork.Wire::from)).contains(A, B);
        net.run(40_000);
        assertThat(end(atA)).extracting(SipEvent.CallEnded::detail).isEqualTo(SessionTimer.EXPIRED);
        assertThat(end(atB)).extracting(SipEvent.CallEnded::detail).isEqualTo(SessionTimer.EXPIRED);
    }

    @Test
    void shouldLeave32SecondsForTheEndOfALongSession() {
        talk(new SessionInterval(1_800, 90, false), new SessionInterval(1_800, 90, false));
        // Every refresh of the caller is lost, so the callee ends the call.
        net.loses = w -> w.from().equals(A);
        net.run(1_900_000);
        assertThat(requests(Method.BYE)
                        .filter(w -> w.from().equals(B))
                        .mapToLong(this::secondsAt)
                        .min())
                .hasValue(1_768);
    }

    @Test
    void shouldCallAgainWithALongerSessionWhenTheCalleeFindsItTooShort() {
        a = agent(A, WE, atA);
        b = agent(B, new SessionInterval(300, 300, false), atB);
        a.invite(
                InviteRequest.of("sip:b@127.0.0.2", B, "sip:a@127.0.0.1", "sip:b@127.0.0.2")
                        .withSdp(SDP),
                net.nowMs);
        net.run(10);
        assertThat(net.sent.stream()
                        .filter(w -> w.message() instanceof SipResponse r && r.status() == 422)
                        .map(w -> w.message().headers().first(HeaderName.MIN_SE)))
                .containsExactly("300");
        SipRequest second =
                (SipRequest) requests(Method.INVITE).toList().getLast().message();
        assertThat(second.cseq().number()).isEqualTo(2);
        assertThat(second.headers().first(HeaderName.SESSION_EXPIRES)).isEqualTo("300");
        assertThat(second.headers().first(HeaderName.MIN_SE)).isEqualTo("300");
        b.answer(incoming(), SDP, net.nowMs);
        net.run(10);
        assertThat(answer().headers().first(HeaderName.SESSION_EXPIRES)).isEqualTo("300;refresher=uac");
        assertThat(atA).anyMatch(SipEvent.Answered.class::isInstance);
    }

    @Test
    void shouldRefreshByItselfWhenThePeerKnowsNoSessionTimers() {
        talk(THEY, SessionInterval.OFF);
        assertThat(answer().headers().has(HeaderName.SESSION_EXPIRES)).isFalse();
        net.run(100_000);
        assertThat(refreshes()).hasSize(2).allMatch(w -> w.from().equals(A));
        net.loses = w -> w.from().equals(B);
        net.run(100_000);
        assertThat(end(atA)).isNotNull();
    }

    @Test
    void shouldRefreshWithReinviteAndTellNobodyWhenThePeerHasNoUpdate() {
        net.alters = bytes -> new String(bytes, StandardCharsets.UTF_8)
                .replace(", UPDATE", "")
                .getBytes(StandardCharsets.UTF_8);
        talk(WE, THEY);
        for (int i = 0; i < 100; i++) {
            net.run(1_000);
            b.answerReinvite(incoming(), SDP, net.nowMs);
        }
        assertThat(refreshes()).isEmpty();
        assertThat(requests(Method.INVITE).skip(1)).hasSize(2).allMatch(w -> {
            String text = w.message().sdp();
            return SDP.equals(text) && w.message().headers().has(HeaderName.SESSION_EXPIRES);
        });
        assertThat(atA).noneMatch(SipEvent.ReinviteAnswered.class::isInstance);
        assertThat(a.calls() + b.calls()).isEqualTo(2);
    }

    @Test
    void shouldCountAReinviteForARefresh() {
        long call = talk(WE, THEY);
        net.run(40_000);
        assertThat(a.reinvite(call, SDP, net.nowMs)).isTrue();
        net.run(10);
        b.answerReinvite(incoming(), SDP, net.nowMs);
        net.run(40_000);
        assertThat(refreshes()).isEmpty();
        net.run(10_000);
        assertThat(refreshes()).hasSize(1);
    }

    @Test
    void shouldEndTheCallWhenARefreshFindsNone() {
        talk(WE, THEY);
        b = agent(B, THEY, new ArrayList<>());
        net.run(50_000);
        assertThat(end(atA)).extracting(SipEvent.CallEnded::detail).asString().contains("481");
    }

    @Test
    void shouldSayNothingOfSessionsWhenTheCallHasNoTimer() {
        a = agent(A, WE, atA);
        talk(InviteRequest.of("sip:b@127.0.0.2", B, "sip:a@127.0.0.1", "sip:b@127.0.0.2")
                .withSession(SessionInterval.OFF));
        net.run(100_000);
        assertThat(net.sent)
                .noneMatch(w -> w.message().headers().has(HeaderName.SESSION_EXPIRES)
                        || w.message().headers().has(HeaderName.SUPPORTED));
        assertThat(a.deadlines() + b.deadlines()).isZero();
    }

    @Test
    void shouldReadAndWriteSessionExpires() throws MalformedMessageException {
        assertThat(SessionExpires.parse(" 1800 ;Refresher=UAS;x")).isEqualTo(new SessionExpires(1_800, Refresher.UAS));
        assertThat(SessionExpires.parse("90;refresher=both")).isEqualTo(new SessionExpires(90, null));
        assertThat(new SessionExpires(90, Refresher.UAC)).hasToString("90;refresher=uac");
        assertThatThrownBy(() -> SessionExpires.parse("soon")).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> new SessionInterval(60, 60, true)).isInstanceOf(IllegalArgumentException.class);
    }
}
