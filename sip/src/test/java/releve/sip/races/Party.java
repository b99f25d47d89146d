package releve.sip.races;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import releve.sip.agent.AdoptRequest;
import releve.sip.agent.Counter;
import releve.sip.agent.InviteRequest;
import releve.sip.agent.SessionInterval;
import releve.sip.agent.SipEvent;
import releve.sip.agent.Transmit;
import releve.sip.agent.UserAgent;
import releve.sip.agent.UserAgentConfig;
import releve.sip.dialog.Dialog;
import releve.sip.dialog.DialogId;
import releve.sip.dialog.DialogText;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.Reason;
import releve.sip.message.SipMessage;
import releve.sip.message.SipParser;
import releve.sip.message.SipWriter;
import releve.sip.sdp.Sdp;
import releve.sip.transaction.Hop;

/**
 * A user agent whose user calls, answers, rejects, cancels, changes sessions and hangs up as the seed wills, at the worst
 * moments rather than at the likely ones.
 */
final class Party implements Network.Host {
    /** Hosts 1 to this are parties; the proxy is the next. */
    static final int COUNT = 4;

    /** Shorter than a user would wait, so that calls which nobody answers end too. */
    private static final long RING_LIMIT_MS = 40_000;

    private static final String CPA = "application/x-cisco-cpa";
    private static final byte[] CPA_BODY = "event=detected\r\nstatus=Asm\r\n".getBytes(StandardCharsets.UTF_8);

    private static final int CALLS_MAX = 2_000;

    private final InetSocketAddress address;
    private final int host;
    private final String name;
    private final String sdp;
    private final SplittableRandom random;
    private final World world;
    private final Network network;
    private final Map<String, Story> stories;
    private final @Nullable PlantedBug bug;
    private final Wiretap wiretap;
    private final UserAgent agent;
    private final Map<Long, Story.Leg> legs = new TreeMap<>();
    /** The dialogs as a store holds them, which is not always as they are. */
    private final Map<Long, String> stored = new TreeMap<>();

    private boolean dead;
    private int adopted;

    /** What all parties of a race share. */
    record World(
            Network network,
            Faults faults,
            Map<String, Story> stories,
            @Nullable Crash crash) {}

    Party(int host, SplittableRandom random, World world, @Nullable PlantedBug bug) {
        this(Network.address(host), host, random, world, bug, new Wiretap("party " + host, !world.faults.cut()));
    }

    private Party(
            InetSocketAddress address,
            int host,
            SplittableRandom random,
            World world,
            @Nullable PlantedBug bug,
            Wiretap wiretap) {
        this.address = address;
        this.host = host;
        this.name = "party " + host;
        this.sdp = Sdp.audio("127.0.0." + host, 4000, host).toString();
        this.random = random;
        this.world = world;
        this.network = world.network;
        this.stories = world.stories;
        this.bug = bug;
        this.wiretap = wiretap;
        this.agent = new UserAgent(
                UserAgentConfig.at(address)
                        .withLimits(CALLS_MAX, 10 * CALLS_MAX, RING_LIMIT_MS)
                        .withSessions(session(host)),
                random.split());
    }

