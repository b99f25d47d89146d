package releve.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static releve.core.common.CallResult.BUSY;
import static releve.core.common.CallResult.VOICE;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import releve.core.agent.AgentCommand;
import releve.core.campaign.Campaign;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactOutcome;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.DialingMode;
import releve.core.campaign.Staffing;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.EndedBy;
import releve.core.common.Handover;
import releve.core.common.ReservationId;
import releve.core.common.Side;
import releve.core.common.Termination;
import releve.core.contract.StoreWorld.AttemptView;
import releve.core.store.Change;
import releve.core.store.Change.AttemptStarted;
import releve.core.store.DialerStore;
import releve.core.store.DialerStore.CommitResult;
import releve.core.store.DialerStore.NodeId;

/** A pair of nodes, a campaign and its skill group in a store, fresh for each test; and what tests do with them all the time. */
abstract class StoreScene {
    static final Duration LONG = Duration.ofHours(1);
    /** A lease that has expired as soon as it is taken. */
    static final Duration NONE = Duration.ZERO;

    /** By the dialer's clock. */
    static final Instant AT = Instant.parse("2026-03-02T10:00:00Z");

    static final AtomicLong NUMBERS = new AtomicLong(1);
    private static final AtomicInteger PAIRS = new AtomicInteger();

    protected abstract StoreWorld world();

    DialerStore store;
    CampaignId campaign;
    String group;
    int pair;
    NodeId a;
    NodeId b;

    @BeforeEach
    void prepare() {
        store = world().store();
        long number = NUMBERS.incrementAndGet();
        pair = PAIRS.incrementAndGet();
        group = "group-" + number;
        campaign = world().campaign(Campaign.named("campaign " + number, DialingMode.PROGRESSIVE_AGENT, "+12025550100")
                .withRunning(true)
                .withStaffing(Staffing.by(group).withWrapUp(Duration.ofSeconds(30))));
        a = new NodeId(pair, Side.A, "a-" + number);
        b = new NodeId(pair, Side.B, "b-" + number);
    }

    static String phone() {
        return "+1202555" + String.format("%07d", NUMBERS.incrementAndGet());
    }

    ContactId contact() {
        return world().contact(campaign, phone());
    }

    List<ContactId> contacts(int count) {
        List<ContactId> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(contact());
        }
        return made;
    }

    long take(NodeId node, Duration ttl) {
        return store.acquire(node, ttl).orElseThrow().epoch();
    }

    /** From a to b, when everything is settled. */
    Optional<Long> handOver(long epoch, Duration ttl) {
        return store.handOver(a, epoch, b, ttl, Handover.SEQUENTIAL);
    }

    Contact claimOne(NodeId node, long epoch) {
        return store.claim(node, epoch, campaign, 1).orElseThrow().getFirst();
    }

    AttemptStarted start(long epoch, Contact contact) {
        long sequence = NUMBERS.incrementAndGet();
        return new AttemptStarted(
                AttemptId.of(pair, epoch, sequence),
                contact.campaign(),
                contact.id(),
                contact.nextPhone(),
                "call-" + pair + "-" + sequence,
                contact.attempts() + 1,
                AT);
    }

    AttemptStarted started(NodeId node, long epoch) {
        AttemptStarted start = start(epoch, claimOne(node, epoch));
        assertThat(store.commit(node, epoch, List.of(start))).isEqualTo(CommitResult.ALL_APPLIED);
        return start;
    }

    static Change.AttemptEnded busy(AttemptStarted start) {
        return new Change.AttemptEnded(
                start.attempt(),
                start.contact(),
                new Termination(BUSY, EndedBy.CUSTOMER, "486 Busy Here"),
                new ContactOutcome(ContactStatus.RETRY, AT.plusSeconds(3600), true),
                AT.plusSeconds(5));
    }

    static Change.AttemptEnded voice(AttemptStarted start) {
        return new Change.AttemptEnded(
                start.attempt(),
                start.contact(),
                new Termination(VOICE, EndedBy.CUSTOMER, "BYE"),
                new ContactOutcome(ContactStatus.CLOSED, null, true),
                AT.plusSeconds(60));
    }

    ContactStatus status(ContactId contact) {
        return world().contact(contact).status();
    }

    AttemptView attempt(AttemptStarted start) {
        return world().attempt(start.attempt()).orElseThrow();
    }

    ReservationId request(NodeId node, long epoch) {
        ReservationId id = ReservationId.of(pair, epoch, NUMBERS.incrementAndGet());
        store.commit(node, epoch, List.of(new Change.ReservationRequested(id, campaign, group, 1, AT)));
        return id;
    }

    AgentId readyAgent() {
        AgentId agent = loggedIn();
        assertThat(world().ask(agent, new AgentCommand.Ready())).isEmpty();
        return agent;
    }

    AgentId loggedIn() {
        AgentId agent = new AgentId("agent-" + NUMBERS.incrementAndGet());
        world().logIn(agent, Set.of(group), "sip:" + agent + "@127.0.0.1:5090");
        return agent;
    }

    static <T> List<T> together(List<? extends Callable<? extends T>> tasks) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
            List<Future<? extends T>> futures = new ArrayList<>();
            for (Callable<? extends T> task : tasks) {
                futures.add(threads.submit(task));
            }
            List<T> results = new ArrayList<>();
            for (Future<? extends T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }
}
