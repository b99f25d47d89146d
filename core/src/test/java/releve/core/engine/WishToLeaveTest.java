package releve.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import releve.core.agent.AgentState;
import releve.core.campaign.AbsentAgentRule;
import releve.core.campaign.CallbackSettings;
import releve.core.campaign.Campaign;
import releve.core.campaign.DialingMode;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.Samples;
import releve.core.common.AgentId;
import releve.core.common.ContactId;
import releve.core.engine.FakeCarrier.Plan;
import releve.core.engine.World.Reply;
import releve.core.store.Change;

/** Agents who are reserved, have no call yet, and wish for a break or to go home: nobody is dialed for them any more. */
class WishToLeaveTest {
    private static final String ZOE = "agent2";

    private static World progressive(double lines, int agents) {
        return World.active(Samples.withLines(Samples.agentCampaign(1), lines))
                .contacts(40, 1)
                .agents(agents);
    }

    private static AgentState state(World world, String agent) {
        return world.store.agents.get(agent).state;
    }

    @Test
    void shouldLetHimGoWhenTheCallThatMayNeedHimCameToNothing() {
        World world = progressive(1, 1);
        world.carrier.customers = dial -> Plan.fails(500, 20_000, 486);
        world.run(Duration.ofSeconds(5)).wish("agent1", true).run(Duration.ofSeconds(14));
        assertThat(state(world, "agent1")).as("it still rings").isEqualTo(AgentState.RESERVED);

        world.run(Duration.ofSeconds(3));
        assertThat(state(world, "agent1")).isEqualTo(AgentState.NOT_READY);
        assertThat(world.carrier.dialed).as("nobody is dialed for him").isEqualTo(1);
    }

    @Test
    void shouldConnectHimWhenTheCallIsAnsweredThatIsUnderWay() {
        World world = progressive(1, 1);
        world.carrier.customers = dial -> Plan.answers(500, 20_000, 10_000);
        world.run(Duration.ofSeconds(5)).wish("agent1", true).run(Duration.ofSeconds(16));
        assertThat(state(world, "agent1")).isEqualTo(AgentState.TALKING);
    }

    @Test
    void shouldHaveThoseWhoStayTakeTheNextCall() {
        World world = progressive(1, 2);
        int[] dialed = {0};
        world.carrier.customers =
                dial -> ++dialed[0] == 1 ? Plan.answers(500, 10_000, 60_000) : Plan.fails(500, 30_000, 486);
        world.run(Duration.ofSeconds(5)).wish("agent1", true).run(Duration.ofSeconds(8));

        assertThat(state(world, "agent2")).isEqualTo(AgentState.TALKING);
        assertThat(state(world, "agent1")).as("one call may need him yet").isEqualTo(AgentState.RESERVED);
        world.run(Duration.ofSeconds(20));
        assertThat(state(world, "agent1")).isEqualTo(AgentState.NOT_READY);
    }

    @Test
    void shouldLetHimGoAtOnceWhenTheOthersCanCarryTheCalls() {
        World world = progressive(3, 2);
        world.carrier.customers = dial -> Plan.fails(500, dial.attempt().sequence() % 2 == 0 ? 10_000 : 40_000, 486);
        world.run(Duration.ofSeconds(5));
        int dialed = world.carrier.dialed;
        world.wish(ZOE, true).run(Duration.ofSeconds(6));

        assertThat(state(world, ZOE)).as("three lines are one agent's").isEqualTo(AgentState.NOT_READY);
        assertThat(world.carrier.dialed).isEqualTo(dialed);
        world.run(Duration.ofSeconds(40));
        assertThat(world.carrier.dialed).as("the other goes on").isGreaterThan(dialed);
        assertThat(state(world, "agent1")).isEqualTo(AgentState.RESERVED);
    }

