package releve.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import releve.core.agent.AgentState;
import releve.core.campaign.Abandonment;
import releve.core.campaign.AbsentAgentRule;
import releve.core.campaign.CallbackSettings;
import releve.core.campaign.Campaign;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.DialingMode;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.OfferKind;
import releve.core.campaign.Samples;
import releve.core.common.AgentId;
import releve.core.common.CallResult;
import releve.core.common.ContactId;
import releve.core.engine.FakeCarrier.Plan;
import releve.core.engine.World.Reply;
import releve.core.store.Change;

/** Calls that agents promised to make themselves. */
class PersonalCallbackTest {
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final ContactId PROMISED = new ContactId(1);
    private static final AgentId ZOE = new AgentId("agent2");

    private static Campaign campaign(AbsentAgentRule rule) {
        return Samples.agentCampaign(1).withCallbacks(new CallbackSettings(true, rule, WINDOW));
    }

    /** Three agents, one contact, which the second agent has promised to call back in 30 s. */
    private static World world(AbsentAgentRule rule) {
        World world = World.active(campaign(rule)).contacts(1, 1).agents(3);
        world.desks = offered -> new Reply(1_000, OfferAnswer.ACCEPT);
        world.store.promise(PROMISED, ZOE, World.START.plusSeconds(30));
        return world;
    }

    private static World absent(World world) {
        world.store.agents.get(ZOE.value()).state = AgentState.NOT_READY;
        return world;
    }

    private static Instant notBefore(World world) {
        return world.store.contacts.get(PROMISED).notBefore;
    }

