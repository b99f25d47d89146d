package releve.server.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import releve.core.agent.AgentCommand;
import releve.core.agent.AgentState;
import releve.core.campaign.Campaign;
import releve.core.campaign.DialingMode;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.Staffing;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.Termination;
import releve.core.memory.MemoryDesks;
import releve.core.memory.MemoryStore;
import releve.core.store.DialerStore;

/** The store in memory, which the simulation uses, as the contract tests see it. */
final class MemoryWorld implements DialerStoreContractTest.World {
    private static final AtomicLong NUMBERS = new AtomicLong();
    private final MemoryStore store = new MemoryStore(Instant::now, notice -> {});
    private final MemoryDesks desks = store.desks();

    @Override
    public DialerStore store() {
        return store;
    }

    @Override
    public CampaignId campaign(String skillGroup, Duration wrapUp) {
        CampaignId id = new CampaignId(NUMBERS.incrementAndGet());
        desks.put(Campaign.named("campaign " + id, DialingMode.PROGRESSIVE_AGENT, "+12025550100")
                .withId(id)
                .withRunning(true)
                .withStaffing(Staffing.by(skillGroup).withWrapUp(wrapUp)));
        return id;
    }

    @Override
    public ContactId contact(CampaignId campaign, String... phones) {
        return desks.add(campaign, List.of(phones));
    }

    @Override
    public DialerStoreContractTest.ContactView contact(ContactId contact) {
        MemoryDesks.ContactRow row = desks.contact(contact);
        return new DialerStoreContractTest.ContactView(row.status(), row.attempts(), row.notBefore());
    }

    @Override
    public Optional<DialerStoreContractTest.AttemptView> attempt(AttemptId attempt) {
        return desks.attempt(attempt)
                .map(row -> new DialerStoreContractTest.AttemptView(
                        row.termination().map(end -> end.result().code()).orElse(null),
                        row.termination().map(Termination::endedBy).orElse(null),
                        row.endedAt(),
                        row.rangAt(),
                        row.answeredAt(),
                        row.connectedAt(),
                        row.agent() == null ? null : row.agent().value(),
                        row.corrected()));
    }

    @Override
    public void readyAgent(AgentId agent, String skillGroup, String phoneUri) {
        desks.logIn(agent, Set.of(skillGroup), phoneUri);
        desks.ask(agent, new AgentCommand.Ready());
    }

    @Override
    public void wish(AgentId agent, AgentState pending) {
        desks.ask(
                agent, pending == AgentState.LOGGED_OUT ? new AgentCommand.LogOut("") : new AgentCommand.NotReady(""));
    }

    @Override
    public DialerStoreContractTest.AgentView agent(AgentId agent) {
        MemoryDesks.AgentRow row = desks.agent(agent);
        return new DialerStoreContractTest.AgentView(
                row.state(),
                row.reservation() == null ? null : row.reservation().value(),
                row.deadline());
    }

    @Override
    public boolean answer(AgentId agent, AttemptId offer, OfferAnswer answer) {
        return desks.answer(agent, offer, answer);
    }

    @Override
    public void promise(ContactId contact, AgentId agent, Instant due) {
        desks.promise(contact, agent, due);
    }

    @Override
    public int route() {
        return desks.route();
    }
}
