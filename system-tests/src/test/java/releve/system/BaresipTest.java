package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import releve.sip.agent.ReferRequest;
import releve.sip.agent.SipEvent;

/**
 * baresip as an agent's phone that answers by itself and plays back what it hears, so that a customer who hears his own
 * voice is heard as well. Our user agent bridges it with a customer by third-party call control (RFC 3725, flow I).
 */
class BaresipTest {
    /** Half a second of voice. */
    private static final int PACKETS = 25;

    @TempDir
    Path directory;

    private Baresip baresip;

    @BeforeEach
    void startBaresip() throws Exception {
        baresip = Baresip.start(directory, "agent");
    }

    @AfterEach
    void stopBaresip() throws Exception {
        baresip.close();
    }

    /** Both legs of a bridge as our user agent sees them. */
    private record Bridge(long toAgent, long toCustomer) {}

    private Bridge bridge(PeerAgent dialer, PeerAgent customer, RtpPhone voice) throws Exception {
        long toAgent = dialer.call(PeerAgent.callTo("agent", baresip.address()).withAutoAnswer());
        String offer = dialer.next(SipEvent.Answered.class).sdp();
        assertThat(offer).as("the phone offers, as it was asked to").contains("m=audio");
        long toCustomer =
                dialer.call(PeerAgent.callTo("customer", customer.address()).withSdp(offer));
        SipEvent.IncomingCall incoming = customer.next(SipEvent.IncomingCall.class);
        customer.command((agent, nowMs) -> agent.answer(incoming.call(), voice.description(), nowMs));
        voice.sendTo(incoming.sdp());
        String answer = dialer.next(SipEvent.Answered.class).sdp();
        customer.next(SipEvent.Acknowledged.class);
        dialer.command((agent, _) -> agent.acknowledge(toAgent, answer));
        hears(voice);
        return new Bridge(toAgent, toCustomer);
    }

