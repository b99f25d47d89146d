package releve.sim.simulate;

import java.time.Duration;
import java.time.LocalTime;
import releve.core.campaign.AbandonSettings;
import releve.core.campaign.CallSettings;
import releve.core.campaign.Campaign;
import releve.core.campaign.CpaSettings;
import releve.core.campaign.DialingMode;
import releve.core.campaign.PacingSettings;
import releve.core.campaign.RetrySettings;
import releve.core.campaign.Schedule;
import releve.core.campaign.Staffing;
import releve.core.common.CampaignId;
import releve.core.engine.DialerConfig;
import releve.core.store.DialerStore.NodeId;

/** A scenario as what an operator would set: one predictive campaign, and dialers that ports and rate do not bound. */
record ScenarioCampaign(Scenario scenario) {
    static final String SKILL_GROUP = "agents";
    private static final String CALLER_ID = "+12025550100";
    private static final Duration RING_MAX = Duration.ofSeconds(90);
    private static final Duration ANALYSIS_MAX = Duration.ofSeconds(10);
    /** Agents end their wrap-up themselves. */
    private static final Duration WRAP_UP_MAX = Duration.ofSeconds(600);

    private static final Duration MONITORING = Duration.ofMinutes(90);
    private static final Duration TRANSFER = Duration.ofSeconds(5);

    DialerConfig dialer(NodeId node) {
        return new DialerConfig(node, 20_000, 10_000, MONITORING, TRANSFER, 100);
    }

    Duration ringLimit() {
        double seconds = scenario.ring().limitSeconds();
        return seconds > 0 ? Duration.ofMillis(Math.round(seconds * 1000)) : RING_MAX;
    }

    boolean analyses() {
        return !scenario.analysis().equals(Scenario.Analysis.NONE);
    }

    Campaign campaign() {
        return Campaign.named("what if", DialingMode.PREDICTIVE_AGENT, CALLER_ID)
                .withId(new CampaignId(1))
                .withRunning(true)
                .withStaffing(Staffing.by(SKILL_GROUP).withWrapUp(WRAP_UP_MAX))
                .withPacing(new PacingSettings(
                        1,
                        scenario.linesPerAgentMax(),
                        100 * scenario.abandonLimit(),
                        Duration.ofDays(scenario.thirtyDays() ? 30 : 1)))
                .withCalls(
                        CallSettings.from(CALLER_ID).withRingLimit(ringLimit()).withMinimumCallDuration(Duration.ZERO))
                .withAbandon(AbandonSettings.DEFAULT
                        .withAfter(Duration.ofMillis(Math.round(scenario.waitSeconds() * 1000)))
                        .withGuarantee(Duration.ZERO))
                .withRetry(RetrySettings.DEFAULT)
                .withCpa(analyses() ? analysis() : CpaSettings.OFF)
                .withSchedule(schedule());
    }

    private static CpaSettings analysis() {
        CpaSettings usual = CpaSettings.DEFAULT;
        return new CpaSettings(
                true,
                usual.machine(),
                null,
                usual.minimumSilence(),
                usual.analysisPeriod(),
                usual.minimumValidSpeech(),
                ANALYSIS_MAX,
                usual.maximumToneWait());
    }

    private Schedule schedule() {
        Schedule always = Schedule.ALWAYS;
        return scenario.aroundTheClock()
                ? always
                : new Schedule(
                        always.zone(),
                        always.days(),
                        clock(scenario.opensAtMs()),
                        clock(scenario.closesAtMs()),
                        null,
                        null);
    }

    private static LocalTime clock(long ms) {
        return LocalTime.ofSecondOfDay(ms % Scenario.DAY_MS / 1000);
    }
}
