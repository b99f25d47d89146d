package releve.server.store;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import releve.core.campaign.Campaign;
import releve.core.campaign.DialingMode;
import releve.core.campaign.RetryDelays;
import releve.core.common.CampaignId;

/** Campaigns as rows. */
final class CampaignRows {
    private CampaignRows() {}

    static List<Campaign> all(Tx tx) throws SQLException {
        return tx.list("select * from campaign order by id", CampaignRows::read);
    }

    static Campaign read(ResultSet row) throws SQLException {
        BigDecimal linesPerAgent = row.getBigDecimal("lines_per_agent");
        return new Campaign(
                new CampaignId(row.getLong("id")),
                row.getString("name"),
                DialingMode.valueOf(row.getString("mode")),
                row.getBoolean("running"),
                row.getString("skill_group"),
                linesPerAgent.doubleValue(),
                millis(row, "no_answer_ring_limit_ms"),
                row.getInt("maximum_attempts"),
                millis(row, "minimum_call_duration_ms"),
                millis(row, "wrap_up_ms"),
                millis(row, "abandon_after_ms"),
                row.getInt("ivr_ports"),
                row.getString("ivr_uri"),
                row.getString("caller_id"),
                new RetryDelays(
                        millis(row, "retry_no_answer_ms"),
                        millis(row, "retry_busy_ms"),
                        millis(row, "retry_dialer_abandon_ms"),
                        millis(row, "retry_answering_machine_ms"),
                        millis(row, "retry_customer_abandon_ms"),
                        millis(row, "retry_not_home_ms")));
    }

    private static Duration millis(ResultSet row, String column) throws SQLException {
        return Duration.ofMillis(row.getLong(column));
    }

    /** Writes a new campaign, and gives its number. */
    static CampaignId insert(Tx tx, Campaign campaign) throws SQLException {
        RetryDelays retry = campaign.retry();
        return tx.first(
                        """
                insert into campaign
                    (name, mode, running, skill_group, lines_per_agent, no_answer_ring_limit_ms, maximum_attempts,
                     minimum_call_duration_ms, wrap_up_ms, abandon_after_ms, ivr_ports, ivr_uri, caller_id,
                     retry_no_answer_ms, retry_busy_ms, retry_dialer_abandon_ms, retry_answering_machine_ms,
                     retry_customer_abandon_ms, retry_not_home_ms)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (name) do nothing
                returning id""",
                        row -> new CampaignId(row.getLong(1)),
                        campaign.name(),
                        campaign.mode(),
                        campaign.running(),
                        campaign.skillGroup(),
                        BigDecimal.valueOf(campaign.linesPerAgent()),
                        campaign.noAnswerRingLimit().toMillis(),
                        campaign.maximumAttempts(),
                        campaign.minimumCallDuration().toMillis(),
                        campaign.wrapUp().toMillis(),
                        campaign.abandonAfter().toMillis(),
                        campaign.ivrPorts(),
                        campaign.ivrUri(),
                        campaign.callerId(),
                        retry.noAnswer().toMillis(),
                        retry.busy().toMillis(),
                        retry.dialerAbandon().toMillis(),
                        retry.answeringMachine().toMillis(),
                        retry.customerAbandon().toMillis(),
                        retry.notHome().toMillis())
                .orElseThrow(() -> new StoreRefused(
                        "there is already a campaign named %s; choose another name".formatted(campaign.name())));
    }
}
