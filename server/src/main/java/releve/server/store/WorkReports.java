package releve.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import releve.core.common.CampaignId;

/** What calls cost agents, from the ledger and the journal of agents; read only. */
public final class WorkReports {
    // The dialer's clock starts the attempt and the store's begins the wrap-up; they may differ by less than a minute.
    private static final String WORK = """
            select date_bin('30 minutes', a.started_at, '2000-01-01 00:00Z') as half_hour,
                   coalesce(sum(extract(epoch from a.ended_at - a.connected_at)), 0)::float8 as talk,
                   coalesce(sum(extract(epoch from w.over_at - w.at)), 0)::float8 as wrap_up
            from attempt a
            left join lateral (
                select b.at, (select e.at from agent_event e
                              where e.agent = b.agent and e.at >= b.at and e.id > b.id and e.from_state = 'WRAP_UP'
                              order by e.at limit 1) as over_at
                from agent_event b
                where b.agent = a.agent and b.at >= a.started_at - interval '1 minute'
                  and b.attempt = a.id and b.to_state = 'WRAP_UP' and b.reason = ''
                order by b.at limit 1) w on true
            where a.campaign = ? and a.started_at >= ? and a.started_at < ?
              and a.agent is not null and a.connected_at is not null and a.ended_at is not null
            group by half_hour order by half_hour""";

    private final Transactions transactions;

    /** @param dataSource with time for long statements, such as {@link StoreConnections#reportPool} */
    public WorkReports(DataSource dataSource) {
        this.transactions = new Transactions(dataSource);
    }

    /**
     * Agents' work on calls that have ended.
     *
     * @param talk from the transfer to the end, as far as the dialer followed the call
     * @param wrapUp from the end to the agent's next state; none while it lasts, and none for a call whose dialer failed
     */
    public record Work(Duration talk, Duration wrapUp) {
        public static final Work NONE = new Work(Duration.ZERO, Duration.ZERO);

        public Work plus(Work other) {
            return new Work(talk.plus(other.talk), wrapUp.plus(other.wrapUp));
        }
    }

    /** The work on attempts that started in a half hour. */
    public record HalfHour(Instant start, Work work) {}

    /** A campaign's work by half hour; half hours without any are left out. */
    public List<HalfHour> halfHours(CampaignId campaign, Instant from, Instant to) {
        return transactions.run(tx -> tx.list(
                WORK,
                row -> new HalfHour(Tx.time(row, "half_hour"), new Work(seconds(row, "talk"), seconds(row, "wrap_up"))),
                campaign.value(),
                from,
                to));
    }

    private static Duration seconds(ResultSet row, String column) throws SQLException {
        return Duration.ofMillis(Math.round(1_000 * row.getDouble(column)));
    }
}
