package releve.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import releve.core.call.Target;
import releve.core.campaign.Abandonment;
import releve.core.campaign.Campaign;
import releve.core.campaign.Contact;
import releve.core.campaign.RetryRules;
import releve.core.common.AgentId;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.ReservationId;
import releve.core.store.Change;

/** The campaigns of one dialer: what is cached, asked for and reserved for each. */
final class Campaigns {
    private static final Duration EMPTY_LIST_WAIT = Duration.ofSeconds(1);
    private static final int CACHE_MIN = 4;
    private static final int CLAIM_MAX = 400;
    private static final double AHEAD_SECONDS = 2;

    private final DialerConfig config;
    private final PacingChoice pacing;
    private final Outbox out;
    private final PersonalCallbacks callbacks;
    private final Map<CampaignId, CampaignRun> runs = new LinkedHashMap<>();
    private final Skills skills = new Skills();
    /** Which campaign a reservation was asked for; kept until it is granted or withdrawn. */
    private final Map<ReservationId, CampaignRun> asked = new HashMap<>();

    /** Whether any two have their agents in common. */
    private boolean agentsAreShared;
    /** Who wishes to leave, and who is to keep a promise now. */
    private Set<AgentId> leavers = new HashSet<>();

    private Set<AgentId> awaited = Set.of();

    Campaigns(DialerConfig config, PacingChoice pacing, Outbox out, PersonalCallbacks callbacks) {
        this.config = config;
        this.pacing = pacing;
        this.out = out;
        this.callbacks = callbacks;
    }

    Collection<CampaignRun> runs() {
        return runs.values();
    }

    /** Takes the campaigns as they are now; one that is gone is treated as stopped. */
    void read(List<Campaign> campaigns, Instant at) {
        Map<CampaignId, Campaign> now = new HashMap<>();
        for (Campaign campaign : campaigns) {
            now.put(campaign.id(), campaign);
            CampaignRun run = runs.computeIfAbsent(campaign.id(), id -> new CampaignRun(campaign, pacing, skills, at));
            run.settings(campaign, at);
        }
        runs.values().forEach(run -> run.gone = !now.containsKey(run.campaign.id()));
        runs.values().removeIf(run -> run.gone && holdsNothing(run));
        share();
    }

    /** Finds out which predictive campaigns have agents in common. */
    private void share() {
        for (CampaignRun run : runs.values()) {
            run.sharing(runs.values().stream().filter(run::sharesAgentsWith).toList());
        }
        agentsAreShared = runs.values().stream().anyMatch(CampaignRun::isSharing);
    }

    /** Contacts that came with the right to dial. */
    void inherit(List<Contact> contacts, Set<ContactId> underWay, Instant now) {
        contacts.stream()
                .collect(Collectors.groupingBy(Contact::campaign, LinkedHashMap::new, Collectors.toList()))
                .forEach((id, ofCampaign) -> hold(id, ofCampaign, underWay, now));
    }

    /** @param underWay contacts that are dialed or offered: the store may have been asked before it knew */
    void claimed(CampaignId id, List<Contact> contacts, Set<ContactId> underWay, Instant now) {
        CampaignRun run = runs.get(id);
        if (run != null) {
            run.claiming = false;
        }
        hold(id, contacts, underWay, now);
    }

    private void hold(CampaignId id, List<Contact> contacts, Set<ContactId> underWay, Instant now) {
        CampaignRun run = runs.get(id);
        if (run == null) {
            contacts.forEach(contact -> out.change(new Change.ContactReturned(contact.id(), contact.formerStatus())));
            return;
        }
        for (Contact contact : contacts) {
            if (underWay.contains(contact.id())) {
                continue;
            }
            if (contact.promise() != null) {
                callbacks.hold(run, contact);
            } else if (RetryRules.mayBeDialed(run.campaign, contact)) {
                run.cache.add(contact);
            } else {
                out.change(new Change.CallbackMissed(contact.id(), CallResult.ATTEMPT_CAP, RetryRules.CAPPED));
            }
        }
        if (contacts.isEmpty()) {
            run.claimNotBefore = now.plus(EMPTY_LIST_WAIT);
        }
    }

    void promisesClaimed(CampaignId id, List<Contact> contacts, boolean holdsRight, Instant now) {
        CampaignRun run = runs.get(id);
        if (run != null) {
            callbacks.claimed(run, contacts, holdsRight, now);
        } else if (holdsRight) {
            contacts.forEach(contact -> out.change(new Change.ContactReturned(contact.id(), contact.formerStatus())));
        }
    }

    /** What that claim has taken all the same is learnt as with contacts: {@link #makeCertain} asks for all that is held. */
    void promisesNotClaimed(CampaignId id, Instant now) {
        CampaignRun run = runs.get(id);
        if (run != null) {
            callbacks.claimed(run, List.of(), false, now);
            run.claimUncertain = true;
        }
    }

