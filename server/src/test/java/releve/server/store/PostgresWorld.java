package releve.server.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import releve.core.agent.AgentCommand;
import releve.core.agent.AgentRules;
import releve.core.agent.AgentState;
import releve.core.campaign.Campaign;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.Disposition;
import releve.core.campaign.OfferAnswer;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.EndedBy;
import releve.core.contract.StoreWorld;
import releve.core.pair.Role;
import releve.core.store.DialerStore;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.GatewayRights;
import releve.server.gateway.AgentLogin;
import releve.server.gateway.AgentSessions;
import releve.server.store.Tx.Column;

/** The rows behind the contract, and the classes that the agent gateway and the nodes use. */
final class PostgresWorld implements StoreWorld {
    private static final AtomicLong NUMBERS = new AtomicLong();
    private final HikariDataSource pool;
    private final DialerStore store;
    private final AgentStore agents;
    private final RoutingStore routing;
    private final NodeRegistry nodes;
    private final AbandonedCalls abandoned;
    private final Transactions transactions;

    PostgresWorld(HikariDataSource pool) {
        this.pool = pool;
        this.store = new PostgresDialerStore(pool);
        this.agents = new AgentStore(pool);
        this.routing = new RoutingStore(pool);
        this.nodes = new NodeRegistry(pool);
        this.abandoned = new AbandonedCalls(pool);
        this.transactions = new Transactions(pool);
    }

    @Override
    public DialerStore store() {
        return store;
    }

    @Override
    public GatewayRights gateway(Role role) {
        return new GatewayLease(pool, role);
    }

    @Override
    public Instant now() {
        return one("select clock_timestamp() as now", row -> Tx.time(row, "now"));
    }

    @Override
    public CampaignId campaign(Campaign campaign) {
        return transactions.run(tx ->
                CampaignRows.insert(tx, campaign.withName(campaign.name() + " of test " + NUMBERS.incrementAndGet())));
    }

    @Override
    public ContactId contact(CampaignId campaign, String... phones) {
        return one(
                "insert into contact (campaign, phones) values (?, ?) returning id",
                row -> new ContactId(row.getLong(1)),
                campaign.value(),
                new Column("text", List.of(phones)));
    }

    @Override
    public ContactView contact(ContactId contact) {
        return one(
                "select status, attempts, not_before from contact where id = ?",
                row -> new ContactView(
                        ContactStatus.ofLetter(row.getString(1).charAt(0)),
                        row.getInt(2),
                        Tx.instant(row, "not_before")),
                contact.value());
    }

    @Override
    public Optional<AttemptView> attempt(AttemptId attempt) {
        return transactions.run(tx -> tx.first(
                "select * from attempt where id = ?",
                row -> new AttemptView(
                        row.getObject("result", Integer.class),
                        endedBy(row.getString("ended_by")),
                        Tx.instant(row, "ended_at"),
                        Tx.instant(row, "rang_at"),
                        Tx.instant(row, "answered_at"),
                        Tx.instant(row, "connected_at"),
                        row.getString("agent"),
                        Tx.instant(row, "corrected_at") != null),
                attempt.value()));
    }

    private static @Nullable EndedBy endedBy(@Nullable String name) {
        return name == null ? null : EndedBy.valueOf(name);
    }

    @Override
    public void logIn(AgentId agent, Set<String> skillGroups, String phoneUri) {
        agents.login(new AgentLogin(agent, agent.value(), skillGroups, phoneUri), new byte[] {1});
    }

    /** As the agent gateway does it. */
    @Override
    public Optional<String> ask(AgentId agent, AgentCommand command) {
        Optional<AgentSessions.Session> session = agents.find(agent);
        if (session.isEmpty()) {
            return Optional.of("You are logged out; log in first.");
        }
        releve.server.gateway.AgentView seen = session.get().view();
        return switch (AgentRules.decide(seen.state(), Optional.ofNullable(seen.pending()), seen.reason(), command)) {
            case AgentRules.Outcome.Move move -> {
                agents.move(seen, move.to(), move.reason()).orElseThrow();
                yield Optional.empty();
            }
            case AgentRules.Outcome.Wish wish -> {
                agents.wish(seen, wish.pending(), wish.reason()).orElseThrow();
                yield Optional.empty();
            }
            case AgentRules.Outcome.Nothing nothing -> Optional.empty();
            case AgentRules.Outcome.Refuse refuse -> Optional.of(refuse.sentence());
        };
    }

    @Override
    public AgentView agent(AgentId agent) {
        return one(
                "select state, reservation, deadline from agent where id = ?",
                row -> new AgentView(
                        AgentState.valueOf(row.getString(1)),
                        row.getObject("reservation", Long.class),
                        Tx.instant(row, "deadline")),
                agent.value());
    }

    @Override
    public boolean answer(AgentId agent, AttemptId offer, OfferAnswer answer) {
        var seen = agents.find(agent).orElseThrow().view();
        return agents.answer(seen, offer, answer).isPresent();
    }

    @Override
    public Optional<AgentState> wishOf(AgentId agent) {
        return agents.find(agent)
                .flatMap(session -> Optional.ofNullable(session.view().pending()));
    }

    @Override
    public boolean dispose(AgentId agent, AttemptId attempt, Disposition disposition) {
        return agents.dispose(agents.find(agent).orElseThrow().view(), attempt, disposition)
                .isPresent();
    }

    @Override
    public void promise(ContactId contact, AgentId agent, Instant due) {
        one(
                "update contact set status = 'S', callback_agent = ?, not_before = ? where id = ? returning 1",
                row -> 1,
                agent.value(),
                due,
                contact.value());
    }

    @Override
    public void doNotCall(String phone) {
        one("insert into do_not_call (phone, source) values (?, 'LIST') returning 1", row -> 1, phone);
    }

    @Override
    public int route() {
        return routing.serve();
    }

    @Override
    public int endWrapUps() {
        return agents.endWrapUps();
    }

    @Override
    public boolean register(NodeId node, Duration silentFor) {
        try {
            nodes.register(new NodeRegistry.Start(node, "host", 1, "1", "1", ""), silentFor);
            return true;
        } catch (StoreRefused living) {
            return false;
        }
    }

    @Override
    public boolean beat(NodeId node) {
        return nodes.beat(
                        node,
                        new NodeRegistry.Heartbeat(
                                "standby", now(), "started", true, null, Map.of(), "", "no", null, null, List.of()))
                .isEmpty();
    }

    @Override
    public void stopped(NodeId node) {
        nodes.stopped(node, 0, "asked to");
    }

    @Override
    public int closeAbandoned(int pair, Duration silentFor) {
        return abandoned.closeAbandoned(pair, silentFor);
    }

    private <T> T one(String sql, Tx.Row<T> row, Object... arguments) {
        return transactions.run(tx -> oneIn(tx, sql, row, arguments));
    }

    private static <T> T oneIn(Tx tx, String sql, Tx.Row<T> row, Object... arguments) throws SQLException {
        return tx.first(sql, row, arguments).orElseThrow();
    }
}
