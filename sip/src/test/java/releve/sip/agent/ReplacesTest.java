package releve.sip.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import releve.sip.dialog.Dialog;
import releve.sip.message.Replaces;
import releve.sip.sdp.Sdp;

/** A call that takes the place of another (RFC 3891). */
class ReplacesTest {
    private static final InetSocketAddress A = LossyNetwork.address(1);
    private static final InetSocketAddress B = LossyNetwork.address(2);
    private static final InetSocketAddress C = LossyNetwork.address(3);
    private static final String SDP = Sdp.audio("127.0.0.1", 4000, 7).toString();

    private final LossyNetwork net = new LossyNetwork(12);
    private final List<SipEvent> atA = new ArrayList<>();
    private final List<SipEvent> atB = new ArrayList<>();
    private final List<SipEvent> atC = new ArrayList<>();
    private final UserAgent a = net.add(UserAgentConfig.at(A), (e, _) -> atA.add(e));
    private final UserAgent b = net.add(UserAgentConfig.at(B), (e, _) -> atB.add(e));
    private final UserAgent c = net.add(UserAgentConfig.at(C), (e, _) -> atC.add(e));

    private static InviteRequest toB(InetSocketAddress from) {
        String own = "sip:x@" + from.getAddress().getHostAddress();
        return InviteRequest.of("sip:b@127.0.0.2", B, own, "sip:b@127.0.0.2").withSdp(SDP);
    }

    private long incoming() {
        net.run(100);
        return ((SipEvent.IncomingCall) atB.getLast()).call();
    }

    private Replaces ofA(long callA, boolean earlyOnly) {
        Dialog dialog = Objects.requireNonNull(a.dialog(callA));
        return new Replaces(
                dialog.id().callId(), dialog.id().remoteTag(), dialog.id().localTag(), earlyOnly);
    }

    private int failureAtC() {
        net.run(1_000);
        return ((SipEvent.InviteFailed) atC.getLast()).status();
    }

    @Test
    void shouldEndTheReplacedCallWhenTheNewOneIsAnswered() {
        long callA = a.invite(toB(A), net.nowMs);
        long first = incoming();
        b.answer(first, SDP, net.nowMs);
        net.run(1_000);
        c.invite(toB(C).replacing(ofA(callA, false)), net.nowMs);
        long second = incoming();
        assertThat(b.replacedBy(second)).isEqualTo(first);
        assertThat(b.calls()).isEqualTo(2);
        b.answer(second, SDP, net.nowMs);
        net.run(1_000);
        assertThat(atA.getLast()).isInstanceOf(SipEvent.CallEnded.class);
        assertThat(atB).contains(new SipEvent.CallEnded(first, false, null, "another call took its place"));
        assertThat(b.calls()).isEqualTo(1);
        assertThat(b.replacedBy(second)).isZero();
    }

    @Test
    void shouldLeaveTheCallAloneWhenTheNewOneIsRejected() {
        long callA = a.invite(toB(A), net.nowMs);
        b.answer(incoming(), SDP, net.nowMs);
        net.run(1_000);
        c.invite(toB(C).replacing(ofA(callA, false)), net.nowMs);
        b.reject(incoming(), 486, List.of(), net.nowMs);
        net.run(1_000);
        assertThat(a.calls()).isEqualTo(1);
        assertThat(b.calls()).isEqualTo(1);
    }

    @Test
    void shouldRefuseToReplaceWhatMayNotBeReplaced() {
        c.invite(toB(C).replacing(new Replaces("unknown", "1", "2", false)), net.nowMs);
        assertThat(failureAtC()).isEqualTo(481);
        long callA = a.invite(toB(A), net.nowMs);
        b.answer(incoming(), SDP, net.nowMs);
        net.run(1_000);
        c.invite(toB(C).replacing(ofA(callA, true)), net.nowMs);
        assertThat(failureAtC()).as("early-only and it is answered").isEqualTo(486);
        c.invite(toB(C).withHeader("Replaces", "no-tags"), net.nowMs);
        assertThat(failureAtC()).isEqualTo(400);
        c.invite(toB(C).withHeader("Require", "replaces, timetravel"), net.nowMs);
        assertThat(failureAtC()).isEqualTo(420);
        assertThat(b.calls()).isEqualTo(1);
    }
}
