package releve.sip.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import releve.sip.message.NameAddr;
import releve.sip.message.Reason;
import releve.sip.message.SipRequest;

/** What a call says about its caller arrives as it was sent. */
class CallerIdentityTest {
    private static final InetSocketAddress A = LossyNetwork.address(1);
    private static final InetSocketAddress B = LossyNetwork.address(2);

    private final LossyNetwork net = new LossyNetwork(9);
    private final List<SipEvent> atB = new ArrayList<>();
    private final UserAgent a = net.add(UserAgentConfig.at(A), (_, _) -> {});
    private final UserAgent b = net.add(UserAgentConfig.at(B), (e, _) -> atB.add(e));

    private SipRequest arrived(InviteRequest call) {
        a.invite(call, net.nowMs);
        net.run(100);
        assertThat(b.calls()).isEqualTo(1);
        return ((SipEvent.IncomingCall) atB.getFirst()).invite();
    }

    private static InviteRequest call() {
        return InviteRequest.of("sip:b@127.0.0.2", B, "sip:+33123@127.0.0.1", "sip:b@127.0.0.2");
    }

    @Test
    void shouldAssertAnIdentityThatIsShown() throws Exception {
        NameAddr asserted = NameAddr.parse("\"Shop\" <sip:+33140@example.com>");
        SipRequest invite = arrived(call().withIdentity(CallerIdentity.shown(asserted)));
        CallerIdentity identity = CallerIdentity.of(invite);
        assertThat(identity.asserted()).containsExactly(asserted);
        assertThat(identity.isWithheld()).isFalse();
        assertThat(invite.from().uri()).isEqualTo("sip:+33123@127.0.0.1");
    }

    @Test
    void shouldKeepAWithheldIdentityOutOfFrom() throws Exception {
        SipRequest invite = arrived(call().withIdentity(CallerIdentity.withheld(NameAddr.parse("<tel:+33140>"))));
        CallerIdentity identity = CallerIdentity.of(invite);
        assertThat(identity.isWithheld()).isTrue();
        assertThat(identity.asserted()).extracting(NameAddr::uri).containsExactly("tel:+33140");
        assertThat(invite.from().uri()).isEqualTo("sip:anonymous@anonymous.invalid");
        assertThat(invite.headers().first("Privacy")).isEqualTo("id");
    }

    @Test
    void shouldCarrySignaturesThroughUntouched() {
        String signature =
                "eyJhbGciOiJFUzI1NiJ9.eyJkZXN0Ijp7fX0.c2ln;info=<https://cert.example.org/p.crt>;alg=ES256;ppt=shaken";
        SipRequest invite = arrived(call().withIdentity(new CallerIdentity(List.of(), Set.of(), List.of(signature))));
        assertThat(CallerIdentity.of(invite).signatures()).containsExactly(signature);
    }

    @Test
    void shouldSayWhyACallWasCancelled() {
        long call = a.invite(call(), net.nowMs);
        net.run(100);
        b.ring(((SipEvent.IncomingCall) atB.getFirst()).call(), 180, null, net.nowMs);
        net.run(100);
        a.cancel(call, Reason.NORMAL_CLEARING, net.nowMs);
        net.run(1_000);
        assertThat(((SipEvent.CancelledByPeer) atB.getLast()).q850Cause()).isEqualTo(16);
    }

    @Test
    void shouldAskAPhoneToAnswerByItselfInBothWaysThatPhonesKnow() {
        SipRequest invite = arrived(call().withAutoAnswer());
        assertThat(invite.headers().first("Call-Info")).endsWith(";answer-after=0");
        assertThat(invite.headers().first("Alert-Info")).endsWith(";info=alert-autoanswer");
    }
}
