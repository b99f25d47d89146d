package releve.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import releve.core.call.Target;
import releve.core.campaign.Abandonment;
import releve.core.campaign.Campaign;
import releve.core.campaign.PacingSettings;
import releve.core.campaign.Schedule;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.Invariants;
import releve.core.pacing.AbandonBudget;
import releve.core.pacing.Floor;
import releve.core.pacing.PacingPolicy;
import releve.core.pacing.PredictivePacing;

/**
 * How one campaign paces itself: its floor, fed with the engine's own facts whatever the mode, so that a campaign that turns
 * predictive knows its customers already (only calls for one agent alone, as in preview, say nothing of them); and, for a predictive
 * one, how many calls may start now.
 *
 * <p>It decides anew at every change while there are few agents, and every {@value PacingPolicy#ASK_EVERY_MS} ms. What it
 * decides is leave, not an order: ports, the trunk's rate and the list may let fewer start.
 *
 * <p>Until the ledger has been counted under the present right to dial, one call starts for each free agent: what another
 * process has abandoned must be known before anybody else is. So it is while another process of the pair settles calls.
 *
 * <p>An agent is there from the reservation until he is given back; after his wrap-up he has {@link #BACK_WITHIN} to be
 * reserved again, else he counts as gone. A port of an IVR is an agent without wrap-up.
 */
final class Predictive {
    private static final Duration ASK_EVERY = Duration.ofMillis(PacingPolicy.ASK_EVERY_MS);
    private static final Duration BACK_WITHIN = Duration.ofSeconds(10);
    private static final int AGENTS_FEW = 30;

    private final Map<AgentId, Instant> backBy = new LinkedHashMap<>();
    private final Map<AttemptId, AgentId> portOf = new HashMap<>();
    private final Deque<AgentId> portsFree = new ArrayDeque<>();
    private final Floor floor;
    private PredictivePacing.Bounds bounds;
    private final PacingChoice pacing;
    private PacingPolicy policy;
    private Schedule schedule;
    private int ports;
    private boolean ledgerCounted;
    private boolean othersSettle;
    private boolean changed;
    private int mayStart;
    private @Nullable Instant askAt;

    Predictive(Campaign campaign, PacingChoice pacing, Instant now) {
        this.pacing = pacing;
        floor = new Floor(new AbandonBudget(limit(campaign, now)));
        bounds = bounds(campaign);
        schedule = campaign.schedule();
        policy = pacing.policy(bounds);
    }

    /** Takes the campaign's settings as they are now; a new limit starts from the ledger again. */
    void settings(Campaign campaign, Instant now) {
        if (!bounds(campaign).equals(bounds)) {
            bounds = bounds(campaign);
            policy = pacing.policy(bounds);
        }
        if (!limit(campaign, now).equals(floor.budget().limit())) {
            floor.budget(new AbandonBudget(limit(campaign, now)));
            ledgerCounted = false;
        }
        schedule = campaign.schedule();
        ports(campaign.mode().toIvr() ? campaign.ivr().ports() : 0, now);
        changed = true;
    }

    private static PredictivePacing.Bounds bounds(Campaign campaign) {
        return new PredictivePacing.Bounds(
                Math.clamp(campaign.abandon().after().toMillis() / 1000.0, 0, 10),
                campaign.pacing().maximumLinesPerAgent());
    }

    private static AbandonBudget.Limit limit(Campaign campaign, Instant now) {
        PacingSettings pacing = campaign.pacing();
        double share = pacing.abandonLimitPercent() == 0 ? 1 : pacing.abandonLimitPercent() / 100;
        boolean month = pacing.abandonWindow().compareTo(Duration.ofDays(30)) >= 0;
        int zoneSeconds = campaign.schedule().zone().getRules().getOffset(now).getTotalSeconds();
        return new AbandonBudget.Limit(
                share, month ? AbandonBudget.Window.THIRTY_DAYS : AbandonBudget.Window.DAY, 1000L * zoneSeconds, 1);
    }

    /** The right to dial is new: others may have dialed meanwhile, so the ledger is looked at first. */
    void rightGranted(Campaign campaign, Instant now) {
        floor.budget(new AbandonBudget(limit(campaign, now)));
        ledgerCounted = false;
        settings(campaign, now);
    }

    /** Whether the pair's other side has calls under way that may yet be abandoned: the ledger does not count them. */
    void othersSettle(boolean settle) {
        changed |= settle != othersSettle;
        othersSettle = settle;
    }

    void ledger(Abandonment counted, Instant now) {
        if (!ledgerCounted) {
            for (Abandonment.Part part : counted.parts()) {
                floor.budget()
                        .history(
                                Math.min(part.from().toEpochMilli(), now.toEpochMilli()),
                                Math.toIntExact(part.liveAnswers()),
                                Math.toIntExact(part.abandoned()));
            }
        }
        // The ledger counts calls when they end, abandoned ones minutes before the answers that go with them.
        long answers = counted.liveAnswers() + floor.served();
        floor.budget().ledger(now.toEpochMilli(), counted.window().toMillis(), answers, counted.abandoned());
        ledgerCounted = true;
        changed = true;
    }

    /** @param forOne whether an agent is kept for it: he is not there for other calls, and has {@link #left} */
    void dialed(AttemptId call, boolean forOne, Instant now) {
        if (forOne) {
            floor.promised(call, now.toEpochMilli());
        } else {
            floor.dialed(call, now.toEpochMilli());
        }
        mayStart = Math.max(0, mayStart - 1);
        changed = true;
    }

    void answered(AttemptId call, Instant now) {
        floor.pickedUp(call, now.toEpochMilli());
        changed = true;
    }

    /** It waits for anybody. */
    void live(AttemptId call, Instant now) {
        floor.live(call, now.toEpochMilli());
        changed = true;
    }

