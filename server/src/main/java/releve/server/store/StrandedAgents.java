package releve.server.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import releve.server.store.Tx.Column;

/**
 * Agents who are held for a call or a contact that is no more: their dialer died and nobody took over, the call ended while the
 * store was away, or the word of its end got lost. Nobody else would ever let them go.
 *
 * <pre>
 *   what is missing                               reserved, preview, dialing      talking, hold
 *   his reservation                               ready                           wrap-up, long
 *   the dialer of his reservation                 ready                           wrap-up, long
 *   his call, which the ledger has as ended       ready                           wrap-up, the campaign's
 *   his offer, which has ended                    ready
 * </pre>
 *
 * <p>An agent whose attempt is live in the ledger of a dialer that lives is never touched, nor one whose attempt was closed without
 * the word of that dialer: the call goes on, and its dialer will tell its end. A long wrap-up, as after a takeover, is
 * for one who may well talk on: media flows without the dialer, and he says himself when he is ready.
 */
final class StrandedAgents {
    /** A dialer that has been silent for so long is gone; what it had under way is closed by then. */
    private static final Duration GONE_AFTER = Duration.ofSeconds(15);

    /** So long the word of an end may be on its way to the agent's row. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String FIND = """
            select g.id, g.version, g.reservation,
                   case when r.id is null then 'his reservation is gone'
                        when d.gone then 'the dialer that had him reserved is gone'
                        when g.state = 'PREVIEW' then 'the contact that was offered to him is gone'
                        else 'his call had ended' end as why
            from agent g
            left join reservation_request r on r.id = g.reservation
            left join attempt t on t.id = g.attempt
            left join offer o on o.id = g.attempt
            cross join lateral (
                select not exists (
                    select from node n
                    where n.pair = r.pair and n.side = r.side and n.instance = r.instance and n.stopped_at is null
                      and n.seen_at > clock_timestamp() - ? * interval '1 millisecond'
                ) and not exists (
                    select from lease l
                    where l.pair = r.pair and l.role = 'dialer' and l.holder_side = r.side
                      and l.holder_instance = r.instance and l.expires_at > clock_timestamp()
                ) as gone
            ) d
            where g.reservation is not null
              and g.state_since < clock_timestamp() - ? * interval '1 millisecond'
              and not exists (
                  select from node n
                  where t.ended_at is null and n.pair = t.pair and n.side = t.side and n.instance = t.instance
                    and n.stopped_at is null and n.seen_at > clock_timestamp() - ? * interval '1 millisecond')
              and (r.id is null
                   or d.gone
                   or (g.state in ('DIALING', 'TALKING', 'HOLD')
                       and t.ended_at < clock_timestamp() - ? * interval '1 millisecond' and t.ended_by <> 'UNKNOWN')
                   or (g.state = 'PREVIEW' and o.ended_at < clock_timestamp() - ? * interval '1 millisecond'))
            order by g.id limit 1000""";

    private static final String FREE = """
            update agent g
            set state = case when g.pending_state is null then 'READY' else 'NOT_READY' end,
                reason = case when g.pending_state is null then w.why else g.pending_reason end,
                pending_state = nullif(g.pending_state, 'NOT_READY'),
                pending_reason = case when g.pending_state = 'LOGGED_OUT' then g.pending_reason else '' end,
                reservation = null, attempt = null, deadline = null
            from unnest(?::text[], ?::bigint[], ?::text[]) as w (agent, version, why)
            where g.id = w.agent and g.version = w.version and g.state in ('RESERVED', 'PREVIEW', 'DIALING')
            returning g.id || ': ' || w.why as said""";

    private static final String WRAP_UP = """
            update agent g
            set state = 'WRAP_UP', reason = w.why || ': be ready when your call is over', reservation = null,
                deadline = clock_timestamp() + coalesce(
                    (select c.wrap_up_ms * interval '1 millisecond'
                     from attempt t join campaign c on c.id = t.campaign
                     where t.id = g.attempt and t.ended_at is not null and t.result <> 100),
                    interval '90 minutes')
            from unnest(?::text[], ?::bigint[], ?::text[]) as w (agent, version, why)
            where g.id = w.agent and g.version = w.version and g.state in ('TALKING', 'HOLD')
            returning g.id || ': ' || w.why as said""";

    private final Tx tx;

    StrandedAgents(Tx tx) {
        this.tx = tx;
    }

    private record Stranded(String agent, long version, long reservation, String why) {}

    /** Lets them go. @return who went, each with the reason */
    List<String> release() throws SQLException {
        long gone = GONE_AFTER.toMillis();
        long patience = PATIENCE.toMillis();
        List<Stranded> found = tx.list(
                FIND,
                row -> new Stranded(
                        row.getString("id"), row.getLong("version"), row.getLong("reservation"), row.getString("why")),
                gone,
                patience,
                gone,
                patience,
                patience);
        if (found.isEmpty()) {
            return List.of();
        }
        Column reservations = Column.of("bigint", found, Stranded::reservation);
        // The requests first, as a dialer locks them that lets its agents go.
        tx.list("select id from reservation_request where id = any (?) order by id for update", row -> 0, reservations);
        Column agents = Column.of("text", found, Stranded::agent);
        Column versions = Column.of("bigint", found, Stranded::version);
        Column reasons = Column.of("text", found, Stranded::why);
        List<String> freed = tx.list(FREE, row -> row.getString("said"), agents, versions, reasons);
        List<String> wrapping = tx.list(WRAP_UP, row -> row.getString("said"), agents, versions, reasons);
        tx.update("""
                delete from reservation_request r
                where r.id = any (?) and not exists (select from agent g where g.reservation = r.id)""", reservations);
        withdrawOffers(agents);
        if (!freed.isEmpty()) {
            new AgentWriter(tx).logOutWhoWishes();
            tx.notify(Channels.ROUTING, "ready");
        }
        return Stream.concat(freed.stream(), wrapping.stream()).toList();
    }

    /** What a dialer offered that is gone, nobody will decide about. */
    private void withdrawOffers(Column agents) throws SQLException {
        tx.update("""
                update offer o
                set answer = coalesce(o.answer, 'WITHDRAWN'), answered_at = coalesce(o.answered_at, clock_timestamp()),
                    ended_at = clock_timestamp()
                where o.agent = any (?) and o.ended_at is null
                  and not exists (select from agent g where g.id = o.agent and g.attempt = o.id)
                  and not exists (
                      select from node n
                      where n.pair = o.pair and n.side = o.side and n.instance = o.instance and n.stopped_at is null
                        and n.seen_at > clock_timestamp() - ? * interval '1 millisecond')""", agents, GONE_AFTER.toMillis());
    }
}
