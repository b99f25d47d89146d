package releve.server.telephony;

import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import releve.core.call.CallEvent;
import releve.sip.agent.SipEvent;
import releve.sip.agent.UserAgent;

/**
 * Calls that are placed from an agent's own phone: his leg comes first, then the customer is called with the agent's
 * description as the offer (third-party call control, RFC 3725 section 4.1). Nothing is analysed, and nobody is transferred:
 * what the customer's side sends goes to the agent from the first early media on.
 *
 * <pre>
 * the agent's phone is called        with our own description
 * it answers                         the customer is called with the agent's description
 * 180 without a description          a ringback tone is played to the agent
 * early media, or the answer         the agent is re-INVITEd with the customer's description
 * the agent is told the answer's     they are connected
 * </pre>
 *
 * Each side's end ends the other: an agent who hangs up before the answer cancels the customer's INVITE. Runs on the
 * endpoint's loop.
 */
final class AgentFirst {
    private final Telephony telephony;
    private final PromptPlayer player;

    AgentFirst(Telephony telephony, PromptPlayer player) {
        this.telephony = telephony;
        this.player = player;
    }

    /**
     * A call to place.
     *
     * @param phone whom the customer's leg calls
     * @param callId of the customer's leg
     * @param agentUri the agent's phone
     * @param agentCallId of the agent's leg
     */
    record Order(String phone, String callId, String agentUri, String agentCallId) {}

    void begin(Legs legs, Order order, UserAgent agent, long nowMs) {
        InetSocketAddress destination = SipAddresses.destination(order.agentUri());
        if (destination == null) {
            telephony.report(legs, new CallEvent.BridgeFailed(order.agentUri() + " is no address that can be called"));
            return;
        }
        legs.order = order;
        telephony.callTarget(
                legs, order.agentUri(), destination, order.agentCallId(), telephony.ownSdp(), agent, nowMs);
    }

    /** Ends the agent's leg, and with it the call unless the customer has been called. @return false when he has been */
    boolean cancel(Legs legs, UserAgent agent, long nowMs) {
        if (legs.order == null) {
            return false;
        }
        stopTone(legs);
        if (legs.customer != 0) {
            // He has nothing to wait for; the network may take its time to confirm the CANCEL.
            telephony.endTarget(legs, agent, nowMs);
            return false;
        }
        legs.ending = true;
        telephony.endTarget(legs, agent, nowMs);
        telephony.drop(legs);
        telephony.report(legs, new CallEvent.Failed(487, "Request Terminated", 0, 0, false));
        return true;
    }

    void ofAgent(Legs legs, Order order, SipEvent.CallEvent event, UserAgent agent, long nowMs) {
        switch (event) {
            case SipEvent.Answered answered -> {
                legs.targetSdp = answered.sdp();
                if (legs.ending) {
                    agent.hangUp(legs.target, null, nowMs);
                } else {
                    String offer = Objects.requireNonNullElseGet(answered.sdp(), telephony::ownSdp);
                    telephony.callCustomer(legs, order.phone(), order.callId(), offer, agent, nowMs);
                }
            }
            case SipEvent.InviteFailed failed -> {
                telephony.over(legs, false);
                telephony.report(legs, new CallEvent.BridgeFailed(failed.status() + " " + failed.reasonPhrase()));
            }
            case SipEvent.CallEnded ended -> agentGone(legs, ended, agent, nowMs);
            case SipEvent.ReinviteAnswered answered -> agentTold(legs, answered.sdp(), agent, nowMs);
            case SipEvent.ReinviteFailed failed -> {
                telephony.report(
                        legs,
                        new CallEvent.Dropped("the agent's phone refused the re-INVITE: " + failed.status() + " "
                                + failed.reasonPhrase()));
                end(legs, agent, nowMs);
            }
            case SipEvent.IncomingReinvite reinvite ->
                telephony.passOn(legs, reinvite.call(), reinvite.sdp(), agent, nowMs);
            case SipEvent.CancelledByPeer cancelled -> telephony.over(legs, false);
            case SipEvent.Provisional provisional -> {}
            case SipEvent.AnsweredAfterCancel answered -> {}
            case SipEvent.Acknowledged acknowledged -> {}
            case SipEvent.IncomingCall incoming -> {}
            case SipEvent.UpdateReceived _,
                    SipEvent.UpdateAnswered _,
                    SipEvent.ReferAccepted _,
                    SipEvent.ReferProgress _,
                    SipEvent.ReferFailed _,
                    SipEvent.Referred _,
                    SipEvent.InfoReceived _,
                    SipEvent.InfoAnswered _ -> {}
        }
    }