    /** The last one finds the others' sessions too short; some refresh them, others leave that to the peer. */
    private static SessionInterval session(int host) {
        int seconds = host == COUNT ? 240 : 180;
        return new SessionInterval(seconds, seconds, host % 2 == 0);
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    // A crash

    /** Changes some sessions, whose answers come to nobody if the party dies now. */
    void changeSome() {
        for (long call : legs.keySet()) {
            if (random.nextInt(4) == 0) {
                agent.reinvite(call, sdp, network.nowMs());
            }
        }
        drain();
    }

    /** From now on nothing is done or heard here. */
    void die(Crash crash) {
        dead = true;
        legs.forEach((call, leg) -> leg.dies(stored.containsKey(call) && crash.isQuiet(leg.callId())));
    }

    /** Who will take over from here: the same user, on a user agent that knows nothing yet. */
    Party heir(Crash crash) {
        wiretap.takenOverFrom(address);
        return new Party(crash.heir(), host, random.split(), world, bug, wiretap);
    }

    /** Takes over what another stored before it died. */
    void adopt(Party victim, Crash crash) {
        crash.adopted(request -> {
            DialogId id = DialogId.ofReceived(request);
            return legs.keySet().stream()
                    .map(agent::dialog)
                    .anyMatch(dialog -> dialog != null && dialog.id().equals(id));
        });
        victim.stored.forEach((former, text) -> {
            Story.Leg leg = Objects.requireNonNull(victim.legs.get(former));
            AdoptRequest request = AdoptRequest.of(DialogText.parse(text));
            long call = agent.adopt(
                    request.withSkippedCSeqs(bug == null ? request.skippedCSeqs() : bug.skippedCSeqs()),
                    network.nowMs());
            if (call == 0) {
                throw new Violation(name + " could not adopt " + text);
            }
            adopted++;
            legs.put(call, leg.adopted("heir of " + victim.name));
            talk(call, leg.isCaller());
        });
        drain();
    }

    int adopted() {
        return adopted;
    }

    /** A store that is a little behind: a change, or an end, may not have reached it. */
    private void store(SipEvent.CallEvent event) {
        if (world.crash == null || !world.crash.victim().equals(address)) {
            return;
        }
        Dialog dialog = agent.dialog(event.call());
        boolean reached = random.nextInt(3) != 0;
        if (event.isFinal() && reached) {
            stored.remove(event.call());
        } else if (dialog != null && dialog.confirmed() && (reached || !stored.containsKey(event.call()))) {
            stored.put(event.call(), DialogText.write(dialog));
        }
    }

    @Override
    public void receive(byte[] datagram, InetSocketAddress from, long nowMs) {
        if (dead) {
            Objects.requireNonNull(world.crash).reached(parse(datagram), nowMs);
            return;
        }
        if (bug != null) {
            wiretap.heard(parse(datagram));
        }
        agent.receive(datagram, datagram.length, Hop.udp(from), nowMs);
        drain();
    }

    @Override
    public void advance(long nowMs) {
        if (dead) {
            return;
        }
        if (bug == null || bug.timersRun(nowMs)) {
            agent.advance(nowMs);
        }
        drain();
    }

    @Override
    public long nextDeadlineMs() {
        boolean running = !dead && (bug == null || bug.timersRun(network.nowMs()));
        return running ? agent.nextDeadlineMs() : Long.MAX_VALUE;
    }

    /** Nothing is left of any call. @throws Violation otherwise */
    void check() {
        if (dead) {
            return;
        }
        if (agent.calls() != 0 || agent.transactions() != 0 || agent.deadlines() != 0) {
            throw new Violation("%s is left with %d calls, %d transactions, %d deadlines"
                    .formatted(name, agent.calls(), agent.transactions(), agent.deadlines()));
        }
        if (agent.count(Counter.DROPPED_MALFORMED) != 0) {
            throw new Violation(name + " was sent messages that cannot be read");
        }
    }

    /** @throws Violation when an answer of this party was never acknowledged */
    void checkAcknowledged() {
        if (agent.count(Counter.ACKS_MISSING) != 0) {
            throw new Violation("an answer of " + name + " was never acknowledged");
        }
    }

    long sent() {
        return agent.count(Counter.DATAGRAMS_SENT);
    }

    /** Calls somebody, directly or through the proxy. */
    void call(String callId, InetSocketAddress peer) {
        if (dead) {
            return;
        }
        Story story = new Story(callId, name);
        stories.put(callId, story);
        String host = peer.getAddress().getHostAddress();
        InviteRequest invite = InviteRequest.of("sip:b@" + host, peer, "sip:a@127.0.0.1", "sip:b@" + host)
                .withCallId(callId);
        boolean offers = random.nextInt(8) != 0;
        invite = offers ? invite.withSdp(sdp) : invite;
        // The others do not know reliable progress at all.
        int reliable = random.nextInt(4);
        invite = reliable < 2 ? invite.withReliableProgress(reliable == 0) : invite;
        long call = agent.invite(invite, network.nowMs());
        legs.put(call, story.caller);
        if (random.nextInt(3) == 0) {
            // An answer comes after 0 to 5 s, so a cancel within them meets every state of the call.
            later(random.nextInt(5_500), () -> agent.cancel(call, null, network.nowMs()));
        }
        drain();
    }

    private void told(SipEvent event) {
        if (!(event instanceof SipEvent.CallEvent e)) {
            return;
        }
        if (e instanceof SipEvent.IncomingCall in && !legs.containsKey(in.call())) {
            legs.put(in.call(), stories.get(in.callId()).reached(name));
        }
        Story.Leg leg = legs.get(e.call());
        leg.tell(e);
        store(e);
        switch (e) {
            case SipEvent.IncomingCall in -> treat(in.call(), leg);
            case SipEvent.Answered answered -> {
                agent.acknowledge(answered.call(), sdp); // does nothing when the offer was ours
                talk(answered.call(), true);
            }
            case SipEvent.Acknowledged acknowledged -> talk(acknowledged.call(), false);
            case SipEvent.IncomingReinvite in -> treatReinvite(in.call());
            case SipEvent.ReinviteAnswered answered -> agent.acknowledge(answered.call(), sdp);
            case SipEvent.Provisional progress -> {
                agent.answerProgress(progress.call(), sdp, network.nowMs()); // nothing when the offer was ours
                if (random.nextInt(8) == 0) {
                    later(random.nextInt(500), () -> offerByUpdate(progress.call()));
                }
            }
            case SipEvent.AnsweredAfterCancel _,
                    SipEvent.InviteFailed _,
                    SipEvent.CallEnded _,
                    SipEvent.CancelledByPeer _,
                    SipEvent.ReinviteFailed _,
                    SipEvent.UpdateReceived _,
                    SipEvent.UpdateAnswered _,
                    SipEvent.ReferAccepted _,
                    SipEvent.ReferProgress _,
                    SipEvent.ReferFailed _,
                    SipEvent.Referred _,
                    SipEvent.InfoReceived _,
                    SipEvent.InfoAnswered _ -> {}
        }
    }

    private void treat(long call, Story.Leg leg) {
        int ringAfter = random.nextInt(300);
        switch (random.nextInt(4)) {
            case 0 -> later(ringAfter, () -> agent.ring(call, 180, null, network.nowMs()));
            case 1 -> later(ringAfter, () -> agent.ring(call, 183, sdp, network.nowMs()));
            default -> {
                // Reliably, twice, with the answer in the first and what a gateway heard in between.
                later(ringAfter, () -> agent.ringReliably(call, 183, sdp, network.nowMs()));
                later(ringAfter + random.nextInt(500), () -> agent.ringReliably(call, 180, null, network.nowMs()));
                later(ringAfter + random.nextInt(900), () -> agent.update(call, CPA, CPA_BODY, network.nowMs()));
                if (random.nextInt(4) == 0) {
                    later(ringAfter + random.nextInt(900), () -> offerByUpdate(call));
                }
            }
        }
        int finalAfter = random.nextInt(4) == 0 ? 0 : random.nextInt(5_000);
        switch (random.nextInt(12)) {
            case 0 -> {} // nobody is there: the ring limit ends it
            case 1, 2 -> later(finalAfter, () -> agent.reject(call, 486, List.of(), network.nowMs()));
            default ->
                later(finalAfter, () -> {
                    if (agent.answer(call, sdp, network.nowMs())) {
                        leg.up = true;
                        if (random.nextInt(8) == 0) {
                            // Hangs up before the ACK can have come.
                            later(random.nextInt(50), () -> agent.bye(call, null, network.nowMs()));
                        }
                    }
                });
        }
    }

    private void treatReinvite(long call) {
        int after = random.nextInt(3) == 0 ? random.nextInt(1_000) : 0;
        boolean accepts = random.nextInt(5) != 0;
        later(after, () -> {
            if (accepts) {
                agent.answerReinvite(call, sdp, network.nowMs());
            } else {
                agent.rejectReinvite(call, 488, network.nowMs());
            }
        });
    }

    /**
     * Changes the session, maybe while the other side does, then hangs up. The callee often leaves that to the caller, whose
     * forgotten BYE would show; some calls are so long that everything left undone in them times out, sessions that
     * nobody refreshes among it.
     */
    private void talk(long call, boolean caller) {
        for (int i = random.nextInt(3); i > 0; i--) {
            String offer = random.nextInt(5) == 0 ? null : sdp;
            boolean updates = random.nextInt(3) == 0;
            later(random.nextInt(1_500), () -> {
                if (updates) {
                    offerByUpdate(call);
                } else {
                    agent.reinvite(call, offer, network.nowMs());
                }
            });
        }
        if (random.nextInt(caller ? 2 : 4) == 0) {
            hangUp(call, random.nextInt(4_000));
        } else if (caller) {
            // Where the caller's BYE and all its copies are lost, the session timer ends the call.
            hangUp(call, random.nextInt(4) == 0 ? 250_000 : 20_000);
        }
    }

    private void offerByUpdate(long call) {
        agent.update(call, Sdp.CONTENT_TYPE, sdp.getBytes(StandardCharsets.UTF_8), network.nowMs());
    }

    private void hangUp(long call, int afterMs) {
        later(afterMs, () -> agent.bye(call, Reason.NORMAL_CLEARING, network.nowMs()));
    }

    private void later(long delayMs, Runnable what) {
        network.after(delayMs, () -> {
            if (!dead) {
                what.run();
                drain();
            }
        });
    }

    private void drain() {
        for (SipEvent event = agent.nextEvent(); event != null; event = agent.nextEvent()) {
            for (int i = bug == null ? 1 : bug.timesTold(event); i > 0; i--) {
                told(event);
            }
        }
        for (Transmit transmit = agent.nextTransmit(); transmit != null; transmit = agent.nextTransmit()) {
            transmit(transmit);
        }
    }

    private void transmit(Transmit transmit) {
        SipMessage message = parse(transmit.bytes());
        SipMessage out = bug == null ? message : bug.onWire(message, wiretap);
        if (out != null) {
            InetSocketAddress to = transmit.destination().address();
            Crash crash = world.crash;
            if (crash != null) {
                crash.sent(out, !wiretap.repeated(out), address, to, network.nowMs());
            }
            wiretap.sent(out, crash != null && crash.mayGoNowhere(out.callId(), to));
            byte[] bytes = out == message ? transmit.bytes() : SipWriter.write(out);
            network.send(bytes, address, to);
        }
    }

    private SipMessage parse(byte[] datagram) {
        try {
            return SipParser.parse(datagram, 0, datagram.length);
        } catch (MalformedMessageException e) {
            throw new Violation(
                    name + " sent or got what cannot be read: " + e.getMessage() + "\n" + new String(datagram));
        }
    }
}
