package releve.sim.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import releve.core.agent.AgentState;
import releve.core.campaign.Campaign;
import releve.core.campaign.ContactStatus;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.Side;
import releve.core.memory.MemoryDesks;
import releve.core.memory.MemoryDesks.AgentRow;
import releve.core.memory.MemoryDesks.AttemptRow;
import releve.core.memory.MemoryDesks.ContactRow;
import releve.core.memory.MemoryDesks.RequestRow;
import releve.core.pair.Role;
import releve.core.pair.RoleState;
import releve.core.store.Change;
import releve.core.store.DialerStore.CommitResult;
import releve.core.store.DialerStore.LeaseView;

/** Holds a world to its {@link Rule}s: some when an INVITE leaves, some after every event. */
final class Rules {
    private static final Duration CLOCKS_APART = Duration.ofSeconds(20);
    /** Beyond the ring limit a CANCEL may take its way. */
    private static final long CANCEL_MS = 3_000;
    /** What was asked for is withdrawn, or given back, within so long. */
    private static final long LETS_GO_MS = 15_000;

    private final PairWorld world;
    private final Set<ContactId> failed = new HashSet<>();
    private final Set<ContactId> disposedContacts = new HashSet<>();
    private final Map<ContactId, AttemptId> ringing = new HashMap<>();
    private final Map<SimulatedNode, Seen> settlingSince = new HashMap<>();
    /** Attempts that the store has taken. */
    private final Set<AttemptId> known = new HashSet<>();

    private int unknownSeen;
    private @Nullable Handover handover;

    /** A time of a node's own clock, and the world's when it was seen first. */
    private record Seen(Instant since, long atMs) {}

    /** A maintenance of the active side, during which nothing has failed so far. */
    private record Handover(SimulatedNode from, long limitMs, long faultsBefore) {}

    Rules(PairWorld world) {
        this.world = world;
    }

    // -------------------------------------------------------------------------------------- when an INVITE leaves

    void leaves(SimulatedNode node, AttemptId attempt) {
        AttemptRow row = world.desks()
                .attempt(attempt)
                .orElseThrow(() -> new Violation(
                        Rule.MAY_BE_DIALED, "%s dials %s, which is not in the ledger".formatted(node.id(), attempt)));
        Campaign campaign = world.campaign(row.campaign());
        hasTheRight(node, attempt);
        startsNothingNew(node, row, campaign);
        mayBeDialed(node, row);
        isTheOnlyOne(node, row);
        String closed = campaign.schedule().hindrance(world.now());
        if (!closed.isEmpty()
                && !campaign.schedule()
                        .hindrance(world.now().minus(CLOCKS_APART))
                        .isEmpty()) {
            throw new Violation(Rule.WITHIN_HOURS, "%s dials %s: %s".formatted(node.id(), attempt, closed));
        }
    }

    /** What uses the right to dial is written only under the epoch in force. */
    void committed(SimulatedNode node, long epoch, List<Change> changes, CommitResult result) {
        for (Change change : changes) {
            if (change instanceof Change.AttemptStarted started
                    && !result.refused().containsKey(started.attempt())
                    && known.add(started.attempt())
                    && world.desks().isListed(started.phone())) {
                throw new Violation(
                        Rule.NOT_LISTED,
                        "the store took %s to %s, which is on the do-not-call list"
                                .formatted(started.attempt(), started.phone()));
            }
        }
        boolean used = changes.stream().anyMatch(Change.UsesRightToDial.class::isInstance);
        LeaseView lease = world.store().lease(node.id().pair());
        if (used
                && !result.epochOver()
                && !isInForce(lease, epoch, node)
                && !world.desks().settles(node.id(), epoch)) {
            throw new Violation(
                    Rule.RIGHT_TO_DIAL,
                    "the store took what %s decided under epoch %d, but epoch %d is in force, held by %s"
                            .formatted(node.id(), epoch, lease.epoch(), lease.holder()));
        }
    }

    private void hasTheRight(SimulatedNode node, AttemptId attempt) {
        LeaseView lease = world.store().lease(node.id().pair());
        long epoch = node.dialer().role().epochHeld();
        boolean settles = node.dialer().role() instanceof RoleState.Settling
                && world.desks().settles(node.id(), epoch);
        if (!isInForce(lease, epoch, node) && !settles) {
            throw new Violation(
                    Rule.RIGHT_TO_DIAL,
                    "%s dials %s, but epoch %d is in force, held by %s"
                            .formatted(node.id(), attempt, lease.epoch(), lease.holder()));
        }
    }

