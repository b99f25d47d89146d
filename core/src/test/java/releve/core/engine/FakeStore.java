package releve.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import releve.core.agent.AgentState;
import releve.core.campaign.Abandonment;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactOutcome;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.OfferAnswer;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.Handover;
import releve.core.common.ReservationId;
import releve.core.common.Termination;
import releve.core.routing.LongestIdle;
import releve.core.store.Change;

/** The store's contract in effect, in memory, for one node: facts are applied in order, the right's epoch is checked. */
final class FakeStore {
    static final class ContactRow {
        Contact contact;
        ContactStatus status = ContactStatus.PENDING;
        Instant notBefore = Instant.MIN;
        long heldUnder;
        AgentId callbackAgent;
        /** He was abandoned, and is owed an agent. */
        boolean agentOwed;

        ContactRow(Contact contact) {
            this.contact = contact;
        }
    }

    static final class AgentRow {
        final AgentId id;
        final Set<String> groups;
        AgentState state = AgentState.READY;
        Instant since;
        ReservationId reservation;
        /** He takes no call any more as soon as he is free. */
        boolean wishesToLeave;

        AgentRow(AgentId id, Set<String> groups, Instant since) {
            this.id = id;
            this.groups = groups;
            this.since = since;
        }
    }

    static final class OfferRow {
        final Change.ContactOffered offered;
        OfferAnswer answer;
        boolean over;

        OfferRow(Change.ContactOffered offered) {
            this.offered = offered;
        }
    }

    private static final Set<AgentState> BOUND = Set.of(AgentState.RESERVED, AgentState.PREVIEW, AgentState.DIALING);

    final Map<ContactId, ContactRow> contacts = new TreeMap<>((a, b) -> Long.compare(a.value(), b.value()));
    final Map<String, AgentRow> agents = new LinkedHashMap<>();
    final Map<ReservationId, Change.ReservationRequested> open = new LinkedHashMap<>();
    final Map<AttemptId, ContactId> live = new HashMap<>();
    final Map<AttemptId, OfferRow> offers = new LinkedHashMap<>();
    final Map<AttemptId, Termination> ended = new LinkedHashMap<>();

    /** One line of the ledger: whose call ended, when and how. */
    record Ended(CampaignId campaign, Instant at, CallResult result) {}

    final List<Ended> ledger = new ArrayList<>();

    /** The epoch in force, and whether this node holds it. */
    long epoch;

    boolean held;
    /** The epoch under which this node settles what it had started before it handed over; 0 while it does not. */
    long settlesUnder;

    long acquire() {
        held = true;
        epoch++;
        if (settlesUnder > 0) {
            settlesUnder = 0;
            contacts.values().stream()
                    .filter(row -> isOffered(row.contact.id()))
                    .forEach(row -> row.heldUnder = epoch);
        }
        return epoch;
    }

    /** The other side hands the right over, with all contacts there are. */
    List<Contact> handedOver() {
        held = true;
        epoch++;
        contacts.values().forEach(row -> {
            row.status = ContactStatus.ACTIVE;
            row.heldUnder = epoch;
        });
        return contacts.values().stream().map(row -> row.contact).toList();
    }

    /** Another node takes the right over: what this node left is settled as the contract says. */
    void takenOver() {
        held = false;
        epoch++;
        live.forEach((attempt, contact) -> contacts.get(contact).status = ContactStatus.CLOSED);
        live.clear();
        returnHeld();
        open.clear();
        offers.values().stream().filter(row -> !row.over).forEach(row -> {
            row.answer = OfferAnswer.WITHDRAWN;
            row.over = true;
        });
        agents.values().stream().filter(a -> BOUND.contains(a.state)).forEach(a -> free(a, a.since));
    }

    boolean handOver(long under, Handover how) {
        if (!held || epoch != under) {
            return false;
        }
        held = false;
        epoch++;
        contacts.values().stream()
                .filter(row -> row.status == ContactStatus.ACTIVE)
                .filter(row -> how == Handover.SEQUENTIAL || !isOffered(row.contact.id()))
                .forEach(row -> row.heldUnder = epoch);
        settlesUnder = how == Handover.OVERLAP ? under : 0;
        return true;
    }

