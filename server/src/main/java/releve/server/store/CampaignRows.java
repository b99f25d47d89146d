package releve.server.store;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.AbandonSettings;
import releve.core.campaign.AbandonTreatment;
import releve.core.campaign.AbsentAgentRule;
import releve.core.campaign.CallSettings;
import releve.core.campaign.CallbackSettings;
import releve.core.campaign.Campaign;
import releve.core.campaign.CpaSettings;
import releve.core.campaign.DialingMode;
import releve.core.campaign.IvrSettings;
import releve.core.campaign.MachineTreatment;
import releve.core.campaign.PacingSettings;
import releve.core.campaign.PreviewSettings;
import releve.core.campaign.RetryDelays;
import releve.core.campaign.RetrySettings;
import releve.core.campaign.Schedule;
import releve.core.campaign.SelectionOrder;
import releve.core.campaign.Staffing;
import releve.core.common.CampaignId;

/** Campaigns as rows. */
final class CampaignRows {
    private CampaignRows() {}

    static List<Campaign> all(Tx tx) throws SQLException {
        return tx.list("select * from campaign order by id", CampaignRows::read);
    }

    static Campaign read(ResultSet row) throws SQLException {
        return new Campaign(
                new CampaignId(row.getLong("id")),
                row.getString("name"),
                DialingMode.valueOf(row.getString("mode")),
                row.getBoolean("running"),
                new Staffing(
                        row.getString("skill_group"),
                        millis(row, "wrap_up_ms"),
                        row.getInt("reservation_percent"),
                        row.getInt("overflow_agents")),
                new IvrSettings(row.getInt("ivr_ports"), row.getString("ivr_uri")),
                new PacingSettings(
                        row.getDouble("lines_per_agent"),
                        row.getDouble("maximum_lines_per_agent"),
                        row.getDouble("abandon_limit_percent"),
                        millis(row, "abandon_window_ms")),
                new CallSettings(
                        row.getString("caller_id"),
                        row.getString("prefix"),
                        millis(row, "no_answer_ring_limit_ms"),
                        millis(row, "minimum_call_duration_ms")),
                new AbandonSettings(
                        millis(row, "abandon_after_ms"),
                        AbandonTreatment.valueOf(row.getString("abandon_treatment")),
                        row.getString("abandon_message"),
                        row.getString("abandon_ivr_uri"),
                        millis(row, "abandon_guarantee_ms")),
                retry(row),
                new PreviewSettings(millis(row, "preview_timeout_ms"), millis(row, "preview_skip_delay_ms")),
                new CallbackSettings(
                        row.getBoolean("personal_callbacks"),
                        AbsentAgentRule.valueOf(row.getString("absent_agent_rule")),
                        millis(row, "callback_window_ms")),
                cpa(row),
                schedule(row));
    }

    private static RetrySettings retry(ResultSet row) throws SQLException {
        return new RetrySettings(
                row.getInt("maximum_attempts"),
                new RetryDelays(
                        millis(row, "retry_no_answer_ms"),
                        millis(row, "retry_busy_ms"),
                        millis(row, "retry_dialer_abandon_ms"),
                        millis(row, "retry_answering_machine_ms"),
                        millis(row, "retry_customer_abandon_ms"),
                        millis(row, "retry_not_home_ms")),
                new SelectionOrder(row.getString("selection_order")));
    }

    private static CpaSettings cpa(ResultSet row) throws SQLException {
        return new CpaSettings(
                row.getBoolean("cpa"),
                MachineTreatment.valueOf(row.getString("machine_treatment")),
                row.getString("machine_message"),
                millis(row, "cpa_minimum_silence_ms"),
                millis(row, "cpa_analysis_period_ms"),
                millis(row, "cpa_minimum_valid_speech_ms"),
                millis(row, "cpa_maximum_time_ms"),
                millis(row, "cpa_maximum_tone_wait_ms"));
    }

    private static Schedule schedule(ResultSet row) throws SQLException {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        row.getString("days").chars().forEach(digit -> days.add(DayOfWeek.of(digit - '0')));
        return new Schedule(
                ZoneId.of(row.getString("time_zone")),
                days,
                row.getObject("hours_from", LocalTime.class),
                row.getObject("hours_to", LocalTime.class),
                row.getObject("start_date", LocalDate.class),
                row.getObject("end_date", LocalDate.class));
    }

    private static Duration millis(ResultSet row, String column) throws SQLException {
        return Duration.ofMillis(row.getLong(column));
    }

