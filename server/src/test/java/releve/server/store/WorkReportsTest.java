package releve.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import releve.core.agent.AgentCommand;
import releve.core.campaign.Campaign;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactOutcome;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.DialingMode;
import releve.core.campaign.Staffing;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.core.common.EndedBy;
import releve.core.common.ReservationId;
import releve.core.common.Side;
import releve.core.common.Termination;
import releve.core.store.Change;
import releve.core.store.DialerStore;
import releve.core.store.DialerStore.NodeId;
import releve.server.store.WorkReports.HalfHour;
import releve.server.store.WorkReports.Work;

class WorkReportsTest {
    private static final Instant AT = Instant.parse("2026-03-02T10:40:00Z");
    private static final AgentId ANN = new AgentId("ann");

    @Test
    void shouldAddUpTalkAndWrapUpOfCallsThatHaveEnded() {
        StoreAddress address = TestStore.fresh();
        try (HikariDataSource pool = StoreConnections.pool(address, "work", 4)) {
            CampaignId campaign = calls(new PostgresWorld(pool));
            // The journal of agents is kept by the store's clock: two wrap-ups of 12 s and 30.5 s.
            TestStore.execute(address, """
                    update agent_event e set at = a.ended_at + case when e.to_state = 'WRAP_UP' then interval '0 s'
                                                                    when a.number = 1 then interval '12 s'
                                                                    else interval '30.5 s' end
                    from attempt a where a.id = e.attempt and 'WRAP_UP' in (e.from_state, e.to_state)""");

            List<HalfHour> work =
                    new WorkReports(pool).halfHours(campaign, AT.minusSeconds(3_600), AT.plusSeconds(3_600));

            assertThat(work)
                    .containsExactly(new HalfHour(
                            Instant.parse("2026-03-02T10:30:00Z"),
                            new Work(Duration.ofSeconds(57 + 157), Duration.ofMillis(42_500))));
            assertThat(new WorkReports(pool).halfHours(campaign, AT.plusSeconds(600), AT.plusSeconds(3_600)))
                    .isEmpty();
        }
    }

    /** Two calls one after the other that one agent takes, and a third that nobody does. */
    private static CampaignId calls(PostgresWorld world) {
        DialerStore store = world.store();
        CampaignId campaign = world.campaign(Campaign.named("work", DialingMode.PROGRESSIVE_AGENT, "+12025550100")
                .withRunning(true)
                .withStaffing(Staffing.by("sales")));
        NodeId node = new NodeId(1, Side.A, "a1");
        long epoch = store.acquire(node, Duration.ofHours(1)).orElseThrow().epoch();
        world.logIn(ANN, Set.of("sales"), "sip:ann@127.0.0.1:5090");
        for (int number = 1; number <= 3; number++) {
            world.contact(campaign, "+1202555010" + number);
            Contact contact =
                    store.claim(node, epoch, campaign, 1).orElseThrow().getFirst();
            AttemptId call = AttemptId.of(1, epoch, number);
            Instant started = AT.plusSeconds(number);
            store.commit(
                    node,
                    epoch,
                    List.of(new Change.AttemptStarted(
                            call, campaign, contact.id(), contact.nextPhone(), "call-" + number, number, started)));
            if (number < 3) {
                talk(world, node, epoch, call, campaign, started.plusSeconds(3));
            }
            store.commit(
                    node,
                    epoch,
                    List.of(new Change.AttemptEnded(
                            call,
                            contact.id(),
                            new Termination(CallResult.VOICE, EndedBy.CUSTOMER, "BYE"),
                            new ContactOutcome(ContactStatus.CLOSED, null, true),
                            started.plusSeconds(number == 1 ? 60 : 160))));
            if (number < 3) {
                ReservationId his = ReservationId.of(1, epoch, number(call));
                store.commit(node, epoch, List.of(new Change.AgentWrapUp(ANN, his, Instant.EPOCH)));
                assertThat(world.endWrapUps()).isEqualTo(1);
            }
        }
        return campaign;
    }

    private static long number(AttemptId call) {
        return 100 + call.sequence();
    }

    private static void talk(
            PostgresWorld world, NodeId node, long epoch, AttemptId call, CampaignId campaign, Instant at) {
        world.ask(ANN, new AgentCommand.Ready());
        ReservationId reservation = ReservationId.of(1, epoch, number(call));
        world.store()
                .commit(node, epoch, List.of(new Change.ReservationRequested(reservation, campaign, "sales", 0, at)));
        assertThat(world.route()).isEqualTo(1);
        world.store()
                .commit(node, epoch, List.of(new Change.AttemptConnected(call, ANN, reservation, "leg-" + call, at)));
    }
}