    private boolean isOffered(ContactId contact) {
        return offers.values().stream()
                .anyMatch(row -> !row.over && row.offered.contact().equals(contact));
    }

    void release(long under) {
        if (held && epoch == under) {
            held = false;
            returnHeld();
        }
    }

    private void returnHeld() {
        contacts.values().stream()
                .filter(row -> row.status == ContactStatus.ACTIVE)
                .forEach(row -> row.status = row.contact.formerStatus());
    }

    Optional<List<Contact>> claim(CampaignId campaign, long under, int count, Instant now) {
        if (!held || epoch != under) {
            return Optional.empty();
        }
        List<Contact> claimed = new ArrayList<>();
        for (ContactRow row : contacts.values()) {
            boolean free = row.status == ContactStatus.PENDING || row.status == ContactStatus.RETRY;
            if (claimed.size() < count
                    && free
                    && row.contact.campaign().equals(campaign)
                    && !row.notBefore.isAfter(now)) {
                row.contact = new Contact(
                        row.contact.id(),
                        campaign,
                        row.contact.phones(),
                        row.contact.attempts(),
                        row.status,
                        null,
                        row.agentOwed);
                row.status = ContactStatus.ACTIVE;
                row.heldUnder = under;
                claimed.add(row.contact);
            }
        }
        return Optional.of(claimed);
    }

    /** Applies a batch; what is refused comes back with the reason. */
    Map<AttemptId, String> commit(long under, List<Change> changes, Instant now) {
        boolean inForce = held && epoch == under;
        Map<AttemptId, String> refused = new HashMap<>();
        for (Change change : changes) {
            boolean settles = under == settlesUnder && change instanceof Change.AttemptStarted;
            if (change instanceof Change.UsesRightToDial && !inForce && !settles) {
                if (change instanceof Change.AttemptStarted started) {
                    refused.put(started.attempt(), "the epoch is over");
                }
                continue;
            }
            apply(change, under, refused, now);
        }
        return refused;
    }

    private void apply(Change change, long under, Map<AttemptId, String> refused, Instant now) {
        switch (change) {
            case Change.AttemptStarted started -> {
                ContactRow row = contacts.get(started.contact());
                if (row.status != ContactStatus.ACTIVE || row.heldUnder != under) {
                    refused.put(started.attempt(), "the contact is no longer held");
                } else {
                    row.status = ContactStatus.DIALED;
                    live.put(started.attempt(), started.contact());
                }
            }
            case Change.AttemptRang r -> {}
            case Change.AttemptAnswered a -> {}
            case Change.AttemptDecided d -> {}
            case Change.AttemptConnected connected ->
                agent(connected.agent(), connected.reservation(), Set.of(AgentState.RESERVED, AgentState.DIALING))
                        .ifPresent(row -> move(row, AgentState.TALKING, now));
            case Change.AttemptEnded end -> attemptEnded(end);
            case Change.ContactReturned returned -> {
                ContactRow row = contacts.get(returned.contact());
                if (row.status == ContactStatus.ACTIVE && row.heldUnder == under) {
                    row.status = returned.formerStatus();
                }
            }
            case Change.ContactOffered offered -> offered(offered, under, now);
            case Change.OfferClosing closing -> answer(closing.offer(), closing.answer());
            case Change.OfferEnded over -> offerEnded(over, under, now);
            case Change.AgentDialing dialing ->
                agent(dialing.agent(), dialing.reservation(), Set.of(AgentState.RESERVED))
                        .ifPresent(row -> move(row, AgentState.DIALING, now));
            case Change.CallbackMissed missed -> {
                ContactRow contact = contacts.get(missed.contact());
                if (contact.status == ContactStatus.ACTIVE && contact.heldUnder == under) {
                    become(contact, missed.outcome());
                }
            }
            case Change.ReservationRequested requested -> open.put(requested.reservation(), requested);
            case Change.ReservationWithdrawn withdrawn -> {
                open.remove(withdrawn.reservation());
                agents.values().stream()
                        .filter(a -> BOUND.contains(a.state)
                                && withdrawn.reservation().equals(a.reservation))
                        .forEach(a -> free(a, now));
            }
            case Change.AgentWrapUp wrapUp ->
                agent(
                                wrapUp.agent(),
                                wrapUp.reservation(),
                                Set.of(AgentState.TALKING, AgentState.RESERVED, AgentState.DIALING))
                        .ifPresent(row -> {
                            row.state = AgentState.WRAP_UP;
                            row.since = wrapUp.deadline();
                        });
            case Change.AgentUnreachable unreachable ->
                agent(unreachable.agent(), unreachable.reservation(), BOUND)
                        .ifPresent(row -> move(row, AgentState.NOT_READY, now));
        }
    }