    void claimFailed(CampaignId id, Instant now) {
        CampaignRun run = runs.get(id);
        if (run != null) {
            run.claiming = false;
            run.claimUncertain = true;
            run.claimNotBefore = now.plus(EMPTY_LIST_WAIT);
        }
    }

    /** Learns what the store holds for this node, when a claim was not answered; also for a campaign that does not dial. */
    void makeCertain(CampaignRun run, Instant now) {
        if (run.claimUncertain && !run.claiming && !now.isBefore(run.claimNotBefore)) {
            run.claiming = true;
            run.claimUncertain = false;
            out.command(new Command.ClaimContacts(run.campaign.id(), 0, true));
        }
    }

    /**
     * An agent has been reserved; one that nobody waits for any more goes back at once. Told twice, it is one agent.
     *
     * @param groups the skill groups that he serves
     * @param talks whether he talks through this dialer all the same: he is not called, and no longer counts as ready
     */
    void granted(ReservationId reservation, Target.Agent agent, Set<String> groups, boolean talks, Instant now) {
        if (skills.learn(agent.agent(), groups)) {
            share();
        }
        if (runs.values().stream().anyMatch(run -> run.held.contains(reservation))) {
            return;
        }
        if (talks) {
            refuse(reservation, agent);
            return;
        }
        if (callbacks.granted(reservation, agent)) {
            return;
        }
        CampaignRun run = asked.remove(reservation);
        if (run == null) {
            out.change(new Change.ReservationWithdrawn(reservation, "no longer wanted"));
            return;
        }
        run.requested.remove(reservation);
        leavers.remove(agent.agent()); // he is back since
        run.idle.reserved(agent);
        run.held.add(reservation);
        run.reserved(agent, now);
    }

    /** A grant that nobody waits for any more says nothing of the agent: his reservation may be over long since. */
    private void refuse(ReservationId reservation, Target.Agent agent) {
        CampaignRun run = asked.remove(reservation);
        if (run != null) {
            run.requested.remove(reservation);
        }
        if (callbacks.refused(reservation) || run != null) {
            out.change(new Change.AgentUnreachable(
                    agent.agent(), reservation, "your former call goes on: be ready when it is over"));
        } else {
            out.change(new Change.ReservationWithdrawn(reservation, "no longer wanted"));
        }
    }

    /** Another process may have dialed before: pacing starts from what the ledger says. */
    void rightGranted(Instant now) {
        runs.values().forEach(run -> run.predictive.rightGranted(run.campaign, now));
    }

    /** All who wish to leave. */
    void leaving(Set<AgentId> agents) {
        leavers = new HashSet<>(agents);
        tellWhoLeaves();
    }

    /** Looks whether other agents are to keep a promise now: they are wanted elsewhere, as those who wish to leave are. */
    void lookForAwaited() {
        callbacks.newlyAwaited().ifPresent(agents -> {
            awaited = agents;
            tellWhoLeaves();
        });
    }

    /** Nobody need count on them: no call starts for them any more. */
    private void tellWhoLeaves() {
        Set<AgentId> all = Stream.concat(leavers.stream(), awaited.stream()).collect(Collectors.toSet());
        for (CampaignRun run : runs.values()) {
            run.idle.wish(all);
            run.predictive.leaving(all);
        }
    }

    /** Lets those go who leave and whom no call under way need find there; who has a promise to keep here stays for it. */
    void letLeave(Instant now) {
        for (CampaignRun run : runs.values()) {
            for (Target.Agent agent : run.takeLeaving(who -> callbacks.waitsFor(run, who))) {
                boolean promised = awaited.contains(agent.agent());
                giveBack(run, agent, promised ? "he has promised a call" : "he has asked to leave", now);
            }
        }
    }

    /** He is idle no more. */
    private void giveBack(CampaignRun run, Target.Agent agent, String reason, Instant now) {
        run.held.remove(agent.reservation());
        run.predictive.left(agent.agent(), now);
        out.change(new Change.ReservationWithdrawn(agent.reservation(), reason));
    }

    /** Whether another process of the pair has calls under way that may yet be abandoned. */
    void othersSettle(boolean settle, Instant now) {
        runs.values().forEach(run -> run.predictive.othersSettle(settle));
    }

    void abandonment(List<Abandonment> counted, Instant now) {
        for (Abandonment abandonment : counted) {
            CampaignRun run = runs.get(abandonment.campaign());
            if (run != null) {
                run.predictive.ledger(abandonment, now);
            }
        }
    }

    /**
     * Lets predictive campaigns decide how many calls may start; the others, and those that may not dial, need no time. Those who
     * share agents decide in turn, whoever has started a call longest ago first.
     */
    void pace(Predicate<CampaignRun> dials, Instant now) {
        if (!agentsAreShared) {
            runs.values().forEach(run -> decide(run, dials, run.predictive.changed(), now));
            return;
        }
        List<CampaignRun> oldestFirst = new ArrayList<>(runs.values());
        oldestFirst.sort(Comparator.comparingLong(run -> run.lastStarted));
        Set<CampaignRun> stirred =
                oldestFirst.stream().filter(CampaignRun::stirred).collect(Collectors.toSet());
        // What one may start, the next one counts on no more.
        oldestFirst.forEach(run -> decide(run, dials, stirred.contains(run), now));
    }

