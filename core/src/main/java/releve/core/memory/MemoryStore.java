package releve.core.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import releve.core.agent.AgentState;
import releve.core.campaign.Abandonment;
import releve.core.campaign.Campaign;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactOutcome;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.SelectionOrder;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.EndedBy;
import releve.core.common.Handover;
import releve.core.common.ReservationId;
import releve.core.common.Termination;
import releve.core.pair.Role;
import releve.core.store.Change;
import releve.core.store.DialerStore;

/**
 * The dialer's store in memory: every call is a transaction by itself, and time is the store's own. Its protected steps are
 * what a simulation that plants bugs spoils.
 */
public class MemoryStore implements DialerStore {
    private final Supplier<Instant> time;
    private final Consumer<Notice> notices;
    private final Map<Integer, LeaseRow> leases = new LinkedHashMap<>();
    private final Map<Integer, SettlingRow> settling = new LinkedHashMap<>();
    private final Map<CampaignId, Campaign> campaigns = new LinkedHashMap<>();
    private final Contacts contacts;
    final Ledger ledger = new Ledger();
    final DoNotCallList doNotCall = new DoNotCallList();
    final Agents agents;
    final OfferTable offers = new OfferTable();
    final Nodes nodes = new Nodes();
    private final Map<Role, MemoryGateway> gateways = new EnumMap<>(Role.class);

    /**
     * @param time the store's clock
     * @param notices told at once what the store would notify of; must not call back
     */
    public MemoryStore(Supplier<Instant> time, Consumer<Notice> notices) {
        this.time = time;
        this.notices = notices;
        this.agents = new Agents(notices);
        this.contacts = new Contacts(row -> ledger.isIdle(row.phones), this::agentOwed, row -> isListed(row.phones));
    }

    /** What is in it beside what dialers see. */
    public MemoryDesks desks() {
        return new MemoryDesks(this, time);
    }

    /** The gateways of that kind. */
    public synchronized MemoryGateway gateways(Role role) {
        return gateways.computeIfAbsent(role, unused -> new MemoryGateway(this, time));
    }

    void tell(Notice notice) {
        notices.accept(notice);
    }

    Contacts contacts() {
        return contacts;
    }

    Map<CampaignId, Campaign> campaignsById() {
        return campaigns;
    }

    @Override
    public synchronized LeaseView lease(int pair) {
        return row(pair).view(time.get());
    }

    private LeaseRow row(int pair) {
        return leases.computeIfAbsent(pair, unused -> new LeaseRow());
    }

    private SettlingRow settlingRow(int pair) {
        return settling.computeIfAbsent(pair, unused -> new SettlingRow());
    }

    @Override
    public synchronized Optional<Takeover> acquire(NodeId node, Duration ttl) {
        LeaseRow lease = row(node.pair());
        Instant now = time.get();
        if (isTaken(node)) {
            return Optional.empty();
        }
        int closed = 0;
        int returned = 0;
        if (lease.holder().isPresent()) {
            NodeId former = lease.holder().get();
            returned = contacts.returnAll(former);
            if (!former.equals(node)) {
                closed = settle(former, "dialer %s failed; %s took over".formatted(former, node));
            }
        }
        lease.take(node, now.plus(ttl), false);
        settlingRow(node.pair()).end(node);
        contacts.restamp(node, lease.epoch());
        notices.accept(new Notice.OfPair(node.pair()));
        return Optional.of(new Takeover(lease.epoch(), closed, returned));
    }

    /** Whether another holds a lease that has not expired. */
    protected boolean isTaken(NodeId byAnotherThan) {
        return row(byAnotherThan.pair()).isHeldByAnother(byAnotherThan, time.get());
    }

    /** Whether this is the epoch in force, and its holder this node. */
    protected boolean holdsRight(NodeId node, long epoch) {
        return row(node.pair()).isHeldBy(node, epoch);
    }

    /** Closes what a dialer left that seems dead. @return how many attempts were live */
    private int settle(NodeId gone, String reason) {
        int closed = closeAttempts(gone, reason);
        freeAgents(gone);
        offers.withdrawAll(gone);
        return closed;
    }

