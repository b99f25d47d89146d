package releve.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import releve.core.agent.AgentState;
import releve.core.campaign.AbandonSettings;
import releve.core.campaign.AbandonTreatment;
import releve.core.campaign.Abandonment;
import releve.core.campaign.AbsentAgentRule;
import releve.core.campaign.CallbackSettings;
import releve.core.campaign.Campaign;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactOutcome;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.CpaSettings;
import releve.core.campaign.DialingMode;
import releve.core.campaign.MachineTreatment;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.OfferKind;
import releve.core.campaign.PacingSettings;
import releve.core.campaign.PreviewSettings;
import releve.core.campaign.RetryDelays;
import releve.core.campaign.RetrySettings;
import releve.core.campaign.Schedule;
import releve.core.campaign.SelectionOrder;
import releve.core.campaign.Staffing;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.core.common.EndedBy;
import releve.core.common.Handover;
import releve.core.common.ReservationId;
import releve.core.common.Side;
import releve.core.common.Termination;
import releve.core.pair.Role;
import releve.core.store.Change;
import releve.core.store.DialerStore;
import releve.core.store.DialerStore.NodeId;
import releve.server.gateway.AgentLogin;
import releve.server.gateway.AgentView;
import releve.server.store.ContactImportStore.Duplicate;
import releve.server.store.ContactImportStore.Imported;
import releve.server.store.OperatorStore.Answer;
import releve.server.store.OperatorStore.Command;
import releve.server.store.OperatorStore.Order;
import releve.server.store.OperatorStore.Verb;

