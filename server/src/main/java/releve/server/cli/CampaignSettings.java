package releve.server.cli;

import java.time.DayOfWeek;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.AbandonSettings;
import releve.core.campaign.Campaign;
import releve.core.campaign.CpaSettings;
import releve.core.campaign.RetryDelays;
import releve.core.campaign.Schedule;

/** All settings of a campaign as {@code campaign show} lists them. */
final class CampaignSettings {
    private CampaignSettings() {}

    static Table table(Campaign campaign) {
        Table table = new Table("SETTING", "VALUE")
                .row("name", campaign.name())
                .row("state", campaign.running() ? "running" : "stopped")
                .row("mode", CampaignCommand.Mode.written(campaign.mode()))
                .row("skill group", orNone(campaign.staffing().skillGroup()))
                .row("wrap-up", Times.length(campaign.staffing().wrapUp()))
                .row("reservation percentage", campaign.staffing().reservationPercent() + " %")
                .row("overflow agents", campaign.staffing().overflowAgents())
                .row("IVR", orNone(campaign.ivr().uri()))
                .row("IVR ports", campaign.ivr().ports())
                .row("lines per agent", campaign.pacing().linesPerAgent())
                .row("maximum lines per agent", campaign.pacing().maximumLinesPerAgent())
                .row("abandon limit", limit(campaign.pacing().abandonLimitPercent()))
                .row("abandon window", Times.length(campaign.pacing().abandonWindow()))
                .row("caller id", campaign.calls().callerId())
                .row("prefix", orNone(campaign.calls().prefix()))
                .row("ring limit", Times.length(campaign.calls().noAnswerRingLimit()))
                .row("minimum call", Times.length(campaign.calls().minimumCallDuration()));
        abandon(table, campaign.abandon());
        table.row("maximum attempts", campaign.retry().maximumAttempts())
                .row("selection order", campaign.retry().order());
        retries(table, campaign.retry().delays());
        table.row("preview time-out", Times.length(campaign.preview().timeout()))
                .row("skip delay", Times.length(campaign.preview().skipDelay()))
                .row("personal callbacks", campaign.callbacks().personal() ? "on" : "off")
                .row("absent agent", Words.of(campaign.callbacks().whenAbsent()))
                .row("callback window", Times.length(campaign.callbacks().window()));
        analysis(table, campaign.cpa());
        hours(table, campaign.schedule());
        return table;
    }

    private static void abandon(Table table, AbandonSettings abandon) {
        table.row("abandon after", Times.length(abandon.after()))
                .row("abandon treatment", Words.of(abandon.treatment()))
                .row("abandon message", orNone(abandon.message()))
                .row("abandon IVR", orNone(abandon.ivrUri()))
                .row("agent kept after abandon", Times.length(abandon.guarantee()));
    }

    private static void retries(Table table, RetryDelays retry) {
        table.row("retry after no answer", Times.length(retry.noAnswer()))
                .row("retry after busy", Times.length(retry.busy()))
                .row("retry after dialer abandon", Times.length(retry.dialerAbandon()))
                .row("retry after a machine", Times.length(retry.answeringMachine()))
                .row("retry after customer abandon", Times.length(retry.customerAbandon()))
                .row("retry after not home", Times.length(retry.notHome()));
    }

    private static void analysis(Table table, CpaSettings cpa) {
        table.row(
                        "call progress analysis",
                        cpa.on() ? "on, where the trunk promises it; else whoever answers counts as a person" : "off")
                .row("machine", Words.of(cpa.machine()))
                .row("machine message", orNone(cpa.machineMessage()))
                .row("minimum silence", cpa.minimumSilence().toMillis() + " ms")
                .row("analysis period", cpa.analysisPeriod().toMillis() + " ms")
                .row("minimum valid speech", cpa.minimumValidSpeech().toMillis() + " ms")
                .row("maximum time", cpa.maximumTime().toMillis() + " ms")
                .row("maximum tone wait", cpa.maximumToneWait().toMillis() + " ms");
    }

    private static void hours(Table table, Schedule schedule) {
        String days = schedule.days().stream()
                .sorted()
                .map(DayOfWeek::getValue)
                .map(String::valueOf)
                .collect(Collectors.joining());
        table.row("time zone", schedule.zone())
                .row("days", days)
                .row("hours", schedule.from() + " to " + schedule.to())
                .row("first day", schedule.start() == null ? "-" : schedule.start())
                .row("last day", schedule.end() == null ? "-" : schedule.end());
    }

    private static String limit(double percent) {
        return percent == 0 ? "none" : percent + " %";
    }

    private static String orNone(@Nullable String text) {
        return text == null || text.isEmpty() ? "-" : text;
    }
}
