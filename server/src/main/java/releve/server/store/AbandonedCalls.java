package releve.server.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import releve.core.common.Side;
import releve.core.store.DialerStore.NodeId;

/**
 * Closes what a process left that died when it did not hold the right to dial: one that monitored its last calls after a
 * handover. A takeover does not see it, because it settles the holder only.
 */
public final class AbandonedCalls {
    private final Transactions transactions;

    public AbandonedCalls(DataSource dataSource) {
        this.transactions = new Transactions(dataSource);
    }

    /**
     * Settles every process of the pair that does not hold the right to dial and has stopped, or has not been heard of for
     * that long: its live attempts end as unknown (100), its contacts and agents as at a takeover.
     *
     * @return how many attempts were closed
     */
    public int closeAbandoned(int pair, Duration silentFor) {
        return transactions.run(tx -> {
            // Nobody becomes the holder, or ceases to be, while this goes on.
            Optional<NodeId> holder = LeaseRow.share(tx, pair).holder();
            int closed = 0;
            for (NodeId gone : silent(tx, pair, silentFor)) {
                if (!holder.equals(Optional.of(gone)) && SettlingRow.endExpired(tx, gone)) {
                    Settlement settlement = new Settlement(tx, gone);
                    closed += settlement.closeAttempts(
                            "dialer %s failed while it monitored its last calls".formatted(gone));
                    settlement.returnContacts();
                    settlement.freeAgents();
                }
            }
            return closed;
        });
    }

    private static List<NodeId> silent(Tx tx, int pair, Duration silentFor) throws SQLException {
        return tx.list(
                """
                with owner as (
                    select side, instance from attempt where pair = ? and ended_at is null
                    union select claimed_side, claimed_instance from contact
                          where claimed_pair = ? and status in ('A', 'D')
                    union select side, instance from reservation_request where pair = ?
                )
                select o.side, o.instance from owner o
                join node n on n.pair = ? and n.side = o.side and n.instance = o.instance
                where n.stopped_at is not null or n.seen_at < clock_timestamp() - ? * interval '1 millisecond'
                order by o.side, o.instance""",
                row -> new NodeId(pair, Side.valueOf(row.getString("side")), row.getString("instance")),
                pair,
                pair,
                pair,
                pair,
                silentFor.toMillis());
    }
}