    void ofCustomer(Legs legs, SipEvent.CallEvent event, UserAgent agent, long nowMs) {
        switch (event) {
            case SipEvent.Provisional provisional -> ringing(legs, provisional, agent, nowMs);
            case SipEvent.Answered answered -> {
                stopTone(legs);
                legs.answered = true;
                legs.customerSdp = answered.sdp();
                if (legs.ending || legs.target == 0) {
                    agent.hangUp(legs.customer, null, nowMs);
                } else {
                    telephony.report(legs, new CallEvent.Answered());
                    tellAgent(legs, agent, nowMs);
                }
            }
            case SipEvent.AnsweredAfterCancel answered -> telephony.report(legs, new CallEvent.Answered());
            case SipEvent.InviteFailed failed -> {
                CallEvent report = telephony.customerFailed(legs, failed, agent, nowMs);
                if (report != null) {
                    stopTone(legs);
                    telephony.endTarget(legs, agent, nowMs);
                    telephony.over(legs, true);
                    telephony.report(legs, report);
                }
            }
            case SipEvent.CallEnded ended -> {
                telephony.endTarget(legs, agent, nowMs);
                telephony.over(legs, true);
                telephony.report(
                        legs,
                        ended.byRemote() ? new CallEvent.CustomerHungUp() : new CallEvent.Dropped(ended.detail()));
            }
            case SipEvent.IncomingReinvite reinvite ->
                telephony.passOn(legs, reinvite.call(), reinvite.sdp(), agent, nowMs);
            case SipEvent.ReinviteAnswered answered -> legs.customerSdp = answered.sdp();
            case SipEvent.ReinviteFailed failed -> {}
            case SipEvent.CancelledByPeer cancelled -> telephony.over(legs, true);
            case SipEvent.Acknowledged acknowledged -> {}
            case SipEvent.IncomingCall incoming -> {}
            case SipEvent.UpdateReceived _,
                    SipEvent.UpdateAnswered _,
                    SipEvent.ReferAccepted _,
                    SipEvent.ReferProgress _,
                    SipEvent.ReferFailed _,
                    SipEvent.Referred _,
                    SipEvent.InfoReceived _,
                    SipEvent.InfoAnswered _ -> {}
        }
    }

    private void ringing(Legs legs, SipEvent.Provisional provisional, UserAgent agent, long nowMs) {
        if (provisional.status() != 180 && provisional.status() != 183) {
            return;
        }
        telephony.report(legs, new CallEvent.Ringing());
        if (provisional.sdp() != null) {
            stopTone(legs);
            legs.customerSdp = provisional.sdp();
            tellAgent(legs, agent, nowMs);
        } else if (legs.tone == null && legs.customerSdp == null && legs.targetSdp != null) {
            legs.tone = player.play(Ringback.TONE, legs.targetSdp, () -> {}).orElse(null);
        }
    }

    /** One re-INVITE at a time; what changed meanwhile is told when its answer has come. */
    private void tellAgent(Legs legs, UserAgent agent, long nowMs) {
        String sdp = legs.customerSdp;
        if (sdp == null || legs.target == 0) {
            return;
        }
        if (legs.toldTarget != null && SipAddresses.sameMedia(legs.toldTarget, sdp)) {
            connectedOnce(legs);
        } else if (agent.reinvite(legs.target, sdp, nowMs)) {
            legs.toldTarget = sdp;
        }
    }

    private void agentTold(Legs legs, @Nullable String sdp, UserAgent agent, long nowMs) {
        String before = legs.targetSdp;
        legs.targetSdp = sdp;
        if (legs.ending || legs.customer == 0) {
            return;
        }
        boolean upToDate = legs.customerSdp == null || SipAddresses.sameMedia(legs.toldTarget, legs.customerSdp);
        if (!upToDate) {
            tellAgent(legs, agent, nowMs);
        } else if (legs.answered) {
            connectedOnce(legs);
            if (sdp != null && !SipAddresses.sameMedia(before, sdp)) {
                agent.reinvite(legs.customer, sdp, nowMs);
            }
        }
    }

    private void connectedOnce(Legs legs) {
        if (legs.answered && !legs.bridged) {
            legs.bridged = true;
            telephony.report(legs, new CallEvent.Bridged());
        }
    }

    private void agentGone(Legs legs, SipEvent.CallEnded ended, UserAgent agent, long nowMs) {
        stopTone(legs);
        telephony.over(legs, false);
        telephony.report(legs, ended.byRemote() ? new CallEvent.TargetHungUp() : new CallEvent.Dropped(ended.detail()));
        if (legs.customer != 0) {
            agent.hangUp(legs.customer, null, nowMs);
        }
    }

    private void end(Legs legs, UserAgent agent, long nowMs) {
        legs.ending = true;
        stopTone(legs);
        telephony.endTarget(legs, agent, nowMs);
        if (legs.customer != 0) {
            agent.hangUp(legs.customer, null, nowMs);
        }
    }

    static void stopTone(Legs legs) {
        if (legs.tone != null) {
            legs.tone.stop();
            legs.tone = null;
        }
    }
}
