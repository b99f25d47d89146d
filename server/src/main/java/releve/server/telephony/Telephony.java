package releve.server.telephony;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.call.CallEvent;
import releve.core.common.AttemptId;
import releve.core.common.Invariants;
import releve.core.engine.Command;
import releve.core.engine.Event;
import releve.media.prompt.UnreadablePrompt;
import releve.server.trunk.TrunkPlan;
import releve.server.trunk.TrunkReport;
import releve.sip.agent.InviteRequest;
import releve.sip.agent.SipEvent;
import releve.sip.agent.UserAgent;
import releve.sip.agent.UserAgentConfig;
import releve.sip.sdp.Sdp;
import releve.sip.transport.SipEndpoint;

/**
 * Carries the engine's telephony commands out over one SIP endpoint, and reports what becomes of them. Everything but the
 * public methods runs on the endpoint's loop.
 *
 * <p>Transfer is by bridge (third-party call control, RFC 3725 section 4): the customer has answered our description; the
 * target is called with the customer's description as the offer; the target's answer goes to the customer in a re-INVITE; if
 * the customer's answer to that moves his media, the target is told in a re-INVITE too. From then on media flows directly, and
 * both ends of the signalling stay here.
 */
public final class Telephony implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Telephony.class);

    /**
     * Where SIP goes.
     *
     * @param local where the user agent listens
     * @param trunks where customers' calls go
     * @param allowed further addresses whose messages are taken, besides those of the trunks
     * @param calls legs at once
     * @param prompts the directory of recordings for customers
     * @param mayDial whether this node may send an INVITE at this very moment; asked on the endpoint's loop
     */
    public record Config(
            InetSocketAddress local,
            TrunkPlan trunks,
            Set<InetAddress> allowed,
            int calls,
            Path prompts,
            BooleanSupplier mayDial) {}

    private final Consumer<Event> events;
    private final RtpSink sink;
    private final SipEndpoint endpoint;
    private final Trunks trunks;
    private final TrunkCalls trunkCalls;
    private final PromptPlayer player;
    private final Prompts prompts;
    private final AgentFirst agentFirst;
    private final Map<AttemptId, Legs> byAttempt = new HashMap<>();
    private final Map<Long, Legs> byCall = new HashMap<>();
    private final SecureRandom random = new SecureRandom();
    private volatile int live;

    private Telephony(Config config, Consumer<Event> events) throws IOException {
        this.events = events;
        this.sink = RtpSink.open(config.local().getAddress());
        this.prompts = new Prompts(config.prompts());
        this.player = new PromptPlayer(sink, random);
        this.agentFirst = new AgentFirst(this, player);
        TrunkPlan plan = config.trunks();
        KnownPeers peers = new KnownPeers(config.allowed(), plan.access());
        UserAgentConfig agent = UserAgentConfig.at(config.local())
                .withLimits(config.calls(), 4 * config.calls() + 1_000, 180_000)
                .withAllowed(peers);
        this.endpoint = SipEndpoint.open(TrunkTransports.endpoint(plan, config.local()), agent, random, this::onEvent);
        this.trunks = Trunks.of(plan, config.local(), peers, endpoint::submit, endpoint::watch, events, random);
        this.trunkCalls = new TrunkCalls(this, trunks, config.mayDial());
    }

    /**
     * Opens the endpoint and begins to search and probe the gateways.
     *
     * @throws IOException with one sentence for people when an address cannot be bound
     */
    public static Telephony open(Config config, Consumer<Event> events) throws IOException {
        Telephony telephony = new Telephony(config, events);
        telephony.trunks.start(telephony.trunkCalls);
        return telephony;
    }

    public void dial(Command.Dial dial) {
        submit((agent, nowMs) -> {
            Legs legs = new Legs(dial.attempt(), dial.callerId());
            legs.analysis = dial.analysis().map(TrunkAnalysis::request).orElse(null);
            keep(legs);
            callCustomer(legs, dial.phone(), dial.callId(), ownSdp(), agent, nowMs);
        });
    }

    /** Places the call from the agent's own phone: his leg first, then the customer's. */
    public void dialFromAgent(Command.DialFromAgent dial) {
        dialFromAgent(
                dial.attempt(),
                dial.callerId(),
                new AgentFirst.Order(dial.phone(), dial.callId(), dial.agentUri(), dial.agentCallId()));
    }

    void dialFromAgent(AttemptId attempt, String callerId, AgentFirst.Order order) {
        submit((agent, nowMs) -> {
            Legs legs = new Legs(attempt, callerId);
            keep(legs);
            agentFirst.begin(legs, order, agent, nowMs);
        });
    }

    /** Plays a recording to the customer, then ends the attempt's legs; without the recording it ends them at once. */
    public void playAndHangUp(Command.PlayAndHangUp play) {
        playAndHangUp(play.attempt(), play.recording());
    }

    void playAndHangUp(AttemptId attempt, String recording) {
        submit((agent, nowMs) -> {
            Legs legs = byAttempt.get(attempt);
            if (legs == null) {
                return;
            }
            legs.ending = true;
            endTarget(legs, agent, nowMs);
            legs.tone = legs.customerSdp == null ? null : play(legs, recording, legs.customerSdp);
            if (legs.tone == null && legs.customer != 0) {
                agent.hangUp(legs.customer, null, nowMs);
            }
        });
    }

    private PromptPlayer.@Nullable Play play(Legs legs, String recording, String sdp) {
        try {
            return player.play(
                            prompts.prompt(recording),
                            sdp,
                            () -> endpoint.submit((agent, nowMs) -> {
                                if (legs.customer != 0) {
                                    report(legs, new CallEvent.Played());
                                    agent.hangUp(legs.customer, null, nowMs);
                                }
                            }))
                    .orElse(null);
        } catch (UnreadablePrompt e) {
            log.warn("Attempt {}: its customer hears nothing: {}", legs.attempt, e.getMessage());
            return null;
        }
    }

    private void keep(Legs legs) {
        byAttempt.put(legs.attempt, legs);
        live = byAttempt.size();
    }

    void callCustomer(Legs legs, String phone, String callId, String sdp, UserAgent agent, long nowMs) {
        trunkCalls.begin(legs, new TrunkCalls.Order(phone, callId, sdp), agent, nowMs);
    }

    /** The customer's leg is that call from now on; 0 for none. */
    void customerIs(Legs legs, long call) {
        byCall.remove(legs.customer);
        legs.customer = call;
        if (call != 0) {
            byCall.put(call, legs);
        }
    }

    /** No gateway took the customer's call. */
    void notTaken(Legs legs, CallEvent why, UserAgent agent, long nowMs) {
        endTarget(legs, agent, nowMs);
        drop(legs);
        report(legs, why);
    }

    /** @return what to report of the customer's call that failed at a gateway; null when another gateway has it now */
    @Nullable
    CallEvent customerFailed(Legs legs, SipEvent.InviteFailed failed, UserAgent agent, long nowMs) {
        return trunkCalls.failed(legs, failed, agent, nowMs);
    }

    String host() {
        return endpoint.address().getHostString();
    }

    void callTarget(
            Legs legs,
            String uri,
            InetSocketAddress destination,
            String callId,
            String sdp,
            UserAgent agent,
            long nowMs) {
        String own = endpoint.address().getHostString();
        legs.target = agent.invite(
                InviteRequest.of(uri, destination, "<sip:" + legs.callerId + "@" + own + ">", "<" + uri + ">")
                        .withCallId(callId)
                        .withAutoAnswer()
                        .withSdp(sdp),
                nowMs);
        byCall.put(legs.target, legs);
    }

    public void cancel(Command.CancelDial cancel) {
        submit((agent, nowMs) -> {
            Legs legs = byAttempt.get(cancel.attempt());
            if (legs != null && trunkCalls.giveUp(legs)) {
                notTaken(legs, TrunkCalls.notSent("given up before its turn came"), agent, nowMs);
            } else if (legs != null
                    && !agentFirst.cancel(legs, agent, nowMs)
                    && !agent.cancel(legs.customer, null, nowMs)) {
                agent.hangUp(legs.customer, null, nowMs);
            }
        });
    }

    public void bridge(Command.Bridge bridge) {
        submit((agent, nowMs) -> {
            Legs legs = byAttempt.get(bridge.attempt());
            if (legs == null || legs.ending) {
                return;
            }
            InetSocketAddress destination = SipAddresses.destination(bridge.targetUri());
            if (destination == null) {
                report(legs, new CallEvent.BridgeFailed(bridge.targetUri() + " is no address that can be called"));
                return;
            }
            endTarget(legs, agent, nowMs); // one that did not take the call in time
            String offer = Objects.requireNonNullElseGet(legs.customerSdp, this::ownSdp);
            callTarget(legs, bridge.targetUri(), destination, bridge.callId(), offer, agent, nowMs);
        });
    }

    public void hangUp(Command.HangUp hangUp) {
        submit((agent, nowMs) -> {
            Legs legs = byAttempt.get(hangUp.attempt());
            if (legs != null) {
                legs.ending = true;
                AgentFirst.stopTone(legs);
                endTarget(legs, agent, nowMs);
                if (legs.gone()) {
                    drop(legs);
                } else if (legs.customer != 0 && !agent.hangUp(legs.customer, null, nowMs)) {
                    log.debug("Attempt {}: its customer's leg is over already", legs.attempt);
                }
            }
        });
    }

    /** Follows the attempt's legs no more; they go on. */
    public void forget(Command.Forget forget) {
        submit((agent, nowMs) -> {
            Legs legs = byAttempt.get(forget.attempt());
            if (legs != null) {
                drop(legs);
                byCall.remove(legs.customer);
                byCall.remove(legs.target);
            }
        });
    }

    /** Attempts with a leg that is not over. */
    public int live() {
        return live;
    }

    /** The trunks as they were half a second ago at most. */
    public List<TrunkReport> trunks() {
        return trunks.reports();
    }

    /** Where peers reach this user agent. */
    public InetSocketAddress address() {
        return endpoint.address();
    }

    @Override
    public void close() {
        trunks.close();
        player.close();
        endpoint.close();
        sink.close();
    }

    private void submit(releve.sip.transport.SipCommand command) {
        Invariants.check(
                endpoint.submit(command), "the SIP endpoint takes no more commands (%s wait)", SipEndpoint.INBOX_MAX);
    }

    String ownSdp() {
        return Sdp.audio(sink.address().getHostAddress(), sink.port(), random.nextInt() & Integer.MAX_VALUE)
                .toString();
    }

    private void onEvent(SipEvent event, UserAgent agent, long nowMs) {
        switch (event) {
            case SipEvent.OptionsAnswered answered -> trunks.answered(answered, nowMs);
            case SipEvent.OptionsFailed failed -> trunks.failed(failed, agent, nowMs);
            case SipEvent.Registered _, SipEvent.RegistrationFailed _, SipEvent.Unregistered _ -> {}
            case SipEvent.SubscriptionEvent _, SipEvent.TransferEvent _ -> {}
            case SipEvent.IncomingCall incoming -> agent.reject(incoming.call(), 480, List.of(), nowMs);
            // Transfers are the engine's to order: nobody else makes the dialer call.
            case SipEvent.Referred referred -> agent.rejectRefer(referred.call(), 603, nowMs);
            case SipEvent.CallEvent callEvent -> {
                onCall(callEvent, agent, nowMs);
                if (callEvent.isFinal()) {
                    trunkCalls.release(callEvent.call());
                }
            }
        }
    }

    private void onCall(SipEvent.CallEvent event, UserAgent agent, long nowMs) {
        Legs legs = byCall.get(event.call());
        if (legs == null) {
            endUnknown(event, agent, nowMs);
            return;
        }
        boolean customer = event.call() == legs.customer;
        if (customer && !event.isFinal()) {
            trunkCalls.progressed(legs, nowMs);
        }
        if (legs.order != null && customer) {
            agentFirst.ofCustomer(legs, event, agent, nowMs);
        } else if (legs.order != null) {
            agentFirst.ofAgent(legs, legs.order, event, agent, nowMs);
        } else if (customer) {
            ofCustomer(legs, event, agent, nowMs);
        } else {
            ofTarget(legs, event, agent, nowMs);
        }
    }

    private void ofCustomer(Legs legs, SipEvent.CallEvent event, UserAgent agent, long nowMs) {
        switch (event) {
            case SipEvent.Provisional provisional -> {
                if (provisional.status() == 180 || provisional.status() == 183) {
                    report(legs, new CallEvent.Ringing());
                }
            }
            case SipEvent.Answered answered -> {
                legs.customerSdp = answered.sdp();
                if (legs.ending) {
                    agent.hangUp(legs.customer, null, nowMs);
                } else {
                    report(legs, new CallEvent.Answered());
                }
            }
            case SipEvent.AnsweredAfterCancel answered -> report(legs, new CallEvent.Answered());
            case SipEvent.InviteFailed failed -> {
                CallEvent report = customerFailed(legs, failed, agent, nowMs);
                if (report != null) {
                    over(legs, true);
                    report(legs, report);
                }
            }
            case SipEvent.CallEnded ended -> {
                over(legs, true);
                report(legs, ended.byRemote() ? new CallEvent.CustomerHungUp() : new CallEvent.Dropped(ended.detail()));
            }
            case SipEvent.ReinviteAnswered answered -> customerMoved(legs, answered.sdp(), agent, nowMs);
            case SipEvent.ReinviteFailed failed -> reinviteFailed(legs, failed, agent, nowMs);
            case SipEvent.IncomingReinvite reinvite -> passOn(legs, reinvite.call(), reinvite.sdp(), agent, nowMs);
            case SipEvent.CancelledByPeer cancelled -> over(legs, true);
            case SipEvent.Acknowledged acknowledged -> {}
            case SipEvent.UpdateReceived received -> heard(legs, received.contentType(), received.body());
            case SipEvent.InfoReceived received -> heard(legs, received.contentType(), received.body());
            case SipEvent.UpdateAnswered answered -> {}
            case SipEvent.IncomingCall incoming -> {}
            case SipEvent.ReferAccepted _,
                    SipEvent.ReferProgress _,
                    SipEvent.ReferFailed _,
                    SipEvent.Referred _,
                    SipEvent.InfoAnswered _ -> {}
        }
    }

    private void heard(Legs legs, @Nullable String contentType, byte[] body) {
        if (legs.analysis != null && !legs.ending) {
            TrunkAnalysis.heard(contentType, body).ifPresent(said -> report(legs, said));
        }
    }

    private void ofTarget(Legs legs, SipEvent.CallEvent event, UserAgent agent, long nowMs) {
        switch (event) {
            case SipEvent.Answered answered -> {
                legs.targetSdp = answered.sdp();
                if (legs.ending || legs.customer == 0) {
                    agent.hangUp(legs.target, null, nowMs);
                } else if (agent.reinvite(legs.customer, answered.sdp(), nowMs)) {
                    legs.offered = legs.target;
                } else {
                    endTarget(legs, agent, nowMs);
                    report(legs, new CallEvent.BridgeFailed("the customer's leg took no re-INVITE"));
                }
            }
            case SipEvent.InviteFailed failed -> {
                over(legs, false);
                report(legs, new CallEvent.BridgeFailed(failed.status() + " " + failed.reasonPhrase()));
            }
            case SipEvent.CallEnded ended -> {
                over(legs, false);
                if (legs.bridged) {
                    report(
                            legs,
                            ended.byRemote() ? new CallEvent.TargetHungUp() : new CallEvent.Dropped(ended.detail()));
                } else {
                    report(legs, new CallEvent.BridgeFailed("hung up before the call was connected"));
                }
            }
            case SipEvent.ReinviteAnswered answered -> legs.targetSdp = answered.sdp();
            case SipEvent.ReinviteFailed failed ->
                log.warn(
                        "Attempt {}: {} kept its media: {} {}",
                        legs.attempt,
                        "the target",
                        failed.status(),
                        failed.reasonPhrase());
            case SipEvent.IncomingReinvite reinvite -> passOn(legs, reinvite.call(), reinvite.sdp(), agent, nowMs);
            case SipEvent.CancelledByPeer cancelled -> over(legs, false);
            case SipEvent.Provisional provisional -> {}
            case SipEvent.AnsweredAfterCancel answered -> {}
            case SipEvent.Acknowledged acknowledged -> {}
            case SipEvent.UpdateReceived received -> {}
            case SipEvent.UpdateAnswered answered -> {}
            case SipEvent.IncomingCall incoming -> {}
            case SipEvent.ReferAccepted _,
                    SipEvent.ReferProgress _,
                    SipEvent.ReferFailed _,
                    SipEvent.Referred _,
                    SipEvent.InfoReceived _,
                    SipEvent.InfoAnswered _ -> {}
        }
    }

    /** The customer answered the target's description: they are connected; moved media is told to the target. */
    private void customerMoved(Legs legs, @Nullable String sdp, UserAgent agent, long nowMs) {
        String before = legs.customerSdp;
        legs.customerSdp = sdp;
        if (legs.ending || legs.target == 0 || legs.offered != legs.target) {
            return;
        }
        if (!legs.bridged) {
            legs.bridged = true;
            report(legs, new CallEvent.Bridged());
        }
        if (sdp != null && !SipAddresses.sameMedia(before, sdp)) {
            agent.reinvite(legs.target, sdp, nowMs);
        }
    }

    private void reinviteFailed(Legs legs, SipEvent.ReinviteFailed failed, UserAgent agent, long nowMs) {
        if (!legs.bridged && !legs.ending && legs.offered == legs.target) {
            endTarget(legs, agent, nowMs);
            report(
                    legs,
                    new CallEvent.BridgeFailed(
                            "the trunk refused the re-INVITE: " + failed.status() + " " + failed.reasonPhrase()));
        }
    }

    /** One side changes its session (hold, refresh). */
    void passOn(Legs legs, long from, @Nullable String offer, UserAgent agent, long nowMs) {
        Renegotiation.passOn(legs, from, offer, this::ownSdp, agent, nowMs);
    }

    void endTarget(Legs legs, UserAgent agent, long nowMs) {
        if (legs.target != 0) {
            long target = legs.target;
            legs.target = 0;
            byCall.remove(target);
            agent.hangUp(target, null, nowMs);
            if (legs.gone()) {
                drop(legs);
            }
        }
    }

    void over(Legs legs, boolean customer) {
        if (customer) {
            byCall.remove(legs.customer);
            legs.customer = 0;
        } else {
            byCall.remove(legs.target);
            legs.target = 0;
            legs.targetSdp = null;
        }
        if (legs.gone()) {
            drop(legs);
        }
    }

    void drop(Legs legs) {
        AgentFirst.stopTone(legs);
        trunkCalls.giveUp(legs);
        byAttempt.remove(legs.attempt);
        live = byAttempt.size();
    }

    /** A leg that nobody follows any more came up after all, or is still there. */
    private static void endUnknown(SipEvent.CallEvent event, UserAgent agent, long nowMs) {
        switch (event) {
            case SipEvent.Answered answered -> agent.hangUp(answered.call(), null, nowMs);
            case SipEvent.IncomingReinvite reinvite -> agent.rejectReinvite(reinvite.call(), 488, nowMs);
            case SipEvent.CallEvent other -> {}
        }
    }

    void report(Legs legs, CallEvent event) {
        events.accept(new Event.CallReported(legs.attempt, event));
    }
}