    private static boolean isInForce(LeaseView lease, long epoch, SimulatedNode holder) {
        return lease.epoch() == epoch && lease.holder().equals(Optional.of(holder.id()));
    }

    private void startsNothingNew(SimulatedNode node, AttemptRow row, Campaign campaign) {
        boolean offered = world.desks().offer(row.attempt()).isPresent()
                || campaign.mode().offersContacts();
        boolean accepted = world.agents().haveAccepted(row.attempt());
        if (offered && !accepted) {
            throw new Violation(
                    Rule.ACCEPTED_BY_AGENT,
                    "%s dials %s, which no agent has accepted".formatted(node.id(), row.attempt()));
        }
        RoleState role = node.dialer().role();
        boolean settles = role instanceof RoleState.Quiescing || role instanceof RoleState.Settling;
        if (!(role instanceof RoleState.Active) && !(settles && accepted)) {
            throw new Violation(
                    Rule.NOTHING_NEW_IN_MAINTENANCE,
                    "%s dials %s while it is %s".formatted(node.id(), row.attempt(), role.phase()));
        }
    }

    private void mayBeDialed(SimulatedNode node, AttemptRow row) {
        ContactRow contact = world.desks().contact(row.contact());
        if (contact.status() != ContactStatus.DIALED || row.termination().isPresent()) {
            throw new Violation(
                    Rule.MAY_BE_DIALED,
                    "%s dials %s, whose contact %s is %s"
                            .formatted(node.id(), row.attempt(), contact.contact(), contact.status()));
        }
        if (failed.contains(row.contact())) {
            throw new Violation(
                    Rule.NEVER_REDIALED,
                    "%s dials contact %s again, whose dialer failed before".formatted(node.id(), row.contact()));
        }
    }

    private void isTheOnlyOne(SimulatedNode node, AttemptRow row) {
        AttemptId other = ringing.get(row.contact());
        for (SimulatedCarrier.Leg leg : world.carrier().open()) {
            boolean known = world.desks()
                    .attempt(leg.attempt)
                    .filter(attempt -> attempt.termination().isEmpty())
                    .isPresent();
            boolean sameContact = leg.attempt.equals(other);
            if (sameContact || (known && leg.phone.equals(row.phone()))) {
                throw new Violation(
                        Rule.ONE_LIVE_ATTEMPT,
                        "%s dials %s while %s is under way for contact %s at %s"
                                .formatted(node.id(), row.attempt(), leg.attempt, row.contact(), leg.phone));
            }
        }
        ringing.put(row.contact(), row.attempt());
    }

    // --------------------------------------------------------------------------------------- after every event

    void afterEach() {
        long holders =
                world.nodes().stream().filter(SimulatedNode::believesItMayDial).count();
        if (holders > 1) {
            throw new Violation(Rule.TWO_HOLDERS, "both sides believe that they may dial");
        }
        for (SimulatedNode node : world.nodes()) {
            stopsInTime(node);
        }
        Handover under = handover;
        if (under != null) {
            if (world.faults() != under.faultsBefore() || !under.from().alive()) {
                handover = null;
            } else if (world.nowMs() > under.limitMs()) {
                throw new Violation(
                        Rule.HANDOVER_IN_TIME,
                        "%s is still %s: %s"
                                .formatted(
                                        under.from().id(),
                                        under.from().dialer().role().phase(),
                                        under.from()
                                                .dialer()
                                                .status(under.from().time().now())));
            }
        }
    }

    /** Looked at less often, because it looks at everything there is. */
    void everySecond() {
        Set<Long> asked = new HashSet<>();
        List<RequestRow> requests = world.desks().requests();
        requests.forEach(request -> asked.add(request.reservation().value()));
        world.nodes().forEach(node -> letsAgentsGo(node, requests));
        for (AgentRow agent : world.desks().agents()) {
            if (agent.state() == AgentState.LOGGED_OUT && !world.agents().wantsToLeave(agent.agent())) {
                throw new Violation(Rule.STAYS_LOGGED_IN, agent.agent() + " is logged out, and has not asked for it");
            }
            servesTheGroup(agent);
            boolean bound = agent.state().held();
            if (bound
                    && (agent.reservation() == null
                            || !asked.contains(agent.reservation().value()))) {
                throw new Violation(
                        Rule.RESERVATION_KNOWN,
                        "%s is %s for %s, which nobody asks for"
                                .formatted(agent.agent(), agent.state(), agent.reservation()));
            }
        }
        for (SimulatedCarrier.Leg leg : world.carrier().open()) {
            boolean rings = !leg.silent
                    && (leg.stage == SimulatedCarrier.Stage.DIALED || leg.stage == SimulatedCarrier.Stage.RINGING);
            boolean watched = leg.dialer.alive()
                    && !leg.dialer.frozen()
                    && leg.dialer.awakeForMs() > world.longestRing().toMillis() + CANCEL_MS;
            if (rings
                    && watched
                    && world.nowMs() - leg.invitedAtMs > world.longestRing().toMillis() + CANCEL_MS) {
                throw new Violation(
                        Rule.RINGS_NO_LONGER,
                        "%s rings for %d ms".formatted(leg.attempt, world.nowMs() - leg.invitedAtMs));
            }
        }
        world.desks().closedAsUnknown(unknownSeen).forEach(row -> {
            unknownSeen++;
            if (!disposedContacts.contains(row.contact())) {
                failed.add(row.contact());
            }
        });
    }

