package releve.core.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import releve.core.agent.AgentCommand;
import releve.core.agent.AgentState;
import releve.core.campaign.Campaign;
import releve.core.campaign.Disposition;
import releve.core.campaign.OfferAnswer;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.Termination;
import releve.core.contract.StoreWorld;
import releve.core.pair.Role;
import releve.core.store.DialerStore;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.GatewayRights;

/** The store in memory, empty, on a clock of its own that goes on by a millisecond whenever it is read. */
public final class MemoryWorld implements StoreWorld {
    private final AtomicLong clockMs =
            new AtomicLong(Instant.parse("2026-03-03T10:00:00Z").toEpochMilli());
    private final MemoryStore store = new MemoryStore(this::now, notice -> {});
    private final MemoryDesks desks = store.desks();
    private long campaigns;

    @Override
    public DialerStore store() {
        return store;
    }

    @Override
    public GatewayRights gateway(Role role) {
        return store.gateways(role);
    }

    @Override
    public Instant now() {
        return Instant.ofEpochMilli(clockMs.incrementAndGet());
    }

    @Override
    public CampaignId campaign(Campaign campaign) {
        CampaignId id = new CampaignId(++campaigns);
        desks.put(campaign.withId(id));
        return id;
    }

    @Override
    public ContactId contact(CampaignId campaign, String... phones) {
        return desks.add(campaign, List.of(phones));
    }

    @Override
    public ContactView contact(ContactId contact) {
        MemoryDesks.ContactRow row = desks.contact(contact);
        return new ContactView(row.status(), row.attempts(), row.notBefore());
    }

    @Override
    public Optional<AttemptView> attempt(AttemptId attempt) {
        return desks.attempt(attempt)
                .map(row -> new AttemptView(
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
    public void logIn(AgentId agent, Set<String> skillGroups, String phoneUri) {
        desks.logIn(agent, skillGroups, phoneUri);
    }

    @Override
    public Optional<String> ask(AgentId agent, AgentCommand command) {
        return desks.ask(agent, command);
    }

    @Override
    public AgentView agent(AgentId agent) {
        MemoryDesks.AgentRow row = desks.agent(agent);
        return new AgentView(
                row.state(),
                row.reservation() == null ? null : row.reservation().value(),
                row.deadline());
    }

    @Override
    public Optional<AgentState> wishOf(AgentId agent) {
        return Optional.ofNullable(desks.agent(agent).pending());
    }

    @Override
    public boolean answer(AgentId agent, AttemptId offer, OfferAnswer answer) {
        return desks.answer(agent, offer, answer);
    }

    @Override
    public boolean dispose(AgentId agent, AttemptId attempt, Disposition disposition) {
        return desks.dispose(agent, attempt, disposition);
    }

    @Override
    public void promise(ContactId contact, AgentId agent, Instant due) {
        desks.promise(contact, agent, due);
    }

    @Override
    public void doNotCall(String phone) {
        desks.doNotCall(phone);
    }

    @Override
    public int route() {
        return desks.route();
    }

    @Override
    public int endWrapUps() {
        return desks.endWrapUps();
    }

    @Override
    public boolean register(NodeId node, Duration silentFor) {
        return desks.register(node, "1", silentFor);
    }

    @Override
    public boolean beat(NodeId node) {
        return desks.beat(node, "standby", true, "").isEmpty();
    }

    @Override
    public void stopped(NodeId node) {
        desks.stopped(node, "asked to");
    }

    @Override
    public int closeAbandoned(int pair, Duration silentFor) {
        return store.closeAbandoned(pair, silentFor);
    }
}
