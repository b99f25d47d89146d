package releve.server.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import releve.core.agent.AgentState;
import releve.core.campaign.Abandonment;
import releve.core.campaign.ContactStatus;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.EndedBy;
import releve.core.common.Side;
import releve.core.store.DialerStore.StoreUnavailable;

/** Figures from the ledger and the lists, read only. Give it a pool of its own, such as {@link StoreConnections#reportPool}. */
public final class Reports {
    private static final int ROWS_AT_ONCE = 1_000;

    private final DataSource dataSource;
    private final Transactions transactions;
    private final AbandonmentCount abandonment = new AbandonmentCount();

    public Reports(DataSource dataSource) {
        this.dataSource = dataSource;
        this.transactions = new Transactions(dataSource);
    }

    /**
     * Attempts of a campaign, all or of an interval.
     *
     * @param live under way
     * @param connected that reached an agent or an IVR
     * @param byResult of those that ended
     */
    public record Attempts(long total, long live, long connected, Map<CallResult, Long> byResult) {
        public static final Attempts NONE = new Attempts(0, 0, 0, Map.of());

        public long of(CallResult result) {
            return byResult.getOrDefault(result, 0L);
        }

        public long ended() {
            return total - live;
        }

        /** Calls that a person answered. */
        public long liveAnswers() {
            return of(CallResult.VOICE)
                    + of(CallResult.DIALER_ABANDON)
                    + of(CallResult.ABANDONED_TO_IVR)
                    + of(CallResult.CUSTOMER_ABANDON)
                    + of(CallResult.AGENT_TIMED_OUT);
        }

        /** Live voices per attempt that ended, 0 to 100. */
        public double hitRatePercent() {
            return percent(of(CallResult.VOICE), ended());
        }

        /** Answered by a person and given up by the dialer, of live answers, 0 to 100. */
        public double abandonPercent() {
            return percent(of(CallResult.DIALER_ABANDON) + of(CallResult.ABANDONED_TO_IVR), liveAnswers());
        }
    }

    /** The contacts of a campaign; {@code attempted} have been dialed at least once. */
    public record Contacts(long total, long attempted, Map<ContactStatus, Long> byStatus) {
        public static final Contacts NONE = new Contacts(0, 0, Map.of());

        public long of(ContactStatus status) {
            return byStatus.getOrDefault(status, 0L);
        }

        /** Still to be dialed, now or later. */
        public long left() {
            return of(ContactStatus.PENDING)
                    + of(ContactStatus.ACTIVE)
                    + of(ContactStatus.DIALED)
                    + of(ContactStatus.RETRY)
                    + of(ContactStatus.CALLBACK)
                    + of(ContactStatus.PERSONAL_CALLBACK);
        }

        /** Share of the list attempted, 0 to 100. */
        public double penetrationPercent() {
            return percent(attempted, total);
        }
    }

    /** A campaign's figures. */
    public record CampaignFigures(Attempts attempts, Contacts contacts) {
        public static final CampaignFigures NONE = new CampaignFigures(Attempts.NONE, Contacts.NONE);
    }

    /** The attempts that started in a half hour. */
    public record HalfHour(Instant start, Attempts attempts) {}

    /** One attempt of the ledger. */
    public record LedgerRow(
            AttemptId attempt,
            Side side,
            String instance,
            CampaignId campaign,
            ContactId contact,
            String phone,
            int number,
            String callId,
            Instant startedAt,
            @Nullable Instant rangAt,
            @Nullable Instant answeredAt,
            @Nullable Instant connectedAt,
            @Nullable Instant endedAt,
            @Nullable String agent,
            @Nullable String agentCallId,
            @Nullable CallResult result,
            @Nullable EndedBy endedBy,
            @Nullable String reason,
            @Nullable Instant correctedAt) {}

    /** What is held at this moment; after everything has stopped all are 0. */
    public record Leftovers(
            int attemptsLive,
            int agentsReserved,
            int agentsTalking,
            int contactsActive,
            int contactsDialed,
            int requests) {}

    /** What each campaign has abandoned of its live answers within its own window, as its dialer counts it too. */
    public Map<CampaignId, Abandonment> abandonment() {
        AbandonmentCount.Counted counted;
        do {
            counted = transactions.run(abandonment::count);
        } while (!counted.whole());
        return counted.known().stream().collect(Collectors.toMap(Abandonment::campaign, Function.identity()));
    }

    /** The figures of all campaigns that have any. */
    public Map<CampaignId, CampaignFigures> campaigns() {
        return transactions.run(tx -> {
            Map<CampaignId, Tally> tallies = new HashMap<>();
            tx.list("""
                    select campaign, result, count(*) as attempts, count(connected_at) as connected
                    from attempt group by campaign, result""", row -> {
                tallies.computeIfAbsent(campaign(row), unused -> new Tally()).attempts(row);
                return true;
            });
            tx.list("""
                    select campaign, status, count(*) as contacts, count(last_attempt) as attempted
                    from contact group by campaign, status""", row -> {
                tallies.computeIfAbsent(campaign(row), unused -> new Tally()).contacts(row);
                return true;
            });
            Map<CampaignId, CampaignFigures> figures = new HashMap<>();
            tallies.forEach((id, tally) -> figures.put(id, new CampaignFigures(tally.attempts(), tally.contacts())));
            return figures;
        });
    }

