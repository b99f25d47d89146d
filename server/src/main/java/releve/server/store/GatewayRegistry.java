package releve.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import releve.core.common.Side;
import releve.core.engine.GatewayStatus;
import releve.core.pair.Role;
import releve.core.store.DialerStore.NodeId;
import releve.server.store.NodeRegistry.Stop;

/** Which gateways run, as their heartbeats show them. Like {@link NodeRegistry}, for the roles beside the dialer's. */
public final class GatewayRegistry {
    private final Transactions transactions;

    public GatewayRegistry(DataSource dataSource) {
        this.transactions = new Transactions(dataSource);
    }

    /**
     * A gateway as its last heartbeat showed it.
     *
     * @param attached desktops connected
     * @param waitsFor what its maintenance waits for, a sentence; empty when for nothing
     * @param age of that heartbeat, by the store's clock
     * @param stop how it ended, once it has
     */
    public record Entry(
            NodeId node,
            Role role,
            String host,
            long pid,
            String version,
            String httpUrl,
            String phase,
            Instant since,
            String reason,
            long epoch,
            int attached,
            String waitsFor,
            @Nullable Instant limitAt,
            Duration age,
            Optional<Stop> stop) {}

    /**
     * Enters a gateway that starts. One of the same side and role whose heartbeat has ceased for the given time is superseded.
     *
     * @throws StoreRefused when another process runs that role of the side
     */
    public void register(NodeRegistry.Start start, Role role, Duration silentFor) {
        NodeId node = start.node();
        Optional<String> living = transactions.run(tx -> {
            NodeRegistry.takeTurns(tx, node.pair());
            tx.update(
                    """
                    update gateway_role set stopped_at = clock_timestamp(), stop_reason = ?
                    where pair = ? and side = ? and role = ? and stopped_at is null
                      and seen_at < clock_timestamp() - ? * interval '1 millisecond'""",
                    NodeRegistry.superseded(start),
                    node.pair(),
                    node.side(),
                    role.written(),
                    silentFor.toMillis());
            Optional<String> other = other(tx, node, role);
            if (other.isEmpty()) {
                tx.update(
                        """
                        insert into gateway_role (pair, side, role, instance, host, pid, version, http_url)
                        values (?, ?, ?, ?, ?, ?, ?, ?)""",
                        node.pair(),
                        node.side(),
                        role.written(),
                        node.instance(),
                        start.host(),
                        start.pid(),
                        start.version(),
                        start.httpUrl());
            }
            return other;
        });
        if (living.isPresent()) {
            throw new StoreRefused("the %s of side %s of pair %d is already running (%s): stop it first."
                    .formatted(role.written(), node.side(), node.pair(), living.get()));
        }
    }

    /** A node of a former version runs both gateways without a row of theirs. */
    private static Optional<String> other(Tx tx, NodeId node, Role role) throws SQLException {
        return tx.first(
                """
                select host || ', process ' || pid from gateway_role
                where pair = ? and side = ? and role = ? and stopped_at is null
                union all
                select host || ', process ' || pid from node
                where pair = ? and side = ? and roles is null and stopped_at is null and instance <> ?
                  and seen_at > clock_timestamp() - interval '5 seconds'""",
                row -> row.getString(1),
                node.pair(),
                node.side(),
                role.written(),
                node.pair(),
                node.side(),
                node.instance());
    }

    /**
     * Writes a heartbeat.
     *
     * @return why the gateway does not count as running any more, such as that another has taken its side; empty while it does
     */
    public Optional<String> beat(NodeId node, Role role, GatewayStatus status) {
        return transactions.run(tx -> {
            int written = tx.update(
                    """
                    update gateway_role set seen_at = clock_timestamp(), phase = ?, phase_since = ?, phase_reason = ?,
                        epoch = ?, attached = ?, waits_for = ?, limit_at = ?
                    where pair = ? and side = ? and role = ? and instance = ? and stopped_at is null""",
                    status.phase(),
                    status.since(),
                    status.reason(),
                    status.epoch(),
                    status.load().attached(),
                    status.waitsFor(),
                    status.limitAt(),
                    node.pair(),
                    node.side(),
                    role.written(),
                    node.instance());
            return written == 1
                    ? Optional.empty()
                    : tx.first("""
                            select stop_reason from gateway_role
                            where pair = ? and side = ? and role = ? and instance = ?""", row -> row.getString(1), node.pair(), node.side(), role.written(), node.instance());
        });
    }

    /** Enters the end of a gateway that stopped in order. */
    public void stopped(NodeId node, Role role, int exitStatus, String reason) {
        transactions.run(tx ->
                tx.update("""
                update gateway_role set stopped_at = clock_timestamp(), seen_at = clock_timestamp(), exit_status = ?,
                    stop_reason = ?, phase = 'stopped', phase_since = clock_timestamp(), phase_reason = ?, epoch = 0,
                    attached = 0, waits_for = '', limit_at = null
                where pair = ? and side = ? and role = ? and instance = ? and stopped_at is null""", exitStatus, reason, reason, node.pair(), node.side(), role.written(), node.instance()));
    }

    /** The last start of each side's gateways, side A first. */
    public List<Entry> latest(int pair) {
        return transactions.run(tx -> tx.list("""
                select distinct on (side, role) *, extract(epoch from clock_timestamp() - seen_at) as age_s
                from gateway_role where pair = ? order by side, role, started_at desc""", row -> entry(pair, row), pair));
    }

    /** The last start of a gateway of one side. */
    public Optional<Entry> latest(int pair, Side side, Role role) {
        return latest(pair).stream()
                .filter(entry -> entry.node().side() == side && entry.role() == role)
                .findFirst();
    }

    private static Entry entry(int pair, ResultSet row) throws SQLException {
        @Nullable Instant stoppedAt = Tx.instant(row, "stopped_at");
        return new Entry(
                new NodeId(pair, Side.valueOf(row.getString("side")), row.getString("instance")),
                Role.of(row.getString("role")).orElseThrow(),
                row.getString("host"),
                row.getLong("pid"),
                row.getString("version"),
                row.getString("http_url"),
                row.getString("phase"),
                Tx.time(row, "phase_since"),
                row.getString("phase_reason"),
                row.getLong("epoch"),
                row.getInt("attached"),
                row.getString("waits_for"),
                Tx.instant(row, "limit_at"),
                Duration.ofMillis((long) (row.getDouble("age_s") * 1000)),
                stoppedAt == null
                        ? Optional.empty()
                        : Optional.of(new Stop(
                                stoppedAt, row.getObject("exit_status", Integer.class), row.getString("stop_reason"))));
    }
}