    private void offered(Change.ContactOffered offered, long under, Instant now) {
        ContactRow contact = contacts.get(offered.contact());
        boolean held = contact.status == ContactStatus.ACTIVE && contact.heldUnder == under;
        agent(offered.agent(), offered.reservation(), Set.of(AgentState.RESERVED))
                .filter(row -> held)
                .ifPresent(row -> {
                    move(row, AgentState.PREVIEW, now);
                    offers.put(offered.offer(), new OfferRow(offered));
                });
    }

    /** The first answer counts, whoever gives it. @return whether this was it */
    boolean answer(AttemptId offer, OfferAnswer answer) {
        OfferRow row = offers.get(offer);
        if (row == null || row.over || row.answer != null) {
            return false;
        }
        row.answer = answer;
        return true;
    }

    /** An agent's answer: first, or not at all; he is reserved again until his dialer has acted on it. */
    boolean answerOf(AgentRow agent, AttemptId offer, OfferAnswer answer, Instant now) {
        if (agent.state != AgentState.PREVIEW || !answer(offer, answer)) {
            return false;
        }
        move(agent, AgentState.RESERVED, now);
        return true;
    }

    /** Answers that the dialer has not acted on. */
    Map<AttemptId, OfferAnswer> answered() {
        Map<AttemptId, OfferAnswer> answered = new TreeMap<>();
        offers.forEach((id, row) -> {
            if (!row.over && row.answer != null) {
                answered.put(id, row.answer);
            }
        });
        return answered;
    }

    private void offerEnded(Change.OfferEnded end, long under, Instant now) {
        OfferRow row = offers.get(end.offer());
        if (row != null && !row.over) {
            row.over = true;
            row.answer = end.answer();
            agent(row.offered.agent(), row.offered.reservation(), Set.of(AgentState.PREVIEW))
                    .ifPresent(agent -> move(agent, AgentState.RESERVED, now));
        }
        ContactRow contact = contacts.get(end.contact());
        if (end.outcome() != null && contact.status == ContactStatus.ACTIVE && contact.heldUnder == under) {
            become(contact, end.outcome());
        }
    }

    private static void become(ContactRow row, ContactOutcome outcome) {
        row.status = outcome.status();
        row.notBefore = outcome.notBefore() == null ? Instant.MIN : outcome.notBefore();
    }

    /** An agent promises to call a contact back himself. */
    void promise(ContactId contact, AgentId agent, Instant due) {
        ContactRow row = contacts.get(contact);
        row.status = ContactStatus.PERSONAL_CALLBACK;
        row.callbackAgent = agent;
        row.notBefore = due;
    }

    List<Contact> claimPersonal(CampaignId campaign, long under, int count, Instant now) {
        List<Contact> claimed = new ArrayList<>();
        for (ContactRow row : contacts.values()) {
            if (held
                    && epoch == under
                    && claimed.size() < count
                    && row.status == ContactStatus.PERSONAL_CALLBACK
                    && row.contact.campaign().equals(campaign)
                    && !row.notBefore.isAfter(now)) {
                row.contact = new Contact(
                        row.contact.id(),
                        campaign,
                        row.contact.phones(),
                        row.contact.attempts(),
                        row.status,
                        new Contact.Promise(row.callbackAgent, row.notBefore));
                row.status = ContactStatus.ACTIVE;
                row.heldUnder = under;
                claimed.add(row.contact);
            }
        }
        return claimed;
    }

