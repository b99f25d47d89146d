package releve.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static releve.core.common.CallResult.BUSY;
import static releve.core.common.CallResult.UNKNOWN_DIALER_FAILED;
import static releve.core.common.CallResult.VOICE;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import releve.core.agent.AgentState;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactOutcome;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.OfferAnswer;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.EndedBy;
import releve.core.common.ReservationId;
import releve.core.common.Side;
import releve.core.common.Termination;
import releve.core.store.Change;
import releve.core.store.Change.AttemptStarted;
import releve.core.store.DialerStore;
import releve.core.store.DialerStore.CommitResult;
import releve.core.store.DialerStore.Granted;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.Takeover;

/** What every {@link DialerStore} does; one class per store supplies the world around it. */
abstract class DialerStoreContractTest {
    private static final Duration LONG = Duration.ofHours(1);
    /** A lease that has expired as soon as it is taken. */
    private static final Duration NONE = Duration.ZERO;

    private static final Instant AT = Instant.parse("2026-03-02T10:00:00Z");
    private static final AtomicLong NUMBERS = new AtomicLong(1);
    private static final AtomicInteger PAIRS = new AtomicInteger();

    /** The parts of a store that a dialer does not see. */
    interface World {
        DialerStore store();

        CampaignId campaign(String skillGroup, Duration wrapUp);

        ContactId contact(CampaignId campaign, String... phones);

        ContactView contact(ContactId contact);

        Optional<AttemptView> attempt(AttemptId attempt);

        void readyAgent(AgentId agent, String skillGroup, String phoneUri);

        void wish(AgentId agent, AgentState pending);

        AgentView agent(AgentId agent);

        /** What the agent says to the offer on his desktop; false when it does not count. */
        boolean answer(AgentId agent, AttemptId offer, OfferAnswer answer);

        /** He has promised to call back himself. */
        void promise(ContactId contact, AgentId agent, Instant due);

        /** One round of the routing gateway. */
        int route();
    }

    record ContactView(
            ContactStatus status, int attempts, @Nullable Instant notBefore) {}

    record AttemptView(
            @Nullable Integer result,
            @Nullable EndedBy endedBy,
            @Nullable Instant endedAt,
            @Nullable Instant rangAt,
            @Nullable Instant answeredAt,
            @Nullable Instant connectedAt,
            @Nullable String agent,
            boolean corrected) {}

    record AgentView(
            AgentState state,
            @Nullable Long reservation,
            @Nullable Instant deadline) {}

    abstract World world();

    private DialerStore store;
    private CampaignId campaign;
    private String group;
    private int pair;
    private NodeId a;
    private NodeId b;

    @BeforeEach
    void prepare() {
        store = world().store();
        long number = NUMBERS.incrementAndGet();
        pair = PAIRS.incrementAndGet();
        group = "group-" + number;
        campaign = world().campaign(group, Duration.ofSeconds(30));
        a = new NodeId(pair, Side.A, "a-" + number);
        b = new NodeId(pair, Side.B, "b-" + number);
    }

    private static String phone() {
        return "+1202555" + String.format("%07d", NUMBERS.incrementAndGet());
    }

    private ContactId contact() {
        return world().contact(campaign, phone());
    }