    @Test
    void shouldDialForHimAgainWhenHeTakesItBack() {
        World world = progressive(1, 2);
        world.carrier.customers = dial -> Plan.fails(500, 20_000, 486);
        world.run(Duration.ofSeconds(5)).wish(ZOE, true).run(Duration.ofSeconds(2));
        world.wish(ZOE, false).run(Duration.ofSeconds(30));
        assertThat(state(world, ZOE)).isEqualTo(AgentState.RESERVED);
        assertThat(world.carrier.dialed).isEqualTo(4);
    }

    @Test
    void shouldOfferNoFurtherContactToHimWhoSkipped() {
        World world = World.active(Samples.previewCampaign(1)).contacts(5, 1).agents(1);
        world.desks = offered -> new Reply(4_000, OfferAnswer.SKIP);
        world.until(w -> w.store.agentsIn(AgentState.PREVIEW) == 1, Duration.ofSeconds(3));
        world.wish("agent1", true).run(Duration.ofSeconds(10));

        assertThat(world.changes(Change.ContactOffered.class)).hasSize(1);
        assertThat(state(world, "agent1")).isEqualTo(AgentState.NOT_READY);
    }

    @Test
    void shouldHaveHimKeepHisPromiseFirst() {
        Campaign campaign = Samples.withLines(Samples.agentCampaign(1), 1)
                .withCallbacks(new CallbackSettings(true, AbsentAgentRule.ABANDON, Duration.ofMinutes(5)));
        World world = World.active(campaign).contacts(6, 1).agents(2);
        world.carrier.customers = dial -> Plan.fails(500, 20_000, 486);
        Instant due = World.START.plusSeconds(10);
        world.store.promise(new ContactId(1), new AgentId(ZOE), due);
        world.run(Duration.ofSeconds(12)).wish(ZOE, true).run(Duration.ofSeconds(15));

        assertThat(world.changes(Change.ContactOffered.class))
                .singleElement()
                .satisfies(offered -> assertThat(offered.agent()).isEqualTo(new AgentId(ZOE)));
    }

    @Test
    void shouldCountOnHimAgainOnceHeIsBack() {
        Campaign campaign = Samples.withLines(Samples.agentCampaign(1), 1)
                .withCallbacks(new CallbackSettings(true, AbsentAgentRule.ABANDON, Duration.ofMinutes(5)));
        World world = World.active(campaign).contacts(40, 1).agents(2);
        world.carrier.customers = dial -> Plan.fails(500, 10_000, 486);
        world.store.promise(new ContactId(1), new AgentId(ZOE), World.START.plusSeconds(60));
        world.run(Duration.ofSeconds(5)).wish("agent1", true).run(Duration.ofSeconds(20));
        assertThat(state(world, "agent1")).isEqualTo(AgentState.NOT_READY);

        FakeStore.AgentRow back = world.store.agents.get("agent1");
        back.state = AgentState.READY;
        back.wishesToLeave = false;
        // What another one has promised makes nobody forget that he is back.
        world.run(Duration.ofSeconds(60));
        assertThat(world.changes(Change.ReservationWithdrawn.class))
                .filteredOn(withdrawn -> withdrawn.reason().equals("he has asked to leave"))
                .hasSize(1);
    }

    @Test
    void shouldLetHimGoInMidCampaignWhilePredicting() {
        int seed = 17;
        Campaign campaign = PredictiveTest.campaign(DialingMode.PREDICTIVE_AGENT);
        World world = PredictiveTest.world(campaign, seed).run(Duration.ofMinutes(30));
        int wishes = 0;
        int letGo = 0;
        for (int i = 0; i < 40; i++) {
            FakeStore.AgentRow agent = world.untilReserved(Duration.ofMinutes(5));
            wishes++;
            world.wish(agent.id.value(), true).until(w -> agent.state != AgentState.RESERVED, Duration.ofMinutes(1));
            letGo += agent.state == AgentState.NOT_READY ? 1 : 0;
            agent.state = AgentState.READY;
            agent.wishesToLeave = false;
            world.run(Duration.ofSeconds(30));
        }
        assertThat(letGo).as("seed %s: of %s who wished to leave", seed, wishes).isPositive();
        assertThat(PredictiveTest.counted(world, campaign.id()).percent()).isLessThan(3);
    }
}
