package releve.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import releve.core.agent.AgentState;
import releve.core.campaign.AbsentAgentRule;
import releve.core.campaign.CallbackSettings;
import releve.core.campaign.Campaign;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.Samples;
import releve.core.common.AgentId;
import releve.core.common.ContactId;
import releve.core.engine.FakeCarrier.Plan;
import releve.core.engine.World.Reply;
import releve.core.store.Change;

/** An agent who talks through a dialer, though the store has him as ready: a takeover freed him, and he may have said so himself. */
class AgentWhoTalksTest {
    private static final AgentId AGENT = new AgentId("agent1");
    private static final Duration MOMENT = Duration.ofSeconds(5);

    private static World talking(Campaign campaign) {
        World world = World.active(campaign).contacts(20, 1).agents(1);
        world.desks = offered -> new Reply(500, OfferAnswer.ACCEPT);
        world.carrier.customers = dial -> Plan.answers(100, 500, 30_000);
        world.until(w -> w.counts().connected() == 1, Duration.ofSeconds(10));
        world.store.agents.get(AGENT.value()).state = AgentState.READY;
        return world;
    }

    @Test
    void shouldNotBeCalledForAnotherCustomer() {
        World world = talking(Samples.agentCampaign(1));
        int called = world.commands(Command.Bridge.class).size();

        world.run(MOMENT);

        assertThat(world.commands(Command.Bridge.class)).hasSize(called);
        assertThat(world.changes(Change.AgentUnreachable.class))
                .singleElement()
                .satisfies(refused -> assertThat(refused.reason()).startsWith("your former call goes on"));
        assertThat(world.store.agents.get(AGENT.value()).state).isEqualTo(AgentState.NOT_READY);
        assertThat(world.counts().reserved()).isZero();
    }

    @Test
    void shouldNotBeOfferedWhatHePromisedUntilHisCallIsOver() {
        World world = talking(Samples.agentCampaign(1)
                .withCallbacks(new CallbackSettings(true, AbsentAgentRule.ABANDON, Duration.ofMinutes(5))));
        world.store.agents.get(AGENT.value()).state = AgentState.NOT_READY;
        world.store.promise(new ContactId(20), AGENT, world.now);
        world.run(MOMENT);
        world.store.agents.get(AGENT.value()).state = AgentState.READY;
        world.run(MOMENT);
        assertThat(world.changes(Change.ContactOffered.class)).isEmpty();

        world.until(w -> w.counts().connected() == 0, Duration.ofMinutes(1));
        world.store.agents.get(AGENT.value()).state = AgentState.READY;
        world.run(MOMENT);
        assertThat(world.changes(Change.ContactOffered.class))
                .singleElement()
                .satisfies(offered -> assertThat(offered.agent()).isEqualTo(AGENT));
    }
}
