package releve.sip.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;
import releve.sip.sdp.Sdp;

/** REFER with its notifications, both directions (RFC 3515, RFC 4488), and INFO (RFC 6086). */
class ReferTest {
    private static final InetSocketAddress A = LossyNetwork.address(1);
    private static final InetSocketAddress B = LossyNetwork.address(2);
    private static final String SDP = Sdp.audio("127.0.0.1", 4000, 7).toString();

    private final LossyNetwork net = new LossyNetwork(6);
    private final List<SipEvent> atA = new ArrayList<>();
    private final List<SipEvent> atB = new ArrayList<>();
    private final UserAgent a = net.add(UserAgentConfig.at(A), (e, _) -> atA.add(e));
    private final UserAgent b = net.add(UserAgentConfig.at(B), (e, _) -> atB.add(e));
    private final long callA = a.invite(
            InviteRequest.of("sip:b@127.0.0.2", B, "sip:a@127.0.0.1", "sip:b@127.0.0.2")
                    .withSdp(SDP),
            net.nowMs);
    private final long callB = up();

    private long up() {
        net.run(100);
        long call = ((SipEvent.IncomingCall) atB.getFirst()).call();
        b.answer(call, SDP, net.nowMs);
        net.run(1_000);
        atA.clear();
        atB.clear();
        return call;
    }

    private Stream<SipRequest> notifies() {
        return net.sent.stream()
                .filter(w -> w.message() instanceof SipRequest r && r.method().equals(Method.NOTIFY))
                .map(w -> (SipRequest) w.message());
    }