    private void attemptEnded(Change.AttemptEnded end) {
        if (live.remove(end.attempt()) == null) {
            return;
        }
        ended.put(end.attempt(), end.termination());
        ContactRow row = contacts.get(end.contact());
        ledger.add(new Ended(row.contact.campaign(), end.at(), end.termination().result()));
        become(row, end.outcome());
        int attempts = row.contact.attempts() + (end.outcome().attemptCounts() ? 1 : 0);
        row.contact = new Contact(
                row.contact.id(),
                row.contact.campaign(),
                row.contact.phones(),
                attempts,
                row.contact.formerStatus(),
                row.contact.promise());
    }

    /** The routing gateway's turn: what it could reserve, as the dialer is told. */
    List<Event.ReservationGranted> route(Instant now) {
        agents.values().stream()
                .filter(a -> a.state == AgentState.WRAP_UP && !a.since.isAfter(now))
                .forEach(a -> free(a, now));
        List<LongestIdle.Request> requests = open.values().stream()
                .map(r -> new LongestIdle.Request(
                        r.reservation(),
                        r.campaign(),
                        r.skillGroup(),
                        r.agent(),
                        r.priority(),
                        r.reservation().value()))
                .toList();
        List<LongestIdle.ReadyAgent> ready = agents.values().stream()
                .filter(a -> a.state == AgentState.READY)
                .map(a -> new LongestIdle.ReadyAgent(a.id, a.groups, a.since))
                .toList();
        List<Event.ReservationGranted> grants = new ArrayList<>();
        for (LongestIdle.Match match : LongestIdle.match(requests, ready, Map.of())) {
            AgentRow row = agents.get(match.agent().value());
            row.state = AgentState.RESERVED;
            row.reservation = match.reservation();
            row.since = now;
            open.remove(match.reservation());
            grants.add(new Event.ReservationGranted(
                    match.reservation(), row.id, "sip:" + row.id + "@192.0.2.20", row.groups));
        }
        return grants;
    }

    private static final Set<CallResult> LIVE = Set.of(
            CallResult.VOICE, CallResult.DIALER_ABANDON, CallResult.ABANDONED_TO_IVR, CallResult.CUSTOMER_ABANDON);

    /** The live answers of a campaign within its window, as a store counts them. */
    Abandonment abandonment(CampaignId campaign, Duration window, Instant now) {
        long partSeconds = Abandonment.partOf(window).toSeconds();
        Map<Instant, List<Ended>> byPart = ledger.stream()
                .filter(line -> line.campaign().equals(campaign) && line.at().isAfter(now.minus(window)))
                .filter(line -> LIVE.contains(line.result()))
                .collect(Collectors.groupingBy(
                        line -> Instant.ofEpochSecond(line.at().getEpochSecond() / partSeconds * partSeconds),
                        TreeMap::new,
                        Collectors.toList()));
        return new Abandonment(
                campaign,
                window,
                byPart.entrySet().stream()
                        .map(part -> new Abandonment.Part(
                                part.getKey(),
                                part.getValue().size(),
                                part.getValue().stream()
                                        .filter(line -> line.result().isAbandoned())
                                        .count()))
                        .toList());
    }

    Set<AgentId> leaving() {
        return agents.values().stream()
                .filter(row -> row.wishesToLeave || row.state == AgentState.NOT_READY)
                .map(row -> row.id)
                .collect(Collectors.toSet());
    }

    long agentsIn(AgentState state) {
        return agents.values().stream().filter(a -> a.state == state).count();
    }

    long contactsIn(ContactStatus status) {
        return contacts.values().stream().filter(row -> row.status == status).count();
    }

    private Optional<AgentRow> agent(AgentId id, ReservationId reservation, Set<AgentState> states) {
        return Optional.ofNullable(id)
                .map(agent -> agents.get(agent.value()))
                .filter(row -> states.contains(row.state) && reservation.equals(row.reservation));
    }

    private static void free(AgentRow row, Instant now) {
        row.state = row.wishesToLeave ? AgentState.NOT_READY : AgentState.READY;
        row.wishesToLeave = false;
        row.since = now;
        row.reservation = null;
    }

    private static void move(AgentRow row, AgentState to, Instant now) {
        row.state = to;
        row.since = now;
    }
}