    /** Live attempts of a dialer that seems dead end as unknown, and their contacts are closed. */
    protected int closeAttempts(NodeId gone, String reason) {
        List<Ledger.Row> live = ledger.live(gone);
        ContactOutcome unknown =
                new ContactOutcome(closesContacts() ? ContactStatus.CLOSED : ContactStatus.PENDING, null, true);
        for (Ledger.Row row : live) {
            Change.AttemptDecided decided = row.decided;
            CallResult result = decided == null
                    ? CallResult.UNKNOWN_DIALER_FAILED
                    : decided.because().result();
            String why = decided == null ? reason : decided.because().reason() + "; " + reason;
            ledger.end(row, new Termination(result, EndedBy.UNKNOWN, why), time.get());
            contacts.ended(
                    row.started.contact(),
                    row.started.attempt(),
                    result,
                    decided == null ? unknown : decided.outcome(),
                    time.get());
            desks().decide(row);
        }
        return live.size();
    }

    /** Whether a customer whose call was under way is not to be dialed again by itself. */
    protected boolean closesContacts() {
        return true;
    }

    /** Agents whom a dialer that seems dead had bound. */
    protected void freeAgents(NodeId gone) {
        agents.settle(gone, time.get());
    }

    /** Cached contacts go with the right. */
    protected void moveCache(NodeId from, NodeId to, long epoch, Set<ContactId> butThose) {
        contacts.handOver(from, to, epoch, butThose);
    }

    /** Whether one of these numbers is on the do-not-call list. */
    protected boolean isListed(Collection<String> phones) {
        return doNotCall.lists(phones);
    }

    /** Whether nothing live is in the way of an attempt. */
    protected boolean phoneIsFree(Change.AttemptStarted start) {
        return ledger.hindrance(start).isEmpty();
    }

    @Override
    public synchronized boolean renew(NodeId node, long epoch, Duration ttl) {
        return row(node.pair()).extend(node, epoch, time.get().plus(ttl));
    }

    @Override
    public synchronized Optional<Long> handOver(NodeId from, long epoch, NodeId to, Duration ttl, Handover how) {
        LeaseRow lease = row(from.pair());
        if (lease.wasHandedTo(to, epoch + 1)) {
            return Optional.of(epoch + 1); // this call was made before, and its answer was lost
        }
        if (!lease.isHeldBy(from, epoch)) {
            return Optional.empty();
        }
        lease.take(to, time.get().plus(ttl), true);
        switch (how) {
            case SEQUENTIAL -> moveCache(from, to, epoch + 1, Set.of());
            case OVERLAP -> {
                settlingRow(from.pair()).grant(from, epoch, time.get().plus(ttl));
                moveCache(from, to, epoch + 1, offers.contactsOf(from));
            }
        }
        notices.accept(new Notice.OfPair(from.pair()));
        return Optional.of(epoch + 1);
    }

    @Override
    public synchronized boolean renewSettling(NodeId node, long epoch, Duration ttl) {
        SettlingRow row = settlingRow(node.pair());
        if (!row.isHeldBy(node, epoch)) {
            return false;
        }
        row.extend(time.get().plus(ttl));
        return true;
    }

    boolean settles(NodeId node, long epoch) {
        return settlingRow(node.pair()).isHeldBy(node, epoch);
    }

    @Override
    public synchronized Elsewhere elsewhere(NodeId node) {
        List<Ledger.Row> calls = ledger.liveOfOthers(node);
        int unsettled = (int) calls.stream()
                .filter(row -> row.connectedAt == null && row.decided == null)
                .count();
        return new Elsewhere(calls.size(), unsettled, offers.openOfOthers(node));
    }

    @Override
    public synchronized void release(NodeId node, long epoch) {
        LeaseRow lease = row(node.pair());
        if (lease.isHeldBy(node, epoch)) {
            contacts.returnAll(node);
            lease.giveUp(time.get());
            notices.accept(new Notice.OfPair(node.pair()));
        }
    }

    @Override
    public synchronized CommitResult commit(NodeId node, long epoch, List<Change> changes) {
        boolean inForce = holdsRight(node, epoch);
        boolean settles = settlingRow(node.pair()).isHeldBy(node, epoch);
        boolean epochOver = false;
        Map<AttemptId, String> refused = new LinkedHashMap<>();
        for (Change change : changes) {
            boolean refuses = !inForce && !(settles && change instanceof Change.AttemptStarted);
            if (change instanceof Change.UsesRightToDial && refuses) {
                epochOver = true;
                if (change instanceof Change.AttemptStarted started) {
                    refused.put(
                            started.attempt(),
                            "attempt %s not started: epoch %d is over, %s"
                                    .formatted(
                                            started.attempt(),
                                            epoch,
                                            row(node.pair()).inWords()));
                }
                continue;
            }
            apply(change, node, epoch, refused);
        }
        return new CommitResult(epochOver, refused);
    }

