package releve.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import releve.core.agent.AgentState;
import releve.core.call.CallEvent;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.Samples;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.EndedBy;
import releve.core.common.Handover;
import releve.core.common.Termination;
import releve.core.engine.FakeCarrier.Phone;
import releve.core.engine.FakeCarrier.Plan;
import releve.core.pair.Peer;
import releve.core.pair.RoleState;
import releve.core.store.Change;

/** How a dialer leaves service, in order and otherwise. */
class MaintenanceTest {
    private static final Peer UNFIT = new Peer.Unfit("side B is absent");

    /** In full swing: some ring, some talk; a customer in three answers. */
    private static World busy() {
        World world = World.active(Samples.agentCampaign(1)).contacts(500, 1).agents(10);
        world.carrier.customers = dial -> switch ((int) (dial.attempt().sequence() % 3)) {
            case 0 -> Plan.answers(300, 4000 + dial.attempt().sequence() * 7 % 900, 40_000);
            case 1 -> Plan.rings();
            default -> Plan.fails(200, 6000, 486);
        };
        return world.until(w -> w.counts().connected() >= 4 && w.counts().ringing() >= 3, Duration.ofMinutes(2));
    }

    private static World ask(World world) {
        world.send(new Event.MaintenanceAsked(1, false, "ops"));
        return world;
    }

    private static Optional<Command.Answer> answer(World world, long command) {
        return world.commands(Command.Answer.class).stream()
                .filter(answer -> answer.command() == command)
                .findFirst();
    }

    @Test
    void shouldStopReservingAndDialingAtOnce() {
        World world = busy();
        Decision decision = world.send(new Event.MaintenanceAsked(1, false, "ops"));
        int dialed = world.commands(Command.Dial.class).size();
        int requested = world.changes(Change.ReservationRequested.class).size();

        assertThat(decision.changes()).hasAtLeastOneElementOfType(Change.ReservationWithdrawn.class);
        world.run(Duration.ofMinutes(5));
        assertThat(world.commands(Command.Dial.class)).hasSize(dialed);
        assertThat(world.changes(Change.ReservationRequested.class)).hasSize(requested);
        assertThat(answer(world, 1))
                .hasValueSatisfying(a -> assertThat(a.accepted()).isTrue());
    }

    @Test
    void shouldHandOverOnlyWhenEverythingIsSettledAndWithinTheLongestRing() {
        World world = ask(busy());
        Instant asked = world.now;
        world.until(w -> !w.commands(Command.HandOver.class).isEmpty(), Duration.ofSeconds(33));

        Counts counts = world.counts();
        assertThat(counts.dialing() + counts.ringing() + counts.analysing() + counts.transferring() + counts.reserved())
                .isZero();
        assertThat(Duration.between(asked, world.now)).isLessThanOrEqualTo(Duration.ofSeconds(33));
        assertThat(counts.connected()).isPositive();
        world.run(Duration.ofMillis(10));
        assertThat(world.phase()).isEqualTo("monitoring");
        assertThat(world.store.agentsIn(AgentState.RESERVED)).isZero();
    }

    @Test
    void shouldStillConnectWhoAnswersDuringTheDrainAndReleaseNoAgentHeNeeds() {
        World world = World.active(Samples.agentCampaign(1)).contacts(20, 1).agents(2);
        world.carrier.customers = dial -> Plan.answers(200, 20_000, 30_000);
        world.until(w -> w.counts().ringing() == 3, Duration.ofSeconds(3));
        ask(world).run(Duration.ofSeconds(10));
        assertThat(world.store.agentsIn(AgentState.RESERVED)).isEqualTo(2);

        world.until(w -> w.counts().connected() == 2, Duration.ofSeconds(15));
        world.until(w -> w.phase().equals("monitoring"), Duration.ofSeconds(5));
        assertThat(world.store.ended.values()).allMatch(t -> t.result() == CallResult.DIALER_ABANDON);
        assertThat(world.store.ended).hasSize(1);
    }