    /** A campaign's attempts by the half hour in which they started; half hours without any are left out. */
    public List<HalfHour> halfHours(CampaignId campaign, Instant from, Instant to) {
        return transactions.run(tx -> {
            Map<Instant, Tally> tallies = new TreeMap<>();
            tx.list(
                    """
                    select date_bin('30 minutes', started_at, '2000-01-01 00:00Z') as half_hour, result,
                           count(*) as attempts, count(connected_at) as connected
                    from attempt where campaign = ? and started_at >= ? and started_at < ?
                    group by half_hour, result""",
                    row -> {
                        tallies.computeIfAbsent(Tx.time(row, "half_hour"), unused -> new Tally())
                                .attempts(row);
                        return true;
                    },
                    campaign.value(),
                    from,
                    to);
            return tallies.entrySet().stream()
                    .map(tally -> new HalfHour(tally.getKey(), tally.getValue().attempts()))
                    .toList();
        });
    }

    /** How many agents of each skill group are in each state; the group {@code ""} counts every agent once. */
    public Map<String, Map<AgentState, Integer>> agents() {
        return transactions.run(tx -> {
            Map<String, Map<AgentState, Integer>> agents = new HashMap<>();
            agents.put("", new EnumMap<>(AgentState.class));
            tx.list("""
                    select coalesce(skill_group, '') as skill_group, state, count(*) as agents
                    from agent, unnest(skill_groups || '{""}'::text[]) as skill_group group by 1, 2""", row -> {
                agents.computeIfAbsent(row.getString("skill_group"), unused -> new EnumMap<>(AgentState.class))
                        .put(AgentState.valueOf(row.getString("state")), row.getInt("agents"));
                return true;
            });
            return agents;
        });
    }

    /** What is still held. */
    public Leftovers leftovers() {
        return transactions.run(tx -> tx.first(
                        """
                select (select count(*) from attempt where ended_at is null) as attempts_live,
                       (select count(*) from agent where state in ('RESERVED', 'PREVIEW', 'DIALING')) as agents_reserved,
                       (select count(*) from agent where state in ('TALKING', 'HOLD')) as agents_talking,
                       (select count(*) from contact where status = 'A') as contacts_active,
                       (select count(*) from contact where status = 'D') as contacts_dialed,
                       (select count(*) from reservation_request) as requests""",
                        row -> new Leftovers(
                                row.getInt("attempts_live"),
                                row.getInt("agents_reserved"),
                                row.getInt("agents_talking"),
                                row.getInt("contacts_active"),
                                row.getInt("contacts_dialed"),
                                row.getInt("requests")))
                .orElseThrow());
    }

    /**
     * Reads the ledger row by row in the order of attempts, as of one moment, however long it is.
     *
     * @param since only attempts started since then
     */
    public void ledger(Instant since, Consumer<LedgerRow> reader) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "select * from attempt where started_at >= ?::timestamptz order by id")) {
            // Rows come in portions only outside of auto-commit.
            connection.setAutoCommit(false);
            statement.setFetchSize(ROWS_AT_ONCE);
            statement.setString(1, since.toString());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.accept(ledgerRow(rows));
                }
            }
            connection.rollback();
        } catch (SQLException failed) {
            throw new StoreUnavailable("the ledger could not be read: " + failed.getMessage(), failed);
        }
    }

    private static LedgerRow ledgerRow(ResultSet row) throws SQLException {
        @Nullable Integer result = row.getObject("result", Integer.class);
        @Nullable String endedBy = row.getString("ended_by");
        return new LedgerRow(
                new AttemptId(row.getLong("id")),
                Side.valueOf(row.getString("side")),
                row.getString("instance"),
                campaign(row),
                new ContactId(row.getLong("contact")),
                row.getString("phone"),
                row.getInt("number"),
                row.getString("call_id"),
                Tx.time(row, "started_at"),
                Tx.instant(row, "rang_at"),
                Tx.instant(row, "answered_at"),
                Tx.instant(row, "connected_at"),
                Tx.instant(row, "ended_at"),
                row.getString("agent"),
                row.getString("agent_call_id"),
                result == null ? null : CallResult.ofCode(result),
                endedBy == null ? null : EndedBy.valueOf(endedBy),
                row.getString("reason"),
                Tx.instant(row, "corrected_at"));
    }

    private static CampaignId campaign(ResultSet row) throws SQLException {
        return new CampaignId(row.getLong("campaign"));
    }

    private static double percent(long part, long whole) {
        return whole == 0 ? 0 : 100.0 * part / whole;
    }

    /** Sums of grouped rows. */
    private static final class Tally {
        private long total;
        private long live;
        private long connected;
        private final Map<CallResult, Long> byResult = new EnumMap<>(CallResult.class);
        private long contactsTotal;
        private long attempted;
        private final Map<ContactStatus, Long> byStatus = new EnumMap<>(ContactStatus.class);

        void attempts(ResultSet row) throws SQLException {
            long count = row.getLong("attempts");
            total += count;
            connected += row.getLong("connected");
            @Nullable Integer result = row.getObject("result", Integer.class);
            if (result == null) {
                live += count;
            } else {
                byResult.put(CallResult.ofCode(result), count);
            }
        }

        void contacts(ResultSet row) throws SQLException {
            contactsTotal += row.getLong("contacts");
            attempted += row.getLong("attempted");
            byStatus.put(ContactStatus.ofLetter(row.getString("status").charAt(0)), row.getLong("contacts"));
        }

        Attempts attempts() {
            return new Attempts(total, live, connected, Map.copyOf(byResult));
        }

        Contacts contacts() {
            return new Contacts(contactsTotal, attempted, Map.copyOf(byStatus));
        }
    }
}