    private int status(Method method) {
        return net.sent.stream()
                .filter(w -> w.message() instanceof SipResponse r
                        && r.cseq().method().equals(method))
                .map(w -> ((SipResponse) w.message()).status())
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    private void nothingIsLeft() {
        a.hangUp(callA, null, net.nowMs);
        net.run(200_000);
        assertThat(a.calls() + b.calls() + a.transactions() + b.transactions() + a.deadlines() + b.deadlines())
                .isZero();
    }

    @Test
    void shouldTellHowTheReferredCallGoes() {
        assertThat(a.refer(callA, ReferRequest.to("sip:agent@127.0.0.3"), net.nowMs))
                .isTrue();
        assertThat(a.refer(callA, ReferRequest.to("sip:other@127.0.0.3"), net.nowMs))
                .isFalse();
        net.run(1_000);
        SipEvent.Referred referred = (SipEvent.Referred) atB.getFirst();
        assertThat(referred.referTo()).isEqualTo("sip:agent@127.0.0.3");
        assertThat(b.acceptRefer(callB, net.nowMs)).isTrue();
        net.run(1_000);
        assertThat(b.progressOfRefer(callB, 180, net.nowMs)).isTrue();
        net.run(1_000);
        assertThat(b.progressOfRefer(callB, 200, net.nowMs)).isTrue();
        assertThat(b.progressOfRefer(callB, 200, net.nowMs)).isFalse();
        net.run(1_000);
        assertThat(atA).contains(new SipEvent.ReferAccepted(callA, true));
        assertThat(atA.stream().filter(SipEvent.ReferProgress.class::isInstance))
                .containsExactly(
                        new SipEvent.ReferProgress(callA, 100, "Trying", false),
                        new SipEvent.ReferProgress(callA, 180, "Ringing", false),
                        new SipEvent.ReferProgress(callA, 200, "OK", true));
        SipRequest last = notifies().reduce((_, r) -> r).orElseThrow();
        assertThat(last.headers().first("Subscription-State")).isEqualTo("terminated;reason=noresource");
        assertThat(last.headers().first("Content-Type")).isEqualTo("message/sipfrag;version=2.0");
        assertThat(new String(last.body(), StandardCharsets.UTF_8)).isEqualTo("SIP/2.0 200 OK\r\n");
        assertThat(a.dialog(callA).localCSeq()).isEqualTo(2);
        nothingIsLeft();
    }

    @Test
    void shouldTellNothingWhenNobodyWantsToHearIt() {
        a.refer(callA, new ReferRequest("sip:agent@127.0.0.3", false, List.of()), net.nowMs);
        net.run(1_000);
        b.acceptRefer(callB, net.nowMs);
        net.run(1_000);
        assertThat(atA).containsExactly(new SipEvent.ReferAccepted(callA, false));
        assertThat(b.progressOfRefer(callB, 200, net.nowMs)).isFalse();
        assertThat(notifies()).isEmpty();
        nothingIsLeft();
    }

    @Test
    void shouldSayThatAReferWasRefused() {
        a.refer(callA, ReferRequest.to("sip:agent@127.0.0.3"), net.nowMs);
        net.run(1_000);
        b.rejectRefer(callB, 603, net.nowMs);
        net.run(1_000);
        assertThat(atA).containsExactly(new SipEvent.ReferFailed(callA, 603, "Decline", false));
        assertThat(a.refer(callA, ReferRequest.to("sip:agent@127.0.0.3"), net.nowMs))
                .isTrue();
        net.run(IncomingRefer.DECIDE_MS + 1_000);
        assertThat(atA.getLast())
                .as("nobody decided about the second")
                .isEqualTo(new SipEvent.ReferFailed(callA, 480, "Temporarily Unavailable", false));
        nothingIsLeft();
    }

    @Test
    void shouldGiveTheNotificationsOfASecondReferAnId() {
        for (int i = 0; i < 2; i++) {
            a.refer(callA, ReferRequest.to("sip:agent@127.0.0.3"), net.nowMs);
            net.run(1_000);
            b.acceptRefer(callB, net.nowMs);
            net.run(1_000);
            b.progressOfRefer(callB, 486, net.nowMs);
            net.run(1_000);
        }
        assertThat(notifies().map(r -> r.headers().first("Event"))).contains("refer", "refer;id=3");
        assertThat(atA.getLast()).isEqualTo(new SipEvent.ReferProgress(callA, 486, "Busy Here", true));
        nothingIsLeft();
    }

    @Test
    void shouldStopWaitingForNotificationsThatNeverCome() {
        net.loses = w -> w.message() instanceof SipRequest r && r.method().equals(Method.NOTIFY);
        a.refer(callA, ReferRequest.to("sip:agent@127.0.0.3"), net.nowMs);
        net.run(1_000);
        b.acceptRefer(callB, net.nowMs);
        net.run(181_000);
        assertThat(atA.getLast()).isEqualTo(new SipEvent.ReferProgress(callA, 408, "Request Timeout", true));
        nothingIsLeft();
    }

    @Test
    void shouldEndAReferWithItsCall() {
        a.refer(callA, ReferRequest.to("sip:agent@127.0.0.3"), net.nowMs);
        net.run(1_000);
        b.acceptRefer(callB, net.nowMs);
        net.run(1_000);
        nothingIsLeft();
        assertThat(atA.getLast()).isInstanceOf(SipEvent.CallEnded.class);
        assertThat(b.progressOfRefer(callB, 200, net.nowMs)).isFalse();
    }

    @Test
    void shouldPassInfoOn() {
        byte[] body = "Signal=5\r\nDuration=160\r\n".getBytes(StandardCharsets.UTF_8);
        assertThat(b.info(callB, "application/dtmf-relay", body, net.nowMs)).isTrue();
        net.run(1_000);
        SipEvent.InfoReceived info = (SipEvent.InfoReceived) atA.getFirst();
        assertThat(info.contentType()).isEqualTo("application/dtmf-relay");
        assertThat(info.body()).isEqualTo(body);
        assertThat(atB).containsExactly(new SipEvent.InfoAnswered(callB, 200, false));
        nothingIsLeft();
    }

    @Test
    void shouldRefuseRefersAndNotificationsThatBelongToNothing() {
        for (Method method : List.of(Method.REFER, Method.NOTIFY, Method.INFO, Method.MESSAGE, Method.SUBSCRIBE)) {
            net.inject(outside(method), A, B);
            net.run(100);
            int expected = method.equals(Method.REFER)
                    ? 403
                    : method.equals(Method.NOTIFY) || method.equals(Method.INFO)
                            ? 481
                            : method.equals(Method.SUBSCRIBE) ? 489 : 405;
            assertThat(status(method)).as(method.name()).isEqualTo(expected);
        }
        net.inject(outside(new Method("DANCE")), A, B);
        net.run(100);
        assertThat(status(new Method("DANCE"))).isEqualTo(501);
        nothingIsLeft();
    }

    private static byte[] outside(Method method) {
        return String.join(
                        "\r\n",
                        method + " sip:b@127.0.0.2 SIP/2.0",
                        "Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK" + method,
                        "Max-Forwards: 70",
                        "From: <sip:x@127.0.0.1>;tag=1",
                        "To: <sip:b@127.0.0.2>",
                        "Call-ID: " + method,
                        "CSeq: 1 " + method,
                        "Refer-To: <sip:c@127.0.0.3>",
                        "Content-Length: 0",
                        "",
                        "")
                .getBytes(StandardCharsets.UTF_8);
    }
}
