package releve.server.store;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.core.store.Change.AgentDialing;
import releve.core.store.Change.AgentUnreachable;
import releve.core.store.Change.AgentWrapUp;
import releve.core.store.Change.AttemptConnected;
import releve.core.store.Change.ReservationRequested;
import releve.core.store.Change.ReservationWithdrawn;
import releve.core.store.DialerStore.NodeId;
import releve.server.store.Tx.Column;

/**
 * Writes what happens to reservations and to the agents behind them. An agent moves only out of the state that the change
 * supposes, and only for the reservation it names, so a change that comes late or twice moves nobody.
 */
final class AgentWriter {
    /** What becomes of an agent who need not stay reserved: a wish made meanwhile comes into force. */
    static final String SET_FREE = """
            state = case when g.pending_state is null then 'READY' else 'NOT_READY' end,
            reason = case when g.pending_state is null then '' else g.pending_reason end,
            pending_state = nullif(g.pending_state, 'NOT_READY'),
            pending_reason = case when g.pending_state = 'LOGGED_OUT' then g.pending_reason else '' end,
            reservation = null, attempt = null, deadline = null""";

    private final Tx tx;

    AgentWriter(Tx tx) {
        this.tx = tx;
    }

    void request(NodeId node, long epoch, List<ReservationRequested> changes) throws SQLException {
        int asked = tx.update(
                """
                insert into reservation_request
                    (id, pair, epoch, side, instance, campaign, skill_group, agent, priority, requested_at)
                select w.id, ?, ?, ?, ?, w.campaign, w.skill_group, w.agent, w.priority, w.at
                from unnest(?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::int[], ?::timestamptz[])
                    with ordinality as w (id, campaign, skill_group, agent, priority, at, place)
                order by w.place
                on conflict do nothing""",
                node.pair(),
                epoch,
                node.side(),
                node.instance(),
                Column.of("bigint", changes, change -> change.reservation().value()),
                Column.of("bigint", changes, change -> change.campaign().value()),
                Column.of("text", changes, ReservationRequested::skillGroup),
                Column.of("text", changes, AgentWriter::named),
                Column.of("int", changes, ReservationRequested::priority),
                Column.of("timestamptz", changes, ReservationRequested::at));
        if (asked > 0) {
            tx.notify(Channels.ROUTING, "requested");
        }
    }

    private static @Nullable String named(ReservationRequested change) {
        return change.agent() == null ? null : change.agent().value();
    }

    /**
     * The requests go first: that waits for a grant that is being made, and the next statement then sees the agent it
     * reserved.
     */
    void withdraw(List<ReservationWithdrawn> changes) throws SQLException {
        Column ids = Column.of("bigint", changes, change -> change.reservation().value());
        delete(ids);
        int freed = tx.update(
                "update agent g set " + SET_FREE + " where g.reservation = any (?::bigint[])"
                        + " and g.state in ('RESERVED', 'PREVIEW', 'DIALING')",
                ids);
        if (freed > 0) {
            logOutWhoWishes();
            tx.notify(Channels.ROUTING, "ready");
        }
    }

    void talk(List<AttemptConnected> changes) throws SQLException {
        List<AttemptConnected> withAgent = changes.stream()
                .filter(change -> change.agent() != null && change.reservation() != null)
                .toList();
        if (withAgent.isEmpty()) {
            return;
        }
        tx.update(
                """
                update agent g set state = 'TALKING', attempt = w.attempt, reason = ''
                from unnest(?::text[], ?::bigint[], ?::bigint[]) as w (agent, reservation, attempt)
                where g.id = w.agent and g.reservation = w.reservation and g.state in ('RESERVED', 'DIALING')""",
                Column.of("text", withAgent, AttemptWriter::agent),
                Column.of(
                        "bigint",
                        withAgent,
                        change -> java.util.Objects.requireNonNull(change.reservation())
                                .value()),
                Column.of("bigint", withAgent, change -> change.attempt().value()));
    }

