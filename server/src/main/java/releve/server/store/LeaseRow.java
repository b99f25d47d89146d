package releve.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import releve.core.common.Side;
import releve.core.pair.Role;
import releve.core.store.DialerStore.LeaseView;
import releve.core.store.DialerStore.NodeId;

/**
 * The row that says who may dial, or is active in another role. Whoever uses the right locks it {@code for key share}, which a renewal does not disturb
 * and does not wait for; whoever takes the right locks it {@code for update}, and so waits for every batch in flight and
 * shuts the old epoch out of all later ones.
 *
 * @param over whether the lease has expired by the database's clock
 */
record LeaseRow(long epoch, Optional<NodeId> holder, boolean over, Duration expiresIn, String takenBy) {
    private static final LeaseRow NEVER_HELD = new LeaseRow(0, Optional.empty(), true, Duration.ZERO, "");

    private static final String SELECT = """
            select epoch, holder_side, holder_instance, expires_at <= clock_timestamp() as over,
                   (extract(epoch from expires_at - clock_timestamp()) * 1000)::bigint as expires_in_ms,
                   coalesce(taken_by, '') as taken_by
            from lease where pair = ? and role = ?""";

    /** As it stands, without a lock; an epoch of 0 when it was never held. */
    static LeaseRow read(Tx tx, int pair) throws SQLException {
        return read(tx, pair, Role.DIALER);
    }

    /** The same of any role. */
    static LeaseRow read(Tx tx, int pair, Role role) throws SQLException {
        return tx.first(SELECT, row -> of(pair, row), pair, role.written()).orElse(NEVER_HELD);
    }

    /** For a transaction that uses the right to dial: nobody takes it before this one is over. */
    static LeaseRow share(Tx tx, int pair) throws SQLException {
        return tx.first(SELECT + " for key share", row -> of(pair, row), pair, Role.DIALER.written())
                .orElse(NEVER_HELD);
    }

    /** For a transaction that moves the right to dial. Read again after the lock: the wait for it may have been long. */
    static LeaseRow take(Tx tx, int pair) throws SQLException {
        return take(tx, pair, Role.DIALER);
    }

    /** The same of any role. */
    static LeaseRow take(Tx tx, int pair, Role role) throws SQLException {
        tx.update(
                "insert into lease (pair, role, epoch, expires_at) values (?, ?, 0, to_timestamp(0))"
                        + " on conflict do nothing",
                pair,
                role.written());
        tx.first("select 1 from lease where pair = ? and role = ? for update", row -> 1, pair, role.written());
        return read(tx, pair, role);
    }

    /** Gives the role to a node under the next epoch, and wakes both sides; the row has been taken. */
    static void hold(Tx tx, Role role, NodeId node, Duration ttl, String takenBy) throws SQLException {
        tx.update("""
                update lease
                set epoch = epoch + 1, holder_side = ?, holder_instance = ?, taken_by = ?,
                    expires_at = clock_timestamp() + ? * interval '1 millisecond'
                where pair = ? and role = ?""", node.side(), node.instance(), takenBy, ttl.toMillis(), node.pair(), role.written());
        tx.notify(Channels.pair(node.pair()), "lease");
    }

    /** Extends the lease of its holder. @return false when that is another, or the epoch is over */
    static boolean renew(Tx tx, Role role, NodeId node, long epoch, Duration ttl) throws SQLException {
        return tx.update("""
                        update lease set expires_at = clock_timestamp() + ? * interval '1 millisecond'
                        where pair = ? and role = ? and epoch = ? and holder_side = ? and holder_instance = ?""", ttl.toMillis(), node.pair(), role.written(), epoch, node.side(), node.instance()) == 1;
    }

    /** Leaves the role to nobody, and wakes both sides; the row has been taken. */
    static void giveUp(Tx tx, Role role, int pair) throws SQLException {
        tx.update("""
                update lease set expires_at = clock_timestamp(), holder_side = null, holder_instance = null
                where pair = ? and role = ?""", pair, role.written());
        tx.notify(Channels.pair(pair), "lease");
    }

    private static LeaseRow of(int pair, ResultSet row) throws SQLException {
        @Nullable String side = row.getString("holder_side");
        return new LeaseRow(
                row.getLong("epoch"),
                side == null
                        ? Optional.empty()
                        : Optional.of(new NodeId(pair, Side.valueOf(side), row.getString("holder_instance"))),
                row.getBoolean("over"),
                Duration.ofMillis(row.getLong("expires_in_ms")),
                row.getString("taken_by"));
    }

    boolean isHeldBy(NodeId node, long underEpoch) {
        return epoch == underEpoch && holder.equals(Optional.of(node));
    }

    boolean isHeldByAnother(NodeId node) {
        return !over && holder.isPresent() && !holder.get().equals(node);
    }

    LeaseView view() {
        return new LeaseView(epoch, holder, expiresIn);
    }

    /** For people: who may dial now. */
    String inWords() {
        return "epoch %d is in force, held by %s"
                .formatted(epoch, holder.map(NodeId::toString).orElse("nobody"));
    }
}
