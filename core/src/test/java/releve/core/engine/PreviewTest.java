package releve.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import releve.core.agent.AgentState;
import releve.core.call.CallEvent;
import releve.core.campaign.Campaign;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.CpaSettings;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.PreviewSettings;
import releve.core.campaign.Samples;
import releve.core.common.CallResult;
import releve.core.common.Termination;
import releve.core.engine.FakeCarrier.Phone;
import releve.core.engine.FakeCarrier.Plan;
import releve.core.engine.World.Reply;
import releve.core.pair.Peer;
import releve.core.store.Change;

/** Contacts that agents see before they are dialed. */
class PreviewTest {
    private static final Duration MOMENT = Duration.ofMillis(100);

    private static World preview(Reply... replies) {
        return world(Samples.previewCampaign(1), replies);
    }

    private static World direct(Reply... replies) {
        return world(Samples.directPreviewCampaign(1), replies);
    }

    /** Two contacts, one agent; he answers his offers so, one after another, and no further ones. */
    private static World world(Campaign campaign, Reply... replies) {
        World world = World.active(campaign).contacts(2, 1).agents(1);
        int[] seen = {0};
        world.desks = offered -> seen[0] < replies.length ? replies[seen[0]++] : Reply.NONE;
        world.until(w -> w.store.agentsIn(AgentState.PREVIEW) == 1, Duration.ofSeconds(3));
        return world;
    }

    private static Reply after(long ms, OfferAnswer answer) {
        return new Reply(ms, answer);
    }

    private static Termination onlyEnd(World world) {
        assertThat(world.store.ended).hasSize(1);
        return world.store.ended.values().iterator().next();
    }

    @Test
    void shouldDialNobodyBeforeTheAgentAccepts() {
        World world = preview().run(Duration.ofSeconds(30));
        assertThat(world.carrier.dialed).isZero();
        assertThat(world.counts().offered()).isEqualTo(1);
        assertThat(world.changes(Change.ContactOffered.class)).hasSize(1);
    }

    @Test
    void shouldDialForTheAgentWhoAcceptedAndConnectHimOnly() {
        World world = World.active(Samples.previewCampaign(1)).contacts(8, 1).agents(4);
        world.desks =
                offered -> offered.agent().value().equals("agent3") ? after(4_000, OfferAnswer.ACCEPT) : Reply.NONE;
        world.carrier.customers = dial -> Plan.answers(500, 3_000, 10_000);
        world.until(w -> w.counts().connected() == 1, Duration.ofSeconds(15)).run(MOMENT);

        assertThat(world.carrier.dialed).isEqualTo(1);
        Change.AttemptConnected connected =
                world.changes(Change.AttemptConnected.class).getFirst();
        assertThat(connected.agent().value()).isEqualTo("agent3");
        assertThat(world.store.agents.get("agent3").state).isEqualTo(AgentState.TALKING);
        Change.ContactOffered offered = world.changes(Change.ContactOffered.class).stream()
                .filter(change -> change.agent().value().equals("agent3"))
                .findFirst()
                .orElseThrow();
        assertThat(connected.attempt()).isEqualTo(offered.offer());
        assertThat(world.counts().offered()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "SKIP, RETRY, 1800, PREVIEW",
        "REJECT, RETRY, 1800, PREVIEW",
        "SKIP_AND_CLOSE, CLOSED, 0, PREVIEW",
        "REJECT_AND_CLOSE, AGENT_REJECTED, 0, PREVIEW"
    })
    void shouldMoveContactAsTheAnswerSaysAndOfferTheNext(
            OfferAnswer answer, ContactStatus status, long delaySeconds, AgentState agent) {
        World world = preview(after(1_000, answer));
        Instant offeredAt = world.now;
        world.run(Duration.ofSeconds(2));

        assertThat(world.status(1)).isEqualTo(status);
        if (delaySeconds > 0) {
            assertThat(Duration.between(
                            offeredAt, world.store.contacts.values().iterator().next().notBefore))
                    .isBetween(Duration.ofSeconds(delaySeconds), Duration.ofSeconds(delaySeconds + 2));
        }
        assertThat(world.store.agentsIn(agent)).isEqualTo(1);
        assertThat(world.changes(Change.ContactOffered.class)).hasSize(2);
        assertThat(world.carrier.dialed).isZero();
    }

    @Test
    void shouldReleaseAgentWhoRejectsAndKeepTheOneWhoSkips() {
        World skips = preview(after(500, OfferAnswer.SKIP)).run(Duration.ofSeconds(1));
        List<Change.ContactOffered> offers = skips.changes(Change.ContactOffered.class);
        assertThat(offers.get(1).reservation()).isEqualTo(offers.get(0).reservation());

        World rejects = preview(after(500, OfferAnswer.REJECT)).run(Duration.ofSeconds(1));
        offers = rejects.changes(Change.ContactOffered.class);
        assertThat(offers.get(1).reservation()).isNotEqualTo(offers.get(0).reservation());
    }