    /** For how long its state has been seen, in the world's time: its own clock leaps when it finds that it was suspended. */
    private long lastsForMs(SimulatedNode node, Instant since) {
        Seen seen = settlingSince.get(node);
        if (seen == null || !seen.since().equals(since)) {
            seen = new Seen(since, world.nowMs());
            settlingSince.put(node, seen);
        }
        return world.nowMs() - seen.atMs();
    }

    private void servesTheGroup(AgentRow agent) {
        AttemptId call = agent.state() == AgentState.TALKING ? agent.attempt() : null;
        if (call == null || world.desks().offer(call).isPresent()) {
            return;
        }
        world.desks().attempt(call).ifPresent(attempt -> {
            String group = world.campaign(attempt.campaign()).staffing().skillGroup();
            if (!world.agents().skills(agent.agent()).contains(group)) {
                throw new Violation(
                        Rule.SERVES_THE_GROUP,
                        "%s talks in %s, which is for agents of the group '%s'".formatted(agent.agent(), call, group));
            }
        });
    }

    private void letsAgentsGo(SimulatedNode node, List<RequestRow> requests) {
        Instant since = switch (node.dialer().role()) {
            case RoleState.Quiescing quiescing -> quiescing.since();
            case RoleState.Settling settling -> settling.since();
            case RoleState.Monitoring monitoring -> monitoring.since();
            case RoleState other -> node.time().now();
        };
        boolean heard = node.awakeForMs() > LETS_GO_MS
                && world.storeUpForMs() > LETS_GO_MS
                && node.link().openForMs() > LETS_GO_MS;
        if (lastsForMs(node, since) < LETS_GO_MS || !heard) {
            return;
        }
        for (RequestRow request : requests) {
            boolean has = world.desks().agents().stream()
                    .anyMatch(agent -> request.reservation().equals(agent.reservation())
                            && (agent.state() != AgentState.RESERVED
                                    || !(node.dialer().role() instanceof RoleState.Monitoring)));
            if (request.node().equals(node.id()) && !has) {
                throw new Violation(
                        Rule.LETS_AGENTS_GO,
                        "%s is %s since %s, and still asks for an agent: %s"
                                .formatted(node.id(), node.dialer().role().phase(), since, request));
            }
        }
    }

    /** An agent has said what becomes of the contact, so it may be dialed again as he said. */
    void disposed(AttemptId call) {
        world.desks().attempt(call).ifPresent(row -> {
            failed.remove(row.contact());
            disposedContacts.add(row.contact());
        });
    }

    void maintenanceBegan(SimulatedNode node) {
        boolean forced = switch (node.dialer().role()) {
            case RoleState.Quiescing quiescing -> quiescing.forced();
            case RoleState.HandingOver passing -> passing.forced();
            case RoleState other -> true;
        };
        if (!forced) {
            boolean otherWorks = world.nodes().stream()
                    .anyMatch(other -> other != node && other.dialer().role() instanceof RoleState.Active);
            handover = otherWorks || world.storeDown()
                    ? null
                    : new Handover(node, world.nowMs() + world.handoverLimit().toMillis(), world.faults());
        }
    }

    void becameActive() {
        handover = null;
    }

    /** A process that ends by itself has let go of its calls before, and said why. */
    void stops(SimulatedNode node, String reason) {
        int calls = node.dialer().status(node.time().now()).counts().calls();
        if (calls > 0) {
            throw new Violation(
                    Rule.NEVER_CUT, "%s stops with %d calls under way: %s".formatted(node.id(), calls, reason));
        }
    }

    private void stopsInTime(SimulatedNode node) {
        if (!node.alive() || node.frozen() || !(node.dialer().role() instanceof RoleState.Monitoring monitoring)) {
            return;
        }
        Instant limit = monitoring.limitAt().plusSeconds(10);
        if (node.time().now().isAfter(limit) && node.awakeForMs() > 10_000 && world.storeUpForMs() > 10_000) {
            throw new Violation(
                    Rule.STOPS_IN_TIME,
                    "%s monitors beyond its limit of %s".formatted(node.id(), monitoring.limitAt()));
        }
    }