    /** ISO numbers of the days, 1 for Monday. */
    private static String days(Schedule schedule) {
        return schedule.days().stream()
                .map(DayOfWeek::getValue)
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining());
    }

    /** Every column that a campaign's fields fill, with its value. */
    private static Map<String, @Nullable Object> columns(Campaign c) {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        columns.put("name", c.name());
        columns.put("mode", c.mode());
        columns.put("running", c.running());
        columns.put("skill_group", c.staffing().skillGroup());
        columns.put("wrap_up_ms", ms(c.staffing().wrapUp()));
        columns.put("reservation_percent", c.staffing().reservationPercent());
        columns.put("overflow_agents", c.staffing().overflowAgents());
        columns.put("ivr_ports", c.ivr().ports());
        columns.put("ivr_uri", c.ivr().uri());
        columns.put("lines_per_agent", BigDecimal.valueOf(c.pacing().linesPerAgent()));
        columns.put("maximum_lines_per_agent", BigDecimal.valueOf(c.pacing().maximumLinesPerAgent()));
        columns.put("abandon_limit_percent", BigDecimal.valueOf(c.pacing().abandonLimitPercent()));
        columns.put("abandon_window_ms", ms(c.pacing().abandonWindow()));
        columns.put("caller_id", c.calls().callerId());
        columns.put("prefix", c.calls().prefix());
        columns.put("no_answer_ring_limit_ms", ms(c.calls().noAnswerRingLimit()));
        columns.put("minimum_call_duration_ms", ms(c.calls().minimumCallDuration()));
        columns.put("abandon_after_ms", ms(c.abandon().after()));
        columns.put("abandon_treatment", c.abandon().treatment());
        columns.put("abandon_message", c.abandon().message());
        columns.put("abandon_ivr_uri", c.abandon().ivrUri());
        columns.put("abandon_guarantee_ms", ms(c.abandon().guarantee()));
        columns.put("maximum_attempts", c.retry().maximumAttempts());
        columns.put("selection_order", c.retry().order().letters());
        retryColumns(columns, c.retry().delays());
        columns.put("preview_timeout_ms", ms(c.preview().timeout()));
        columns.put("preview_skip_delay_ms", ms(c.preview().skipDelay()));
        columns.put("personal_callbacks", c.callbacks().personal());
        columns.put("absent_agent_rule", c.callbacks().whenAbsent());
        columns.put("callback_window_ms", ms(c.callbacks().window()));
        analysisColumns(columns, c.cpa());
        columns.put("time_zone", c.schedule().zone().getId());
        columns.put("days", days(c.schedule()));
        columns.put("hours_from", c.schedule().from());
        columns.put("hours_to", c.schedule().to());
        columns.put("start_date", c.schedule().start());
        columns.put("end_date", c.schedule().end());
        return columns;
    }

    private static void retryColumns(Map<String, @Nullable Object> columns, RetryDelays delays) {
        columns.put("retry_no_answer_ms", ms(delays.noAnswer()));
        columns.put("retry_busy_ms", ms(delays.busy()));
        columns.put("retry_dialer_abandon_ms", ms(delays.dialerAbandon()));
        columns.put("retry_answering_machine_ms", ms(delays.answeringMachine()));
        columns.put("retry_customer_abandon_ms", ms(delays.customerAbandon()));
        columns.put("retry_not_home_ms", ms(delays.notHome()));
    }

    private static void analysisColumns(Map<String, @Nullable Object> columns, CpaSettings cpa) {
        columns.put("cpa", cpa.on());
        columns.put("machine_treatment", cpa.machine());
        columns.put("machine_message", cpa.machineMessage());
        columns.put("cpa_minimum_silence_ms", ms(cpa.minimumSilence()));
        columns.put("cpa_analysis_period_ms", ms(cpa.analysisPeriod()));
        columns.put("cpa_minimum_valid_speech_ms", ms(cpa.minimumValidSpeech()));
        columns.put("cpa_maximum_time_ms", ms(cpa.maximumTime()));
        columns.put("cpa_maximum_tone_wait_ms", ms(cpa.maximumToneWait()));
    }

    private static long ms(Duration length) {
        return length.toMillis();
    }

    /** Writes a new campaign, and gives its number. */
    static CampaignId insert(Tx tx, Campaign campaign) throws SQLException {
        Map<String, @Nullable Object> columns = columns(campaign);
        String places = String.join(", ", Collections.nCopies(columns.size(), "?"));
        return tx.first(
                        "insert into campaign (%s) values (%s) on conflict (name) do nothing returning id"
                                .formatted(String.join(", ", columns.keySet()), places),
                        row -> new CampaignId(row.getLong(1)),
                        columns.values().toArray())
                .orElseThrow(() -> new StoreRefused(
                        "there is already a campaign named %s; choose another name".formatted(campaign.name())));
    }

    /** Writes every field of a campaign that there is. */
    static void update(Tx tx, Campaign campaign) throws SQLException {
        Map<String, @Nullable Object> columns = columns(campaign);
        List<@Nullable Object> arguments = new ArrayList<>(columns.values());
        arguments.add(campaign.id().value());
        tx.update(
                "update campaign set %s, changed_at = clock_timestamp() where id = ?"
                        .formatted(columns.keySet().stream()
                                .map(column -> column + " = ?")
                                .collect(Collectors.joining(", "))),
                arguments.toArray());
    }
}