    @Test
    void shouldMakeAgentNotReadyWhenHeDoesNotAnswerInTime() {
        World world = preview();
        world.run(Duration.ofSeconds(60)).run(MOMENT);
        assertThat(world.status(1)).isEqualTo(ContactStatus.RETRY);
        assertThat(world.store.agentsIn(AgentState.NOT_READY)).isEqualTo(1);
        assertThat(world.changes(Change.OfferEnded.class))
                .extracting(Change.OfferEnded::answer)
                .containsExactly(OfferAnswer.TIMED_OUT);
        assertThat(world.counts().offered()).isZero();
    }

    @Test
    void shouldDialWhenTheStoreTookTheAcceptanceBeforeTheTimeOut() {
        World world = preview(after(59_990, OfferAnswer.ACCEPT));
        world.routeEveryMs = 500;
        world.carrier.customers = dial -> Plan.rings();
        world.run(Duration.ofSeconds(62));
        assertThat(world.answersTaken).isEqualTo(1);
        assertThat(world.changes(Change.OfferClosing.class)).hasSize(1);
        assertThat(world.carrier.dialed).isEqualTo(1);
        assertThat(world.store.agentsIn(AgentState.RESERVED)).isEqualTo(1);
    }

    @Test
    void shouldTimeOutWhenTheAcceptanceCameSecond() {
        World world = preview(after(60_050, OfferAnswer.ACCEPT)).run(Duration.ofSeconds(62));
        assertThat(world.answersTaken).isZero();
        assertThat(world.carrier.dialed).isZero();
        assertThat(world.store.agentsIn(AgentState.NOT_READY)).isEqualTo(1);
    }

    @Test
    void shouldWithdrawTheOfferOfWhichTheStoreSaysNothing() {
        World world = preview();
        world.store.offers.clear();
        world.run(Duration.ofSeconds(66));
        assertThat(world.changes(Change.OfferEnded.class).getFirst().answer()).isEqualTo(OfferAnswer.WITHDRAWN);
        assertThat(world.changes(Change.ReservationWithdrawn.class)).isNotEmpty();
    }

    @Test
    void shouldWithdrawOfferWhenCampaignStops() {
        World world = preview();
        world.send(new Event.CampaignsRead(List.of(Samples.previewCampaign(1).withRunning(false))));
        world.run(MOMENT);
        assertThat(world.status(1)).isEqualTo(ContactStatus.PENDING);
        assertThat(world.store.agentsIn(AgentState.READY)).isEqualTo(1);
        assertThat(world.store.contactsIn(ContactStatus.ACTIVE)).isZero();
        assertThat(world.counts().offered()).isZero();
    }

    @Test
    void shouldNotDialForAcceptanceThatCameWhenCampaignHadStopped() {
        World world = preview(after(500, OfferAnswer.ACCEPT));
        world.routeEveryMs = 400;
        world.run(Duration.ofMillis(550));
        world.send(new Event.CampaignsRead(List.of(Samples.previewCampaign(1).withRunning(false))));
        world.run(Duration.ofSeconds(3));
        assertThat(world.carrier.dialed).isZero();
        assertThat(world.store.contactsIn(ContactStatus.PENDING)).isEqualTo(2);
        assertThat(world.store.agentsIn(AgentState.READY)).isEqualTo(1);
    }

    @Test
    void shouldWaitForLeaveToDialAndWithdrawWhenThereIsNoneInTime() {
        World world = preview(after(500, OfferAnswer.ACCEPT));
        world.send(new Event.TrunkDown("OPTIONS is not answered"));
        world.run(Duration.ofSeconds(8));
        assertThat(world.carrier.dialed).isZero();
        assertThat(world.counts().offered()).isEqualTo(1);

        world.run(Duration.ofSeconds(4));
        assertThat(world.counts().offered()).isZero();
        assertThat(world.status(1)).isEqualTo(ContactStatus.PENDING);
        assertThat(world.store.agentsIn(AgentState.READY)).isEqualTo(1);
    }

    @Test
    void shouldDialOnceTheTrunkAnswersAgain() {
        World world = preview(after(500, OfferAnswer.ACCEPT));
        world.send(new Event.TrunkDown("OPTIONS is not answered"));
        world.run(Duration.ofSeconds(5));
        world.send(new Event.TrunkUp());
        assertThat(world.run(MOMENT).carrier.dialed).isEqualTo(1);
    }

