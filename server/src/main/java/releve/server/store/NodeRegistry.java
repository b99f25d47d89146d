package releve.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import releve.core.common.Side;
import releve.core.pair.Role;
import releve.core.pair.RoleTransition;
import releve.core.store.DialerStore.NodeId;
import releve.server.trunk.TrunkReport;

/** Which processes run, as their heartbeats show them; and the journal of their roles. */
public final class NodeRegistry {
    private static final String COLUMNS = """
            pair, side, instance, host, pid, version, schema_version, started_at, phase, phase_since, phase_reason,
            ready, not_ready_reason, http_url, roles, counts, waits_for ->> 'text' as waits_for, waits_for ->> 'dialing' as dialing,
            waits_for ->> 'trunks' as trunks,
            eta_at, limit_at, stopped_at, exit_status, stop_reason,
            extract(epoch from clock_timestamp() - seen_at) as age_s""";

    /** The advisory lock that makes registrations of one pair take turns. */
    private static final int REGISTRATION = 72_831;

    private final Transactions transactions;

    public NodeRegistry(DataSource dataSource) {
        this.transactions = new Transactions(dataSource);
    }

    /**
     * How a process presents itself when it starts.
     *
     * @param roles what it runs; none for a former version, which runs all three and whose gateways hold no role
     */
    public record Start(
            NodeId node, String host, long pid, String version, String schemaVersion, String httpUrl, Set<Role> roles) {
        public Start {
            roles = Set.copyOf(roles);
        }

        /** Of a former version. */
        public Start(NodeId node, String host, long pid, String version, String schemaVersion, String httpUrl) {
            this(node, host, pid, version, schemaVersion, httpUrl, Set.of());
        }
    }

    /**
     * A heartbeat.
     *
     * @param counts numbers by name, for people and programs
     * @param waitsFor what maintenance waits for, a sentence; empty when for nothing
     * @param dialing whether it dials, and if not why
     * @param trunks where its calls to customers go
     */
    public record Heartbeat(
            String phase,
            Instant phaseSince,
            String phaseReason,
            boolean ready,
            @Nullable String notReadyReason,
            Map<String, Integer> counts,
            String waitsFor,
            String dialing,
            @Nullable Instant expectedAt,
            @Nullable Instant limitAt,
            List<TrunkReport> trunks) {
        public Heartbeat {
            trunks = List.copyOf(trunks);
        }
    }

    /**
     * A process as its last heartbeat showed it.
     *
     * @param age of that heartbeat, by the store's clock
     * @param exitStatus once it has stopped in order
     */
    public record Entry(Start start, Instant startedAt, Heartbeat heartbeat, Duration age, Optional<Stop> stop) {}

    /** How a process ended. */
    public record Stop(Instant at, @Nullable Integer exitStatus, String reason) {}

    /** A transition of a role as the journal has it. */
    public record JournalEntry(Side side, String instance, String role, RoleTransition transition) {}

