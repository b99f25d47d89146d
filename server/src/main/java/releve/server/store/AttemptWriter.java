package releve.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import releve.core.common.AttemptId;
import releve.core.store.Change;
import releve.core.store.Change.AttemptConnected;
import releve.core.store.Change.AttemptDecided;
import releve.core.store.Change.AttemptEnded;
import releve.core.store.Change.AttemptStarted;
import releve.core.store.Change.ContactReturned;
import releve.core.store.DialerStore.NodeId;
import releve.server.store.Tx.Column;

/** Writes what happened to attempts and contacts: one statement for all changes of a kind. */
final class AttemptWriter {
    private static final String START = """
            with wanted as (
                select * from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::int[], ?::timestamptz[])
                    with ordinality as w (id, campaign, contact, phone, call_id, number, at, place)
            ), held as (
                select w.* from wanted w join contact c on c.id = w.contact
                where c.status = 'A' and c.claimed_pair = ? and c.claimed_epoch = ?
                  and c.claimed_side = ? and c.claimed_instance = ?
                  and not exists (select from do_not_call d where d.phone = w.phone)
                order by c.id
                for update of c
            ), started as (
                insert into attempt (id, pair, epoch, side, instance, campaign, contact, phone, number, call_id, started_at)
                select id, ?, ?, ?, ?, campaign, contact, phone, number, call_id, at from held order by place
                on conflict do nothing
                returning id, contact
            ), dialed as (
                update contact c set status = 'D', last_attempt = s.id from started s where c.id = s.contact
            )
            select id from started""";

    // Those that were not inserted: written by an earlier try of the same batch, or in the way of another.
    private static final String NOT_STARTED = """
            select w.id,
                   own.contact is not distinct from w.contact and own.call_id is not distinct from w.call_id as written,
                   c.status, c.claimed_side || '/' || c.claimed_instance as holder, c.claimed_epoch,
                   live.id as live_id, live.phone as live_phone, used.id as used_id, d.phone as listed
            from unnest(?::bigint[], ?::bigint[], ?::text[], ?::text[]) as w (id, contact, phone, call_id)
            left join do_not_call d on d.phone = w.phone
            left join attempt own on own.id = w.id
            left join contact c on c.id = w.contact
            left join attempt used on used.call_id = w.call_id and used.id <> w.id
            left join lateral (
                select a.id, a.phone from attempt a
                where a.ended_at is null and a.id <> w.id and (a.contact = w.contact or a.phone = w.phone)
                limit 1) live on true""";

    private static final String END = """
            with wanted as (
                select * from unnest(?::bigint[], ?::bigint[], ?::int[], ?::text[], ?::text[], ?::text[], ?::timestamptz[],
                                     ?::int[], ?::timestamptz[])
                    as w (id, contact, result, ended_by, reason, status, not_before, counts, at)
            ), seen as (
                select w.*, a.ended_at is null as live from wanted w join attempt a on a.id = w.id
                where a.ended_at is null
                   or ((a.result = 100 or a.decided_result is not null) and a.ended_by = 'UNKNOWN')
                order by a.id
                for update of a
            ), closed as (
                update attempt a
                set ended_at = s.at, result = s.result, ended_by = s.ended_by, reason = s.reason,
                    corrected_at = case when s.live then null else clock_timestamp() end
                from seen s where a.id = s.id
                returning a.id
            ), moved as (
                update contact c
                set status = s.status, attempts = c.attempts + s.counts, last_result = s.result,
                    not_before = case when s.status in ('R', 'B', 'S') then coalesce(s.not_before, s.at) end,
                    former_status = null, claimed_pair = null, claimed_epoch = null, claimed_side = null,
                    claimed_instance = null
                from seen s
                where s.live and c.id = s.contact and c.status = 'D' and c.last_attempt = s.id
            )
            select id from closed""";

    private static final String RETURN = """
            update contact c
            set status = w.status, former_status = null,
                claimed_pair = null, claimed_epoch = null, claimed_side = null, claimed_instance = null
            from unnest(?::bigint[], ?::text[]) as w (id, status)
            where c.id = w.id and c.status = 'A'
              and c.claimed_pair = ? and c.claimed_side = ? and c.claimed_instance = ?""";

    private final Tx tx;
    private final NodeId node;
    private final long epoch;

    AttemptWriter(Tx tx, NodeId node, long epoch) {
        this.tx = tx;
        this.node = node;
        this.epoch = epoch;
    }

    /** Starts attempts, and tells which were not started, and why. */
    Map<AttemptId, String> start(List<AttemptStarted> changes) throws SQLException {
        Set<Long> started = new HashSet<>(tx.list(
                START,
                row -> row.getLong(1),
                Column.of("bigint", changes, change -> change.attempt().value()),
                Column.of("bigint", changes, change -> change.campaign().value()),
                Column.of("bigint", changes, change -> change.contact().value()),
                Column.of("text", changes, AttemptStarted::phone),
                Column.of("text", changes, AttemptStarted::callId),
                Column.of("int", changes, AttemptStarted::number),
                Column.of("timestamptz", changes, AttemptStarted::at),
                node.pair(),
                epoch,
                node.side(),
                node.instance(),
                node.pair(),
                epoch,
                node.side(),
                node.instance()));
        List<AttemptStarted> missing = changes.stream()
                .filter(change -> !started.contains(change.attempt().value()))
                .toList();
        return missing.isEmpty() ? Map.of() : refusals(missing);
    }

