package releve.server.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import releve.core.agent.AgentState;
import releve.core.campaign.Campaign;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.DialingMode;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.Staffing;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.EndedBy;
import releve.core.store.DialerStore;
import releve.server.store.Tx.Column;

class PostgresDialerStoreTest extends DialerStoreContractTest {
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static HikariDataSource pool;

    @BeforeAll
    static void open() {
        pool = StoreConnections.pool(TestStore.fresh(), "contract", 12);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @Override
    World world() {
        return new PostgresWorld(pool);
    }

    /** The rows behind the contract. */
    static final class PostgresWorld implements World {
        private final DialerStore store;
        private final AgentStore agents;
        private final RoutingStore routing;
        private final Transactions transactions;

        PostgresWorld(HikariDataSource pool) {
            this.store = new PostgresDialerStore(pool);
            this.agents = new AgentStore(pool);
            this.routing = new RoutingStore(pool);
            this.transactions = new Transactions(pool);
        }

        @Override
        public DialerStore store() {
            return store;
        }

        @Override
        public CampaignId campaign(String skillGroup, Duration wrapUp) {
            Campaign campaign = Campaign.named(
                            "campaign " + NUMBERS.incrementAndGet(), DialingMode.PROGRESSIVE_AGENT, "+12025550100")
                    .withRunning(true)
                    .withStaffing(Staffing.by(skillGroup).withWrapUp(wrapUp));
            return transactions.run(tx -> CampaignRows.insert(tx, campaign));
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
        public void readyAgent(AgentId agent, String skillGroup, String phoneUri) {
            one("""
                    insert into agent (id, skill_groups, phone_uri, state, idle_since)
                    values (?, ?, ?, 'READY', clock_timestamp()) returning 1""", row -> 1, agent.value(), new Column("text", List.of(skillGroup)), phoneUri);
        }

        @Override
        public void wish(AgentId agent, AgentState pending) {
            one("update agent set pending_state = ? where id = ? returning 1", row -> 1, pending, agent.value());
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
            one("update agent set session_hash = 'x' where id = ? returning 1", row -> 1, agent.value());
            var seen = agents.find(agent).orElseThrow().view();
            return agents.answer(seen, offer, answer).isPresent();
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
        public int route() {
            return routing.serve();
        }

        private <T> T one(String sql, Tx.Row<T> row, Object... arguments) {
            return transactions.run(tx -> oneIn(tx, sql, row, arguments));
        }

        private static <T> T oneIn(Tx tx, String sql, Tx.Row<T> row, Object... arguments) throws SQLException {
            return tx.first(sql, row, arguments).orElseThrow();
        }
    }
}
