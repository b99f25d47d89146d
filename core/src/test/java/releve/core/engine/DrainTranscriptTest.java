package releve.core.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import releve.core.agent.AgentState;
import releve.core.campaign.AbsentAgentRule;
import releve.core.campaign.CallbackSettings;
import releve.core.campaign.Campaign;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.Samples;
import releve.core.common.AgentId;
import releve.core.common.ContactId;
import releve.core.common.Handover;
import releve.core.engine.FakeCarrier.Plan;
import releve.core.engine.World.Reply;
import releve.core.pair.Peer;

/** How each mode drains, and what happens at the bounds; reviewed as {@link TranscriptTest} says. */
class DrainTranscriptTest {
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(3);

    /** Three agents look at a contact each; what each says, and when, comes by his name. */
    private static World looking(Campaign campaign, Map<String, Reply> replies) {
        World world = World.active(campaign).contacts(4, 1).agents(3);
        Map<String, Reply> left = new HashMap<>(replies);
        world.desks = offered -> {
            Reply reply = left.remove(offered.agent().value());
            return reply == null ? Reply.NONE : reply;
        };
        world.carrier.customers = dial -> Plan.answers(1_000, 4_000, 20_000);
        return world.until(w -> w.store.agentsIn(AgentState.PREVIEW) == 3, Duration.ofSeconds(3));
    }

    private static void ask(World world) {
        world.send(new Event.MaintenanceAsked(1, false, "ops"));
    }

    @Test
    void previews() throws IOException {
        World world = looking(
                Samples.previewCampaign(1),
                Map.of("agent1", new Reply(6_000, OfferAnswer.ACCEPT), "agent2", new Reply(9_000, OfferAnswer.SKIP)));
        Transcript transcript = new Transcript(
                world, "three agents look at contacts: one accepts, one skips, one says nothing for a minute");
        ask(world);
        world.run(LONG_ENOUGH);
        TranscriptTest.compare("previews", transcript);
    }

    @Test
    void overlap() throws IOException {
        World world = looking(
                Samples.previewCampaign(1),
                Map.of("agent1", new Reply(6_000, OfferAnswer.ACCEPT), "agent2", new Reply(9_000, OfferAnswer.SKIP)));
        Transcript transcript = new Transcript(
                world, "the handover overlaps: the other side dials at once, this one settles what three agents see");
        world.send(new Event.MaintenanceAsked(1, false, Handover.OVERLAP, "ops"));
        world.run(LONG_ENOUGH);
        TranscriptTest.compare("overlap", transcript);
    }

    @Test
    void directPreviews() throws IOException {
        World world = looking(Samples.directPreviewCampaign(1), Map.of("agent1", new Reply(6_000, OfferAnswer.ACCEPT)));
        Transcript transcript =
                new Transcript(world, "direct preview: the agent who accepts calls the customer from his own phone");
        ask(world);
        world.run(LONG_ENOUGH);
        TranscriptTest.compare("direct-previews", transcript);
    }

    @Test
    void personalCallback() throws IOException {
        Campaign campaign = Samples.agentCampaign(1)
                .withCallbacks(new CallbackSettings(true, AbsentAgentRule.ABANDON, Duration.ofMinutes(5)));
        World world = World.active(campaign).contacts(2, 1).agents(2);
        world.desks = offered -> new Reply(8_000, OfferAnswer.ACCEPT);
        world.carrier.customers = dial -> Plan.answers(1_000, 4_000, 20_000);
        world.store.promise(new ContactId(1), new AgentId("agent1"), World.START.plusSeconds(20));
        world.store.promise(new ContactId(2), new AgentId("absent"), World.START.plusSeconds(20));
        world.until(w -> w.store.agentsIn(AgentState.PREVIEW) == 1, Duration.ofSeconds(40));
        Transcript transcript = new Transcript(
                world,
                "one promised call is shown to its agent, another still waits for his: that one goes to the peer");
        ask(world);
        world.run(LONG_ENOUGH);
        TranscriptTest.compare("personal-callback", transcript);
    }

