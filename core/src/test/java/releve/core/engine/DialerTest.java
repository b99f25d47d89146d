package releve.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import releve.core.agent.AgentState;
import releve.core.call.CallEvent;
import releve.core.call.Verdict;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.CpaSettings;
import releve.core.campaign.Samples;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.core.common.ReservationId;
import releve.core.common.Termination;
import releve.core.engine.FakeCarrier.Phone;
import releve.core.engine.FakeCarrier.Plan;
import releve.core.store.Change;

/** How a dialer in service dials. */
class DialerTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void shouldDialNothingAsStandby() {
        World world = World.idle().contacts(10, 1).agents(3);
        world.send(new Event.TrunkUp());
        world.send(new Event.CampaignsRead(List.of(Samples.agentCampaign(1))));
        world.run(Duration.ofSeconds(10));

        assertThat(world.steps)
                .allSatisfy(step -> assertThat(step.decision().changes()).isEmpty());
        assertThat(world.commands(Command.AfterCommit.class)).isEmpty();
    }

    @Test
    void shouldStartSoManyLinesForEachReservedAgent() {
        World world =
                World.active(Samples.agentCampaign(1)).contacts(50, 1).agents(3).run(SECOND.multipliedBy(3));

        assertThat(world.carrier.dialed).isEqualTo(5);
        assertThat(world.counts())
                .isEqualTo(new Counts(0, 5, 0, 0, 0, 0, 0, 3, world.counts().cached()));
    }

    @Test
    void shouldCommitTheStartBeforeTheInviteLeaves() {
        World world = World.active(Samples.agentCampaign(1)).contacts(5, 1).agents(1);
        world.carrier.customers = dial -> {
            assertThat(world.store.live).containsKey(dial.attempt());
            return Plan.rings();
        };
        world.run(SECOND.multipliedBy(2));
        assertThat(world.carrier.dialed).isEqualTo(2);
    }

    @Test
    void shouldConnectAnswerWithAgentAndSendHimToWrapUpAfterwards() {
        World world = World.active(Samples.agentCampaign(1)).contacts(1, 1).agents(1);
        world.carrier.customers = dial -> Plan.answers(500, 3000, 20_000);
        world.until(w -> w.counts().connected() == 1, Duration.ofSeconds(8)).run(Duration.ofMillis(5));
        assertThat(world.store.agentsIn(AgentState.TALKING)).isEqualTo(1);

        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(30));
        world.run(Duration.ofMillis(5));
        assertThat(world.store.ended.values()).allMatch(t -> t.result() == CallResult.VOICE);
        assertThat(world.store.agentsIn(AgentState.WRAP_UP)).isEqualTo(1);
        assertThat(world.status(1)).isEqualTo(ContactStatus.CLOSED);
    }

    @Test
    void shouldKeepAgentIdleWhenAnalysisFindsAMachine() {
        World world = World.active(Samples.agentCampaign(1).withCpa(CpaSettings.DEFAULT))
                .contacts(1, 1)
                .agents(1);
        world.carrier.customers = dial -> Plan.answers(500, 3000, 20_000).heard(Verdict.MACHINE);
        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(8)).run(Duration.ofMillis(5));

        assertThat(world.store.ended.values()).allMatch(t -> t.result() == CallResult.ANSWERING_MACHINE);
        assertThat(world.status(1)).isEqualTo(ContactStatus.RETRY);
        assertThat(world.commands(Command.Bridge.class)).isEmpty();
    }

    @Test
    void shouldNeverHaveMoreCallsThanPorts() {
        DialerConfig config = World.config();
        World world = new World(
                        new DialerConfig(config.node(), 7, 50, config.monitoringLimit(), config.transferLimit(), 20))
                .activated(Samples.agentCampaign(1))
                .contacts(100, 1)
                .agents(20)
                .run(Duration.ofSeconds(5));
        assertThat(world.counts().calls()).isEqualTo(7);
    }

    @Test
    void shouldKeepTheRateOverTime() {
        DialerConfig config = World.config();
        World world = new World(
                        new DialerConfig(config.node(), 1000, 2, config.monitoringLimit(), config.transferLimit(), 20))
                .activated(Samples.ivrCampaign(1, 500))
                .contacts(400, 1);
        world.carrier.customers = dial -> Plan.fails(-1, 30, 486);
        world.run(Duration.ofSeconds(60));
        assertThat(world.carrier.dialed).isBetween(118, 121);
    }

    @Test
    void shouldShareTheRateFairlyAmongCampaigns() {
        DialerConfig config = World.config();
        World world = new World(
                        new DialerConfig(config.node(), 1000, 2, config.monitoringLimit(), config.transferLimit(), 20))
                .activated(Samples.ivrCampaign(1, 500), Samples.ivrCampaign(2, 500))
                .contacts(400, 1)
                .contacts(400, 2);
        world.carrier.customers = dial -> Plan.fails(-1, 30, 486);
        world.run(Duration.ofSeconds(60));
        for (long id = 1; id <= 2; id++) {
            CampaignId campaign = new CampaignId(id);
            assertThat(world.changes(Change.AttemptStarted.class).stream()
                            .filter(started -> started.campaign().equals(campaign)))
                    .as("campaign %s", id)
                    .hasSizeBetween(55, 65);
        }
    }

    @Test
    void shouldPauseWhileTheRightIsNotConfirmedAndGoOnAfterwards() {
        World world = World.active(Samples.agentCampaign(1)).contacts(50, 1).agents(2);
        world.carrier.customers = dial -> Plan.fails(-1, 400, 486);
        world.run(Duration.ofSeconds(3));
        world.storeAnswers = false;
        world.run(Duration.ofMillis(2100));
        int dialed = world.carrier.dialed;
        int decided = world.commands(Command.Dial.class).size();
        world.run(Duration.ofSeconds(20));
        assertThat(world.commands(Command.Dial.class)).hasSize(decided);
        assertThat(world.carrier.dialed).isEqualTo(dialed);
        assertThat(world.dialer.status(world.now).dialing()).startsWith("paused: the store");

        world.storeAnswers = true;
        world.run(Duration.ofSeconds(3));
        assertThat(world.carrier.dialed).isGreaterThan(dialed);
    }

    @Test
    void shouldAbandonALiveAnswerThatNobodyTakesWithinTheLimit() {
        World world = World.active(Samples.agentCampaign(1)).contacts(2, 1).agents(1);
        world.carrier.customers = dial -> Plan.answers(100, 1000, 60_000);
        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(10));

        assertThat(world.store.ended.values())
                .singleElement()
                .satisfies(t -> assertThat(t.result()).isEqualTo(CallResult.DIALER_ABANDON));
        assertThat(Duration.between(World.START, world.now)).isBetween(SECOND.multipliedBy(3), SECOND.multipliedBy(4));
        assertThat(world.counts().connected()).isEqualTo(1);
    }

    @Test
    void shouldTryAnotherAgentWhenAPhoneRefuses() {
        World world = World.active(Samples.agentCampaign(1)).contacts(1, 1).agents(2);
        world.carrier.customers = dial -> Plan.answers(100, 1000, 60_000);
        world.carrier.phones = uri -> new Phone(50, uri.startsWith("sip:agent2"));
        world.until(w -> w.counts().connected() == 1, Duration.ofSeconds(5)).run(Duration.ofMillis(5));

        assertThat(world.store.agents.get("agent1").state).isEqualTo(AgentState.NOT_READY);
        assertThat(world.store.agents.get("agent2").state).isEqualTo(AgentState.TALKING);
    }

    @Test
    void shouldAbandonAndMarkTheAgentWhenHisPhoneNeverAnswers() {
        World world = World.active(Samples.agentCampaign(1)).contacts(1, 1).agents(1);
        world.carrier.customers = dial -> Plan.answers(100, 1000, 60_000);
        world.carrier.phones = uri -> new Phone(-1, false);
        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(10));
        assertThat(world.store.agents.get("agent1").state).isEqualTo(AgentState.NOT_READY);
        assertThat(world.commands(Command.HangUp.class)).hasSize(1);
    }

    @Test
    void shouldNotCallADeadIvrForeverForOneCustomer() {
        World world = World.active(Samples.ivrCampaign(1, 1)).contacts(1, 1);
        world.carrier.customers = dial -> Plan.answers(100, 1000, 600_000);
        world.carrier.phones = uri -> new Phone(1, false);
        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(10));
        assertThat(world.commands(Command.Bridge.class)).hasSizeLessThanOrEqualTo(5);
        assertThat(world.store.ended.values()).allMatch(t -> t.result() == CallResult.DIALER_ABANDON);
    }

    @Test
    void shouldFreeTheAgentWhenTheCustomerHangsUpDuringTransfer() {
        World world = World.active(Samples.agentCampaign(1)).contacts(1, 1).agents(1);
        world.carrier.customers = dial -> Plan.answers(100, 1000, 300);
        world.carrier.phones = uri -> new Phone(800, true);
        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(10)).run(Duration.ofMillis(5));
        assertThat(world.store.ended.values()).allMatch(t -> t.result() == CallResult.CUSTOMER_ABANDON);
        assertThat(world.changes(Change.AttemptConnected.class)).isEmpty();
        world.run(SECOND);
        assertThat(world.store.agentsIn(AgentState.TALKING) + world.store.agentsIn(AgentState.NOT_READY))
                .isZero();
    }

    @Test
    void shouldServeTheCustomerWhoHasWaitedLongestFirstAlsoAfterAFailedTransfer() {
        World world = World.active(Samples.withLines(Samples.agentCampaign(1), 2))
                .contacts(2, 1)
                .agents(1);
        world.carrier.customers = dial -> Plan.answers(100, dial.attempt().sequence() % 2 == 0 ? 1000 : 1100, 60_000);
        world.carrier.phones = uri -> new Phone(300, !uri.contains("agent1"));
        world.until(w -> !w.commands(Command.Bridge.class).isEmpty(), Duration.ofSeconds(5));
        AttemptId first = world.commands(Command.Bridge.class).getFirst().attempt();
        world.run(Duration.ofMillis(400))
                .agents(1)
                .until(w -> w.commands(Command.Bridge.class).size() == 2, Duration.ofSeconds(2));
        assertThat(world.commands(Command.Bridge.class).get(1).attempt()).isEqualTo(first);
    }

    @Test
    void shouldPauseWhileTheTrunkWantsNoCallsAndKeepItsAgents() {
        World world = World.active(Samples.agentCampaign(1)).contacts(20, 1).agents(2);
        world.run(SECOND.multipliedBy(2));
        int before = world.carrier.dialed;
        world.agents(2).send(new Event.TrunkPaused(Duration.ofSeconds(30), "every gateway answered 503"));
        world.run(Duration.ofSeconds(29));
        assertThat(world.carrier.dialed).isEqualTo(before);
        assertThat(world.counts().reserved()).isEqualTo(4);
        assertThat(world.dialer.status(world.now).dialing()).isEqualTo("paused: every gateway answered 503");
        world.run(Duration.ofSeconds(3));
        assertThat(world.carrier.dialed).isGreaterThan(before);
    }

    @Test
    void shouldGoOnAtOnceWhenAGatewayTakesCallsBeforeThePauseIsOver() {
        World world = World.active(Samples.ivrCampaign(1, 1)).contacts(1, 1);
        world.send(new Event.TrunkPaused(Duration.ofHours(10), "every gateway answered 503"));
        world.run(Duration.ofSeconds(5));
        assertThat(world.carrier.dialed).isZero();
        world.send(new Event.TrunkUp());
        world.run(SECOND.multipliedBy(2));
        assertThat(world.carrier.dialed).isEqualTo(1);
    }

    @Test
    void shouldUseNothingUpWhenNoGatewayTookTheCall() {
        World world = World.active(Samples.ivrCampaign(1, 1)).contacts(1, 1);
        world.carrier.customers = dial -> Plan.isNotTaken(10);
        world.until(w -> w.carrier.dialed == 1, SECOND.multipliedBy(2));
        world.run(Duration.ofSeconds(9));
        assertThat(world.carrier.dialed)
                .as("the contact waits before its next turn")
                .isEqualTo(1);
        world.run(Duration.ofSeconds(3));
        assertThat(world.carrier.dialed).isEqualTo(2);
        assertThat(world.store.contacts.values()).allMatch(row -> row.contact.attempts() == 0);
        assertThat(world.store.ended.values()).allMatch(t -> t.result() == CallResult.NO_DIAL_TONE);
    }

    @Test
    void shouldUseNothingUpWhenTheCallWasGivenUpBeforeAnyGatewayTookIt() {
        World world = World.active(Samples.ivrCampaign(1, 1)).contacts(1, 1);
        world.carrier.customers =
                dial -> new Plan(-1, 33_000, Plan.isNotTaken(0).failed(), 0, false);
        world.run(Duration.ofSeconds(35));
        assertThat(world.store.contacts.values()).allMatch(row -> row.contact.attempts() == 0);
        assertThat(world.store.ended.values()).hasSize(1).allMatch(t -> t.result() == CallResult.NO_DIAL_TONE);
    }

    @Test
    void shouldCountAnAttemptThatRangEvenWhenTheTrunkThenFails() {
        for (CallEvent.Failed failed :
                List.of(FakeCarrier.failure(503, 0), new CallEvent.Failed(408, "timer", 0, 0, false))) {
            World world = World.active(Samples.ivrCampaign(1, 1)).contacts(1, 1);
            world.carrier.customers = dial -> new Plan(100, 2000, failed, 0, true);
            world.run(Duration.ofSeconds(60));
            assertThat(world.carrier.dialed).isEqualTo(1);
            assertThat(world.store.ended.values()).allMatch(t -> t.result() == CallResult.NETWORK_DROP);
        }
    }

    @Test
    void shouldStillCountAsNoAnswerWhenTheCancelIsAnsweredOddly() {
        World world = World.active(Samples.ivrCampaign(1, 1)).contacts(1, 1);
        world.carrier.customers = dial -> new Plan(100, 32_100, FakeCarrier.failure(503, 0), 0, false);
        world.run(Duration.ofSeconds(50));
        assertThat(world.carrier.dialed).isEqualTo(1);
        assertThat(world.store.ended.values()).allMatch(t -> t.result() == CallResult.NO_ANSWER);
    }

    @Test
    void shouldPauseAndReleaseAgentsWhileTheTrunkIsDown() {
        World world = World.active(Samples.agentCampaign(1)).contacts(20, 1).agents(2);
        world.run(SECOND.multipliedBy(2));
        assertThat(world.counts().ringing()).isEqualTo(3);
        world.send(new Event.TrunkDown("OPTIONS is not answered"));
        world.run(Duration.ofSeconds(60));
        assertThat(world.carrier.dialed).isEqualTo(3);
        assertThat(world.counts().reserved()).isZero();
        assertThat(world.store.agentsIn(AgentState.READY)).isEqualTo(2);
        assertThat(world.dialer.status(world.now).dialing()).contains("OPTIONS");

        world.send(new Event.TrunkUp());
        world.run(SECOND);
        assertThat(world.carrier.dialed).isGreaterThan(3);
    }

    @Test
    void shouldWindAStoppedCampaignDown() {
        World world = World.active(Samples.agentCampaign(1)).contacts(20, 1).agents(2);
        world.run(SECOND.multipliedBy(2));
        world.send(new Event.CampaignsRead(List.of(Samples.withRunning(Samples.agentCampaign(1), false))));
        world.run(Duration.ofMillis(10));
        assertThat(world.store.contactsIn(ContactStatus.ACTIVE)).isZero();
        assertThat(world.store.agentsIn(AgentState.RESERVED)).isEqualTo(2);
        world.run(Duration.ofSeconds(40));
        assertThat(world.carrier.dialed).isEqualTo(3);
        assertThat(world.store.agentsIn(AgentState.READY)).isEqualTo(2);
    }

    @Test
    void shouldTreatACampaignThatIsGoneAsStopped() {
        World world = World.active(Samples.agentCampaign(1)).contacts(20, 1).agents(2);
        world.run(SECOND.multipliedBy(2));
        world.send(new Event.CampaignsRead(List.of()));
        world.run(Duration.ofSeconds(40));
        assertThat(world.carrier.dialed).isEqualTo(3);
        assertThat(world.store.agentsIn(AgentState.READY)).isEqualTo(2);
        assertThat(world.store.contactsIn(ContactStatus.ACTIVE)).isZero();
    }

    @Test
    void shouldReleaseAgentsWhenTheListIsDryAndReserveThemWhenItIsNot() {
        World world = World.active(Samples.agentCampaign(1)).contacts(1, 1).agents(2);
        world.carrier.customers = dial -> Plan.fails(-1, 300, 604);
        world.run(SECOND.multipliedBy(3));
        assertThat(world.store.agentsIn(AgentState.READY)).isEqualTo(2);
        assertThat(world.store.open).isEmpty();

        world.contacts(1, 1).run(SECOND.multipliedBy(2));
        assertThat(world.carrier.dialed).isEqualTo(2);
    }

    @Test
    void shouldLookAgainAtADryListThoughAnotherCampaignHasContacts() {
        Dialer dialer = new Dialer(World.config(), World.START);
        for (Event event : List.of(
                new Event.TrunkUp(),
                new Event.CampaignsRead(List.of(Samples.agentCampaign(1), Samples.agentCampaign(2))),
                new Event.RightGranted(1, World.START.plusSeconds(2), "nobody held it"),
                new Event.ContactsClaimed(
                        new CampaignId(1),
                        LongStream.rangeClosed(1, 8)
                                .mapToObj(id -> Samples.contact(id, 1, 0))
                                .toList()),
                new Event.ContactsClaimed(new CampaignId(2), List.of()))) {
            dialer.step(event, World.START);
        }
        assertThat(dialer.nextDeadline(World.START)).contains(World.START.plusSeconds(1));
        assertThat(dialer.step(new Event.Tick(), World.START.plusSeconds(1)).commands())
                .hasOnlyElementsOfType(Command.ClaimContacts.class)
                .hasSize(1);
    }

    @Test
    void shouldReturnTheContactOfAnAttemptThatTheStoreDidNotLetStart() {
        World world = World.active(Samples.ivrCampaign(1, 1)).contacts(1, 1);
        world.until(w -> !w.commands(Command.Dial.class).isEmpty(), SECOND.multipliedBy(2));
        AttemptId attempt = world.commands(Command.Dial.class).getFirst().attempt();
        Decision decision = world.send(new Event.StartRefused(attempt, "its phone has a live attempt"));
        assertThat(decision.changes()).hasAtLeastOneElementOfType(Change.ContactReturned.class);
        assertThat(world.counts().calls()).isZero();
    }

    @Test
    void shouldNotForgetACallThatRingsForALateRefusal() {
        World world = World.active(Samples.ivrCampaign(1, 1)).contacts(1, 1);
        world.until(w -> w.counts().ringing() == 1, SECOND.multipliedBy(2));
        AttemptId attempt = world.commands(Command.Dial.class).getFirst().attempt();
        assertThat(world.dialer
                        .step(new Event.StartRefused(attempt, "late"), world.now)
                        .changes())
                .isEmpty();
        assertThat(world.counts().ringing()).isEqualTo(1);
    }

    @Test
    void shouldPutAContactBackWhoseAttemptWasNotCommittedWithinItsRingLimit() {
        World world = World.active(Samples.ivrCampaign(1, 1)).contacts(1, 1);
        world.until(w -> !w.changes(Change.AttemptStarted.class).isEmpty(), Duration.ofSeconds(3));
        world.storeAnswers = false;
        world.run(Duration.ofSeconds(60));
        assertThat(world.carrier.dialed).isZero();
        world.storeAnswers = true;
        world.run(Duration.ofMillis(150));
        assertThat(world.store.ended.values())
                .first()
                .extracting(Termination::result)
                .isEqualTo(CallResult.STORE_LOST);
        assertThat(world.changes(Change.AttemptEnded.class).getFirst().outcome().attemptCounts())
                .isFalse();
    }

    @Test
    void shouldPutAWithheldContactBackAsIfNothingHadBeen() {
        World world = World.active(Samples.ivrCampaign(1, 1)).contacts(1, 1);
        world.until(w -> !w.commands(Command.Dial.class).isEmpty(), SECOND.multipliedBy(2));
        AttemptId attempt = world.commands(Command.Dial.class).getFirst().attempt();
        Decision decision =
                world.send(new Event.CallReported(attempt, new CallEvent.Withheld("the right had run out")));
        assertThat(decision.changes())
                .filteredOn(Change.AttemptEnded.class::isInstance)
                .singleElement()
                .satisfies(change -> assertThat(
                                ((Change.AttemptEnded) change).outcome().attemptCounts())
                        .isFalse());
    }

    @Test
    void shouldIgnoreTheSameGrantToldTwice() {
        World world = World.active(Samples.agentCampaign(1)).contacts(10, 1).agents(1);
        world.run(SECOND.multipliedBy(2));
        Event.ReservationGranted grant = world.steps.stream()
                .map(World.Step::event)
                .filter(Event.ReservationGranted.class::isInstance)
                .map(Event.ReservationGranted.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(world.send(grant).changes()).isEmpty();
        assertThat(world.counts().reserved()).isEqualTo(1);
    }

    @Test
    void shouldSendAnAgentBackWhomNobodyAskedFor() {
        World world = World.active(Samples.agentCampaign(1));
        Decision decision = world.send(new Event.ReservationGranted(
                ReservationId.of(1, 1, 999), new AgentId("zoe"), "sip:zoe@192.0.2.20", Set.of("sales")));
        assertThat(decision.changes()).singleElement().isInstanceOf(Change.ReservationWithdrawn.class);
    }

    @Test
    void shouldHangUpLateAnswersOfUnknownAttemptsAndIgnoreTheRest() {
        World world = World.active(Samples.agentCampaign(1));
        AttemptId unknown = AttemptId.of(1, 1, 12345);
        for (CallEvent late : List.of(new CallEvent.Answered(), new CallEvent.Bridged())) {
            assertThat(world.send(new Event.CallReported(unknown, late)).commands())
                    .contains(new Command.HangUp(unknown));
        }
        for (CallEvent late :
                List.of(new CallEvent.Ringing(), new CallEvent.CustomerHungUp(), FakeCarrier.failure(487, 0))) {
            Decision decision = world.send(new Event.CallReported(unknown, late));
            assertThat(decision.commands()).noneMatch(command -> command instanceof Command.HangUp);
            assertThat(decision.changes()).noneMatch(change -> change instanceof Change.AttemptEnded);
        }
    }

    @Test
    void shouldNotHoardDeadlinesWhenACarrierRepeatsItself() {
        World world = World.active(Samples.ivrCampaign(1, 1)).contacts(1, 1);
        world.until(w -> w.counts().ringing() == 1, SECOND.multipliedBy(2));
        AttemptId attempt = world.commands(Command.Dial.class).getFirst().attempt();
        for (int i = 0; i < 500; i++) {
            world.send(new Event.CallReported(attempt, new CallEvent.Ringing()));
        }
        assertThat(world.dialer.deadlinesKept()).isLessThan(10);
    }
}