    @Test
    void shouldReleaseAgentWhenHisCustomerIsBusy() {
        World world = preview(after(500, OfferAnswer.ACCEPT));
        world.carrier.customers = dial -> Plan.fails(100, 800, 486);
        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(5)).run(MOMENT);
        assertThat(onlyEnd(world).result()).isEqualTo(CallResult.BUSY);
        assertThat(world.status(1)).isEqualTo(ContactStatus.RETRY);
        assertThat(world.changes(Change.ContactOffered.class)).hasSize(2);
        assertThat(world.changes(Change.ReservationWithdrawn.class))
                .extracting(Change.ReservationWithdrawn::reason)
                .contains("486 as it is");
    }

    @Test
    void shouldReleaseAgentWhenHisCustomerDoesNotAnswer() {
        World world = preview(after(500, OfferAnswer.ACCEPT));
        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(40)).run(MOMENT);
        assertThat(onlyEnd(world).result()).isEqualTo(CallResult.NO_ANSWER);
        assertThat(world.store.agentsIn(AgentState.PREVIEW)).isEqualTo(1);
    }

    @Test
    void shouldReleaseAgentWhenAMachineAnswers() {
        World world = world(Samples.previewCampaign(1).withCpa(CpaSettings.DEFAULT), after(500, OfferAnswer.ACCEPT));
        world.carrier.customers = dial -> Plan.answers(100, 800, 60_000).heard(releve.core.call.Verdict.MACHINE);
        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(5)).run(MOMENT);
        assertThat(onlyEnd(world).result()).isEqualTo(CallResult.ANSWERING_MACHINE);
        assertThat(world.store.agentsIn(AgentState.PREVIEW)).isEqualTo(1);
    }

    @Test
    void shouldMakeAgentNotReadyAndAbandonWhenHisPhoneRefuses() {
        World world = preview(after(500, OfferAnswer.ACCEPT));
        world.carrier.customers = dial -> Plan.answers(100, 800, 60_000);
        world.carrier.phones = uri -> new Phone(50, false);
        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(10)).run(MOMENT);
        assertThat(onlyEnd(world).result()).isEqualTo(CallResult.DIALER_ABANDON);
        assertThat(world.store.agentsIn(AgentState.NOT_READY)).isEqualTo(1);
    }

    @Test
    void shouldNeverOfferMoreContactsThanPorts() {
        DialerConfig config = World.config();
        World world = new World(
                        new DialerConfig(config.node(), 3, 50, config.monitoringLimit(), config.transferLimit(), 20))
                .activated(Samples.previewCampaign(1))
                .contacts(30, 1)
                .agents(8)
                .run(Duration.ofSeconds(5));
        assertThat(world.counts().offered()).isEqualTo(3);
    }

    @Test
    void shouldPlaceCallFromTheAgentsPhone() {
        World world = direct(after(500, OfferAnswer.ACCEPT));
        world.carrier.customers = dial -> Plan.answers(400, 3_000, 10_000);
        world.run(Duration.ofSeconds(2));
        assertThat(world.store.agentsIn(AgentState.DIALING)).isEqualTo(1);
        world.until(w -> w.counts().connected() == 1, Duration.ofSeconds(5)).run(MOMENT);

        assertThat(world.commands(Command.DialFromAgent.class)).hasSize(1);
        assertThat(world.commands(Command.Dial.class)).isEmpty();
        assertThat(world.commands(Command.Bridge.class)).isEmpty();
        assertThat(world.store.agentsIn(AgentState.TALKING)).isEqualTo(1);
        assertThat(world.changes(Change.AttemptConnected.class).getFirst().agentCallId())
                .isEqualTo(
                        world.commands(Command.DialFromAgent.class).getFirst().agentCallId());

        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(15)).run(MOMENT);
        assertThat(onlyEnd(world).result()).isEqualTo(CallResult.VOICE);
        assertThat(world.store.agentsIn(AgentState.WRAP_UP)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"486, BUSY", "404, NOT_IN_SERVICE"})
    void shouldReleaseAgentWhoseOwnCallCameToNothing(int status, CallResult result) {
        World world = direct(after(500, OfferAnswer.ACCEPT));
        world.carrier.customers = dial -> Plan.fails(100, 800, status);
        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(5)).run(MOMENT);
        assertThat(onlyEnd(world).result()).isEqualTo(result);
        assertThat(world.store.agentsIn(AgentState.PREVIEW)).isEqualTo(1);
    }

    @Test
    void shouldCancelAgentsOwnCallAtTheRingLimit() {
        World world = direct(after(500, OfferAnswer.ACCEPT));
        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(40)).run(MOMENT);
        assertThat(onlyEnd(world).result()).isEqualTo(CallResult.NO_ANSWER);
        assertThat(world.store.agentsIn(AgentState.PREVIEW)).isEqualTo(1);
    }

    @Test
    void shouldUseUpNoAttemptWhenTheAgentsOwnPhoneRefuses() {
        World world = direct(after(500, OfferAnswer.ACCEPT));
        world.carrier.phones = uri -> new Phone(50, false);
        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(5)).run(MOMENT);
        assertThat(onlyEnd(world).result()).isEqualTo(CallResult.DIAL_ERROR);
        assertThat(world.store.contacts.values().iterator().next().contact.attempts())
                .isZero();
        assertThat(world.status(1)).isEqualTo(ContactStatus.RETRY);
        assertThat(world.store.agentsIn(AgentState.NOT_READY)).isEqualTo(1);
    }

    @Test
    void shouldEndTheCallWhenTheAgentHangsUpWhileItRings() {
        World world = direct(after(500, OfferAnswer.ACCEPT));
        world.until(w -> w.counts().ringing() == 1, Duration.ofSeconds(5));
        world.send(new Event.CallReported(world.witness.live().iterator().next(), new CallEvent.TargetHungUp()));
        world.run(MOMENT);
        assertThat(onlyEnd(world).result()).isEqualTo(CallResult.CANCELLED_BY_DIALER);
        assertThat(world.store.agentsIn(AgentState.PREVIEW)).isEqualTo(1);
    }

    @Test
    void shouldWaitForTheLastAnswerDialAndOnlyThenHandOver() {
        World world = preview(after(20_000, OfferAnswer.ACCEPT));
        world.carrier.customers = dial -> Plan.answers(500, 5_000, 30_000);
        world.send(new Event.DryRunAsked(1));
        MaintenancePlan plan =
                world.commands(Command.AnswerDryRun.class).getFirst().plan();
        assertThat(plan.counts().offered()).isEqualTo(1);
        assertThat(plan.handoverWithin()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(60 + 15 + 32 + 17));

        world.send(new Event.MaintenanceAsked(1, false, "ops"));
        world.run(Duration.ofSeconds(15));
        assertThat(world.phase()).isEqualTo("quiescing");
        assertThat(world.dialer.status(world.now).waitsFor()).contains("1 offered");

        world.until(w -> w.counts().connected() == 1, Duration.ofSeconds(15));
        world.until(w -> w.phase().equals("monitoring"), Duration.ofSeconds(1));
        assertThat(world.changes(Change.ContactOffered.class)).hasSize(1);
        assertThat(world.carrier.dialed).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"SKIP", "REJECT", "SKIP_AND_CLOSE", "REJECT_AND_CLOSE"})
    void shouldOfferNothingMoreOnceMaintenanceHasBegun(OfferAnswer answer) {
        World world = preview(after(20_000, answer));
        world.send(new Event.MaintenanceAsked(1, false, "ops"));
        world.until(w -> w.phase().equals("stopped"), Duration.ofSeconds(21));
        assertThat(world.changes(Change.ContactOffered.class)).hasSize(1);
        assertThat(world.store.agentsIn(AgentState.READY)).isEqualTo(1);
    }

    @Test
    void shouldHandOverWithinThePreviewTimeOutWhenTheAgentSaysNothing() {
        World world = world(Samples.previewCampaign(1)
                .withPreview(new PreviewSettings(Duration.ofSeconds(30), Duration.ofMinutes(1))));
        world.send(new Event.MaintenanceAsked(1, false, "ops"));
        world.run(Duration.ofSeconds(25));
        assertThat(world.phase()).isEqualTo("quiescing");
        world.until(w -> w.phase().equals("stopped"), Duration.ofSeconds(6));
        assertThat(world.store.agentsIn(AgentState.NOT_READY)).isEqualTo(1);
    }

    @Test
    void shouldWithdrawOffersWhenTheRightIsLost() {
        World world = preview(after(20_000, OfferAnswer.ACCEPT));
        world.store.takenOver();
        world.send(new Event.RightLost("side B took over"));
        world.run(Duration.ofSeconds(30));
        assertThat(world.carrier.dialed).isZero();
        assertThat(world.counts().offered()).isZero();
        assertThat(world.store.contactsIn(ContactStatus.PENDING)).isEqualTo(2);
    }

    @Test
    void shouldGoOnOfferingWhenTheMaintenanceIsCalledOff() {
        World world = preview(after(5_000, OfferAnswer.SKIP));
        world.send(new Event.MaintenanceAsked(1, false, "ops"));
        world.run(Duration.ofSeconds(2));
        world.send(new Event.MaintenanceCancelled(2, "ops"));
        world.send(new Event.PeerSeen(new Peer.Healthy("b1")));
        world.run(Duration.ofSeconds(5));
        assertThat(world.changes(Change.ContactOffered.class)).hasSize(2);
    }
}