    private void apply(Change change, NodeId node, long epoch, Map<AttemptId, String> refused) {
        Instant now = time.get();
        switch (change) {
            case Change.AttemptStarted started ->
                start(started, node, epoch).ifPresent(refusal -> refused.put(started.attempt(), refusal));
            case Change.AttemptRang rang ->
                ledger.find(rang.attempt()).ifPresent(row -> row.rangAt = first(row.rangAt, rang.at()));
            case Change.AttemptAnswered answered ->
                ledger.find(answered.attempt()).ifPresent(row -> row.answeredAt = first(row.answeredAt, answered.at()));
            case Change.AttemptConnected connected -> connect(connected, node, now);
            case Change.AttemptDecided decided ->
                ledger.find(decided.attempt()).filter(Ledger.Row::isLive).ifPresent(row -> row.decided = decided);
            case Change.AttemptEnded ended -> end(ended);
            case Change.ContactOffered offered -> offer(offered, node, now);
            case Change.OfferClosing closing -> {
                offers.find(closing.offer())
                        .filter(OfferTable.Row::isOpen)
                        .ifPresent(row -> row.answer = closing.answer());
                notices.accept(new Notice.Answered(node.pair()));
            }
            case Change.OfferEnded ended -> endOffer(ended, node, now);
            case Change.AgentDialing dialing -> agents.dial(dialing, now);
            case Change.CallbackMissed missed ->
                contacts.move(missed.contact(), node, missed.result(), missed.outcome());
            case Change.ContactReturned returned ->
                contacts.giveBack(returned.contact(), node, returned.formerStatus());
            case Change.ReservationRequested requested -> agents.request(requested, node);
            case Change.ReservationWithdrawn withdrawn -> agents.withdraw(withdrawn.reservation(), now);
            case Change.AgentWrapUp wrapUp -> agents.wrapUp(wrapUp, now);
            case Change.AgentUnreachable unreachable -> agents.unreachable(unreachable, now);
        }
    }

    private void connect(Change.AttemptConnected connected, NodeId node, Instant now) {
        agents.talk(connected, now);
        ledger.find(connected.attempt()).ifPresent(row -> {
            if (!row.isLive() && row.connectedAt == null) {
                agents.talkAfterAll(connected, row.started.campaign(), node, now);
            }
            row.connectedAt = first(row.connectedAt, connected.at());
            row.agent = connected.agent();
        });
    }

    private static Instant first(@Nullable Instant before, Instant at) {
        return before == null ? at : before;
    }

    /** @return why it was not started */
    private Optional<String> start(Change.AttemptStarted start, NodeId node, long epoch) {
        if (ledger.has(start)) {
            return Optional.empty();
        }
        if (isListed(List.of(start.phone()))) {
            return Optional.of(
                    "attempt %s not started: %s is on the do-not-call list".formatted(start.attempt(), start.phone()));
        }
        if (!phoneIsFree(start)) {
            return ledger.hindrance(start);
        }
        Contacts.Row row = contacts.find(start.contact()).orElse(null);
        if (row == null) {
            return Optional.of("attempt %s not started: there is no such contact".formatted(start.attempt()));
        }
        if (!row.isHeldBy(node, epoch)) {
            return Optional.of("attempt %s not started: its contact is %s, not held by %s under epoch %d"
                    .formatted(start.attempt(), row.status.letter(), node, epoch));
        }
        contacts.dialed(row, start.attempt());
        ledger.start(start, node);
        return Optional.empty();
    }

    private void end(Change.AttemptEnded ended) {
        Ledger.Row row = ledger.find(ended.attempt()).orElse(null);
        if (row == null || !(row.isLive() || row.closedWithoutItsDialer())) {
            return;
        }
        boolean live = row.isLive();
        ledger.end(row, ended.termination(), ended.at());
        if (live) {
            contacts.ended(ended.contact(), ended.attempt(), ended.termination().result(), ended.outcome(), ended.at());
        }
        desks().decide(row);
    }

