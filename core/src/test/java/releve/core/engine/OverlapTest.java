package releve.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import releve.core.agent.AgentState;
import releve.core.campaign.Contact;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.Samples;
import releve.core.common.CallResult;
import releve.core.common.Handover;
import releve.core.engine.FakeCarrier.Plan;
import releve.core.engine.World.Reply;
import releve.core.node.StoreLook;
import releve.core.node.StoreNews;
import releve.core.store.Change;
import releve.core.store.DialerStore.Elsewhere;

/** A handover that overlaps: what the side that settles still does, and what the one that dials leaves it. */
class OverlapTest {
    private static final Event.MaintenanceAsked ASKED = new Event.MaintenanceAsked(1, false, Handover.OVERLAP, "ops");

    private static World busy() {
        World world = World.active(Samples.agentCampaign(1)).contacts(500, 1).agents(10);
        world.carrier.customers = dial -> dial.attempt().sequence() % 2 == 0
                ? Plan.answers(300, 4_000 + dial.attempt().sequence() * 7 % 900, 40_000)
                : Plan.rings();
        return world.until(w -> w.counts().connected() >= 4 && w.counts().ringing() >= 3, Duration.ofMinutes(2));
    }

    @Test
    void shouldHandOverAtOnceAndSettleWhatRingsWithItsAgents() {
        World world = busy();
        world.send(ASKED);
        int dialed = world.carrier.dialed;
        int connected = world.changes(Change.AttemptConnected.class).size();
        world.run(Duration.ofMillis(10));
        assertThat(world.phase()).isEqualTo("settling");
        assertThat(world.counts().ringing()).isPositive();
        assertThat(world.store.held).as("the right is the other side's").isFalse();

        world.until(w -> w.phase().equals("monitoring"), Duration.ofSeconds(33));

        assertThat(world.carrier.dialed).as("nothing new was dialed").isEqualTo(dialed);
        assertThat(world.changes(Change.AttemptConnected.class))
                .as("customers whose phones rang reached their agents")
                .hasSizeGreaterThan(connected);
        world.run(Duration.ofMillis(10));
        assertThat(world.store.agentsIn(AgentState.RESERVED)).isZero();
    }

    @Test
    void shouldDialWhatAnAgentAcceptsThatItHadOffered() {
        World world = offering();
        world.send(ASKED);
        world.until(w -> w.phase().equals("settling"), Duration.ofSeconds(1));
        world.until(w -> w.store.agentsIn(AgentState.TALKING) == 1, Duration.ofSeconds(20));
        world.until(w -> w.phase().equals("stopped"), Duration.ofMinutes(2));
    }

    @Test
    void shouldKeepTheInviteInWhenTheStoreDoesNotConfirmThatItMaySettle() {
        World world = offering();
        world.send(ASKED);
        world.until(w -> w.phase().equals("settling"), Duration.ofSeconds(1));
        world.run(Duration.ofSeconds(4));
        world.storeAnswers = false;
        world.run(Duration.ofSeconds(60));
        assertThat(world.carrier.dialed).isZero();
    }

    @Test
    void shouldStartNothingMoreWhenItWasThoughtDeadWhileItSettled() {
        World world = busy();
        world.send(ASKED);
        world.until(w -> w.phase().equals("settling"), Duration.ofSeconds(1));
        world.send(new Event.RightLost("this side was thought dead while it settled"));
        assertThat(world.phase()).isEqualTo("monitoring");
        world.run(Duration.ofSeconds(1));
        assertThat(world.counts().ringing()).isZero();
        assertThat(world.counts().connected()).isPositive();
    }

    @Test
    void shouldGoOnWithItsCallsWhenItHasTheRightAgainBecauseTheOtherSideFailed() {
        World world = busy();
        world.send(ASKED);
        world.until(w -> w.phase().equals("settling"), Duration.ofSeconds(1));
        int ringing = world.counts().ringing();
        world.granted("took over from side B");
        assertThat(world.phase()).isEqualTo("active");
        assertThat(world.counts().ringing()).isEqualTo(ringing);
        int dialed = world.carrier.dialed;
        world.run(Duration.ofSeconds(60));
        assertThat(world.carrier.dialed).isGreaterThan(dialed);
        assertThat(world.changes(Change.AttemptEnded.class))
                .extracting(end -> end.termination().result())
                .doesNotContain(CallResult.CANCELLED_BY_DIALER);
    }

    @Test
    void shouldSettleInSequenceWhenTheHandoverIsNotCommitted() {
        World world = busy();
        world.handoverWorks = false;
        world.send(ASKED);
        world.until(w -> w.phase().equals("quiescing"), Duration.ofSeconds(1));
        world.handoverWorks = true;
        world.until(w -> w.phase().equals("monitoring"), Duration.ofSeconds(34));
    }

