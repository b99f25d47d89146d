package releve.server.store;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.ContactOutcome;
import releve.core.store.Change.CallbackMissed;
import releve.core.store.Change.ContactOffered;
import releve.core.store.Change.OfferClosing;
import releve.core.store.Change.OfferEnded;
import releve.core.store.DialerStore.NodeId;
import releve.server.store.Tx.Column;

/** Writes offers of contacts to agents, and what becomes of the contacts: one statement for all changes of a kind. */
final class OfferWriter {
    // A contact that is no longer held, or an agent who is no longer reserved for it, is not offered; the dialer's own
    // deadline ends what it believes to have offered.
    private static final String OFFER = """
            with wanted as (
                select * from unnest(?::bigint[], ?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::bigint[],
                                     ?::timestamptz[], ?::timestamptz[])
                    as w (id, kind, campaign, contact, phone, agent, reservation, deadline, at)
            ), held as (
                select w.* from wanted w
                join contact c on c.id = w.contact
                join agent g on g.id = w.agent
                where c.status = 'A' and c.claimed_pair = ? and c.claimed_side = ? and c.claimed_instance = ?
                  and g.reservation = w.reservation and g.state = 'RESERVED'
            ), offered as (
                insert into offer (id, pair, epoch, side, instance, kind, campaign, contact, phone, agent, reservation,
                                   offered_at, deadline)
                select id, ?, ?, ?, ?, kind, campaign, contact, phone, agent, reservation, at, deadline from held
                on conflict do nothing
                returning id, agent, reservation, deadline
            )
            update agent g set state = 'PREVIEW', attempt = o.id, deadline = o.deadline, reason = ''
            from offered o where g.id = o.agent and g.reservation = o.reservation and g.state = 'RESERVED'""";

    // Whoever answered first, the agent or his dialer, is told to the dialer.
    private static final String CLOSE = """
            update offer o set answer = w.answer, answered_at = w.at
            from unnest(?::bigint[], ?::text[], ?::timestamptz[]) as w (id, answer, at)
            where o.id = w.id and o.answer is null and o.ended_at is null""";

    private static final String END = """
            with wanted as (
                select * from unnest(?::bigint[], ?::text[], ?::timestamptz[]) as w (id, answer, at)
            ), ended as (
                update offer o
                set answer = w.answer, answered_at = coalesce(o.answered_at, w.at), ended_at = w.at
                from wanted w where o.id = w.id and o.ended_at is null
                returning o.id, o.agent, o.reservation
            )
            update agent g set state = 'RESERVED', attempt = null, deadline = null
            from ended e
            where g.id = e.agent and g.reservation = e.reservation and g.state = 'PREVIEW' and g.attempt = e.id""";

    // A contact keeps its agent while it stays a personal callback.
    private static final String MOVE = """
            update contact c
            set status = w.status, not_before = case when w.status in ('R', 'B', 'S') then w.not_before end,
                last_result = w.result, callback_agent = case when w.status = 'S' then c.callback_agent end,
                former_status = null, claimed_pair = null, claimed_epoch = null, claimed_side = null,
                claimed_instance = null
            from unnest(?::bigint[], ?::int[], ?::text[], ?::timestamptz[]) as w (id, result, status, not_before)
            where c.id = w.id and c.status = 'A'
              and c.claimed_pair = ? and c.claimed_side = ? and c.claimed_instance = ?""";

    private record Move(long contact, int result, ContactOutcome outcome) {}

    private final Tx tx;
    private final NodeId node;
    private final long epoch;

    OfferWriter(Tx tx, NodeId node, long epoch) {
        this.tx = tx;
        this.node = node;
        this.epoch = epoch;
    }

    void offer(List<ContactOffered> changes) throws SQLException {
        tx.update(
                OFFER,
                Column.of("bigint", changes, change -> change.offer().value()),
                Column.of("text", changes, change -> change.kind().name()),
                Column.of("bigint", changes, change -> change.campaign().value()),
                Column.of("bigint", changes, change -> change.contact().value()),
                Column.of("text", changes, ContactOffered::phone),
                Column.of("text", changes, change -> change.agent().value()),
                Column.of("bigint", changes, change -> change.reservation().value()),
                Column.of("timestamptz", changes, ContactOffered::deadline),
                Column.of("timestamptz", changes, ContactOffered::at),
                node.pair(),
                node.side(),
                node.instance(),
                node.pair(),
                epoch,
                node.side(),
                node.instance());
    }

    void close(List<OfferClosing> changes) throws SQLException {
        tx.update(
                CLOSE,
                Column.of("bigint", changes, change -> change.offer().value()),
                Column.of("text", changes, change -> change.answer().name()),
                Column.of("timestamptz", changes, OfferClosing::at));
        tx.notify(Channels.pair(node.pair()), "answered");
    }

    void end(List<OfferEnded> changes) throws SQLException {
        tx.update(
                END,
                Column.of("bigint", changes, change -> change.offer().value()),
                Column.of("text", changes, change -> change.answer().name()),
                Column.of("timestamptz", changes, OfferEnded::at));
        move(changes.stream()
                .flatMap(change -> Stream.ofNullable(moveOf(change)))
                .toList());
    }

    private static @Nullable Move moveOf(OfferEnded change) {
        ContactOutcome outcome = change.outcome();
        return outcome == null
                ? null
                : new Move(change.contact().value(), change.answer().result().code(), outcome);
    }

    void missed(List<CallbackMissed> changes) throws SQLException {
        move(changes.stream()
                .map(change ->
                        new Move(change.contact().value(), change.result().code(), change.outcome()))
                .toList());
    }

    private void move(List<Move> moves) throws SQLException {
        if (moves.isEmpty()) {
            return;
        }
        tx.update(
                MOVE,
                Column.of("bigint", moves, Move::contact),
                Column.of("int", moves, Move::result),
                Column.of(
                        "text",
                        moves,
                        move -> String.valueOf(move.outcome().status().letter())),
                Column.of("timestamptz", moves, move -> move.outcome().notBefore()),
                node.pair(),
                node.side(),
                node.instance());
    }
}
