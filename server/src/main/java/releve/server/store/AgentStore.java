package releve.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.agent.AgentState;
import releve.core.campaign.Disposition;
import releve.core.campaign.OfferAnswer;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.Invariants;
import releve.server.gateway.AgentLogin;
import releve.server.gateway.AgentSessions;
import releve.server.gateway.AgentView;
import releve.server.store.Tx.Column;

/**
 * Agents as their gateway changes them: always as compare-and-set on the row's version, so a dialer or the routing gateway
 * that changed the agent at the same moment is never overruled.
 */
public final class AgentStore implements AgentSessions {
    private static final Logger LOG = LoggerFactory.getLogger(AgentStore.class);

    private final Transactions transactions;
    private final Optional<GatewayTurn> turn;

    /** Of a gateway that does its duties whenever it is asked to. */
    public AgentStore(DataSource dataSource) {
        this(dataSource, Optional.empty());
    }

    /** Of a gateway that does its duties when it is its turn. */
    public AgentStore(DataSource dataSource, GatewayTurn turn) {
        this(dataSource, Optional.of(turn));
    }

    private AgentStore(DataSource dataSource, Optional<GatewayTurn> turn) {
        this.transactions = new Transactions(dataSource);
        this.turn = turn;
    }

    @Override
    public void login(AgentLogin login, byte[] tokenHash) {
        String agent = login.agent().value();
        Column skillGroups = new Column("text", List.copyOf(login.skillGroups()));
        transactions.run(tx -> {
            tx.update(
                    "insert into agent (id, phone_uri) values (?, ?) on conflict do nothing", agent, login.phoneUri());
            return tx.update("""
                    update agent g
                    set name = ?, skill_groups = ?, phone_uri = ?, session_hash = ?,
                        state = case when g.state = 'LOGGED_OUT' then 'NOT_READY' else g.state end,
                        reason = case when g.state = 'LOGGED_OUT' then 'logged in' else g.reason end,
                        pending_state = nullif(g.pending_state, 'LOGGED_OUT')
                    where id = ?""", login.name(), skillGroups, login.phoneUri(), tokenHash, agent);
        });
    }

    @Override
    public Optional<Session> find(AgentId agent) {
        return transactions.run(tx -> {
            Optional<Session> found = tx.first(
                    "select * from agent where id = ? and session_hash is not null",
                    row -> new Session(read(row), row.getBytes("session_hash")),
                    agent.value());
            return found.isEmpty()
                    ? found
                    : Optional.of(new Session(
                            withCall(tx, found.get().view()), found.get().tokenHash()));
        });
    }

    /** All agents who are not logged out. */
    public List<AgentView> loggedIn() {
        return transactions.run(
                tx -> tx.list("select * from agent where state <> 'LOGGED_OUT' order by id", AgentStore::read));
    }

    /** @throws IllegalStateException when it is no move of the agent's own, or the table of states does not have it */
    @Override
    public Optional<AgentView> move(AgentView seen, AgentState to, String reason) {
        Invariants.check(
                !to.held()
                        && to != AgentState.WRAP_UP
                        && (seen.state() == to || seen.state().mayBecome(to)),
                "agent %s may not go from %s to %s",
                seen.agent(),
                seen.state(),
                to);
        return transactions.run(tx -> {
            Optional<AgentView> moved = tx.first(
                    """
                    update agent
                    set state = ?, reason = ?, deadline = null, attempt = null, pending_state = null, pending_reason = '',
                        session_hash = case when ? = 'LOGGED_OUT' then null else session_hash end,
                        idle_since = case when ? = 'READY' then idle_since end
                    where id = ? and version = ?
                    returning *""", AgentStore::read, to, reason, to, to, seen.agent().value(), seen.version());
            if (moved.isPresent() && to == AgentState.READY) {
                tx.notify(Channels.ROUTING, "ready");
            }
            return moved;
        });
    }

    @Override
    public Optional<AgentView> wish(AgentView seen, @Nullable AgentState pending, String reason) {
        return transactions.run(tx -> {
            Optional<AgentView> wished = tx.first(
                    """
                    update agent set pending_state = ?, pending_reason = ?
                    where id = ? and version = ? and state in ('RESERVED', 'PREVIEW', 'DIALING', 'TALKING', 'HOLD')
                    returning *""", AgentStore::read, pending, reason, seen.agent().value(), seen.version());
            return wished.isEmpty() ? wished : Optional.of(withCall(tx, wished.get()));
        });
    }