    @Test
    void shouldOfferThePromisedCallToTheVeryAgentAndDialForHim() {
        World world = world(AbsentAgentRule.ABANDON);
        world.carrier.customers = dial -> Plan.answers(500, 2_000, 10_000);
        world.run(Duration.ofSeconds(28));
        assertThat(world.changes(Change.ContactOffered.class)).isEmpty();

        world.until(w -> w.counts().connected() == 1, Duration.ofSeconds(10)).run(Duration.ofMillis(5));
        Change.ContactOffered offered =
                world.changes(Change.ContactOffered.class).getFirst();
        assertThat(offered.kind()).isEqualTo(OfferKind.PERSONAL_CALLBACK);
        assertThat(offered.agent()).isEqualTo(ZOE);
        assertThat(world.store.agents.get(ZOE.value()).state).isEqualTo(AgentState.TALKING);

        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(15)).run(Duration.ofMillis(5));
        assertThat(world.status(1)).isEqualTo(ContactStatus.CLOSED);
    }

    @Test
    void shouldWaitForTheAgentUntilHeIsReady() {
        World world = absent(world(AbsentAgentRule.ABANDON)).run(Duration.ofMinutes(3));
        assertThat(world.changes(Change.ContactOffered.class)).isEmpty();
        assertThat(world.changes(Change.ReservationRequested.class))
                .filteredOn(request -> request.agent() != null)
                .singleElement()
                .satisfies(request -> assertThat(request.priority()).isEqualTo(PersonalCallbacks.PRIORITY));

        world.store.agents.get(ZOE.value()).state = AgentState.READY;
        world.run(Duration.ofSeconds(1));
        assertThat(world.store.agents.get(ZOE.value()).state).isEqualTo(AgentState.PREVIEW);
    }

    @Test
    void shouldAbandonThePromiseWhoseAgentWasAbsent() {
        World world = absent(world(AbsentAgentRule.ABANDON))
                .run(Duration.ofSeconds(29).plus(WINDOW));
        assertThat(world.status(1)).isEqualTo(ContactStatus.ACTIVE);
        world.run(Duration.ofSeconds(2));
        assertThat(world.status(1)).isEqualTo(ContactStatus.CALLBACK_AGENT_UNAVAILABLE);
        assertThat(world.changes(Change.CallbackMissed.class))
                .singleElement()
                .satisfies(missed -> assertThat(missed.result()).isEqualTo(CallResult.PERSONAL_CALLBACK_FAILED));
        assertThat(world.store.open.values()).noneMatch(request -> request.agent() != null);
        assertThat(world.carrier.dialed).isZero();
    }

    @Test
    void shouldGiveThePromiseToAnotherAgentWhenItsOwnWasAbsent() {
        World world = absent(world(AbsentAgentRule.OTHER_AGENT))
                .run(Duration.ofSeconds(28).plus(WINDOW));
        assertThat(world.changes(Change.ContactOffered.class)).isEmpty();
        world.run(Duration.ofSeconds(4));
        assertThat(world.changes(Change.ContactOffered.class))
                .singleElement()
                .satisfies(offered -> assertThat(offered.agent()).isNotEqualTo(ZOE));
        assertThat(world.carrier.dialed).isEqualTo(1);
    }

    @Test
    void shouldAbandonThePromiseWhenNobodyElseIsThereEither() {
        World world = absent(world(AbsentAgentRule.OTHER_AGENT));
        world.store.agents.values().forEach(agent -> agent.state = AgentState.NOT_READY);
        world.run(Duration.ofSeconds(31).plus(WINDOW));
        assertThat(world.status(1)).isEqualTo(ContactStatus.ACTIVE);
        world.run(WINDOW);
        assertThat(world.status(1)).isEqualTo(ContactStatus.CALLBACK_AGENT_UNAVAILABLE);
    }

    @Test
    void shouldPutThePromiseOffToTheNextBusinessDay() {
        World world = absent(world(AbsentAgentRule.NEXT_BUSINESS_DAY))
                .run(Duration.ofSeconds(31).plus(WINDOW));
        assertThat(world.status(1)).isEqualTo(ContactStatus.PERSONAL_CALLBACK);
        assertThat(notBefore(world)).isEqualTo(World.START.plusSeconds(30).plus(Duration.ofDays(1)));
    }

    @Test
    void shouldTreatThePromiseWhoseWindowsPassedUnseenAsMissed() {
        World world = world(AbsentAgentRule.OTHER_AGENT);
        world.store.promise(PROMISED, ZOE, World.START.minus(WINDOW.multipliedBy(3)));
        world.run(Duration.ofSeconds(3));
        assertThat(world.status(1)).isEqualTo(ContactStatus.CALLBACK_AGENT_UNAVAILABLE);
        assertThat(world.changes(Change.ContactOffered.class)).isEmpty();
    }

    @Test
    void shouldPutAPromiseThatWasMissedForDaysOffToADayThatIsStillToCome() {
        World world = world(AbsentAgentRule.NEXT_BUSINESS_DAY);
        world.store.promise(PROMISED, ZOE, World.START.minus(Duration.ofDays(10)));
        world.run(Duration.ofSeconds(3));
        assertThat(notBefore(world)).isAfterOrEqualTo(World.START.minus(WINDOW));
    }

    @Test
    void shouldStayHisWhenTheCustomerIsBusy() {
        World world = world(AbsentAgentRule.ABANDON);
        world.carrier.customers = dial -> Plan.fails(100, 500, 486);
        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(40)).run(Duration.ofMillis(5));
        assertThat(world.status(1)).isEqualTo(ContactStatus.PERSONAL_CALLBACK);
        assertThat(Duration.between(world.now, notBefore(world))).isGreaterThan(Duration.ofMinutes(59));
    }

    @Test
    void shouldOfferOnePromiseOfAnAgentAfterTheOther() {
        World world = world(AbsentAgentRule.ABANDON).contacts(1, 1);
        world.store.promise(new ContactId(2), ZOE, World.START.plusSeconds(31));
        world.carrier.customers = dial -> Plan.answers(100, 1_000, 5_000);
        world.until(w -> w.store.ended.size() == 2, Duration.ofSeconds(90));
        assertThat(world.changes(Change.ContactOffered.class))
                .extracting(Change.ContactOffered::agent)
                .containsExactly(ZOE, ZOE);
    }

    @Test
    void shouldPreferHisPromiseToTheListInPreview() {
        World world = World.active(campaign(AbsentAgentRule.ABANDON)
                        .withMode(Samples.previewCampaign(1).mode()))
                .contacts(20, 1)
                .agents(1);
        world.store.promise(PROMISED, new AgentId("agent1"), World.START.plusSeconds(10));
        int[] seen = {0};
        world.desks = offered -> new Reply(seen[0]++ < 4 ? 5_000 : -1, OfferAnswer.SKIP);
        world.run(Duration.ofSeconds(19));
        assertThat(world.changes(Change.ContactOffered.class))
                .extracting(Change.ContactOffered::kind)
                .contains(OfferKind.PERSONAL_CALLBACK);
    }

    /** His promise is in one campaign; until he keeps it the other one, whose calls ring, has him. */
    @Test
    void shouldBeFreedByAnotherCampaignAsSoonAsItsCallsCanDoWithoutHim() {
        World world = World.active(campaign(AbsentAgentRule.ABANDON), Samples.withLines(Samples.agentCampaign(2), 1))
                .contacts(1, 1)
                .contacts(40, 2)
                .agents(2);
        world.desks = offered -> new Reply(1_000, OfferAnswer.ACCEPT);
        world.carrier.customers = dial -> Plan.fails(500, 20_000, 486);
        world.store.promise(PROMISED, ZOE, World.START.plusSeconds(30));
        world.run(Duration.ofSeconds(28));
        assertThat(world.store.agents.get(ZOE.value()).state).isEqualTo(AgentState.RESERVED);

        world.run(Duration.ofSeconds(27));
        assertThat(world.changes(Change.ContactOffered.class))
                .singleElement()
                .satisfies(offered -> assertThat(offered.agent()).isEqualTo(ZOE));
    }

    @Test
    void shouldBeFreedByAPreviewOfAnotherCampaignBetweenTwoContacts() {
        World world = World.active(campaign(AbsentAgentRule.ABANDON), Samples.previewCampaign(2))
                .contacts(1, 1)
                .contacts(40, 2)
                .agents(2);
        world.desks = offered ->
                new Reply(4_000, offered.kind() == OfferKind.PREVIEW ? OfferAnswer.SKIP : OfferAnswer.ACCEPT);
        world.store.promise(PROMISED, ZOE, World.START.plusSeconds(30));
        world.run(Duration.ofSeconds(40));
        assertThat(world.changes(Change.ContactOffered.class))
                .filteredOn(offered -> offered.kind() == OfferKind.PERSONAL_CALLBACK)
                .singleElement()
                .satisfies(offered -> assertThat(offered.agent()).isEqualTo(ZOE));
    }

    @Test
    void shouldBeFreedWhilePredictingThoughMoreCallsRingThanAgentsAreIdle() {
        Campaign campaign = PredictiveTest.campaign(DialingMode.PREDICTIVE_AGENT)
                .withCallbacks(new CallbackSettings(true, AbsentAgentRule.ABANDON, WINDOW));
        World world = PredictiveTest.world(campaign, 23);
        world.desks = offered -> new Reply(1_000, OfferAnswer.ACCEPT);
        world.run(Duration.ofMinutes(30));
        int idle = 0;
        int kept = 0;
        for (int i = 0; i < 30; i++) {
            FakeStore.AgentRow agent = world.untilReserved(Duration.ofMinutes(5));
            ContactId contact = world.store.contacts.values().stream()
                    .filter(row -> row.status == ContactStatus.PENDING)
                    .findFirst()
                    .orElseThrow()
                    .contact
                    .id();
            world.store.promise(contact, agent.id, world.now);
            idle++;
            world.until(w -> agent.state != AgentState.RESERVED, Duration.ofMinutes(2));
            kept += agent.state == AgentState.PREVIEW ? 1 : 0;
            world.run(Duration.ofSeconds(60));
        }
        assertThat(kept).as("of %s who were idle when it was time", idle).isGreaterThan(idle / 2);
        Abandonment counted = PredictiveTest.counted(world, campaign.id());
        assertThat((double) counted.abandoned())
                .as("%s; a call in hand", counted)
                .isLessThanOrEqualTo(0.03 * counted.liveAnswers() + 1);
    }

    @Test
    void shouldHandWaitingPromisesToThePeerAtOnce() {
        World world = absent(world(AbsentAgentRule.ABANDON)).run(Duration.ofSeconds(60));
        assertThat(world.counts().cached()).isEqualTo(1);
        world.send(new Event.MaintenanceAsked(1, false, "ops"));
        world.until(w -> w.phase().equals("stopped"), Duration.ofSeconds(2));
        assertThat(world.store.open.values()).isEmpty();
        assertThat(world.store.contacts.get(PROMISED).heldUnder).isEqualTo(world.store.epoch);
    }

    @Test
    void shouldGoOnWithPromisesThatAHandoverBrings() {
        World world = World.idle().contacts(1, 1).agents(3);
        world.store.promise(PROMISED, ZOE, World.START.minusSeconds(5));
        world.activated(campaign(AbsentAgentRule.ABANDON));
        var claimed =
                world.store.claimPersonal(campaign(AbsentAgentRule.ABANDON).id(), world.store.epoch, 1, world.now);
        world.send(new Event.ContactsClaimed(campaign(AbsentAgentRule.ABANDON).id(), claimed));
        world.run(Duration.ofSeconds(1));
        assertThat(world.changes(Change.ContactOffered.class))
                .singleElement()
                .satisfies(offered -> assertThat(offered.agent()).isEqualTo(ZOE));
    }

    @Test
    void shouldAskForWhatItHoldsWhenAClaimOfPromisesWasNotAnswered() {
        World world = world(AbsentAgentRule.ABANDON).run(Duration.ofSeconds(20));
        Campaign campaign = campaign(AbsentAgentRule.ABANDON);
        Instant due = World.START.plusSeconds(30);
        var taken = world.store.claimPersonal(campaign.id(), world.store.epoch, 1, due);

        world.send(new Event.PersonalCallbacksNotClaimed(campaign.id(), "the store did not answer"));
        world.run(Duration.ofSeconds(2));
        assertThat(world.commands(Command.ClaimContacts.class)).anyMatch(Command.ClaimContacts::heldToo);
        world.send(new Event.ContactsClaimed(campaign.id(), taken));
        world.run(Duration.ofSeconds(1));

        assertThat(world.changes(Change.ContactOffered.class))
                .singleElement()
                .satisfies(offered -> assertThat(offered.agent()).isEqualTo(ZOE));
    }

    @Test
    void shouldGivePromisesBackWhenTheCampaignStops() {
        World world = absent(world(AbsentAgentRule.ABANDON)).run(Duration.ofSeconds(60));
        world.send(new Event.CampaignsRead(
                List.of(campaign(AbsentAgentRule.ABANDON).withRunning(false))));
        world.run(Duration.ofSeconds(1));
        assertThat(world.status(1)).isEqualTo(ContactStatus.PERSONAL_CALLBACK);
        assertThat(notBefore(world)).isEqualTo(World.START.plusSeconds(30));
        assertThat(world.store.open.values()).isEmpty();
    }
}