    // --------------------------------------------------------------------------------------------- at the end

    /**
     * One side is active, and has dialed since then.
     *
     * @param couldDialBefore campaigns that had whom to call, and somebody to talk to him, then
     */
    void oneDials(long invitesBefore, Set<CampaignId> couldDialBefore) {
        List<SimulatedNode> active = world.nodes().stream()
                .filter(node -> node.dialer().role() instanceof RoleState.Active)
                .toList();
        if (active.size() != 1) {
            throw new Violation(Rule.ONE_ACTIVE, "%d sides are active: %s".formatted(active.size(), phases()));
        }
        for (Role role : List.of(Role.ROUTING_GATEWAY, Role.AGENT_GATEWAY)) {
            long serving = world.nodes().stream()
                    .filter(node -> node.gateways().of(role).state() instanceof RoleState.Active)
                    .count();
            if (serving != 1) {
                throw new Violation(Rule.ONE_ACTIVE, "%d are active as %s".formatted(serving, role.written()));
            }
        }
        if (world.carrier().legs().size() == invitesBefore && !Collections.disjoint(couldDialBefore, couldDial())) {
            throw new Violation(
                    Rule.ONE_ACTIVE,
                    "%s is active and dials nobody: %s"
                            .formatted(
                                    active.getFirst().id(),
                                    active.getFirst()
                                            .dialer()
                                            .status(active.getFirst().time().now())));
        }
    }

    /**
     * Campaigns that have pending contacts, and an agent or a port for them. One with a share of the agents may have used it
     * up, so only those with all of them count.
     */
    Set<CampaignId> couldDial() {
        return world.desks().contacts().stream()
                .filter(contact -> contact.status() == ContactStatus.PENDING)
                .map(contact -> world.campaign(contact.campaign()))
                .filter(campaign -> campaign.schedule().hindrance(world.now()).isEmpty())
                .filter(campaign -> campaign.mode().toIvr() ? hasPort(campaign) : hasAgent(campaign))
                .map(Campaign::id)
                .collect(Collectors.toSet());
    }

    /** Calls that a takeover closed as unknown have their port as long as they go on. */
    private boolean hasPort(Campaign campaign) {
        Set<AttemptId> goOn =
                world.carrier().open().stream().map(leg -> leg.attempt).collect(Collectors.toSet());
        long used = world.desks().attempts().stream()
                .filter(attempt -> attempt.campaign().equals(campaign.id()))
                .filter(attempt -> attempt.termination().isEmpty() || goOn.contains(attempt.attempt()))
                .count();
        return used < campaign.ivr().ports();
    }

    private boolean hasAgent(Campaign campaign) {
        return campaign.staffing().reservationPercent() == 100
                && world.desks().agents().stream()
                        .anyMatch(agent -> agent.state() == AgentState.READY
                                && world.agents()
                                        .skills(agent.agent())
                                        .contains(campaign.staffing().skillGroup()));
    }

    private String phases() {
        StringBuilder phases = new StringBuilder();
        for (Side side : Side.values()) {
            phases.append(side)
                    .append(' ')
                    .append(world.node(side)
                            .map(node -> node.dialer().role().toString())
                            .orElse("not running"))
                    .append("; ");
        }
        return phases.append("lease ").append(world.store().lease(1)).toString();
    }

    /** Who or what is left over; empty when nothing is. */
    Optional<String> somebodyIsLeft() {
        MemoryDesks desks = world.desks();
        Optional<String> attempt = desks.attempts().stream()
                .filter(row -> row.termination().isEmpty())
                .map(row -> "attempt %s of %s never ended".formatted(row.attempt(), row.node()))
                .findFirst();
        Optional<String> contact = desks.contacts().stream()
                .filter(row -> row.status() == ContactStatus.ACTIVE || row.status() == ContactStatus.DIALED)
                .map(row -> "contact %s is %s, held by %s".formatted(row.contact(), row.status(), row.claimedBy()))
                .findFirst();
        Optional<String> agent = desks.agents().stream()
                .filter(row -> row.state().held())
                .map(row -> "%s is %s for %s in the end".formatted(row.agent(), row.state(), row.reservation()))
                .findFirst();
        Optional<String> request = desks.requests().stream()
                .map(row -> "request %s of %s waits in the end".formatted(row.reservation(), row.node()))
                .findFirst();
        return attempt.or(() -> contact).or(() -> agent).or(() -> request);
    }
}