    private static void decide(CampaignRun run, Predicate<CampaignRun> dials, boolean stirred, Instant now) {
        run.predictive.decide(run.campaign.mode().predictive() && dials.test(run), stirred, run::shared, now);
    }

    /** When a predictive campaign decides anew. */
    Optional<Instant> nextPacing() {
        return runs.values().stream()
                .flatMap(run -> run.predictive.askAt().stream())
                .min(Comparator.naturalOrder());
    }

    /** What predictive campaigns that run do and why, and what is amiss with others, one sentence each. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (CampaignRun run : runs.values()) {
            if (run.running() && run.campaign.mode().predictive()) {
                notes.add(run.campaign.name() + ": " + run.predictive.why());
            }
            if (run.running() && !run.analysisNote().isEmpty()) {
                notes.add(run.campaign.name() + ": " + run.analysisNote());
            }
        }
        return notes;
    }

    /** Whose turn it is to start a call: of those that want one, the one that started longest ago. */
    Optional<CampaignRun> nextToDial(Instant now) {
        return runs.values().stream()
                .filter(run -> run.wantsCall(now))
                .min(Comparator.comparingLong(run -> run.lastStarted));
    }

    /** When a list that was dry, or uncertain, is looked at again. */
    Optional<Instant> nextClaim(Instant now) {
        return runs.values().stream()
                .filter(run -> run.running() || run.claimUncertain)
                .flatMap(run -> Stream.of(run.claimNotBefore, run.promisesAt))
                .filter(at -> at.isAfter(now))
                .min(Comparator.naturalOrder());
    }

    /** Takes contacts ahead of need, so that a free line never waits for the store. */
    void claimAhead(CampaignRun run, Instant now) {
        int wanted = Math.min(run.linesWanted(), aheadMax());
        if (run.claiming || now.isBefore(run.claimNotBefore) || run.cache.size() >= Math.max(CACHE_MIN, wanted)) {
            return;
        }
        run.claiming = true;
        int count = Math.min(CLAIM_MAX, Math.max(2 * CACHE_MIN, 2 * wanted) - run.cache.size());
        out.command(new Command.ClaimContacts(run.campaign.id(), count));
    }

    /** More than the trunk takes meanwhile would only be held back from others, and slow a handover down. */
    private int aheadMax() {
        return (int) Math.ceil(config.callsPerSecond() * AHEAD_SECONDS);
    }

    /** Keeps enough requests open that every agent who becomes ready is reserved at once. */
    void askForAgents(CampaignRun run, java.util.function.Supplier<ReservationId> nextId, Instant now) {
        while (run.requested.size() < config.reservationsOpenMax()) {
            ReservationId id = nextId.get();
            run.requested.add(id);
            asked.put(id, run);
            out.change(new Change.ReservationRequested(
                    id, run.campaign.id(), run.campaign.staffing().skillGroup(), 0, now));
        }
    }

    /** Asks for no agent any more, and lets those go that no call under way may need. */
    void windDown(CampaignRun run, String reason, Instant now) {
        for (ReservationId reservation : run.requested) {
            asked.remove(reservation);
            out.change(new Change.ReservationWithdrawn(reservation, reason));
        }
        run.requested.clear();
        run.takeSurplus().forEach(agent -> giveBack(run, agent, reason, now));
    }

    /** Gives cached contacts back to the list. */
    void returnCache(CampaignRun run) {
        run.cache
                .all()
                .forEach(contact -> out.change(new Change.ContactReturned(contact.id(), contact.formerStatus())));
        run.cache.clear();
        callbacks.giveBack(run);
    }

    /** Forgets the cached contacts: they belong to another node now, or the store has put them back. */
    void forgetCaches() {
        runs.values().forEach(run -> {
            run.cache.clear();
            run.claimUncertain = false;
        });
        callbacks.forget("its contact is no longer held");
    }

    boolean claiming() {
        return runs.values().stream().anyMatch(run -> run.claiming || run.claimingPromises);
    }

    int reserved() {
        return runs.values().stream().mapToInt(run -> run.idle.size()).sum();
    }

    /** Whether any call may yet ring or want somebody. */
    boolean anyUnsettled() {
        return runs.values().stream().anyMatch(run -> run.unsettled > 0);
    }

    int cached() {
        return runs.values().stream()
                .mapToInt(run -> run.cache.size() + run.promises)
                .sum();
    }

    private static boolean holdsNothing(CampaignRun run) {
        return run.cache.isEmpty()
                && run.requested.isEmpty()
                && run.held.isEmpty()
                && run.unsettled == 0
                && run.offers == 0
                && run.ivrPortsBusy == 0
                && run.promises == 0
                && !run.claiming
                && !run.claimingPromises;
    }
}
