package releve.server.store;

import java.sql.SQLException;
import java.util.List;
import releve.core.store.DialerStore.NodeId;

/**
 * Closes what a dialer left that seems dead. Its live attempts end as unknown (100) and their contacts are closed, because
 * a customer's phone may have rung; an attempt whose end was decided, as an abandoned customer's, ends so. Contacts it had only cached go back, because theirs surely did not. Its requests go;
 * agents it had reserved are free, and agents who talked go to wrap-up.
 */
final class Settlement {
    private final Tx tx;
    private final NodeId gone;

    Settlement(Tx tx, NodeId gone) {
        this.tx = tx;
        this.gone = gone;
    }

    /** How many live attempts were closed. */
    int closeAttempts(String reason) throws SQLException {
        List<Long> closed = tx.list("""
                with closed as (
                    update attempt
                    set ended_at = clock_timestamp(), result = coalesce(decided_result, 100), ended_by = 'UNKNOWN',
                        reason = coalesce(decided_reason || '; ', '') || ?
                    where pair = ? and side = ? and instance = ? and ended_at is null
                    returning id, contact, result, ended_at, coalesce(decided_status, 'C') as status, decided_not_before
                ), contacts as (
                    update contact c
                    set status = d.status, attempts = c.attempts + 1, last_result = d.result,
                        not_before = case when d.status in ('R', 'B', 'S')
                                          then coalesce(d.decided_not_before, d.ended_at) end,
                        former_status = null, claimed_pair = null, claimed_epoch = null, claimed_side = null,
                        claimed_instance = null
                    from closed d where c.id = d.contact and c.status = 'D' and c.last_attempt = d.id
                )
                select id from closed""", row -> row.getLong(1), reason, gone.pair(), gone.side(), gone.instance());
        // A customer who heard the message in an IVR may have opted out there.
        new Dispositions(tx).decide(new Tx.Column("bigint", closed));
        return closed.size();
    }

    /** How many contacts went back. */
    int returnContacts() throws SQLException {
        return tx.update("""
                update contact
                set status = former_status, former_status = null,
                    claimed_pair = null, claimed_epoch = null, claimed_side = null, claimed_instance = null
                where status = 'A' and claimed_pair = ? and claimed_side = ? and claimed_instance = ?""", gone.pair(), gone.side(), gone.instance());
    }

    /** The requests are locked first: a grant that is being made is waited for, and its agent is then seen. */
    void freeAgents() throws SQLException {
        Object[] owner = {gone.pair(), gone.side(), gone.instance()};
        tx.list(
                "select id from reservation_request where pair = ? and side = ? and instance = ? order by id for update",
                row -> row.getLong(1),
                owner);
        int freed = tx.update("update agent g set " + AgentWriter.SET_FREE + """
                         from reservation_request r
                        where r.id = g.reservation and r.pair = ? and r.side = ? and r.instance = ?
                          and g.state in ('RESERVED', 'PREVIEW', 'DIALING')""", owner);
        tx.update("""
                update offer set answer = 'WITHDRAWN', answered_at = clock_timestamp(), ended_at = clock_timestamp()
                where pair = ? and side = ? and instance = ? and ended_at is null""", owner);
        // Media flows without the dialer: he may well be talking still, and says himself when he is ready. The limit is
        // that of a call's monitoring.
        tx.update("""
                update agent g
                set state = 'WRAP_UP', reason = 'the dialer failed: be ready when your call is over', reservation = null,
                    deadline = clock_timestamp() + interval '90 minutes'
                from reservation_request r
                where r.id = g.reservation and r.pair = ? and r.side = ? and r.instance = ? and g.state in ('TALKING', 'HOLD')""", owner);
        tx.update("delete from reservation_request where pair = ? and side = ? and instance = ?", owner);
        if (freed > 0) {
            new AgentWriter(tx).logOutWhoWishes();
            tx.notify(Channels.ROUTING, "ready");
        }
    }
}
