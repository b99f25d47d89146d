package releve.sip.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import releve.sip.message.HeaderName;
import releve.sip.sdp.Sdp;

/** Two calls joined by third-party call control (RFC 3725 flow I with the customer called first). */
class BridgeTest {
    private static final InetSocketAddress DIALER = LossyNetwork.address(1);
    private static final InetSocketAddress CUSTOMER = LossyNetwork.address(2);
    private static final InetSocketAddress AGENT = LossyNetwork.address(3);
    private static final String DIALER_SDP = Sdp.audio("127.0.0.1", 4000, 1).toString();
    private static final String CUSTOMER_SDP = Sdp.audio("127.0.0.2", 5000, 2).toString();
    private static final String AGENT_SDP = Sdp.audio("127.0.0.3", 6000, 3).toString();

    private final LossyNetwork net = new LossyNetwork(5);
    private final List<SipEvent> atDialer = new ArrayList<>();
    private final UserAgent dialer = net.add(UserAgentConfig.at(DIALER), this::atDialer);
    private final UserAgent customer = net.add(UserAgentConfig.at(CUSTOMER), this::atCustomer);
    private final UserAgent phone = net.add(UserAgentConfig.at(AGENT), this::atPhone);
    private long customerLeg;
    private long agentLeg;
    private long customerCall;
    private String customerHears = "";
    private String agentHears = "";

    private void atDialer(SipEvent event, long nowMs) {
        atDialer.add(event);
        switch (event) {
            case SipEvent.Answered up
            when up.call() == customerLeg ->
                agentLeg = dialer.invite(
                        InviteRequest.of("sip:agent7@127.0.0.3", AGENT, "sip:dialer@127.0.0.1", "sip:agent7@127.0.0.3")
                                .withSdp(Objects.requireNonNull(up.sdp()))
                                .withAutoAnswer(),
                        nowMs);
            case SipEvent.Answered up when up.call() == agentLeg -> dialer.reinvite(customerLeg, up.sdp(), nowMs);
            case SipEvent.CallEnded end
            when end.byRemote() -> dialer.bye(end.call() == customerLeg ? agentLeg : customerLeg, null, nowMs);
            default -> {}
        }
    }

    private void atCustomer(SipEvent event, long nowMs) {
        switch (event) {
            case SipEvent.IncomingCall in -> {
                customerCall = in.call();
                customerHears = in.sdp();
                customer.ring(in.call(), 180, null, nowMs);
                customer.answer(in.call(), CUSTOMER_SDP, nowMs);
            }
            case SipEvent.IncomingReinvite in -> {
                customerHears = in.sdp();
                customer.answerReinvite(in.call(), CUSTOMER_SDP, nowMs);
            }
            default -> {}
        }
    }

    private void atPhone(SipEvent event, long nowMs) {
        if (event instanceof SipEvent.IncomingCall in) {
            agentHears = in.sdp();
            assertThat(in.invite().headers().first(HeaderName.CALL_INFO)).isEqualTo("<sip:127.0.0.3>;answer-after=0");
            assertThat(in.invite().headers().first(HeaderName.ALERT_INFO)).contains("info=alert-autoanswer");
            phone.answer(in.call(), AGENT_SDP, nowMs);
        }
    }

    @Test
    void shouldSendMediaDirectlyBetweenCustomerAndAgentAndEndBothLegs() {
        net.loss = 0.1;
        net.delayMaxMs = 40;
        customerLeg = dialer.invite(
                InviteRequest.of("sip:+12025550123@127.0.0.2", CUSTOMER, "sip:dialer@127.0.0.1", "sip:c@127.0.0.2")
                        .withSdp(DIALER_SDP),
                net.nowMs);
        net.run(20_000);
        assertThat(customerHears).isEqualTo(AGENT_SDP);
        assertThat(agentHears).isEqualTo(CUSTOMER_SDP);
        assertThat(dialer.calls()).isEqualTo(2);
        customer.bye(customerCall, null, net.nowMs);
        net.run(200_000);
        assertThat(atDialer).filteredOn(SipEvent.CallEnded.class::isInstance).hasSize(2);
        net.forEachAgent((_, agent) -> assertThat(agent.calls() + agent.transactions() + agent.deadlines())
                .isZero());
    }
}