    private void hears(RtpPhone voice) throws Exception {
        int before = voice.returned();
        Awaitility.await("voice flows both ways")
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(voice.returned() - before)
                        .as(() -> "of " + voice.received() + " packets, those with our voice")
                        .isGreaterThanOrEqualTo(PACKETS));
    }

    @Test
    void shouldBridgeVoiceBothWaysUntilTheDialerEndsBothLegs() throws Exception {
        try (PeerAgent dialer = new PeerAgent("dialer");
                PeerAgent customer = new PeerAgent("customer");
                RtpPhone voice = new RtpPhone()) {
            Bridge bridge = bridge(dialer, customer, voice);
            dialer.command((agent, nowMs) -> agent.bye(bridge.toAgent(), null, nowMs));
            assertThat(dialer.next(SipEvent.CallEnded.class).byRemote()).isFalse();
            dialer.command((agent, nowMs) -> agent.bye(bridge.toCustomer(), null, nowMs));
            assertThat(dialer.next(SipEvent.CallEnded.class).byRemote()).isFalse();
            assertThat(customer.next(SipEvent.CallEnded.class).byRemote()).isTrue();
            dialer.isQuiet();
            customer.isQuiet();
        }
    }

    @Test
    void shouldLearnThatTheAgentHungUpAndEndTheCustomersLeg() throws Exception {
        try (PeerAgent dialer = new PeerAgent("dialer");
                PeerAgent customer = new PeerAgent("customer");
                RtpPhone voice = new RtpPhone()) {
            Bridge bridge = bridge(dialer, customer, voice);
            baresip.hangUp();
            SipEvent.CallEnded ended = dialer.next(SipEvent.CallEnded.class);
            assertThat(ended.call()).isEqualTo(bridge.toAgent());
            assertThat(ended.byRemote()).isTrue();
            dialer.command((agent, nowMs) -> agent.bye(bridge.toCustomer(), null, nowMs));
            dialer.next(SipEvent.CallEnded.class);
            assertThat(customer.next(SipEvent.CallEnded.class).byRemote()).isTrue();
            dialer.isQuiet();
            customer.isQuiet();
        }
    }

    @Test
    void shouldLearnThatTheCustomerHungUpAndEndTheAgentsLeg() throws Exception {
        try (PeerAgent dialer = new PeerAgent("dialer");
                PeerAgent customer = new PeerAgent("customer");
                RtpPhone voice = new RtpPhone()) {
            Bridge bridge = bridge(dialer, customer, voice);
            customer.command((agent, nowMs) -> agent.bye(1, null, nowMs));
            SipEvent.CallEnded ended = dialer.next(SipEvent.CallEnded.class);
            assertThat(ended.call()).isEqualTo(bridge.toCustomer());
            assertThat(ended.byRemote()).isTrue();
            customer.next(SipEvent.CallEnded.class);
            dialer.command((agent, nowMs) -> agent.bye(bridge.toAgent(), null, nowMs));
            assertThat(dialer.next(SipEvent.CallEnded.class).byRemote()).isFalse();
            dialer.isQuiet();
            customer.isQuiet();
        }
    }

    @Test
    void shouldTransferTheAgentToAnotherCustomerWhoHangsUp() throws Exception {
        try (PeerAgent dialer = new PeerAgent("dialer");
                PeerAgent customer = new PeerAgent("customer");
                PeerAgent other = new PeerAgent("other");
                RtpPhone voice = new RtpPhone();
                RtpPhone otherVoice = new RtpPhone()) {
            transfer(dialer, bridge(dialer, customer, voice), other, otherVoice);
            other.command((agent, nowMs) -> agent.bye(1, null, nowMs));
            SipEvent.CallEnded ended = other.next(SipEvent.CallEnded.class);
            assertThat(ended.byRemote()).isFalse();
            assertThat(ended.detail()).isEqualTo("we ended the call");
            assertThat(customer.next(SipEvent.CallEnded.class).byRemote()).isTrue();
            dialer.isQuiet();
            customer.isQuiet();
            other.isQuiet();
        }
    }

    @Test
    void shouldTransferTheAgentToAnotherCustomerAndLetTheAgentHangUp() throws Exception {
        try (PeerAgent dialer = new PeerAgent("dialer");
                PeerAgent customer = new PeerAgent("customer");
                PeerAgent other = new PeerAgent("other");
                RtpPhone voice = new RtpPhone();
                RtpPhone otherVoice = new RtpPhone()) {
            transfer(dialer, bridge(dialer, customer, voice), other, otherVoice);
            baresip.hangUp();
            assertThat(other.next(SipEvent.CallEnded.class).byRemote()).isTrue();
            assertThat(customer.next(SipEvent.CallEnded.class).byRemote()).isTrue();
            dialer.isQuiet();
            customer.isQuiet();
            other.isQuiet();
        }
    }

    /**
     * Has the phone call somebody else (RFC 3515), and leaves both legs before he answers. The phone has one sound device
     * for all its calls, and the end of one call closes it, so the other answers only when the phone's first call is over; and he
     * does not ring, because the end of a ringing tone that begins after that call closes it as well.
     */
    private void transfer(PeerAgent dialer, Bridge bridge, PeerAgent other, RtpPhone voice) throws Exception {
        String target = "sip:other@127.0.0.1:" + other.address().getPort();
        dialer.command((agent, nowMs) -> agent.refer(bridge.toAgent(), ReferRequest.to(target), nowMs));
        SipEvent.IncomingCall incoming = other.next(SipEvent.IncomingCall.class);
        assertThat(incoming.source().address()).as("who calls").isEqualTo(baresip.address());
        assertThat(dialer.next(SipEvent.ReferAccepted.class).progressFollows()).isTrue();
        assertThat(dialer.next(SipEvent.ReferProgress.class).status()).isEqualTo(100);
        dialer.command((agent, nowMs) -> agent.bye(bridge.toAgent(), null, nowMs));
        assertThat(dialer.next(SipEvent.CallEnded.class).byRemote()).isFalse();
        dialer.command((agent, nowMs) -> agent.bye(bridge.toCustomer(), null, nowMs));
        assertThat(dialer.next(SipEvent.CallEnded.class).byRemote()).isFalse();
        other.command((agent, nowMs) -> agent.answer(incoming.call(), voice.description(), nowMs));
        other.next(SipEvent.Acknowledged.class);
        voice.sendTo(incoming.sdp());
        hears(voice);
    }
}
