package releve.core.campaign;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The ranges of campaign fields. */
final class CampaignRules {
    private static final int MINUTES_MAX = 99_999;

    private CampaignRules() {}

    static List<String> violations(Campaign campaign) {
        List<String> found = new ArrayList<>();
        if (campaign.name().isBlank() || campaign.name().length() > 64) {
            found.add("the name has 1 to 64 characters");
        }
        pacing(found, campaign.pacing());
        calls(found, campaign);
        retry(found, campaign.retry().delays());
        staffing(found, campaign.staffing());
        range(found, "the preview time-out", campaign.preview().timeout(), 5, 600);
        range(found, "the delay after a skipped preview", campaign.preview().skipDelay(), 0, MINUTES_MAX * 60);
        range(found, "the window of a personal callback", campaign.callbacks().window(), 60, 86_400);
        cpa(found, campaign.cpa());
        machines(found, campaign);
        if (campaign.schedule().days().isEmpty()) {
            found.add("a campaign dials on one day of the week at least");
        }
        if (campaign.mode().toIvr()) {
            if (campaign.ivr().ports() < 1 || campaign.ivr().ports() > 10_000) {
                found.add("IVR ports are 1 to 10000, not " + campaign.ivr().ports());
            }
            if (campaign.ivr().uri() == null) {
                found.add("a campaign that transfers to an IVR needs the IVR's SIP address");
            }
        } else if (campaign.staffing().skillGroup().isBlank()) {
            found.add("a campaign with agents needs a skill group");
        }
        return List.copyOf(found);
    }

    private static void pacing(List<String> found, PacingSettings pacing) {
        lines(found, "lines per agent", pacing.linesPerAgent());
        lines(found, "maximum lines per agent", pacing.maximumLinesPerAgent());
        if (pacing.maximumLinesPerAgent() < pacing.linesPerAgent()) {
            found.add("maximum lines per agent are not below %s, as %s are"
                    .formatted(pacing.linesPerAgent(), pacing.maximumLinesPerAgent()));
        }
        double limit = pacing.abandonLimitPercent();
        if (limit != 0 && (!(limit >= 0.1 && limit <= 100) || !inTenths(limit))) {
            found.add("the abandon limit is 0.1 to 100 % in steps of 0.1, or 0 for none, not " + limit);
        }
        range(found, "the window of the abandon limit", pacing.abandonWindow(), 3_600, 31 * 86_400);
    }

    private static void lines(List<String> found, String field, double lines) {
        if (!(lines >= 1 && lines <= 100) || !inTenths(lines)) {
            found.add(field + " are 1 to 100 in steps of 0.1, not " + lines);
        }
    }

    private static boolean inTenths(double value) {
        return Math.abs(value * 10 - Math.rint(value * 10)) <= 1e-9;
    }

    private static void calls(List<String> found, Campaign campaign) {
        CallSettings calls = campaign.calls();
        if (!calls.prefix().matches("[0-9]{0,15}")) {
            found.add("the prefix has up to 15 digits");
        }
        range(found, "the no-answer ring limit", calls.noAnswerRingLimit(), 10, 90);
        if (campaign.retry().maximumAttempts() < 1 || campaign.retry().maximumAttempts() > 100) {
            found.add("maximum attempts are 1 to 100, not " + campaign.retry().maximumAttempts());
        }
        range(found, "the minimum call duration", calls.minimumCallDuration(), 0, 10);
        AbandonSettings abandon = campaign.abandon();
        range(found, "the wait for an agent", abandon.after(), 0, 10);
        range(found, "the time in which an abandoned customer is kept an agent", abandon.guarantee(), 0, 31 * 86_400);
        switch (abandon.treatment()) {
            case HANG_UP -> {}
            case MESSAGE -> {
                if (abandon.message() == null) {
                    found.add("a message for abandoned customers needs its recording's name");
                }
            }
            case IVR -> {
                if (abandon.ivrUri() == null) {
                    found.add("an IVR for abandoned customers needs its SIP address");
                }
            }
        }
    }

    // Shorter ones than a minute serve demonstrations and tests, so only their sign is checked here.
    private static void retry(List<String> found, RetryDelays delays) {
        for (Duration delay : List.of(
                delays.noAnswer(),
                delays.busy(),
                delays.dialerAbandon(),
                delays.answeringMachine(),
                delays.customerAbandon(),
                delays.notHome())) {
            if (!delay.isPositive() || delay.compareTo(Duration.ofMinutes(MINUTES_MAX)) > 0) {
                found.add("retry delays are up to 99999 min, not " + delay.toMillis() / 1000.0 + " s");
                return;
            }
        }
    }

    private static void staffing(List<String> found, Staffing staffing) {
        range(found, "wrap-up", staffing.wrapUp(), 0, 600);
        if (staffing.reservationPercent() < 0 || staffing.reservationPercent() > 100) {
            found.add("the reservation percentage is 0 to 100, not " + staffing.reservationPercent());
        }
        if (staffing.overflowAgents() < 0 || staffing.overflowAgents() > 100) {
            found.add("overflow agents are 0 to 100, not " + staffing.overflowAgents());
        }
    }

    private static void cpa(List<String> found, CpaSettings cpa) {
        rangeMs(found, "the minimum silence", cpa.minimumSilence(), 100, 1000);
        rangeMs(found, "the analysis period", cpa.analysisPeriod(), 1000, 10_000);
        rangeMs(found, "the minimum valid speech", cpa.minimumValidSpeech(), 50, 500);
        rangeMs(found, "the maximum time of analysis", cpa.maximumTime(), 1000, 10_000);
        rangeMs(found, "the maximum wait for a terminating tone", cpa.maximumToneWait(), 1000, 60_000);
    }

    private static void machines(List<String> found, Campaign campaign) {
        boolean toIvr = campaign.mode().toIvr();
        switch (campaign.cpa().machine()) {
            case ABANDON -> {}
            case TRANSFER_TO_AGENT -> {
                if (toIvr) {
                    found.add("a campaign that transfers to an IVR has no agents to transfer machines to");
                }
            }
            case TRANSFER_TO_IVR -> {
                if (!toIvr && (campaign.ivr().uri() == null || campaign.ivr().ports() < 1)) {
                    found.add("machines that are transferred to an IVR need its SIP address and its ports");
                }
            }
            case WAIT_FOR_BEEP_AND_PLAY -> {
                if (campaign.cpa().machineMessage() == null) {
                    found.add("a message for machines needs its recording's name");
                }
            }
        }
    }

    private static void rangeMs(List<String> found, String field, Duration value, int fromMs, int toMs) {
        if (value.compareTo(Duration.ofMillis(fromMs)) < 0 || value.compareTo(Duration.ofMillis(toMs)) > 0) {
            found.add("%s is %d to %d ms, not %d ms".formatted(field, fromMs, toMs, value.toMillis()));
        }
    }

    private static void range(List<String> found, String field, Duration value, int fromSeconds, int toSeconds) {
        if (value.compareTo(Duration.ofSeconds(fromSeconds)) < 0
                || value.compareTo(Duration.ofSeconds(toSeconds)) > 0) {
            found.add("%s is %d to %d s, not %s s".formatted(field, fromSeconds, toSeconds, value.toMillis() / 1000.0));
        }
    }
}
