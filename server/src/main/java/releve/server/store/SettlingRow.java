package releve.server.store;

import java.sql.SQLException;
import java.time.Duration;
import releve.core.store.DialerStore.NodeId;

/**
 * The row of a side that settles: it has handed over with an overlap, and may still dial what its agents had been offered. At
 * most one a pair; it is renewed like a lease, and ends with its holder.
 */
final class SettlingRow {
    private SettlingRow() {}

    /** From now on, for the TTL; whoever settled before has ceased to. */
    static void grant(Tx tx, NodeId node, long epoch, Duration ttl) throws SQLException {
        tx.update("""
                insert into settling (pair, epoch, side, instance, expires_at)
                values (?, ?, ?, ?, clock_timestamp() + ? * interval '1 millisecond')
                on conflict (pair) do update
                set epoch = excluded.epoch, side = excluded.side, instance = excluded.instance,
                    expires_at = excluded.expires_at""", node.pair(), epoch, node.side(), node.instance(), ttl.toMillis());
    }

    /** @return false when it is not this node's */
    static boolean renew(Tx tx, NodeId node, long epoch, Duration ttl) throws SQLException {
        return tx.update("""
                        update settling set expires_at = clock_timestamp() + ? * interval '1 millisecond'
                        where pair = ? and epoch = ? and side = ? and instance = ?""", ttl.toMillis(), node.pair(), epoch, node.side(), node.instance()) == 1;
    }

    /** For a transaction that uses it: nobody ends it before this one is over. */
    static boolean share(Tx tx, NodeId node, long epoch) throws SQLException {
        return tx.first("""
                        select 1 from settling where pair = ? and epoch = ? and side = ? and instance = ? for key share""", row -> true, node.pair(), epoch, node.side(), node.instance())
                .isPresent();
    }

    /** Its holder needs it no more. */
    static void end(Tx tx, NodeId node) throws SQLException {
        tx.update(
                "delete from settling where pair = ? and side = ? and instance = ?",
                node.pair(),
                node.side(),
                node.instance());
    }

    /** Its holder is thought dead. @return false while it is in force */
    static boolean endExpired(Tx tx, NodeId node) throws SQLException {
        boolean inForce = tx.first("""
                        select expires_at > clock_timestamp() from settling
                        where pair = ? and side = ? and instance = ? for update""", row -> row.getBoolean(1), node.pair(), node.side(), node.instance())
                .orElse(false);
        if (!inForce) {
            end(tx, node);
        }
        return !inForce;
    }
}
