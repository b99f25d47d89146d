package releve.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import releve.core.agent.AgentState;
import releve.core.campaign.Abandonment;
import releve.core.campaign.Campaign;
import releve.core.campaign.DialingMode;
import releve.core.campaign.PacingSettings;
import releve.core.campaign.Samples;
import releve.core.campaign.Schedule;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.core.engine.FakeCarrier.Plan;

/** Campaigns that pace themselves, on virtual time: one in four answers, talks last 100 s in the mean. */
class PredictiveTest {
    static final int AGENTS = 10;
    private static final CampaignId ID = new CampaignId(1);

    static Campaign campaign(DialingMode mode) {
        return Samples.agentCampaign(1).withMode(mode).withPacing(new PacingSettings(1, 20, 3, Duration.ofHours(24)));
    }

    static World world(Campaign campaign, int seed) {
        return staffed(seed).contacts(4000, 1).activated(campaign).countingAbandonment(campaign);
    }

    static World staffed(int seed) {
        return unstaffed(seed).agents(AGENTS);
    }

    /** Nobody is there yet. */
    static World unstaffed(int seed) {
        DialerConfig base = World.config();
        World world = new World(new DialerConfig(
                base.node(), 200, base.callsPerSecond(), base.monitoringLimit(), base.transferLimit(), 20));
        world.keepsSteps = false;
        world.routeEveryMs = 250;
        SplittableRandom random = new SplittableRandom(seed);
        world.carrier.customers = dial -> {
            long end = 4000 + random.nextInt(12_000);
            return random.nextInt(4) == 0
                    ? Plan.answers(500, end, (long) (-100_000 * Math.log(1 - random.nextDouble())))
                    : Plan.fails(500, 2 * end, 486);
        };
        return world;
    }

    /** The share of agents who talk or wrap up, looked at every second. */
    static double utilisation(World world, Duration time) {
        long busy = 0;
        for (long s = 0; s < time.toSeconds(); s++) {
            world.run(Duration.ofSeconds(1));
            busy += world.store.agentsIn(AgentState.TALKING) + world.store.agentsIn(AgentState.WRAP_UP);
        }
        return (double) busy / AGENTS / time.toSeconds();
    }

    private static Abandonment counted(World world) {
        return counted(world, ID);
    }

    static Abandonment counted(World world, CampaignId campaign) {
        return world.store.abandonment(campaign, Duration.ofHours(24), world.now);
    }

    private static String says(World world) {
        return world.dialer.status(world.now).dialing();
    }

    @Test
    void shouldKeepAgentsBusierThanProgressiveWithinTheLimit() {
        int seed = 11;
        double fixed = utilisation(world(campaign(DialingMode.PROGRESSIVE_AGENT), seed), Duration.ofMinutes(90));
        World world = world(campaign(DialingMode.PREDICTIVE_AGENT), seed);
        double paced = utilisation(world, Duration.ofMinutes(90));

        Abandonment counted = counted(world);
        assertThat(paced).as("seed %s: utilisation", seed).isGreaterThan(fixed + 0.08);
        assertThat((double) counted.abandoned())
                .as("seed %s: %s; a call in hand", seed, counted)
                .isLessThanOrEqualTo(0.03 * counted.liveAnswers() + 1);
        assertThat(says(world)).contains("spring: ");
    }

    @Test
    void shouldHoldToWhatAnotherAbandonedWhenItTakesOver() {
        World world = world(campaign(DialingMode.PREDICTIVE_AGENT), 21).run(Duration.ofMinutes(25));
        assertThat(says(world)).contains("predictive: the next call may find nobody");

        world.store.takenOver();
        world.send(new Event.RightLost("b1 took over"));
        world.run(Duration.ofMinutes(1));
        for (int i = 0; i < 60; i++) {
            CallResult result = i % 2 == 0 ? CallResult.DIALER_ABANDON : CallResult.VOICE;
            world.store.ledger.add(new FakeStore.Ended(ID, world.now, result));
        }
        long abandoned = counted(world).abandoned();
        world.granted("b1 is gone");
        assertThat(says(world)).contains("progressive: what was abandoned before has not been counted yet");

        world.run(Duration.ofMinutes(20));
        assertThat(says(world)).contains("careful: the abandon limit is reached");
        assertThat(counted(world).abandoned()).isEqualTo(abandoned);
        assertThat(world.store.agentsIn(AgentState.TALKING)).isPositive();
    }