    @Test
    void toTheIvr() throws IOException {
        World world = World.active(Samples.ivrCampaign(1, 2)).contacts(10, 1);
        world.carrier.customers = dial -> Plan.answers(1_000, 8_000, 20_000);
        world.until(w -> w.counts().ringing() == 2, Duration.ofSeconds(3));
        Transcript transcript = new Transcript(world, "an IVR campaign drains into its IVR");
        ask(world);
        world.run(LONG_ENOUGH);
        TranscriptTest.compare("to-the-ivr", transcript);
    }

    /** One talks, one rings. */
    private static World shift() {
        World world = World.active(Samples.withLines(Samples.agentCampaign(1), 1))
                .contacts(20, 1)
                .agents(2);
        int[] n = {0};
        world.carrier.customers =
                dial -> n[0]++ == 0 ? Plan.answers(1_000, 4_000, 120_000) : Plan.answers(1_000, 20_000, 60_000);
        return world.until(w -> w.counts().connected() == 1 && w.counts().ringing() == 1, Duration.ofSeconds(20));
    }

    @Test
    void secondSigterm() throws IOException {
        World world = shift();
        Transcript transcript =
                new Transcript(world, "SIGTERM twice: the second one cuts what rings, and nobody who talks");
        world.send(new Event.MaintenanceAsked(0, true, "SIGTERM"));
        world.run(Duration.ofSeconds(5));
        world.send(new Event.StopNow("second SIGTERM"));
        world.run(Duration.ofSeconds(5));
        TranscriptTest.compare("second-sigterm", transcript);
    }

    @Test
    void limitOfMonitoring() throws IOException {
        World world = World.active(Samples.withLines(Samples.agentCampaign(1), 1))
                .contacts(1, 1)
                .agents(1);
        world.carrier.customers =
                dial -> Plan.answers(1_000, 4_000, Duration.ofHours(5).toMillis());
        world.until(w -> w.counts().connected() == 1, Duration.ofSeconds(20));
        world.routeEveryMs = 10_000;
        Transcript transcript =
                new Transcript(world, "a call outlives the monitoring limit: it goes on between its parties");
        ask(world);
        world.run(Duration.ofMinutes(91));
        TranscriptTest.compare("limit-of-monitoring", transcript);
    }

    @Test
    void storeLostDuringQuiescing() throws IOException {
        World world = shift();
        Transcript transcript = new Transcript(
                world, "the store is away while the active side quiesces, and comes back after a minute");
        ask(world);
        world.run(Duration.ofSeconds(3));
        world.storeAnswers = false;
        world.run(Duration.ofSeconds(60));
        world.storeAnswers = true;
        world.run(LONG_ENOUGH);
        TranscriptTest.compare("store-lost-during-quiescing", transcript);
    }

    @Test
    void frozenSideWakesInMaintenance() throws IOException {
        World world = shift();
        Transcript transcript = new Transcript(
                world, "side A freezes for 8 s while it quiesces; it wakes, and the other side has taken over");
        ask(world);
        world.run(Duration.ofSeconds(3));
        world.now = world.now.plusSeconds(8);
        world.store.takenOver();
        world.send(new Event.RightLost("B/b1 holds epoch 2"));
        world.run(LONG_ENOUGH);
        TranscriptTest.compare("frozen-side-wakes-in-maintenance", transcript);
    }

    @Test
    void standbyFailsBeforeTheCommit() throws IOException {
        World world = shift();
        world.handoverWorks = false;
        Transcript transcript = new Transcript(
                world, "the handover cannot be committed and is tried again; then the standby fails: back in service");
        ask(world);
        world.until(w -> w.commands(Command.HandOver.class).size() == 2, Duration.ofMinutes(1));
        world.send(new Event.PeerSeen(new Peer.Unfit("side B has not been heard of for 2 s")));
        world.run(Duration.ofSeconds(2));
        TranscriptTest.compare("standby-fails-before-the-commit", transcript);
    }
}