/** The stores of the components around the dialer. */
class ComponentStoresTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Instant AT = Instant.parse("2026-03-02T10:10:00Z");
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Set<Role> ALL = Set.of(Role.values());
    private static StoreAddress address;
    private static HikariDataSource pool;

    private final int pair = NUMBERS.incrementAndGet();
    private final String group = "group" + pair;
    private final NodeId a = new NodeId(pair, Side.A, "a" + pair);
    private final NodeId b = new NodeId(pair, Side.B, "b" + pair);
    private final DialerStore store = new PostgresDialerStore(pool);
    private final AgentStore agents = new AgentStore(pool);
    private final RoutingStore routing = new RoutingStore(pool);
    private final CampaignStore campaigns = new CampaignStore(pool);

    @BeforeAll
    static void open() {
        address = TestStore.fresh();
        pool = StoreConnections.pool(address, "components", 8);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    private Campaign campaign(String name) {
        return Campaign.named(name, DialingMode.PROGRESSIVE_AGENT, "+12025550100")
                .withRunning(true)
                .withStaffing(Staffing.by(group));
    }

    private AgentView login(String name) {
        AgentId id = new AgentId(name + pair);
        agents.login(new AgentLogin(id, name, Set.of(group), "sip:" + name + "@127.0.0.1:5090"), new byte[] {1, 2, 3});
        return now(id);
    }

    private AgentView now(AgentId id) {
        return agents.find(id).orElseThrow().view();
    }

    private AgentView ready(String name) {
        return agents.move(login(name), AgentState.READY, "").orElseThrow();
    }

    private Imported load(CampaignId campaign, int first, int count) {
        try (ContactImportStore.Import contacts = new ContactImportStore(address).begin(campaign)) {
            for (int i = 0; i < count; i++) {
                contacts.add(i + 2, null, "Name " + i, List.of("+1202%03d%06d".formatted(pair, first + i)));
            }
            return contacts.finish();
        }
    }

    // ------------------------------------------------------------------------------------------------ campaigns

    @Test
    void shouldKeepEveryFieldOfACampaign() {
        Campaign made = campaign("spring " + pair)
                .withStaffing(Staffing.by(group).withShare(40, 2))
                .withPacing(new PacingSettings(1.3, 2.7, 2.5, Duration.ofDays(30)))
                .withAbandon(new AbandonSettings(
                        Duration.ofSeconds(1),
                        AbandonTreatment.IVR,
                        "sorry.wav",
                        "sip:optout@127.0.0.1",
                        Duration.ofHours(1)))
                .withRetry(new RetrySettings(7, RetryDelays.DEFAULT, new SelectionOrder("PBR")))
                .withPreview(new PreviewSettings(Duration.ofSeconds(20), Duration.ofMinutes(5)))
                .withCallbacks(new CallbackSettings(true, AbsentAgentRule.NEXT_BUSINESS_DAY, Duration.ofMinutes(10)))
                .withCpa(CpaSettings.DEFAULT.withMachine(MachineTreatment.WAIT_FOR_BEEP_AND_PLAY, "hello.wav"))
                .withSchedule(new Schedule(
                        ZoneId.of("Europe/Paris"),
                        Set.of(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
                        LocalTime.of(10, 0),
                        LocalTime.of(20, 0),
                        LocalDate.of(2030, 1, 1),
                        null));
        CampaignId id = campaigns.create(made);
        assertThat(campaigns.find(made.name())).contains(made.withId(id));
        assertThat(campaigns.setRunning(made.name(), false)).isTrue();
        assertThat(campaigns.find(made.name()).orElseThrow().running()).isFalse();
        assertThat(campaigns.setRunning("no such", true)).isFalse();
        assertThatThrownBy(() -> campaigns.create(made))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("already a campaign");
        assertThatThrownBy(() -> campaigns.create(campaign("")))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("1 to 64 characters");
    }

    // --------------------------------------------------------------------------------------------------- agents

    @Test
    void shouldFollowAnAgentThroughHisDay() {
        AgentView agent = login("ann");
        assertThat(agent.state()).isEqualTo(AgentState.NOT_READY);
        AgentView ready = agents.move(agent, AgentState.READY, "").orElseThrow();
        assertThat(ready.version()).isGreaterThan(agent.version());
        assertThat(agents.move(agent, AgentState.NOT_READY, "stale"))
                .as("seen too long ago")
                .isEmpty();
        assertThat(agents.find(agent.agent()).orElseThrow().tokenHash()).containsExactly(1, 2, 3);
        assertThat(agents.versions(Set.of(agent.agent()))).isEqualTo(Map.of(agent.agent(), ready.version()));
        AgentView out = agents.move(ready, AgentState.LOGGED_OUT, "going home").orElseThrow();
        assertThat(out.state()).isEqualTo(AgentState.LOGGED_OUT);
        assertThat(agents.find(agent.agent())).isEmpty();
        assertThatThrownBy(() -> agents.move(out, AgentState.READY, "")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldOfferAHeldContactToTheVeryAgentAndPutBothBackWhenTheOfferEnds() {
        CampaignId campaign = campaigns.create(campaign("offer " + pair));
        load(campaign, 0, 1);
        ready("early");
        AgentView chosen = ready("chosen");
        long epoch = store.acquire(a, LONG).orElseThrow().epoch();
        ReservationId reservation = ReservationId.of(pair, epoch, 1);
        store.commit(
                a,
                epoch,
                List.of(new Change.ReservationRequested(reservation, campaign, group, chosen.agent(), 1, AT)));
        assertThat(routing.serve()).isEqualTo(1);
        assertThat(store.granted(a).get(reservation).agent()).isEqualTo(chosen.agent());

        Contact contact = store.claim(a, epoch, campaign, 1).orElseThrow().getFirst();
        AttemptId offer = AttemptId.of(pair, epoch, 2);
        Instant deadline = AT.plusSeconds(60);
        store.commit(
                a,
                epoch,
                List.of(new Change.ContactOffered(
                        offer,
                        OfferKind.PREVIEW,
                        campaign,
                        contact.id(),
                        contact.nextPhone(),
                        chosen.agent(),
                        reservation,
                        deadline,
                        AT)));
        AgentView offered = now(chosen.agent());
        assertThat(offered.state()).isEqualTo(AgentState.PREVIEW);
        assertThat(offered.attempt()).isEqualTo(offer);
        assertThat(offered.deadline()).isEqualTo(deadline);
        assertThat(store.answered(a)).isEmpty();

        store.commit(
                a,
                epoch,
                List.of(
                        new Change.OfferEnded(
                                offer,
                                contact.id(),
                                chosen.agent(),
                                OfferAnswer.TIMED_OUT,
                                new ContactOutcome(ContactStatus.RETRY, AT, false),
                                AT),
                        new Change.AgentUnreachable(chosen.agent(), reservation, "no answer to the offer")));
        assertThat(now(chosen.agent()).state()).isEqualTo(AgentState.NOT_READY);
        assertThat(store.claim(a, epoch, campaign, 1).orElseThrow())
                .singleElement()
                .satisfies(back -> assertThat(back.formerStatus()).isEqualTo(ContactStatus.RETRY));
        assertThat(store.claimPersonalCallbacks(a, epoch, campaign, 1).orElseThrow())
                .isEmpty();
        assertThat(store.abandonment()).anySatisfy(counted -> {
            assertThat(counted.campaign()).isEqualTo(campaign);
            assertThat(counted.percent()).isZero();
        });
    }

    // ------------------------------------------------------------------------------------------------- contacts

    @Test
    void shouldClaimInTheOrderThatTheCampaignSays() {
        CampaignId campaign = campaigns.create(campaign("order " + pair)
                .withRetry(new RetrySettings(3, RetryDelays.DEFAULT, new SelectionOrder("PRB"))));
        load(campaign, 0, 6);
        status(campaign, 0, "B");
        status(campaign, 1, "R");
        status(campaign, 2, "R");
        long epoch = store.acquire(a, LONG).orElseThrow().epoch();
        assertThat(claimed(epoch, campaign, 4)).isEqualTo("PPPR");
        assertThat(claimed(epoch, campaign, 4)).isEqualTo("RB");

        campaigns.change("order " + pair, now -> now.withRetry(RetrySettings.DEFAULT));
        store.release(a, epoch);
        long next = store.acquire(a, LONG).orElseThrow().epoch();
        assertThat(claimed(next, campaign, 4)).isEqualTo("BRRP");
    }

    private void status(CampaignId campaign, int offset, String letter) {
        new Transactions(pool).run(tx -> tx.update("""
                update contact set status = ?, not_before = clock_timestamp() - interval '1 minute'
                where id = (select id from contact where campaign = ? order by id offset ? limit 1)""", letter, campaign.value(), offset));
    }

    private String claimed(long epoch, CampaignId campaign, int count) {
        return store.claim(a, epoch, campaign, count).orElseThrow().stream()
                .map(contact -> String.valueOf(contact.formerStatus().letter()))
                .collect(Collectors.joining());
    }

    @Test
    void shouldImportRowsAndTellDuplicatesByLine() {
        CampaignId campaign = campaigns.create(campaign("import " + pair));
        try (ContactImportStore.Import contacts = new ContactImportStore(address).begin(campaign)) {
            contacts.add(2, "k1", "Zoë \\ \t tab", List.of("+12025550101", "+12025550102"));
            contacts.add(3, "k2", "same phones in another order", List.of("+12025550102", "+12025550101"));
            contacts.add(4, "k1", "same key", List.of("+12025550103"));
            contacts.add(5, null, "one shared phone is another person", List.of("+12025550101"));
            assertThat(contacts.finish())
                    .isEqualTo(new Imported(
                            2,
                            List.of(
                                    new Duplicate(3, "the same phones as line 2"),
                                    new Duplicate(4, "the same key as line 2"))));
        }
        try (ContactImportStore.Import contacts = new ContactImportStore(address).begin(campaign)) {
            contacts.add(2, "k9", "again", List.of("+12025550101"));
            assertThat(contacts.finish())
                    .isEqualTo(
                            new Imported(0, List.of(new Duplicate(2, "the same phones as a contact of the campaign"))));
        }
        Optional<String> name = new Transactions(pool)
                .run(tx -> tx.first(
                        "select name from contact where campaign = ? and external_key = 'k1'",
                        row -> row.getString(1),
                        campaign.value()));
        assertThat(name).contains("Zoë \\ \t tab");
    }

    @Test
    void shouldImportNothingWhenTheListIsGivenUp() {
        CampaignId campaign = campaigns.create(campaign("given up " + pair));
        try (ContactImportStore.Import contacts = new ContactImportStore(address).begin(campaign)) {
            contacts.add(2, null, "x", List.of("+12025550101"));
        }
        assertThat(new Reports(pool).campaigns()).doesNotContainKey(campaign);
    }

    @Test
    void shouldClaimByIndexOnALongList() {
        CampaignId campaign = campaigns.create(campaign("long " + pair));
        assertThat(load(campaign, 0, 50_000).imported()).isEqualTo(50_000);
        long epoch = store.acquire(a, LONG).orElseThrow().epoch();
        assertThat(store.claim(a, epoch, campaign, 400).orElseThrow()).hasSize(400);
        List<String> plan = new Transactions(pool)
                .run(tx -> tx.list(
                        "explain " + ClaimQuery.in(SelectionOrder.DEFAULT),
                        row -> row.getString(1),
                        campaign.value(),
                        400,
                        campaign.value(),
                        400,
                        campaign.value(),
                        400,
                        pair,
                        epoch,
                        Side.A,
                        "x"));
        assertThat(String.join("\n", plan))
                .contains("contact_pending")
                .contains("attempt_live_per_phone")
                .doesNotContain("Seq Scan on contact")
                .doesNotContain("Seq Scan on attempt a");
    }

    // ------------------------------------------------------------------------------------------------ operators

    @Test
    void shouldCarryACommandToItsSideAndTheAnswerBack() {
        OperatorStore operators = new OperatorStore(pool);
        Order forced = new Order(Verb.MAINTENANCE_START, true, Handover.OVERLAP);
        long id = operators.ask(pair, Side.A, forced, "ops");
        assertThat(operators.take(b, ALL, LONG)).isEmpty();
        assertThat(operators.answerTo(id)).isEmpty();
        assertThat(operators.take(a, ALL, LONG)).containsExactly(new Command(id, forced, "ops", Optional.empty()));
        assertThat(operators.take(a, ALL, LONG)).as("taken once").isEmpty();
        operators.answer(id, false, "there is no healthy standby");
        operators.answer(id, true, "too late");
        assertThat(operators.answerTo(id)).contains(new Answer(false, "there is no healthy standby"));
    }

    @Test
    void shouldNotCarryOutACommandThatNobodyExpectsAnyMore() {
        OperatorStore operators = new OperatorStore(pool);
        long id = operators.ask(pair, Side.A, Order.to(Verb.MAINTENANCE_START), "ops");
        assertThat(operators.take(a, ALL, Duration.ZERO)).isEmpty();
        assertThat(operators.answerTo(id).orElseThrow().accepted()).isFalse();
    }

    @Test
    void shouldWakeWhoListens() throws InterruptedException {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (StoreListener listener = StoreListener.start(
                address,
                List.of(Channels.pair(pair), Channels.CAMPAIGNS),
                (channel, payload) -> heard.add(channel + " " + payload))) {
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(Channels.pair(pair) + " ");
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(Channels.CAMPAIGNS + " ");
            store.acquire(a, LONG);
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(Channels.pair(pair) + " lease");
            new OperatorStore(pool).ask(pair, Side.B, Order.to(Verb.MAINTENANCE_START), "ops");
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(Channels.pair(pair) + " command B");
            CampaignId campaign = campaigns.create(campaign("heard " + pair));
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(Channels.CAMPAIGNS + " " + campaign);

            TestStore.execute(
                    address,
                    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'releve-listener'");
            assertThat(heard.poll(10, TimeUnit.SECONDS))
                    .as("woken after the loss")
                    .isEqualTo(Channels.pair(pair) + " ");
        }
    }

    // ------------------------------------------------------------------------------------------ reports, reaper

    @Test
    void shouldCountAttemptsAndContactsAndListTheLedger() {
        CampaignId campaign = campaigns.create(campaign("report " + pair));
        load(campaign, 0, 10);
        long epoch = store.acquire(a, LONG).orElseThrow().epoch();
        List<Contact> contacts = store.claim(a, epoch, campaign, 5).orElseThrow();
        List<CallResult> results =
                List.of(CallResult.VOICE, CallResult.VOICE, CallResult.DIALER_ABANDON, CallResult.BUSY);
        for (int i = 0; i < 5; i++) {
            AttemptId id = AttemptId.of(pair, epoch, i);
            Contact contact = contacts.get(i);
            store.commit(
                    a,
                    epoch,
                    List.of(new Change.AttemptStarted(
                            id, campaign, contact.id(), contact.nextPhone(), "c" + pair + "-" + i, 1, AT)));
            if (i < results.size()) {
                store.commit(
                        a,
                        epoch,
                        List.of(new Change.AttemptEnded(
                                id,
                                contact.id(),
                                new Termination(results.get(i), EndedBy.CUSTOMER, "x"),
                                new ContactOutcome(ContactStatus.CLOSED, null, true),
                                AT.plusSeconds(9))));
            }
        }
        Reports reports = new Reports(pool);
        Reports.CampaignFigures figures = reports.campaigns().get(campaign);
        assertThat(figures.attempts().total()).isEqualTo(5);
        assertThat(figures.attempts().live()).isEqualTo(1);
        assertThat(figures.attempts().hitRatePercent()).isEqualTo(50);
        assertThat(figures.attempts().abandonPercent()).isEqualTo(100.0 / 3);
        TestStore.execute(
                address,
                "update attempt set ended_at = clock_timestamp() where result is not null and campaign = " + campaign);
        Abandonment within = reports.abandonment().get(campaign);
        assertThat(within.window()).isEqualTo(Duration.ofHours(24));
        assertThat(within.percent()).as("in its window").isEqualTo(100.0 / 3);
        assertThat(figures.contacts().left()).isEqualTo(6);
        assertThat(figures.contacts().penetrationPercent()).isEqualTo(50);
        assertThat(reports.halfHours(campaign, AT.minusSeconds(3600), AT.plusSeconds(3600)))
                .containsExactly(new Reports.HalfHour(Instant.parse("2026-03-02T10:00:00Z"), figures.attempts()));
        List<Reports.LedgerRow> ledger = new java.util.ArrayList<>();
        reports.ledger(AT, row -> {
            if (row.campaign().equals(campaign)) {
                ledger.add(row);
            }
        });
        assertThat(ledger).extracting(Reports.LedgerRow::number).hasSize(5).containsOnly(1);
        assertThat(ledger.getFirst().result()).isEqualTo(CallResult.VOICE);
        ready("reported");
        assertThat(reports.agents().get(group)).isEqualTo(Map.of(AgentState.READY, 1));
        assertThat(reports.leftovers().attemptsLive()).isPositive();
    }
}