    private void offer(Change.ContactOffered offered, NodeId node, Instant now) {
        if (contacts.find(offered.contact()).filter(row -> row.isHeldBy(node)).isPresent()) {
            agents.reserved(offered.agent(), offered.reservation()).ifPresent(agent -> {
                if (!offers.add(offered, node)) {
                    return;
                }
                agent.attempt = offered.offer();
                agent.deadline = offered.deadline();
                agents.become(agent, AgentState.PREVIEW, now);
            });
        }
    }

    private void endOffer(Change.OfferEnded ended, NodeId node, Instant now) {
        offers.find(ended.offer()).filter(row -> !row.over).ifPresent(row -> {
            offers.end(row, ended.answer());
            agents.bound(row.offered.agent(), row.offered.reservation(), EnumSet.of(AgentState.PREVIEW))
                    .filter(agent -> ended.offer().equals(agent.attempt))
                    .ifPresent(agent -> {
                        agent.attempt = null;
                        agent.deadline = null;
                        agents.become(agent, AgentState.RESERVED, now);
                    });
        });
        ContactOutcome outcome = ended.outcome();
        if (outcome != null) {
            contacts.move(ended.contact(), node, ended.answer().result(), outcome);
        }
    }

    @Override
    public synchronized Optional<List<Contact>> claim(NodeId node, long epoch, CampaignId campaign, int count) {
        if (!row(node.pair()).isHeldBy(node, epoch)) {
            return Optional.empty();
        }
        SelectionOrder order = Optional.ofNullable(campaigns.get(campaign))
                .map(found -> found.retry().order())
                .orElse(SelectionOrder.DEFAULT);
        List<ContactStatus> kinds = new ArrayList<>();
        for (char letter : order.letters().toCharArray()) {
            kinds.add(ContactStatus.ofLetter(letter));
        }
        return Optional.of(contacts.claim(node, epoch, campaign, kinds, count, time.get()));
    }

    @Override
    public synchronized Optional<List<Contact>> claimPersonalCallbacks(
            NodeId node, long epoch, CampaignId campaign, int count) {
        return row(node.pair()).isHeldBy(node, epoch)
                ? Optional.of(contacts.claim(
                        node, epoch, campaign, List.of(ContactStatus.PERSONAL_CALLBACK), count, time.get()))
                : Optional.empty();
    }

    @Override
    public synchronized List<Contact> held(NodeId node, long epoch) {
        return contacts.held(node, epoch);
    }

    @Override
    public synchronized List<Campaign> campaigns() {
        return List.copyOf(campaigns.values());
    }

    @Override
    public synchronized Map<AttemptId, OfferAnswer> answered(NodeId node) {
        return offers.answered(node);
    }

    @Override
    public synchronized Set<AgentId> leaving() {
        return agents.leaving(time.get().minus(AWAY_REMEMBERED));
    }

    @Override
    public synchronized List<Abandonment> abandonment() {
        return campaigns.values().stream()
                .map(campaign -> ledger.abandonment(campaign, time.get()))
                .toList();
    }

    @Override
    public synchronized Map<ReservationId, Granted> granted(NodeId node) {
        return agents.granted(node);
    }

    /** Settles every process of the pair that does not hold the right to dial and has stopped, or been silent for so long. */
    public synchronized int closeAbandoned(int pair, Duration silentFor) {
        Optional<NodeId> holder = row(pair).holder();
        List<NodeId> silent = nodes.silent(pair, silentFor, time.get());
        if (silent.isEmpty()) {
            return 0;
        }
        Set<NodeId> owners = new HashSet<>();
        ledger.addOwners(owners);
        contacts.addOwners(owners);
        agents.requests().forEach(request -> owners.add(request.node()));
        int closed = 0;
        for (NodeId gone : silent) {
            if (owners.contains(gone)
                    && !holder.equals(Optional.of(gone))
                    && !settlingRow(pair).isInForceFor(gone, time.get())) {
                settlingRow(pair).end(gone);
                closed += settle(gone, "dialer %s failed while it monitored its last calls".formatted(gone));
                contacts.returnAll(gone);
            }
        }
        return closed;
    }

    private boolean agentOwed(Contacts.Row contact) {
        Campaign campaign = campaigns.get(contact.campaign);
        return contact.attempts > 0
                && campaign != null
                && ledger.wasAbandoned(
                        contact.id, time.get().minus(campaign.abandon().guarantee()));
    }
}