    @Test
    void shouldKeepAnAgentForACallWhoseTransferToAnotherMayFail() {
        World world = World.active(Samples.withLines(Samples.agentCampaign(1), 1))
                .contacts(2, 1)
                .agents(2);
        boolean[] first = {true};
        world.carrier.customers = dial -> {
            Plan plan = first[0] ? Plan.answers(200, 5000, 60_000) : Plan.fails(200, 5500, 486);
            first[0] = false;
            return plan;
        };
        world.carrier.phones = uri -> new Phone(1500, false);
        world.until(w -> w.counts().ringing() == 2, Duration.ofSeconds(3));
        ask(world);
        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(8)).run(Duration.ofMillis(50));
        assertThat(world.store.agentsIn(AgentState.RESERVED)).isEqualTo(2);
        world.until(w -> w.commands(Command.Bridge.class).size() == 2, Duration.ofSeconds(3));
    }

    @Test
    void shouldKeepAFreedAgentForAnotherCallDuringTheDrain() {
        World world = World.active(Samples.withLines(Samples.agentCampaign(1), 2))
                .contacts(2, 1)
                .agents(1);
        boolean[] first = {true};
        world.carrier.customers = dial -> {
            Plan plan = first[0] ? Plan.answers(200, 5000, 200) : Plan.answers(200, 8000, 60_000);
            first[0] = false;
            return plan;
        };
        world.carrier.phones = uri -> new Phone(400, true);
        world.until(w -> w.counts().ringing() == 2, Duration.ofSeconds(3));
        ask(world);
        world.until(w -> w.counts().connected() == 1, Duration.ofSeconds(10));
        assertThat(world.store.ended.values()).allMatch(t -> t.result() == CallResult.CUSTOMER_ABANDON);
    }

    @Test
    void shouldFollowConnectedCallsToTheirEndAndThenStop() {
        World world = ask(busy());
        world.until(w -> w.phase().equals("monitoring"), Duration.ofSeconds(40));
        int connected = world.counts().connected();
        assertThat(connected).isPositive();
        world.until(w -> w.phase().equals("stopped"), Duration.ofMinutes(2)).run(Duration.ofSeconds(1));

        assertThat(world.commands(Command.StopProcess.class))
                .singleElement()
                .satisfies(stop -> assertThat(stop.exitStatus()).isZero());
        assertThat(world.store.live).isEmpty();
        assertThat(world.store.ended.values())
                .noneMatch(t -> t.endedBy() == EndedBy.DIALER && t.result() == CallResult.VOICE);
        world.witness.nothingLeft();
    }

    @Test
    void shouldLetCallsGoAtTheMonitoringLimitWithoutHangingUp() {
        World world = World.active(Samples.agentCampaign(1)).contacts(1, 1).agents(1);
        world.carrier.customers =
                dial -> Plan.answers(200, 1000, Duration.ofHours(5).toMillis());
        world.until(w -> w.counts().connected() == 1, Duration.ofSeconds(5));
        ask(world)
                .until(w -> w.phase().equals("stopped"), Duration.ofMinutes(91))
                .run(Duration.ofSeconds(1));

        assertThat(world.commands(Command.HangUp.class)).isEmpty();
        assertThat(world.commands(Command.Forget.class)).hasSize(1);
        assertThat(world.store.ended.values())
                .singleElement()
                .satisfies(t -> assertThat(t.reason()).contains("90 min", "the call goes on"));
        assertThat(world.commands(Command.StopProcess.class).getFirst().exitStatus())
                .isZero();
    }

    @Test
    void shouldDrainAnIvrCampaignIntoItsIvr() {
        World world = World.active(Samples.ivrCampaign(1, 5)).contacts(50, 1);
        world.carrier.customers = dial -> Plan.answers(200, 15_000, 20_000);
        world.until(w -> w.counts().ringing() == 5, Duration.ofSeconds(3));
        ask(world).until(w -> w.phase().equals("stopped"), Duration.ofMinutes(2));
        assertThat(world.changes(Change.AttemptConnected.class)).hasSize(5);
        assertThat(world.changes(Change.AttemptEnded.class))
                .hasSize(5)
                .allMatch(end -> end.termination().result() == CallResult.VOICE);
    }

    @Test
    void shouldRefuseWithoutAStandbyAndSayWhy() {
        World world = busy();
        world.send(new Event.PeerSeen(UNFIT));
        ask(world);
        assertThat(answer(world, 1)).contains(new Command.Answer(1, false, "side B is absent"));
        assertThat(world.phase()).isEqualTo("active");
        assertThat(world.dialer.plan(Handover.SEQUENTIAL, world.now).possible()).isFalse();
        assertThat(world.dialer.plan(Handover.SEQUENTIAL, world.now).blockedBy())
                .isEqualTo("side B is absent");
    }

    @Test
    void shouldGiveTheRightUpWhenForcedWithoutAStandby() {
        World world = busy();
        world.send(new Event.PeerSeen(UNFIT));
        world.send(new Event.MaintenanceAsked(1, true, "ops"));
        world.until(w -> w.phase().equals("monitoring"), Duration.ofSeconds(40));
        assertThat(world.commands(Command.GiveUpRight.class)).hasSize(1);
        assertThat(world.commands(Command.HandOver.class)).isEmpty();
        assertThat(world.store.contactsIn(ContactStatus.ACTIVE)).isZero();
    }

    @Test
    void shouldReturnToServiceByItselfWhenTheStandbyFailsDuringQuiescing() {
        World world = ask(busy()).run(Duration.ofSeconds(2));
        world.send(new Event.PeerSeen(UNFIT));
        assertThat(world.phase()).isEqualTo("active");
        int dialed = world.carrier.dialed;
        world.run(Duration.ofSeconds(20));
        assertThat(world.carrier.dialed).isGreaterThan(dialed);
        assertThat(world.dialer.status(world.now).reason()).contains("by itself", "side B is absent");
    }

    @Test
    void shouldReturnToServiceWhenTheStandbyFailsDuringTheHandover() {
        World world = ask(busy());
        world.handoverWorks = false;
        world.until(w -> w.phase().equals("handing over"), Duration.ofSeconds(40));
        world.send(new Event.PeerSeen(UNFIT));
        world.run(Duration.ofSeconds(2));
        assertThat(world.commands(Command.GiveUpRight.class)).isEmpty();
        assertThat(world.phase()).isEqualTo("active");
    }

    @Test
    void shouldTryAFailedHandoverAgain() {
        World world = ask(busy());
        world.handoverWorks = false;
        world.until(w -> w.commands(Command.HandOver.class).size() == 3, Duration.ofSeconds(40));
        world.handoverWorks = true;
        world.until(w -> w.phase().equals("monitoring"), Duration.ofSeconds(1));
    }

    @Test
    void shouldGoBackToServiceWhenCancelledBeforeTheHandover() {
        World world = ask(busy()).run(Duration.ofSeconds(3));
        world.send(new Event.MaintenanceCancelled(2, "ops"));
        assertThat(world.phase()).isEqualTo("active");
        assertThat(answer(world, 2))
                .hasValueSatisfying(a -> assertThat(a.accepted()).isTrue());
        int dialed = world.carrier.dialed;
        world.run(Duration.ofSeconds(20));
        assertThat(world.carrier.dialed).isGreaterThan(dialed);
    }

    @Test
    void shouldGoBackToStandbyWhenCancelledAfterTheHandoverAndKeepItsCalls() {
        World world = ask(busy()).until(w -> w.phase().equals("monitoring"), Duration.ofSeconds(40));
        int connected = world.counts().connected();
        int dialed = world.commands(Command.Dial.class).size();
        world.send(new Event.MaintenanceCancelled(2, "ops"));
        assertThat(world.phase()).isEqualTo("standby");
        assertThat(world.counts().connected()).isEqualTo(connected);
        world.run(Duration.ofMinutes(2));
        assertThat(world.commands(Command.Dial.class)).hasSize(dialed);
        assertThat(world.phase()).isEqualTo("standby");
        assertThat(world.store.live).isEmpty();
        assertThat(world.commands(Command.StopProcess.class)).isEmpty();
    }

    @Test
    void shouldRefuseToCancelWhatIsNotUnderWayAndMaintenanceTwice() {
        World world = busy();
        world.send(new Event.MaintenanceCancelled(1, "ops"));
        assertThat(answer(world, 1)).contains(new Command.Answer(1, false, "no maintenance is under way"));
        world.send(new Event.MaintenanceAsked(2, false, "ops"));
        world.send(new Event.MaintenanceAsked(3, true, "ops"));
        assertThat(answer(world, 3)).contains(new Command.Answer(3, false, "maintenance is under way already"));
    }

    @Test
    void shouldStopAStandbyInMaintenanceThatFollowsNothingOnceTheOtherSideIsSeenToWork() {
        World world = World.idle();
        world.send(new Event.MaintenanceAsked(1, false, "ops"));
        assertThat(world.phase()).isEqualTo("monitoring");
        assertThat(world.dialer.status(world.now).waitsFor()).contains("the other side to use the right to dial");
        Decision decision = world.send(new Event.SuccessorSeen());
        assertThat(decision.commands()).hasAtLeastOneElementOfType(Command.StopProcess.class);
        assertThat(world.phase()).isEqualTo("stopped");
    }

    @Test
    void shouldStopAStandbyAtOnceWhenItsMaintenanceIsForced() {
        World world = World.idle();
        Decision decision = world.send(new Event.MaintenanceAsked(1, true, "SIGTERM"));
        assertThat(decision.commands()).hasAtLeastOneElementOfType(Command.StopProcess.class);
        assertThat(world.phase()).isEqualTo("stopped");
    }

    @Test
    void shouldStayWithoutCallsUntilTheLimitWhileNobodyIsSeenToDial() {
        World world = World.active(Samples.agentCampaign(1));
        world.successorLives = false;
        world.routeEveryMs = 10_000;
        ask(world).run(Duration.ofMinutes(89));
        assertThat(world.phase()).isEqualTo("monitoring");
        world.run(Duration.ofMinutes(2));
        assertThat(world.phase()).isEqualTo("stopped");
    }

    @Test
    void shouldComeBackWithItsCallsWhenItIsGrantedTheRightAgain() {
        World world = ask(busy()).until(w -> w.phase().equals("monitoring"), Duration.ofSeconds(40));
        int connected = world.counts().connected();
        int dialed = world.carrier.dialed;
        assertThat(connected).isPositive();
        world.granted("took over from B/b1, which did not renew its lease");
        assertThat(world.phase()).isEqualTo("active");
        assertThat(world.counts().connected()).isEqualTo(connected);
        world.run(Duration.ofSeconds(20));
        assertThat(world.carrier.dialed).isGreaterThan(dialed);
        assertThat(world.commands(Command.Journal.class))
                .extracting(journal -> journal.transition().toString())
                .contains("monitoring → standby: back in service by itself: nobody else used the right");
    }

    @Test
    void shouldGiveBackARightThatCameTooLate() {
        World world = World.idle();
        world.send(new Event.MaintenanceAsked(1, true, "ops"));
        Decision decision = world.send(new Event.RightGranted(5, world.now.plusSeconds(2), "expired"));
        assertThat(decision.commands()).contains(new Command.GiveUpRight(5));
    }

    @Test
    void shouldTakeARightThatCameAnewAsLostAndGranted() {
        World world = busy();
        world.store.takenOver();
        world.store.held = true;
        Decision decision =
                world.send(new Event.RightGranted(world.store.epoch, world.now.plusSeconds(2), "it had expired"));
        assertThat(decision.commands()).hasAtLeastOneElementOfType(Command.CancelDial.class);
        assertThat(world.dialer.role())
                .isInstanceOfSatisfying(
                        RoleState.Active.class, a -> assertThat(a.epoch()).isEqualTo(2));
        world.run(Duration.ofSeconds(30));
        assertThat(world.counts().ringing() + world.counts().connected()).isPositive();
    }

    @Test
    void shouldCancelWhatRingsAndKeepWhoTalksWhenTheRightIsLost() {
        World world = busy();
        world.store.takenOver();
        int connected = world.counts().connected();
        int dialed = world.commands(Command.Dial.class).size();
        Decision decision = world.send(new Event.RightLost("side B took over"));

        assertThat(decision.commands()).hasAtLeastOneElementOfType(Command.CancelDial.class);
        assertThat(world.counts().ringing()
                        + world.counts().dialing()
                        + world.counts().transferring())
                .isZero();
        assertThat(world.counts().connected()).isEqualTo(connected);
        assertThat(world.counts().cached() + world.counts().reserved()).isZero();
        assertThat(world.phase()).isEqualTo("standby");
        world.run(Duration.ofMinutes(2));
        assertThat(world.commands(Command.Dial.class)).hasSize(dialed);
        assertThat(world.counts().calls()).isZero();
        world.witness.nothingLeft();
    }

    @Test
    void shouldGoOnToMonitoringWhenTheRightIsLostDuringMaintenance() {
        World world = ask(busy()).run(Duration.ofSeconds(1));
        world.store.takenOver();
        world.send(new Event.RightLost("side B took over"));
        assertThat(world.phase()).isEqualTo("monitoring");
        world.until(w -> w.phase().equals("stopped"), Duration.ofMinutes(2));
        world.witness.nothingLeft();
    }

    @Test
    void shouldStopAtOnceAndSayWhatItCut() {
        World world = busy();
        Counts before = world.counts();
        Decision decision = world.send(new Event.StopNow("second SIGTERM"));
        assertThat(decision.commands().stream().filter(Command.StopProcess.class::isInstance))
                .singleElement()
                .satisfies(command -> {
                    Command.StopProcess stop = (Command.StopProcess) command;
                    assertThat(stop.exitStatus()).isEqualTo(1);
                    assertThat(stop.reason())
                            .contains(before.ringing() + " ringing", "left " + before.connected() + " connected");
                });
        assertThat(decision.commands()).contains(new Command.GiveUpRight(1));
        assertThat(world.counts().calls()).isZero();
        assertThat(decision.changes().stream().filter(Change.AttemptEnded.class::isInstance))
                .hasSize(before.calls());
        world.run(Duration.ofSeconds(5));
        assertThat(world.store.live).isEmpty();
        assertThat(world.store.contactsIn(ContactStatus.ACTIVE)).isZero();
        world.witness.nothingLeft();
    }

    @Test
    void shouldStopAnIdleProcessWithSuccess() {
        World world = World.active(Samples.agentCampaign(1));
        world.send(new Event.StopNow("SIGINT"));
        assertThat(world.commands(Command.StopProcess.class).getFirst().exitStatus())
                .isZero();
        world.send(new Event.StopNow("SIGINT"));
        assertThat(world.commands(Command.StopProcess.class)).hasSize(1);
    }

    @Test
    void shouldNotForgetItsContactsForALateWordOfAnOldHandover() {
        World world = busy();
        int cached = world.counts().cached();
        assertThat(cached).isPositive();
        world.send(new Event.HandedOver(world.store.epoch - 1, "handed over to b1"));
        assertThat(world.counts().cached()).isEqualTo(cached);
    }

    @Test
    void shouldAnswerADryRunWithoutChangingAnything() {
        World world = busy();
        Counts before = world.counts();
        Decision decision = world.send(new Event.DryRunAsked(9));
        Command.AnswerDryRun answer = decision.commands().stream()
                .filter(Command.AnswerDryRun.class::isInstance)
                .map(Command.AnswerDryRun.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(answer.plan().possible()).isTrue();
        assertThat(answer.plan().counts().connected()).isEqualTo(before.connected());
        // The longest ring, then 2 s until somebody is found, then three phones of 5 s each.
        assertThat(answer.plan().handoverWithin()).isBetween(Duration.ofSeconds(17), Duration.ofSeconds(32 + 17));
        assertThat(world.phase()).isEqualTo("active");
    }

    @Test
    void shouldKeepItsPromiseOfWhenItIsOverAtTheLatest() {
        World world = World.active(Samples.agentCampaign(1)).contacts(50, 1).agents(8);
        world.carrier.customers = dial -> Plan.answers(200, 31_900, 60_000);
        world.carrier.phones = uri -> new Phone(4900, false);
        world.until(w -> w.counts().ringing() == 12, Duration.ofSeconds(3));
        ask(world);
        DialerStatus status = world.dialer.status(world.now);
        assertThat(status.waitsFor()).startsWith("12 ringing");
        world.until(w -> !w.phase().equals("quiescing"), Duration.ofMinutes(3));
        assertThat(world.now).isAfter(status.expectedAt()).isBeforeOrEqualTo(status.limitAt());
    }

    @Test
    void shouldHangUpAnAnswerThatCrossesTheCancelAndCountItAsAbandoned() {
        World world = World.active(Samples.ivrCampaign(1, 1)).contacts(1, 1);
        world.carrier.customers = dial -> new Plan(200, 32_010, null, 60_000, false);
        world.until(w -> w.counts().cancelling() == 1, Duration.ofSeconds(40)).run(Duration.ofMillis(100));
        assertThat(world.store.ended.values())
                .containsExactly(new Termination(
                        CallResult.DIALER_ABANDON, EndedBy.DIALER, "answered while it was being cancelled"));
        assertThat(world.commands(Command.HangUp.class)).hasSize(1);
    }

    @Test
    void shouldNotWaitForeverForTheLastWordOnACancelledCall() {
        World world = World.active(Samples.ivrCampaign(1, 1)).contacts(1, 1);
        world.carrier.customers = dial -> new Plan(200, -1, null, 0, false);
        world.run(Duration.ofSeconds(66));
        assertThat(world.store.ended.values())
                .singleElement()
                .satisfies(t -> assertThat(t.result()).isEqualTo(CallResult.NO_ANSWER));
        AttemptId attempt = world.store.ended.keySet().iterator().next();
        assertThat(world.send(new Event.CallReported(attempt, new CallEvent.Answered()))
                        .commands())
                .contains(new Command.HangUp(attempt));
        assertThat(List.of(world.counts().calls())).containsExactly(0);
    }
}