    @Override
    public Optional<AgentView> dispose(AgentView seen, AttemptId attempt, Disposition disposition) {
        return transactions.run(tx -> {
            // The row's new version is what tells his desktops.
            Optional<AgentView> touched =
                    tx.first("""
                    update agent set attempt = attempt
                    where id = ? and version = ? and attempt = ? and state in ('TALKING', 'HOLD', 'WRAP_UP')
                    returning *""", AgentStore::read, seen.agent().value(), seen.version(), attempt.value());
            if (touched.isEmpty() || !new Dispositions(tx).say(seen.agent(), attempt, disposition)) {
                return Optional.empty();
            }
            return Optional.of(withCall(tx, touched.get()));
        });
    }

    @Override
    public Optional<AgentView> answer(AgentView seen, AttemptId offer, OfferAnswer answer) {
        return transactions.run(tx -> {
            // The offer first, as the dialer locks them that ends it.
            Offers offers = new Offers(tx);
            if (!offers.isOpen(offer)) {
                return Optional.empty();
            }
            Optional<AgentView> moved =
                    tx.first("""
                    update agent
                    set state = 'RESERVED', deadline = null, reason = '',
                        attempt = case when ? = 'ACCEPT' then attempt end
                    where id = ? and version = ? and state = 'PREVIEW' and attempt = ?
                    returning *""", AgentStore::read, answer, seen.agent().value(), seen.version(), offer.value());
            if (moved.isPresent()) {
                offers.answer(seen.agent(), offer, answer);
            }
            return moved;
        });
    }

    @Override
    public boolean answeredSo(AgentId agent, AttemptId offer, OfferAnswer answer) {
        return transactions.run(tx -> new Offers(tx).answeredSo(agent, offer, answer));
    }

    private static AgentView withCall(Tx tx, AgentView view) throws SQLException {
        if (view.attempt() == null) {
            return view;
        }
        // Reserved with a contact: he has accepted it, and it is being dialed for him.
        boolean offered = view.state() == AgentState.PREVIEW || view.state() == AgentState.RESERVED;
        return new AgentView(
                view.agent(),
                view.state(),
                view.since(),
                view.reason(),
                view.deadline(),
                view.attempt(),
                view.pending(),
                offered ? null : new Dispositions(tx).card(view.attempt()).orElse(null),
                offered ? new Offers(tx).card(view.attempt()).orElse(null) : null,
                view.version());
    }

    @Override
    public int endWrapUps() {
        return transactions.run(tx -> {
            if (turn.isPresent() && !turn.get().isOurs(tx)) {
                return 0;
            }
            int ended = tx.update("update agent g set " + AgentWriter.SET_FREE
                    + " where g.state = 'WRAP_UP' and g.deadline <= clock_timestamp()");
            if (ended > 0) {
                new AgentWriter(tx).logOutWhoWishes();
                tx.notify(Channels.ROUTING, "ready");
            }
            return ended;
        });
    }

    @Override
    public int releaseStranded() {
        List<String> released = transactions.run(
                tx -> turn.isPresent() && !turn.get().isOurs(tx) ? List.of() : new StrandedAgents(tx).release());
        if (!released.isEmpty()) {
            LOG.warn("Agents whose call has gone are let go: {}", String.join("; ", released));
        }
        return released.size();
    }

    @Override
    public Map<AgentId, Long> versions(Set<AgentId> agents) {
        Map<AgentId, Long> versions = new HashMap<>();
        transactions.run(tx -> tx.list(
                "select id, version from agent where id = any (?)",
                row -> versions.put(new AgentId(row.getString("id")), row.getLong("version")),
                Column.of("text", List.copyOf(agents), AgentId::value)));
        return versions;
    }

    private static AgentView read(ResultSet row) throws SQLException {
        @Nullable Long attempt = row.getObject("attempt", Long.class);
        @Nullable String pending = row.getString("pending_state");
        return new AgentView(
                new AgentId(row.getString("id")),
                AgentState.valueOf(row.getString("state")),
                Tx.time(row, "state_since"),
                row.getString("reason"),
                Tx.instant(row, "deadline"),
                attempt == null ? null : new AttemptId(attempt),
                pending == null ? null : AgentState.valueOf(pending),
                null,
                null,
                row.getLong("version"));
    }
}