    private List<ContactId> contacts(int count) {
        List<ContactId> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(contact());
        }
        return made;
    }

    private long take(NodeId node, Duration ttl) {
        return store.acquire(node, ttl).orElseThrow().epoch();
    }

    private Contact claimOne(NodeId node, long epoch) {
        return store.claim(node, epoch, campaign, 1).orElseThrow().getFirst();
    }

    private AttemptStarted start(long epoch, Contact contact) {
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

    private AttemptStarted started(NodeId node, long epoch) {
        AttemptStarted start = start(epoch, claimOne(node, epoch));
        assertThat(store.commit(node, epoch, List.of(start))).isEqualTo(CommitResult.ALL_APPLIED);
        return start;
    }

    private static Change.AttemptEnded busy(AttemptStarted start) {
        return new Change.AttemptEnded(
                start.attempt(),
                start.contact(),
                new Termination(BUSY, EndedBy.CUSTOMER, "486 Busy Here"),
                new ContactOutcome(ContactStatus.RETRY, AT.plusSeconds(3600), true),
                AT.plusSeconds(5));
    }

    private static Change.AttemptEnded voice(AttemptStarted start) {
        return new Change.AttemptEnded(
                start.attempt(),
                start.contact(),
                new Termination(VOICE, EndedBy.CUSTOMER, "BYE"),
                new ContactOutcome(ContactStatus.CLOSED, null, true),
                AT.plusSeconds(60));
    }

    private ContactStatus status(ContactId contact) {
        return world().contact(contact).status();
    }

    private AttemptView attempt(AttemptStarted start) {
        return world().attempt(start.attempt()).orElseThrow();
    }

    private ReservationId request(NodeId node, long epoch) {
        ReservationId id = ReservationId.of(pair, epoch, NUMBERS.incrementAndGet());
        store.commit(node, epoch, List.of(new Change.ReservationRequested(id, campaign, group, 1, AT)));
        return id;
    }

    private AgentId readyAgent() {
        AgentId agent = new AgentId("agent-" + NUMBERS.incrementAndGet());
        world().readyAgent(agent, group, "sip:" + agent + "@127.0.0.1:5090");
        return agent;
    }

    // ------------------------------------------------------------------------------------------ lease and epoch

    @Test
    void shouldShowALeaseThatWasNeverHeld() {
        assertThat(store.lease(pair).epoch()).isZero();
        assertThat(store.lease(pair).holder()).isEmpty();
    }

    @Test
    void shouldGiveTheRightToDialToOneOnly() {
        assertThat(store.acquire(a, LONG)).contains(new Takeover(1, 0, 0));
        assertThat(store.acquire(b, LONG)).isEmpty();
        assertThat(store.lease(pair).holder()).contains(a);
        assertThat(store.lease(pair).expiresIn()).isPositive();
    }

    @Test
    void shouldGrowTheEpochWithEveryTakeover() {
        take(a, NONE);
        assertThat(take(b, NONE)).isEqualTo(2);
        assertThat(take(a, LONG)).isEqualTo(3);
    }

    @Test
    void shouldRenewAfterExpiryWhenNobodyTookIt() {
        long epoch = take(a, NONE);
        assertThat(store.renew(a, epoch, LONG)).isTrue();
        assertThat(store.acquire(b, LONG)).isEmpty();
    }

    @Test
    void shouldNotRenewWhenAnotherTookIt() {
        long epoch = take(a, NONE);
        take(b, LONG);
        assertThat(store.renew(a, epoch, LONG)).isFalse();
        assertThat(store.renew(a, epoch + 1, LONG)).isFalse();
        assertThat(store.lease(pair).holder()).contains(b);
    }

    @Test
    void shouldLetOnlyOneOfManyTakeAFreeLease() throws Exception {
        List<Callable<Optional<Takeover>>> tries = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            NodeId node = new NodeId(pair, i % 2 == 0 ? Side.A : Side.B, "n" + i);
            tries.add(() -> store.acquire(node, LONG));
        }
        assertThat(together(tries).stream().flatMap(Optional::stream)).containsExactly(new Takeover(1, 0, 0));
    }

    @Test
    void shouldGiveContactsBackWhenReleased() {
        ContactId contact = contact();
        long epoch = take(a, LONG);
        claimOne(a, epoch);
        store.release(a, epoch);
        store.release(a, epoch);

        assertThat(status(contact)).isEqualTo(ContactStatus.PENDING);
        assertThat(store.acquire(b, LONG)).contains(new Takeover(epoch + 1, 0, 0));
    }

    @Test
    void shouldLeaveCallsOfAHolderThatReleasedInOrder() {
        contact();
        long epoch = take(a, LONG);
        AttemptStarted call = started(a, epoch);
        store.release(a, epoch);
        take(b, LONG);
        assertThat(attempt(call).result()).isNull();
    }

    @Test
    void shouldNotReleaseWhatAnotherHolds() {
        long epoch = take(a, NONE);
        take(b, LONG);
        store.release(a, epoch);
        assertThat(store.lease(pair).holder()).contains(b);
    }

    // ------------------------------------------------------------------------------------------------- takeover

    @Test
    void shouldCloseAttemptsAsUnknownAndGiveCachedContactsBackWhenTheHolderFailed() {
        List<ContactId> ids = contacts(3);
        long epoch = take(a, NONE);
        List<Contact> claimed = store.claim(a, epoch, campaign, 3).orElseThrow();
        AttemptStarted dialed = start(epoch, claimed.getFirst());
        store.commit(a, epoch, List.of(dialed));

        assertThat(store.acquire(b, LONG)).contains(new Takeover(epoch + 1, 1, 2));

        assertThat(attempt(dialed).result()).isEqualTo(UNKNOWN_DIALER_FAILED.code());
        assertThat(attempt(dialed).endedBy()).isEqualTo(EndedBy.UNKNOWN);
        assertThat(world().contact(dialed.contact())).isEqualTo(new ContactView(ContactStatus.CLOSED, 1, null));
        assertThat(status(ids.get(1))).isEqualTo(ContactStatus.PENDING);
        assertThat(status(ids.get(2))).isEqualTo(ContactStatus.PENDING);
    }

    @Test
    void shouldNeverRedialWhatATakeoverClosed() {
        contact();
        long epoch = take(a, NONE);
        started(a, epoch);
        long next = take(b, LONG);
        assertThat(store.claim(b, next, campaign, 10).orElseThrow()).isEmpty();
    }

    @Test
    void shouldCorrectTheResultWhenTheDialerTurnsOutToLive() {
        contact();
        long epoch = take(a, NONE);
        AttemptStarted call = started(a, epoch);
        take(b, LONG);

        CommitResult result = store.commit(
                a,
                epoch,
                List.of(
                        new Change.AttemptRang(call.attempt(), AT.plusSeconds(1)),
                        new Change.AttemptAnswered(call.attempt(), AT.plusSeconds(2)),
                        busy(call)));

        assertThat(result).isEqualTo(CommitResult.ALL_APPLIED);
        assertThat(attempt(call).result()).isEqualTo(BUSY.code());
        assertThat(attempt(call).endedBy()).isEqualTo(EndedBy.CUSTOMER);
        assertThat(attempt(call).endedAt()).isEqualTo(AT.plusSeconds(5));
        assertThat(attempt(call).corrected()).isTrue();
        assertThat(status(call.contact())).isEqualTo(ContactStatus.CLOSED);
    }

    @Test
    void shouldKeepItsOwnCallsWhenAHolderTakesTheRightAgain() {
        contacts(2);
        long epoch = take(a, NONE);
        AttemptStarted call = started(a, epoch);
        Contact cached = claimOne(a, epoch);

        assertThat(store.acquire(a, LONG)).contains(new Takeover(epoch + 1, 0, 1));

        assertThat(attempt(call).result()).isNull();
        assertThat(status(cached.id())).isEqualTo(ContactStatus.PENDING);
        store.commit(a, epoch + 1, List.of(voice(call)));
        assertThat(attempt(call).result()).isEqualTo(VOICE.code());
    }

    @Test
    void shouldFreeReservedAgentsAndWrapUpTalkingOnesWhenTheHolderFailed() {
        contact();
        long epoch = take(a, NONE);
        AttemptStarted call = started(a, epoch);
        AgentId talking = readyAgent();
        ReservationId first = request(a, epoch);
        assertThat(world().route()).isEqualTo(1);
        store.commit(
                a,
                epoch,
                List.of(new Change.AttemptConnected(call.attempt(), talking, first, "leg", AT.plusSeconds(3))));
        AgentId reserved = readyAgent();
        request(a, epoch);
        assertThat(world().route()).isEqualTo(1);
        request(a, epoch);

        take(b, LONG);

        assertThat(world().agent(reserved).state()).isEqualTo(AgentState.READY);
        assertThat(world().agent(talking).state()).isEqualTo(AgentState.WRAP_UP);
        assertThat(world().agent(talking).deadline()).isNotNull();
        assertThat(world().route())
                .as("the failed dialer's open request is gone")
                .isZero();
        assertThat(store.granted(a)).isEmpty();
    }

    @Test
    void shouldWaitForTheBatchInFlightAndThenShutTheOldEpochOut() throws Exception {
        contacts(150);
        long epoch = take(a, NONE);
        List<Contact> cached = store.claim(a, epoch, campaign, 150).orElseThrow();
        List<AttemptStarted> starts =
                cached.stream().map(contact -> start(epoch, contact)).toList();

        List<Object> results = together(List.of(
                () -> {
                    int committed = 0;
                    for (AttemptStarted start : starts) {
                        committed +=
                                store.commit(a, epoch, List.of(start)).refused().isEmpty() ? 1 : 0;
                    }
                    return committed;
                },
                () -> store.acquire(b, LONG).orElseThrow()));

        int committed = (Integer) results.get(0);
        Takeover takeover = (Takeover) results.get(1);
        assertThat(takeover.closedAsUnknown())
                .as("every start that was acknowledged")
                .isEqualTo(committed);
        assertThat(takeover.returned()).isEqualTo(150 - committed);
        assertThat(store.commit(a, epoch, List.of(starts.getLast())).epochOver())
                .isTrue();
    }

    // ------------------------------------------------------------------------------------------------- handover

    @Test
    void shouldHandCachedContactsToThePeer() {
        contacts(2);
        long epoch = take(a, LONG);
        AttemptStarted call = started(a, epoch);
        Contact cached = claimOne(a, epoch);

        assertThat(store.handOver(a, epoch, b, LONG)).contains(epoch + 1);

        assertThat(store.lease(pair).holder()).contains(b);
        assertThat(store.held(a, epoch)).isEmpty();
        assertThat(store.held(b, epoch + 1)).containsExactly(cached);
        assertThat(attempt(call).result()).as("a call belongs to its node").isNull();
        assertThat(store.commit(b, epoch + 1, List.of(start(epoch + 1, cached))))
                .isEqualTo(CommitResult.ALL_APPLIED);
        store.commit(a, epoch, List.of(voice(call)));
        assertThat(attempt(call).result()).isEqualTo(VOICE.code());
        assertThat(status(call.contact())).isEqualTo(ContactStatus.CLOSED);
    }

    @Test
    void shouldAnswerARepeatedHandoverAsTheFirst() {
        long epoch = take(a, LONG);
        assertThat(store.handOver(a, epoch, b, LONG)).contains(epoch + 1);
        assertThat(store.handOver(a, epoch, b, LONG)).contains(epoch + 1);
        assertThat(store.lease(pair).epoch()).isEqualTo(epoch + 1);
    }

    @Test
    void shouldNotHandOverWhatAnotherTook() {
        long epoch = take(a, NONE);
        take(b, LONG);
        assertThat(store.handOver(a, epoch, b, LONG)).isEmpty();
        assertThat(store.lease(pair).epoch()).isEqualTo(epoch + 1);
    }

    @Test
    void shouldLeaveCallsOfAHolderThatHandedOverWhenItsPeerFails() {
        contacts(2);
        long epoch = take(a, LONG);
        AttemptStarted monitored = started(a, epoch);
        store.handOver(a, epoch, b, NONE);
        AttemptStarted lost = started(b, epoch + 1);

        take(new NodeId(pair, Side.A, "a-again"), LONG);

        assertThat(attempt(monitored).result()).isNull();
        assertThat(attempt(lost).result()).isEqualTo(UNKNOWN_DIALER_FAILED.code());
    }

    // --------------------------------------------------------------------------------------------------- claims

    @Test
    void shouldNotClaimUnderAnOldEpoch() {
        contact();
        long epoch = take(a, NONE);
        take(b, LONG);
        assertThat(store.claim(a, epoch, campaign, 1)).isEmpty();
    }

    @Test
    void shouldNeverClaimAContactTwice() throws Exception {
        contacts(200);
        long epoch = take(a, LONG);
        List<Callable<List<Contact>>> tries = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            tries.add(() -> store.claim(a, epoch, campaign, 50).orElseThrow());
        }
        Set<ContactId> seen = new HashSet<>();
        List<Contact> all = together(tries).stream().flatMap(List::stream).toList();
        assertThat(all).allMatch(contact -> seen.add(contact.id()));
        store.claim(a, epoch, campaign, 200).orElseThrow().forEach(contact -> seen.add(contact.id()));
        assertThat(seen).hasSize(200);
    }

    @Test
    void shouldClaimInOrderAndSayWhereAContactCameFrom() {
        List<ContactId> ids = contacts(4);
        long epoch = take(a, LONG);
        comesBackAs(epoch, ContactStatus.RETRY, AT);
        comesBackAs(epoch, ContactStatus.CALLBACK, AT);
        comesBackAs(epoch, ContactStatus.RETRY, Instant.now().plusSeconds(86_400));

        List<Contact> claimed = store.claim(a, epoch, campaign, 10).orElseThrow();

        assertThat(claimed).extracting(Contact::id).containsExactly(ids.get(1), ids.get(0), ids.get(3));
        assertThat(claimed)
                .extracting(Contact::formerStatus)
                .containsExactly(ContactStatus.CALLBACK, ContactStatus.RETRY, ContactStatus.PENDING);
        assertThat(claimed).extracting(Contact::attempts).containsExactly(1, 1, 0);
    }

    // Pending contacts are claimed by number, so this takes the next of the list while none is due.
    private void comesBackAs(long epoch, ContactStatus status, Instant notBefore) {
        List<Contact> held = store.claim(a, epoch, campaign, 4).orElseThrow();
        Contact next = held.stream()
                .filter(contact -> contact.formerStatus() == ContactStatus.PENDING)
                .findFirst()
                .orElseThrow();
        AttemptStarted start = start(epoch, next);
        List<Change> changes = new ArrayList<>(List.of(
                start,
                new Change.AttemptEnded(
                        start.attempt(),
                        next.id(),
                        new Termination(BUSY, EndedBy.CUSTOMER, "486"),
                        new ContactOutcome(status, notBefore, true),
                        AT)));
        held.stream()
                .filter(contact -> !contact.equals(next))
                .forEach(contact -> changes.add(new Change.ContactReturned(contact.id(), contact.formerStatus())));
        assertThat(store.commit(a, epoch, changes)).isEqualTo(CommitResult.ALL_APPLIED);
    }

    @Test
    void shouldPassOverContactsWhosePhoneIsBeingCalled() {
        String shared = phone();
        world().contact(campaign, shared);
        long epoch = take(a, LONG);
        AttemptStarted call = started(a, epoch);
        world().contact(campaign, phone(), shared);
        assertThat(store.claim(a, epoch, campaign, 10).orElseThrow()).isEmpty();
        store.commit(a, epoch, List.of(voice(call)));
        assertThat(store.claim(a, epoch, campaign, 10).orElseThrow()).hasSize(1);
    }

    @Test
    void shouldGiveAReturnedContactItsFormerStatus() {
        ContactId contact = contact();
        long epoch = take(a, LONG);
        Contact claimed = claimOne(a, epoch);
        Change back = new Change.ContactReturned(contact, claimed.formerStatus());
        store.commit(a, epoch, List.of(back));
        store.commit(a, epoch, List.of(back));
        assertThat(status(contact)).isEqualTo(ContactStatus.PENDING);
    }

    @Test
    void shouldNotReturnWhatAnotherHolds() {
        ContactId contact = contact();
        long epoch = take(a, LONG);
        Contact claimed = claimOne(a, epoch);
        store.handOver(a, epoch, b, LONG);
        store.commit(a, epoch, List.of(new Change.ContactReturned(contact, claimed.formerStatus())));
        assertThat(store.held(b, epoch + 1)).hasSize(1);
    }

    // --------------------------------------------------------------------------------------------------- starts

    @Test
    void shouldRefuseAStartUnderAnOldEpochAndApplyTheRest() {
        contacts(2);
        long epoch = take(a, NONE);
        AttemptStarted call = started(a, epoch);
        Contact cached = claimOne(a, epoch);
        take(b, LONG);
        AttemptStarted late = start(epoch, cached);
        ReservationId reservation = ReservationId.of(pair, epoch, NUMBERS.incrementAndGet());
        readyAgent();

        CommitResult result = store.commit(
                a,
                epoch,
                List.of(late, new Change.ReservationRequested(reservation, campaign, group, 1, AT), voice(call)));

        assertThat(result.epochOver()).isTrue();
        assertThat(result.refused()).containsOnlyKeys(late.attempt());
        assertThat(world().attempt(late.attempt())).isEmpty();
        assertThat(world().route()).isZero();
        assertThat(attempt(call).result()).isEqualTo(VOICE.code());
    }

    @Test
    void shouldRefuseAStartForAContactThatIsNotHeld() {
        ContactId contact = contact();
        long epoch = take(a, LONG);
        Contact claimed = claimOne(a, epoch);
        store.commit(a, epoch, List.of(new Change.ContactReturned(contact, claimed.formerStatus())));
        AttemptStarted start = start(epoch, claimed);

        CommitResult result = store.commit(a, epoch, List.of(start));

        assertThat(result.epochOver()).isFalse();
        assertThat(result.refused()).containsOnlyKeys(start.attempt());
        assertThat(world().attempt(start.attempt())).isEmpty();
        store.commit(a, epoch, List.of(busy(start)));
        assertThat(world().attempt(start.attempt()))
                .as("a refused start leaves no trace")
                .isEmpty();
        assertThat(status(contact)).isEqualTo(ContactStatus.PENDING);
    }

    @Test
    void shouldRefuseTheSecondOfTwoContactsWithTheSamePhoneAndNameTheFirst() {
        String shared = phone();
        world().contact(campaign, shared);
        world().contact(campaign, shared, phone());
        contact();
        long epoch = take(a, LONG);
        List<Contact> held = store.claim(a, epoch, campaign, 3).orElseThrow();
        List<AttemptStarted> starts =
                held.stream().map(contact -> start(epoch, contact)).toList();

        CommitResult result = store.commit(a, epoch, List.copyOf(starts));

        assertThat(result.refused()).containsOnlyKeys(starts.get(1).attempt());
        assertThat(result.refused().get(starts.get(1).attempt()))
                .contains(starts.get(0).attempt().toString());
        assertThat(status(starts.get(0).contact())).isEqualTo(ContactStatus.DIALED);
        assertThat(status(starts.get(1).contact())).as("still held").isEqualTo(ContactStatus.ACTIVE);
        assertThat(status(starts.get(2).contact())).isEqualTo(ContactStatus.DIALED);
    }

    @Test
    void shouldStartACallToThePhoneThatAnotherLeavesInTheSameBatch() {
        String shared = phone();
        world().contact(campaign, shared);
        world().contact(campaign, shared, phone());
        long epoch = take(a, LONG);
        List<Contact> held = store.claim(a, epoch, campaign, 2).orElseThrow();
        AttemptStarted first = start(epoch, held.get(0));
        store.commit(a, epoch, List.of(first));
        AttemptStarted second = start(epoch, held.get(1));
        assertThat(store.commit(a, epoch, List.of(voice(first), second))).isEqualTo(CommitResult.ALL_APPLIED);
    }

    // ------------------------------------------------------------------------------------------------- attempts

    @Test
    void shouldApplyAWholeCallInOneBatchInItsOrder() {
        contact();
        long epoch = take(a, LONG);
        AttemptStarted call = start(epoch, claimOne(a, epoch));
        List<Change> whole = List.of(
                call,
                new Change.AttemptRang(call.attempt(), AT.plusSeconds(1)),
                new Change.AttemptAnswered(call.attempt(), AT.plusSeconds(2)),
                new Change.AttemptConnected(call.attempt(), null, null, "ivr-leg", AT.plusSeconds(3)),
                busy(call));

        assertThat(store.commit(a, epoch, whole)).isEqualTo(CommitResult.ALL_APPLIED);

        AttemptView view = attempt(call);
        assertThat(view)
                .isEqualTo(new AttemptView(
                        BUSY.code(),
                        EndedBy.CUSTOMER,
                        AT.plusSeconds(5),
                        AT.plusSeconds(1),
                        AT.plusSeconds(2),
                        AT.plusSeconds(3),
                        null,
                        false));
        ContactView contact = new ContactView(ContactStatus.RETRY, 1, AT.plusSeconds(3600));
        assertThat(world().contact(call.contact())).isEqualTo(contact);

        assertThat(store.commit(a, epoch, whole)).as("repeated").isEqualTo(CommitResult.ALL_APPLIED);
        assertThat(attempt(call)).isEqualTo(view);
        assertThat(world().contact(call.contact())).isEqualTo(contact);
    }

    @Test
    void shouldNotCountAnAttemptThatTheCustomerCannotHaveNoticed() {
        contact();
        long epoch = take(a, LONG);
        AttemptStarted call = started(a, epoch);
        store.commit(
                a,
                epoch,
                List.of(new Change.AttemptEnded(
                        call.attempt(),
                        call.contact(),
                        new Termination(BUSY, EndedBy.NETWORK, "503"),
                        new ContactOutcome(ContactStatus.PENDING, null, false),
                        AT)));
        assertThat(world().contact(call.contact())).isEqualTo(new ContactView(ContactStatus.PENDING, 0, null));
    }

    @Test
    void shouldCommitHundredsOfChangesAtOnce() {
        contacts(200);
        long epoch = take(a, LONG);
        List<AttemptStarted> starts = store.claim(a, epoch, campaign, 200).orElseThrow().stream()
                .map(contact -> start(epoch, contact))
                .toList();
        assertThat(store.commit(a, epoch, List.copyOf(starts))).isEqualTo(CommitResult.ALL_APPLIED);
        List<Change> rest = new ArrayList<>();
        starts.forEach(start -> {
            rest.add(new Change.AttemptRang(start.attempt(), AT.plusSeconds(1)));
            rest.add(busy(start));
        });
        assertThat(store.commit(a, epoch, rest)).isEqualTo(CommitResult.ALL_APPLIED);
        assertThat(starts).allMatch(start -> status(start.contact()) == ContactStatus.RETRY);
    }

    // --------------------------------------------------------------------------------------------- reservations

    @Test
    void shouldShowAGrantAndFollowTheAgentThroughTheCall() {
        contact();
        long epoch = take(a, LONG);
        AttemptStarted call = started(a, epoch);
        AgentId agent = readyAgent();
        ReservationId reservation = request(a, epoch);
        assertThat(store.granted(a)).isEmpty();
        assertThat(world().route()).isEqualTo(1);

        assertThat(store.granted(a))
                .containsExactly(
                        java.util.Map.entry(reservation, new Granted(agent, "sip:" + agent + "@127.0.0.1:5090")));
        assertThat(store.granted(b)).isEmpty();
        assertThat(world().agent(agent).state()).isEqualTo(AgentState.RESERVED);

        Change connected = new Change.AttemptConnected(call.attempt(), agent, reservation, "leg", AT.plusSeconds(3));
        store.commit(a, epoch, List.of(connected));
        store.commit(a, epoch, List.of(connected));
        assertThat(world().agent(agent).state()).isEqualTo(AgentState.TALKING);
        assertThat(attempt(call).agent()).isEqualTo(agent.value());

        Instant deadline = Instant.now().plusSeconds(30).truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
        List<Change> end = List.of(voice(call), new Change.AgentWrapUp(agent, reservation, deadline));
        store.commit(a, epoch, end);
        store.commit(a, epoch, end);
        assertThat(world().agent(agent)).isEqualTo(new AgentView(AgentState.WRAP_UP, null, deadline));
    }

    @Test
    void shouldAskForAnAgentOnceWhenRepeated() {
        long epoch = take(a, LONG);
        readyAgent();
        readyAgent();
        ReservationId id = ReservationId.of(pair, epoch, NUMBERS.incrementAndGet());
        Change request = new Change.ReservationRequested(id, campaign, group, 1, AT);
        store.commit(a, epoch, List.of(request));
        assertThat(world().route()).isEqualTo(1);
        store.commit(a, epoch, List.of(request));
        assertThat(world().route()).isZero();
    }

    @Test
    void shouldReleaseTheAgentWhenAGrantedRequestIsWithdrawn() {
        long epoch = take(a, LONG);
        AgentId agent = readyAgent();
        ReservationId reservation = request(a, epoch);
        world().route();
        Change withdrawn = new Change.ReservationWithdrawn(reservation, "no contacts left");
        store.commit(a, epoch, List.of(withdrawn));
        store.commit(a, epoch, List.of(withdrawn));
        assertThat(world().agent(agent)).isEqualTo(new AgentView(AgentState.READY, null, null));
        assertThat(store.granted(a)).isEmpty();
    }

    @Test
    void shouldNotGrantAWithdrawnRequest() {
        long epoch = take(a, LONG);
        readyAgent();
        ReservationId reservation = request(a, epoch);
        store.commit(a, epoch, List.of(new Change.ReservationWithdrawn(reservation, "maintenance")));
        assertThat(world().route()).isZero();
    }

    @Test
    void shouldLetAPendingWishComeIntoForceWhenTheReservationEnds() {
        long epoch = take(a, LONG);
        AgentId pausing = readyAgent();
        AgentId leaving = readyAgent();
        ReservationId first = request(a, epoch);
        ReservationId second = request(a, epoch);
        assertThat(world().route()).isEqualTo(2);
        world().wish(pausing, AgentState.NOT_READY);
        world().wish(leaving, AgentState.LOGGED_OUT);
        store.commit(
                a,
                epoch,
                List.of(
                        new Change.ReservationWithdrawn(first, "no contacts left"),
                        new Change.ReservationWithdrawn(second, "no contacts left")));
        assertThat(world().agent(pausing).state()).isEqualTo(AgentState.NOT_READY);
        assertThat(world().agent(leaving).state()).isEqualTo(AgentState.LOGGED_OUT);
    }

    @Test
    void shouldMakeAnAgentNotReadyWhosePhoneDidNotTakeTheCall() {
        long epoch = take(a, LONG);
        AgentId agent = readyAgent();
        ReservationId reservation = request(a, epoch);
        world().route();
        store.commit(a, epoch, List.of(new Change.AgentUnreachable(agent, reservation, "your phone: 480")));
        assertThat(world().agent(agent).state()).isEqualTo(AgentState.NOT_READY);
    }

    @Test
    void shouldNotMoveAnAgentForAReservationThatIsOver() {
        long epoch = take(a, LONG);
        AgentId agent = readyAgent();
        ReservationId old = request(a, epoch);
        world().route();
        store.commit(a, epoch, List.of(new Change.ReservationWithdrawn(old, "not needed")));
        ReservationId current = request(a, epoch);
        world().route();
        store.commit(
                a,
                epoch,
                List.of(
                        new Change.AgentUnreachable(agent, old, "late"),
                        new Change.AgentWrapUp(agent, old, Instant.now()),
                        new Change.ReservationWithdrawn(old, "late")));
        assertThat(world().agent(agent)).isEqualTo(new AgentView(AgentState.RESERVED, current.value(), null));
    }

    @Test
    void shouldNeverGrantAnAgentTwiceNorLeaveOneBehindWhenWithdrawalsRaceGrants() throws Exception {
        long epoch = take(a, LONG);
        List<AgentId> agents = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            agents.add(readyAgent());
        }
        for (int round = 0; round < 20; round++) {
            List<Change> withdrawals = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                withdrawals.add(new Change.ReservationWithdrawn(request(a, epoch), "race"));
            }
            together(List.of(() -> store.commit(a, epoch, withdrawals), () -> world().route(), () -> world().route()));
            assertThat(agents).allMatch(agent -> world().agent(agent).state() == AgentState.READY);
        }
    }

    // --------------------------------------------------------------------------------------------------- others

    @Test
    void shouldListCampaigns() {
        assertThat(store.campaigns())
                .filteredOn(found -> found.id().equals(campaign))
                .singleElement()
                .satisfies(found -> assertThat(found.staffing().skillGroup()).isEqualTo(group));
    }

    private static <T> List<T> together(List<? extends Callable<? extends T>> tasks) throws Exception {
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
