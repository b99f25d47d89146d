package releve.server.store;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.Staffing;
import releve.core.common.AgentId;
import releve.core.common.CampaignId;
import releve.core.common.ReservationId;
import releve.core.routing.LongestIdle;
import releve.core.routing.LongestIdle.Match;
import releve.core.routing.LongestIdle.ReadyAgent;
import releve.core.routing.LongestIdle.Request;
import releve.core.routing.LongestIdle.Share;
import releve.server.store.Tx.Column;

/**
 * The routing gateway's work on the store: it matches open reservation requests of all pairs with ready agents. One at a time
 * does, whoever it is, so no agent is ever granted twice.
 */
public final class RoutingStore {
    /** One round reads no more than this; the next round goes on. */
    private static final int REQUESTS_MAX = 2_000;

    private static final long LOCK = 0x52656c657665L; // "Releve": any number that all gateways share

    private final Transactions transactions;
    private final Optional<GatewayTurn> turn;

    /** Of a gateway that serves whenever it is asked to. */
    public RoutingStore(DataSource dataSource) {
        this(dataSource, Optional.empty());
    }

    /** Of a gateway that serves when it is its turn. */
    public RoutingStore(DataSource dataSource, GatewayTurn turn) {
        this(dataSource, Optional.of(turn));
    }

    private RoutingStore(DataSource dataSource, Optional<GatewayTurn> turn) {
        this.transactions = new Transactions(dataSource);
        this.turn = turn;
    }

    private record Open(Request request, int pair, String node) {}

    /**
     * One round: reads, matches by longest idle, writes the grants and wakes the dialers that asked.
     *
     * @return how many agents were reserved; none also when another gateway is at it, or it is not this one's turn
     */
    public int serve() {
        return transactions.run(tx -> {
            if (turn.isPresent() && !turn.get().isOurs(tx)) {
                return 0;
            }
            // A gateway that freezes in its round must not keep the others from theirs.
            boolean alone = tx.first("""
                            select set_config('idle_in_transaction_session_timeout', '1000', true),
                                   pg_try_advisory_xact_lock(?) as alone""", row -> row.getBoolean("alone"), LOCK).orElseThrow();
            if (!alone) {
                return 0;
            }
            List<Open> open = openRequests(tx);
            if (open.isEmpty()) {
                return 0;
            }
            List<Request> requests = open.stream().map(Open::request).toList();
            List<ReadyAgent> ready = readyAgents(tx, requests);
            if (ready.isEmpty()) {
                return 0; // as it is most of the time in a busy centre: what campaigns hold need not be counted
            }
            List<Match> matches = LongestIdle.match(requests, ready, shares(tx, requests));
            if (!matches.isEmpty()) {
                grant(tx, matches, open);
            }
            return matches.size();
        });
    }

    // Locked rows are passed over: they are being withdrawn. Who asks for one agent waits until he is ready, and must
    // not
    // fill the round meanwhile.
    private static List<Open> openRequests(Tx tx) throws SQLException {
        return tx.list(
                """
                select id, pair, side || '/' || instance as node, campaign, skill_group, agent, priority, arrival
                from reservation_request r
                where granted_agent is null
                  and (agent is null or exists (select from agent g where g.id = r.agent and g.state = 'READY'))
                order by priority desc, arrival limit ?
                for update of r skip locked""",
                row -> new Open(
                        new Request(
                                new ReservationId(row.getLong("id")),
                                new CampaignId(row.getLong("campaign")),
                                row.getString("skill_group"),
                                agent(row.getString("agent")),
                                row.getInt("priority"),
                                row.getLong("arrival")),
                        row.getInt("pair"),
                        row.getString("node")),
                REQUESTS_MAX);
    }

    // Locked rows are passed over: those agents are becoming something else. Who is asked for by name comes first,
    // so that the limit never leaves him out, however many have been idle longer.
    private static List<ReadyAgent> readyAgents(Tx tx, List<Request> requests) throws SQLException {
        List<String> groups =
                requests.stream().map(Request::skillGroup).distinct().toList();
        List<String> named = requests.stream()
                .flatMap(request -> Stream.ofNullable(request.agent()))
                .map(AgentId::value)
                .distinct()
                .toList();
        return tx.list(
                """
                select id, skill_groups, idle_since from agent
                where state = 'READY' and (skill_groups && ?::text[] or id = any (?::text[]))
                order by id = any (?::text[]) desc, idle_since limit ?
                for update skip locked""",
                row -> new ReadyAgent(
                        new AgentId(row.getString("id")),
                        Set.copyOf(Tx.texts(row, "skill_groups")),
                        Tx.time(row, "idle_since")),
                new Column("text", groups),
                new Column("text", named),
                new Column("text", named),
                requests.size() * groups.size() + named.size());
    }

    /** What each campaign holds of its skill group, and may hold. */
    private static Map<CampaignId, Share> shares(Tx tx, List<Request> requests) throws SQLException {
        List<Long> campaigns = requests.stream()
                .map(request -> request.campaign().value())
                .distinct()
                .toList();
        Map<CampaignId, Share> shares = new HashMap<>();
        tx.list(
                """
                select k.id, k.skill_group, k.reservation_percent, k.overflow_agents,
                       (select count(*) from agent g
                        where g.state <> 'LOGGED_OUT' and k.skill_group = any (g.skill_groups)) as logged_in,
                       (select count(*) from reservation_request r join agent g on g.reservation = r.id
                        where r.campaign = k.id) as held
                from campaign k where k.id = any (?::bigint[])""",
                row -> shares.put(
                        new CampaignId(row.getLong("id")),
                        new Share(
                                row.getInt("held"),
                                Staffing.by(row.getString("skill_group"))
                                        .withShare(row.getInt("reservation_percent"), row.getInt("overflow_agents"))
                                        .agentsMax(row.getInt("logged_in")))),
                new Column("bigint", campaigns));
        return shares;
    }

    private static @Nullable AgentId agent(@Nullable String name) {
        return name == null ? null : new AgentId(name);
    }

    private static void grant(Tx tx, List<Match> matches, List<Open> open) throws SQLException {
        Column reservations =
                Column.of("bigint", matches, match -> match.reservation().value());
        Column agents = Column.of("text", matches, match -> match.agent().value());
        tx.update("""
                update agent g set state = 'RESERVED', reservation = m.reservation, reason = '', attempt = null
                from unnest(?::bigint[], ?::text[]) as m (reservation, agent) where g.id = m.agent""", reservations, agents);
        tx.update("""
                update reservation_request r set granted_agent = m.agent, granted_at = clock_timestamp()
                from unnest(?::bigint[], ?::text[]) as m (reservation, agent) where r.id = m.reservation""", reservations, agents);
        Map<ReservationId, Open> byId = new HashMap<>();
        open.forEach(request -> byId.put(request.request().reservation(), request));
        Map<String, Set<String>> nodesByChannel = new HashMap<>();
        for (Match match : matches) {
            Open request = byId.get(match.reservation());
            if (request != null) {
                nodesByChannel
                        .computeIfAbsent(Channels.pair(request.pair()), unused -> new TreeSet<>())
                        .add(request.node());
            }
        }
        for (Map.Entry<String, Set<String>> nodes : nodesByChannel.entrySet()) {
            for (String node : nodes.getValue()) {
                tx.notify(nodes.getKey(), "granted " + node);
            }
        }
    }
}