    @Test
    void shouldKnowTodayFromYesterdayInWhatTheLedgerCounts() {
        World world = world(campaign(DialingMode.PREDICTIVE_AGENT), 22);
        world.store.takenOver();
        world.send(new Event.RightLost("b1 took over"));
        Instant yesterday = world.now.minus(Duration.ofHours(10));
        for (int i = 0; i < 3000; i++) {
            world.store.ledger.add(new FakeStore.Ended(ID, yesterday, CallResult.VOICE));
        }
        for (int i = 0; i < 30; i++) {
            world.store.ledger.add(new FakeStore.Ended(ID, world.now, CallResult.DIALER_ABANDON));
        }
        world.granted("b1 is gone").run(Duration.ofMinutes(25));
        assertThat(counted(world).percent()).as("of the whole window").isLessThan(3);
        assertThat(says(world)).contains("careful: the abandon limit is reached");
    }

    @Test
    void shouldKnowThatTheDayClosesThoughItsSettingsWereReadBeforeItOpened() {
        Schedule always = Schedule.ALWAYS;
        Campaign noon = campaign(DialingMode.PREDICTIVE_AGENT)
                .withSchedule(new Schedule(
                        always.zone(), always.days(), LocalTime.of(12, 0), LocalTime.of(13, 0), null, null));
        Instant before = Instant.parse("2026-03-03T11:00:00Z");
        Predictive pacing = new Predictive(noon, PacingChoice.RELEVE, before);
        pacing.rightGranted(noon, before);
        pacing.ledger(new Abandonment(ID, Duration.ofHours(24), List.of()), before);

        pacing.decide(true, true, List::of, Instant.parse("2026-03-03T12:30:00Z"));
        assertThat(pacing.why()).doesNotContain("close");
        pacing.decide(true, true, List::of, Instant.parse("2026-03-03T12:59:50Z"));
        assertThat(pacing.why()).isEqualTo("progressive: the day is about to close");
        pacing.decide(true, true, List::of, Instant.parse("2026-03-04T12:30:00Z"));
        assertThat(pacing.why()).doesNotContain("close");
    }

    @Test
    void shouldStartNothingInDrainNorWhenStopped() {
        Campaign campaign = campaign(DialingMode.PREDICTIVE_AGENT);
        World world = world(campaign, 31).run(Duration.ofMinutes(25));
        world.send(new Event.MaintenanceAsked(1, false, "ops"));
        int dialed = world.carrier.dialed;
        world.run(Duration.ofMinutes(2));
        assertThat(world.carrier.dialed).isEqualTo(dialed);

        World stopped = world(campaign, 32).run(Duration.ofMinutes(25));
        stopped.send(new Event.CampaignsRead(List.of(campaign.withRunning(false))));
        stopped.run(Duration.ofMillis(100));
        int before = stopped.carrier.dialed;
        stopped.run(Duration.ofMinutes(5));
        assertThat(stopped.carrier.dialed).isEqualTo(before);
        assertThat(stopped.dialer.nextDeadline(stopped.now)).isEmpty();
    }

    @Test
    void shouldKeepPortsOfAnIvrBusierThanOneLineForEach() {
        Campaign ivr = Samples.ivrCampaign(1, AGENTS)
                .withMode(DialingMode.PREDICTIVE_IVR)
                .withPacing(new PacingSettings(1, 20, 3, Duration.ofHours(24)));
        World fixed = world(ivr.withMode(DialingMode.PROGRESSIVE_IVR), 41).run(Duration.ofHours(1));
        World paced = world(ivr, 41).run(Duration.ofHours(1));

        Abandonment counted = counted(paced);
        assertThat(counted.liveAnswers()).isGreaterThan(counted(fixed).liveAnswers() * 11 / 10);
        assertThat((double) counted.abandoned()).isLessThanOrEqualTo(0.03 * counted.liveAnswers() + 1);
    }
}