    /**
     * Agents whose attempts were closed, because their dialer seemed dead, before it could write that they talk: that freed
     * them, and as far as they are nobody's they are bound to their calls again. To be called before the ledger has the time.
     */
    void talkAfterAll(NodeId node, long epoch, List<AttemptConnected> changes) throws SQLException {
        tx.update(
                """
                with bound as (
                    update agent g set state = 'TALKING', reservation = w.reservation, attempt = a.id, reason = ''
                    from unnest(?::text[], ?::bigint[], ?::bigint[]) as w (agent, reservation, attempt)
                    join attempt a on a.id = w.attempt
                    where g.id = w.agent and g.state = 'READY' and w.reservation is not null
                      and a.ended_at is not null and a.connected_at is null
                    returning g.id as agent, w.reservation, a.campaign
                )
                insert into reservation_request
                    (id, pair, epoch, side, instance, campaign, skill_group, agent, priority, requested_at, granted_agent, granted_at)
                select b.reservation, ?, ?, ?, ?, b.campaign, k.skill_group, b.agent, 0, clock_timestamp(), b.agent,
                       clock_timestamp()
                from bound b join campaign k on k.id = b.campaign
                on conflict do nothing""",
                Column.of("text", changes, AttemptWriter::agent),
                Column.of("bigint", changes, AgentWriter::reservation),
                Column.of("bigint", changes, change -> change.attempt().value()),
                node.pair(),
                epoch,
                node.side(),
                node.instance());
    }

    private static @Nullable Long reservation(AttemptConnected change) {
        return change.reservation() == null ? null : change.reservation().value();
    }

    /**
     * An agent whose talk was not written, because the dialer seemed dead just then, is still reserved: he talked first.
     */
    void wrapUp(List<AgentWrapUp> changes) throws SQLException {
        Column agents = Column.of("text", changes, change -> change.agent().value());
        Column reservations =
                Column.of("bigint", changes, change -> change.reservation().value());
        Column deadlines = Column.of("timestamptz", changes, AgentWrapUp::deadline);
        if (endTalk(agents, reservations, deadlines) < changes.size()) {
            int stillReserved = tx.update("""
                    update agent g set state = 'TALKING'
                    from unnest(?::text[], ?::bigint[]) as w (agent, reservation)
                    where g.id = w.agent and g.reservation = w.reservation and g.state in ('RESERVED', 'DIALING')""", agents, reservations);
            if (stillReserved > 0) {
                endTalk(agents, reservations, deadlines);
            }
        }
        delete(reservations);
    }

    private int endTalk(Column agents, Column reservations, Column deadlines) throws SQLException {
        return tx.update("""
                update agent g set state = 'WRAP_UP', reason = '', reservation = null, deadline = w.deadline
                from unnest(?::text[], ?::bigint[], ?::timestamptz[]) as w (agent, reservation, deadline)
                where g.id = w.agent and g.reservation = w.reservation and g.state in ('TALKING', 'HOLD')""", agents, reservations, deadlines);
    }

    void unreachable(List<AgentUnreachable> changes) throws SQLException {
        Column reservations =
                Column.of("bigint", changes, change -> change.reservation().value());
        tx.update(
                """
                update agent g
                set state = 'NOT_READY', reason = w.reason, reservation = null, attempt = null, deadline = null,
                    pending_state = nullif(g.pending_state, 'NOT_READY')
                from unnest(?::text[], ?::bigint[], ?::text[]) as w (agent, reservation, reason)
                where g.id = w.agent and g.reservation = w.reservation and g.state in ('RESERVED', 'PREVIEW', 'DIALING')""",
                Column.of("text", changes, change -> change.agent().value()),
                reservations,
                Column.of("text", changes, AgentUnreachable::reason));
        delete(reservations);
        logOutWhoWishes();
    }

    void dial(List<AgentDialing> changes) throws SQLException {
        tx.update(
                """
                update agent g set state = 'DIALING', attempt = w.attempt, reason = ''
                from unnest(?::text[], ?::bigint[], ?::bigint[]) as w (agent, reservation, attempt)
                where g.id = w.agent and g.reservation = w.reservation and g.state = 'RESERVED'""",
                Column.of("text", changes, change -> change.agent().value()),
                Column.of("bigint", changes, change -> change.reservation().value()),
                Column.of("bigint", changes, change -> change.attempt().value()));
    }

    /** From not ready on, a pending log-out comes into force: the table of states knows no shorter way. */
    void logOutWhoWishes() throws SQLException {
        tx.update("""
                update agent g
                set state = 'LOGGED_OUT', pending_state = null, reason = g.pending_reason, pending_reason = '',
                    session_hash = null, idle_since = null
                where g.state = 'NOT_READY' and g.pending_state = 'LOGGED_OUT'""");
    }

    private void delete(Column reservations) throws SQLException {
        tx.update("delete from reservation_request where id = any (?::bigint[])", reservations);
    }
}