    @Test
    void shouldLeavePortsToWhatOthersHaveUnderWay() {
        World world = World.active(Samples.withLines(Samples.agentCampaign(1), 10))
                .contacts(500, 1)
                .agents(10);
        world.carrier.customers = dial -> Plan.rings();
        world.send(new Event.ElsewhereCounted(new Elsewhere(43, 0, 2)));
        world.run(Duration.ofSeconds(10));
        assertThat(world.counts().ringing()).as("of 50 ports").isEqualTo(5);
        world.send(new Event.ElsewhereCounted(new Elsewhere(40, 0, 0)));
        world.run(Duration.ofSeconds(10));
        assertThat(world.counts().ringing()).isEqualTo(10);
    }

    @Test
    void shouldUseThreeQuartersOfTheRateWhileTheOtherSideMayStillDial() {
        World world = World.active(Samples.withLines(Samples.agentCampaign(1), 10))
                .contacts(500, 1)
                .agents(10);
        world.carrier.customers = dial -> Plan.fails(5, 10, 486);
        world.run(Duration.ofSeconds(1));
        world.send(new Event.ElsewhereCounted(new Elsewhere(0, 0, 1)));
        world.run(Duration.ofSeconds(1));
        int before = world.carrier.dialed;
        world.run(Duration.ofSeconds(4));
        assertThat(world.carrier.dialed - before).as("in 4 s, of 50 a second").isBetween(145, 155);
    }

    @Test
    void shouldDialOneLineForEachAgentWhileTheOtherSideSettlesCallsThatMayBeAbandoned() {
        var predictive = Samples.agentCampaign(1).withMode(releve.core.campaign.DialingMode.PREDICTIVE_AGENT);
        World world = World.active(predictive).countingAbandonment(predictive);
        world.send(new Event.ElsewhereCounted(new Elsewhere(3, 2, 0)));
        world.run(Duration.ofSeconds(1));
        assertThat(world.dialer.status(world.now).dialing()).contains("progressive: the other side settles");
        world.send(new Event.ElsewhereCounted(new Elsewhere(3, 0, 0)));
        world.run(Duration.ofSeconds(1));
        assertThat(world.dialer.status(world.now).dialing()).doesNotContain("the other side settles");
    }

    /** Seen as standby, told of by the grant, and over before the next look: the last two counts that were looked at are equal. */
    @Test
    void shouldNotWaitForACallThatTheGrantToldOfAndThatHasEnded() {
        var predictive = Samples.agentCampaign(1).withMode(releve.core.campaign.DialingMode.PREDICTIVE_AGENT);
        World world = World.idle().countingAbandonment(predictive);
        StoreNews news = new StoreNews();
        StoreLook nothingElsewhere = new StoreLook(
                Map.of(),
                Map.of(),
                Optional.of(Set.of()),
                Optional.of(new StoreLook.Rest(List.of(predictive), Optional.empty(), Elsewhere.NOTHING)));
        world.send(new Event.TrunkUp());
        news.of(nothingElsewhere).forEach(world::send);
        world.send(new Event.RightGranted(
                ++world.store.epoch,
                world.now.plusSeconds(2),
                "handed over by side A",
                new Inheritance(new Elsewhere(1, 1, 0), List.of(), world.now)));
        assertThat(world.dialer.status(world.now).dialing()).contains("progressive: the other side settles");
        news.of(nothingElsewhere).forEach(world::send);
        world.run(Duration.ofSeconds(1));
        assertThat(world.dialer.status(world.now).dialing()).doesNotContain("the other side settles");
    }

    @Test
    void shouldDialWhatItInheritsAtOnceButNotFasterThanTheTrunkTakesFromBoth() {
        World world = World.idle();
        world.send(new Event.TrunkUp());
        world.send(new Event.CampaignsRead(List.of(Samples.ivrCampaign(1, 50))));
        world.run(Duration.ofSeconds(5));
        world.contacts(20, 1);
        List<Contact> contacts = world.store.handedOver();
        world.send(new Event.RightGranted(
                world.store.epoch,
                world.now.plusSeconds(2),
                "handed over by side A",
                new Inheritance(Elsewhere.NOTHING, contacts, world.now.minusMillis(41))));
        assertThat(world.changes(Change.AttemptStarted.class))
                .as("in 41 ms, of 50 a second, a burst of five not being used")
                .hasSize(2);
    }

    @Test
    void shouldSayInADryRunThatTheOtherSideDialsAtOnce() {
        World world = busy();
        Instant now = world.now;
        MaintenancePlan plan = world.dialer.plan(Handover.OVERLAP, now);
        assertThat(plan.handoverWithin()).isZero();
        assertThat(plan.settledWithin())
                .isEqualTo(world.dialer.plan(Handover.SEQUENTIAL, now).handoverWithin())
                .isPositive();
    }

    /** One agent sees a contact, and accepts it after five seconds. */
    private static World offering() {
        World world = World.active(Samples.previewCampaign(1)).contacts(4, 1).agents(1);
        world.desks = offered -> new Reply(5_000, OfferAnswer.ACCEPT);
        world.carrier.customers = dial -> Plan.answers(1_000, 4_000, 20_000);
        world.until(w -> w.store.agentsIn(AgentState.PREVIEW) == 1, Duration.ofSeconds(3));
        assertThat(world.commands(Command.Dial.class)).isEqualTo(List.of());
        return world;
    }
}