    /**
     * Enters a process that starts. One of the same side whose heartbeat has ceased for the given time is superseded.
     *
     * @throws StoreRefused when another process of that side lives
     */
    public void register(Start start, Duration silentFor) {
        NodeId node = start.node();
        Optional<String> living = transactions.run(tx -> {
            takeTurns(tx, node.pair());
            tx.update("""
                    update node set stopped_at = clock_timestamp(), stop_reason = ?
                    where pair = ? and side = ? and stopped_at is null
                      and seen_at < clock_timestamp() - make_interval(secs => ?)""", superseded(start), node.pair(), node.side().name(), silentFor.toMillis() / 1000.0);
            Optional<String> other = tx.first(
                    "select host || ', process ' || pid from node where pair = ? and side = ? and stopped_at is null",
                    row -> row.getString(1),
                    node.pair(),
                    node.side().name());
            if (other.isEmpty()) {
                tx.update(
                        """
                        insert into node (pair, side, instance, host, pid, version, schema_version, http_url, roles)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                        node.pair(),
                        node.side().name(),
                        node.instance(),
                        start.host(),
                        start.pid(),
                        start.version(),
                        start.schemaVersion(),
                        start.httpUrl(),
                        start.roles().isEmpty()
                                ? null
                                : Tx.Column.of("text", List.copyOf(start.roles()), Role::written));
            }
            return other;
        });
        if (living.isPresent()) {
            throw new StoreRefused("side %s of pair %d is already running (%s): stop it first, or start the other side."
                    .formatted(node.side(), node.pair(), living.get()));
        }
    }

    static void takeTurns(Tx tx, int pair) throws SQLException {
        tx.list("select pg_advisory_xact_lock(?, ?)", row -> 0, REGISTRATION, pair);
    }

    static String superseded(Start by) {
        return "superseded: its heartbeat had ceased, and %s, process %d took side %s"
                .formatted(by.host(), by.pid(), by.node().side());
    }

    /**
     * Writes a heartbeat.
     *
     * @return why the process does not count as running any more, such as that another has taken its side; empty while it does
     */
    public Optional<String> beat(NodeId node, Heartbeat beat) {
        return transactions.run(tx -> write(tx, node, beat)
                ? Optional.empty()
                : tx.first(
                        "select stop_reason from node where pair = ? and side = ? and instance = ?",
                        row -> row.getString(1),
                        node.pair(),
                        node.side().name(),
                        node.instance()));
    }

    private static boolean write(Tx tx, NodeId node, Heartbeat beat) throws SQLException {
        int written = tx.update(
                """
                update node set seen_at = clock_timestamp(), phase = ?, phase_since = ?, phase_reason = ?, ready = ?,
                    not_ready_reason = ?, counts = ?::jsonb, waits_for = jsonb_build_object('text', ?::text, 'dialing', ?::text, 'trunks', ?::jsonb),
                    eta_at = ?, limit_at = ?
                where pair = ? and side = ? and instance = ? and stopped_at is null""",
                beat.phase(),
                beat.phaseSince(),
                beat.phaseReason(),
                beat.ready(),
                beat.notReadyReason(),
                CountsJson.write(beat.counts()),
                beat.waitsFor(),
                beat.dialing(),
                TrunksJson.write(beat.trunks()),
                beat.expectedAt(),
                beat.limitAt(),
                node.pair(),
                node.side().name(),
                node.instance());
        return written == 1;
    }

    /** Enters the end of a process that stopped in order. */
    public void stopped(NodeId node, int exitStatus, String reason) {
        transactions.run(tx -> tx.update(
                """
                update node set stopped_at = clock_timestamp(), seen_at = clock_timestamp(), exit_status = ?, stop_reason = ?,
                    phase = 'stopped', phase_since = clock_timestamp(), phase_reason = ?, ready = false,
                    not_ready_reason = 'stopped'
                where pair = ? and side = ? and instance = ? and stopped_at is null""", exitStatus, reason, reason, node.pair(), node.side().name(), node.instance()));
    }

    /** The last start of each side, side A first. */
    public List<Entry> latest(int pair) {
        return transactions.run(tx -> tx.list(
                "select distinct on (side) " + COLUMNS + " from node where pair = ? order by side, started_at desc",
                NodeRegistry::entry,
                pair));
    }

    /** The last start of one side. */
    public Optional<Entry> latest(int pair, Side side) {
        return latest(pair).stream()
                .filter(entry -> entry.start().node().side() == side)
                .findFirst();
    }

    /** Keeps a transition of a role. */
    public void journal(NodeId node, String role, RoleTransition transition) {
        transactions.run(tx -> tx.update(
                """
                insert into role_event (pair, side, instance, role, at, from_state, to_state, reason)
                values (?, ?, ?, ?, ?, ?, ?, ?)""",
                node.pair(),
                node.side().name(),
                node.instance(),
                role,
                transition.at(),
                transition.from(),
                transition.to(),
                transition.reason()));
    }

    /** The latest transitions of the pair, newest first. */
    public List<JournalEntry> journal(int pair, int most) {
        return journal(pair, Set.of(Role.values()), most);
    }

    /** The latest transitions of one role of the pair, newest first. */
    public List<JournalEntry> journal(int pair, Role role, int most) {
        return journal(pair, Set.of(role), most);
    }

    private List<JournalEntry> journal(int pair, Set<Role> roles, int most) {
        return transactions.run(tx -> tx.list(
                "select * from role_event where pair = ? and role = any (?) order by at desc, id desc limit ?",
                row -> new JournalEntry(
                        Side.valueOf(row.getString("side")),
                        row.getString("instance"),
                        row.getString("role"),
                        new RoleTransition(
                                row.getObject("at", OffsetDateTime.class).toInstant(),
                                row.getString("from_state"),
                                row.getString("to_state"),
                                row.getString("reason"))),
                pair,
                Tx.Column.of("text", List.copyOf(roles), Role::written),
                most));
    }

    private static Entry entry(ResultSet row) throws SQLException {
        NodeId node = new NodeId(row.getInt("pair"), Side.valueOf(row.getString("side")), row.getString("instance"));
        Start start = new Start(
                node,
                row.getString("host"),
                row.getLong("pid"),
                row.getString("version"),
                row.getString("schema_version"),
                text(row, "http_url"),
                roles(row));
        Heartbeat heartbeat = new Heartbeat(
                row.getString("phase"),
                row.getObject("phase_since", OffsetDateTime.class).toInstant(),
                row.getString("phase_reason"),
                row.getBoolean("ready"),
                row.getString("not_ready_reason"),
                CountsJson.read(row.getString("counts")),
                text(row, "waits_for"),
                text(row, "dialing"),
                instant(row, "eta_at"),
                instant(row, "limit_at"),
                TrunksJson.read(row.getString("trunks")));
        Instant stoppedAt = instant(row, "stopped_at");
        Optional<Stop> stop = stoppedAt == null
                ? Optional.empty()
                : Optional.of(
                        new Stop(stoppedAt, row.getObject("exit_status", Integer.class), text(row, "stop_reason")));
        Instant startedAt = row.getObject("started_at", OffsetDateTime.class).toInstant();
        return new Entry(start, startedAt, heartbeat, Duration.ofMillis((long) (row.getDouble("age_s") * 1000)), stop);
    }

    private static Set<Role> roles(ResultSet row) throws SQLException {
        return row.getArray("roles") == null
                ? Set.of()
                : Tx.texts(row, "roles").stream()
                        .flatMap(written -> Role.of(written).stream())
                        .collect(Collectors.toUnmodifiableSet());
    }

    private static String text(ResultSet row, String column) throws SQLException {
        String value = row.getString(column);
        return value == null ? "" : value;
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