    private Map<AttemptId, String> refusals(List<AttemptStarted> missing) throws SQLException {
        Map<AttemptId, String> refused = new HashMap<>();
        tx.list(
                NOT_STARTED,
                row -> {
                    if (!row.getBoolean("written")) {
                        refused.put(new AttemptId(row.getLong("id")), refusal(row));
                    }
                    return true;
                },
                Column.of("bigint", missing, change -> change.attempt().value()),
                Column.of("bigint", missing, change -> change.contact().value()),
                Column.of("text", missing, AttemptStarted::phone),
                Column.of("text", missing, AttemptStarted::callId));
        return refused;
    }

    private String refusal(ResultSet row) throws SQLException {
        AttemptId id = new AttemptId(row.getLong("id"));
        @Nullable String listed = row.getString("listed");
        if (listed != null) {
            return "attempt %s not started: %s is on the do-not-call list".formatted(id, listed);
        }
        long live = row.getLong("live_id");
        if (live != 0) {
            return "attempt %s not started: attempt %s is live for the same contact or phone (%s)"
                    .formatted(id, new AttemptId(live), row.getString("live_phone"));
        }
        long used = row.getLong("used_id");
        if (used != 0) {
            return "attempt %s not started: its Call-ID was used by attempt %s".formatted(id, new AttemptId(used));
        }
        @Nullable String status = row.getString("status");
        if (status == null) {
            return "attempt %s not started: there is no such contact".formatted(id);
        }
        @Nullable String holder = row.getString("holder");
        return "attempt %s not started: its contact is %s%s, not held by %s under epoch %d"
                .formatted(
                        id,
                        status,
                        holder == null ? "" : " with " + holder + " under epoch " + row.getLong("claimed_epoch"),
                        node,
                        epoch);
    }

    /** Keeps the first time that is told. */
    void happened(String column, Column ids, Column times) throws SQLException {
        tx.update("""
                update attempt a set %1$s = coalesce(a.%1$s, w.at)
                from unnest(?::bigint[], ?::timestamptz[]) as w (id, at) where a.id = w.id""".formatted(column), ids, times);
    }

    void connect(List<AttemptConnected> changes) throws SQLException {
        tx.update(
                """
                update attempt a
                set connected_at = coalesce(a.connected_at, w.at), agent = w.agent, agent_call_id = w.agent_call_id
                from unnest(?::bigint[], ?::text[], ?::text[], ?::timestamptz[]) as w (id, agent, agent_call_id, at)
                where a.id = w.id""",
                Column.of("bigint", changes, change -> change.attempt().value()),
                Column.of("text", changes, AttemptWriter::agent),
                Column.of("text", changes, AttemptConnected::agentCallId),
                Column.of("timestamptz", changes, AttemptConnected::at));
    }

    static @Nullable String agent(AttemptConnected change) {
        return change.agent() == null ? null : change.agent().value();
    }

    void decide(List<AttemptDecided> changes) throws SQLException {
        tx.update(
                """
                update attempt a
                set decided_result = w.result, decided_reason = w.reason, decided_status = w.status,
                    decided_not_before = w.not_before
                from unnest(?::bigint[], ?::int[], ?::text[], ?::text[], ?::timestamptz[])
                    as w (id, result, reason, status, not_before)
                where a.id = w.id and a.ended_at is null""",
                Column.of("bigint", changes, change -> change.attempt().value()),
                Column.of("int", changes, change -> change.because().result().code()),
                Column.of("text", changes, change -> change.because().reason()),
                Column.of(
                        "text",
                        changes,
                        change -> String.valueOf(change.outcome().status().letter())),
                Column.of("timestamptz", changes, change -> change.outcome().notBefore()));
    }

    /** Where this is news, what the agent has said comes into force; told again, his contact may have gone on meanwhile. */
    void end(List<AttemptEnded> changes) throws SQLException {
        List<Long> closed = tx.list(
                END,
                row -> row.getLong(1),
                Column.of("bigint", changes, change -> change.attempt().value()),
                Column.of("bigint", changes, change -> change.contact().value()),
                Column.of(
                        "int", changes, change -> change.termination().result().code()),
                Column.of(
                        "text",
                        changes,
                        change -> change.termination().endedBy().name()),
                Column.of("text", changes, change -> change.termination().reason()),
                Column.of(
                        "text",
                        changes,
                        change -> String.valueOf(change.outcome().status().letter())),
                Column.of("timestamptz", changes, change -> change.outcome().notBefore()),
                Column.of("int", changes, change -> change.outcome().attemptCounts() ? 1 : 0),
                Column.of("timestamptz", changes, Change.AttemptEnded::at));
        new Dispositions(tx).decide(new Column("bigint", closed));
    }

    void giveBack(List<ContactReturned> changes) throws SQLException {
        tx.update(
                RETURN,
                Column.of("bigint", changes, change -> change.contact().value()),
                Column.of(
                        "text",
                        changes,
                        change -> String.valueOf(change.formerStatus().letter())),
                node.pair(),
                node.side(),
                node.instance());
    }
}