    void connected(AttemptId call, Target target, Instant now) {
        AgentId who = switch (target) {
            case Target.Agent agent -> agent.agent();
            case Target.Ivr ivr -> {
                AgentId free = portsFree.poll();
                AgentId port = free == null ? new AgentId("port " + ++ports) : free;
                portOf.put(call, port);
                yield port;
            }
            case Target.AbandonIvr ivr -> throw new IllegalArgumentException("nobody who is served goes to " + ivr);
        };
        floor.ready(who, now.toEpochMilli());
        floor.served(call, who, now.toEpochMilli());
        changed = true;
    }

    /** The target talked, and is done; an agent wraps up for so long. */
    void done(AttemptId call, Target target, Duration wrapUp, Instant now) {
        switch (target) {
            case Target.Agent agent -> {
                floor.talkEnded(agent.agent(), now.toEpochMilli());
                backBy.remove(agent.agent());
                backBy.put(agent.agent(), now.plus(wrapUp).plus(BACK_WITHIN));
            }
            case Target.Ivr ivr -> {
                AgentId port = portOf.remove(call);
                if (port != null) {
                    floor.talkEnded(port, now.toEpochMilli());
                    floor.ready(port, now.toEpochMilli());
                    portsFree.add(port);
                }
            }
            case Target.AbandonIvr ivr -> {}
        }
        changed = true;
    }

    /** No longer under way; a second word on it changes nothing. */
    void ended(AttemptId call, CallResult result, Instant now) {
        if (result.isAbandoned()) {
            floor.abandoned(call, now.toEpochMilli());
        } else {
            floor.over(call, now.toEpochMilli());
        }
        changed = true;
    }

    /** It never left, so it says nothing of customers. */
    void withheld(AttemptId call, Instant now) {
        floor.withheld(call, now.toEpochMilli());
        changed = true;
    }

    void reserved(AgentId agent, Instant now) {
        backBy.remove(agent);
        floor.ready(agent, now.toEpochMilli());
        changed = true;
    }

    /** Given back, or not to be reached. */
    void left(AgentId agent, Instant now) {
        backBy.remove(agent);
        floor.away(agent, now.toEpochMilli());
        changed = true;
    }

    /** He takes calls of another campaign that shares him now: lent to it, or reserved for it after his wrap-up. */
    void elsewhere(AgentId agent, Instant now) {
        backBy.remove(agent);
        floor.readyElsewhere(agent, now.toEpochMilli());
        changed = true;
    }

    /** Nobody of these comes back after his call. */
    void leaving(Set<AgentId> agents) {
        changed |= floor.leaving(agents);
    }

    /** What those who share its agents have to know of it. */
    PacingPolicy.Sharing shared(int contacts) {
        return new PacingPolicy.Sharing(floor, Math.min(mayStart, contacts), policy.risk());
    }

    /** Whether all of its agents, idle or busy, are of those. */
    boolean agentsAll(Predicate<AgentId> who) {
        return floor.agentsAll(who);
    }

    /** Whether something has happened since it decided last. */
    boolean changed() {
        return changed;
    }

    /**
     * Decides if it is time to; a campaign that may not dial starts nothing and needs no time.
     *
     * @param stirred whether something has happened since, to it or to those who share its agents
     * @param sharing those, when it is time
     */
    void decide(boolean dials, boolean stirred, Supplier<List<PacingPolicy.Sharing>> sharing, Instant now) {
        if (!dials) {
            mayStart = 0;
            askAt = null;
            return;
        }
        boolean due = askAt == null || !now.isBefore(askAt);
        if (!due && !(stirred && (floor.agents() <= AGENTS_FEW || !policy.looksAhead()))) {
            return;
        }
        changed = false;
        askAt = now.plus(ASK_EVERY);
        missed(now);
        long nowMs = now.toEpochMilli();
        // Its settings may have been read last week: each day closes anew.
        floor.budget()
                .closesAt(schedule.closesAt(now).map(Instant::toEpochMilli).orElse(Long.MAX_VALUE));
        floor.advance(nowMs);
        mayStart = ledgerCounted && !othersSettle
                ? policy.callsToStart(floor, sharing.get(), nowMs)
                : Math.max(0, floor.idle() - floor.inFlight());
    }

    private void missed(Instant now) {
        Iterator<Map.Entry<AgentId, Instant>> oldest = backBy.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<AgentId, Instant> next = oldest.next();
            if (next.getValue().isAfter(now)) {
                return;
            }
            oldest.remove();
            floor.away(next.getKey(), now.toEpochMilli());
        }
    }

    private void ports(int wanted, Instant now) {
        while (ports < wanted) {
            AgentId port = new AgentId("port " + ++ports);
            portsFree.add(port);
            floor.ready(port, now.toEpochMilli());
        }
        while (ports > wanted && !portsFree.isEmpty()) {
            ports--;
            floor.away(portsFree.removeLast(), now.toEpochMilli());
        }
    }

    /** How many calls may start, at the last decision less those that have started since. */
    int mayStart() {
        return mayStart;
    }

    /** When it wants to be asked again. */
    Optional<Instant> askAt() {
        return Optional.ofNullable(askAt);
    }

    /** What it does and why, for status. */
    String why() {
        if (othersSettle) {
            return "progressive: the other side settles calls that may yet be abandoned";
        }
        return ledgerCounted ? policy.why() : "progressive: what was abandoned before has not been counted yet";
    }

    /** Holds the floor to the campaign's calls. */
    void audit(int unsettled) {
        int known = floor.inFlight() + floor.promised();
        Invariants.check(known == unsettled, "%s calls are unsettled, not %s as the floor has it", unsettled, known);
    }
}
