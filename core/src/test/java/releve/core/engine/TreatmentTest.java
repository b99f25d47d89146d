package releve.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import releve.core.agent.AgentState;
import releve.core.call.Verdict;
import releve.core.campaign.AbandonSettings;
import releve.core.campaign.Campaign;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.CpaSettings;
import releve.core.campaign.DialingMode;
import releve.core.campaign.IvrSettings;
import releve.core.campaign.MachineTreatment;
import releve.core.campaign.Samples;
import releve.core.common.CallResult;
import releve.core.common.ContactId;
import releve.core.engine.FakeCarrier.Plan;
import releve.core.pair.RoleState;
import releve.core.store.Change;

/** What a dialer does with customers whom nobody serves, and with machines. */
class TreatmentTest {
    private static final String IVR = "sip:ivr@192.0.2.30";

    /** Two customers answer at once, and one agent talks for a minute. */
    private static World twoForOne(AbandonSettings abandon) {
        World world = World.active(Samples.agentCampaign(1).withAbandon(abandon))
                .contacts(2, 1)
                .agents(1);
        world.carrier.customers = dial -> Plan.answers(500, 3000, 60_000);
        return world.until(w -> !w.commands(Command.Bridge.class).isEmpty(), Duration.ofSeconds(8));
    }

    private static List<CallResult> results(World world) {
        return world.changes(Change.AttemptEnded.class).stream()
                .map(ended -> ended.termination().result())
                .toList();
    }

    private static World machines(Campaign campaign, int contacts, Verdict... heard) {
        World world = World.active(campaign).contacts(contacts, 1).agents(2);
        world.carrier.customers = dial -> Plan.answers(500, 3000, 20_000).heard(heard);
        return world;
    }

    private static Campaign analysing(MachineTreatment machine) {
        return Samples.agentCampaign(1)
                .withIvr(new IvrSettings(1, IVR))
                .withCpa(CpaSettings.DEFAULT.withMachine(machine, "hello.wav"));
    }

    @Test
    void shouldPlayTheMessageToWhomNobodyServesAndAbandonHimWhenItIsOver() {
        World world = twoForOne(AbandonSettings.DEFAULT.withMessage("sorry.wav"));
        world.until(w -> !w.commands(Command.PlayAndHangUp.class).isEmpty(), Duration.ofSeconds(3));
        assertThat(results(world)).isEmpty();
        assertThat(world.changes(Change.AttemptDecided.class))
                .as("written before the message ends")
                .singleElement()
                .satisfies(decided -> {
                    assertThat(decided.because().result()).isEqualTo(CallResult.DIALER_ABANDON);
                    assertThat(decided.outcome().status()).isEqualTo(ContactStatus.RETRY);
                });
        world.run(Duration.ofSeconds(4));
        assertThat(results(world)).containsExactly(CallResult.DIALER_ABANDON);
        assertThat(world.changes(Change.AttemptEnded.class).getFirst().outcome().status())
                .isEqualTo(ContactStatus.RETRY);
        assertThat(world.store.agentsIn(AgentState.TALKING)).isEqualTo(1);
    }

    @Test
    void shouldSendWhomNobodyServesToTheIvr() {
        World world = twoForOne(AbandonSettings.DEFAULT.withIvr(IVR));
        world.until(w -> w.commands(Command.Bridge.class).size() == 2, Duration.ofSeconds(3));
        assertThat(world.commands(Command.Bridge.class).getLast().targetUri()).isEqualTo(IVR);
        world.run(Duration.ofSeconds(120));
        assertThat(results(world)).containsExactlyInAnyOrder(CallResult.VOICE, CallResult.ABANDONED_TO_IVR);
        assertThat(world.changes(Change.AttemptConnected.class))
                .as("the ledger knows the IVR's leg")
                .hasSize(2);
    }

    @Test
    void shouldNotHoldTheHandoverUpForAMessage() {
        World world = twoForOne(AbandonSettings.DEFAULT.withMessage("sorry.wav"));
        world.carrier.playMs = 30_000;
        world.until(w -> !w.commands(Command.PlayAndHangUp.class).isEmpty(), Duration.ofSeconds(3));
        world.send(new Event.MaintenanceAsked(1, false, "ops"));
        world.until(w -> w.dialer.role() instanceof RoleState.Monitoring, Duration.ofSeconds(5));
        assertThat(results(world)).isEmpty();
        world.until(w -> w.dialer.role() instanceof RoleState.Stopped, Duration.ofSeconds(90));
        assertThat(results(world)).containsExactlyInAnyOrder(CallResult.DIALER_ABANDON, CallResult.VOICE);
    }

    @Test
    void shouldLeaveAMessageAfterTheMachinesTone() {
        World world =
                machines(analysing(MachineTreatment.WAIT_FOR_BEEP_AND_PLAY), 1, Verdict.MACHINE, Verdict.MACHINE_TONE);
        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(20));
        assertThat(world.commands(Command.PlayAndHangUp.class))
                .extracting(Command.PlayAndHangUp::recording)
                .containsExactly("hello.wav");
        assertThat(results(world)).containsExactly(CallResult.ANSWERING_MACHINE);
        assertThat(world.commands(Command.Bridge.class))
                .as("no agent is disturbed")
                .isEmpty();
    }

    @Test
    void shouldEndMachinesForWhichTheIvrHasNoPort() {
        World world = machines(analysing(MachineTreatment.TRANSFER_TO_IVR), 2, Verdict.MACHINE);
        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(10));
        assertThat(world.changes(Change.AttemptEnded.class)
                        .getFirst()
                        .termination()
                        .reason())
                .contains("none of its ports is free");
        assertThat(world.commands(Command.Bridge.class)).hasSize(1);
        world.until(w -> w.store.ended.size() == 2, Duration.ofSeconds(30));
        assertThat(results(world)).containsOnly(CallResult.ANSWERING_MACHINE);
    }

    @Test
    void shouldSayThatTheTrunkPromisesNoAnalysisInPlaceOfWaitingForIt() {
        World world = machines(analysing(MachineTreatment.ABANDON), 1);
        world.until(w -> w.counts().connected() == 1, Duration.ofSeconds(8));
        assertThat(world.dialer.status(world.now).dialing()).contains("the trunk promises no analysis of answers");
        assertThat(world.counts().analysing()).isZero();
    }

    @Test
    void shouldCountATonesCongestionThoughATrunksIsNotCounted() {
        World world = machines(analysing(MachineTreatment.ABANDON), 1, Verdict.SIT_NO_CIRCUIT);
        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(8));
        Change.AttemptEnded ended = world.changes(Change.AttemptEnded.class).getFirst();
        assertThat(ended.termination().result()).isEqualTo(CallResult.NO_DIAL_TONE);
        assertThat(ended.outcome().attemptCounts()).isTrue();
        assertThat(Duration.between(world.now, ended.outcome().notBefore())).isGreaterThan(Duration.ofMinutes(1));
    }

    private static World owed(Campaign campaign) {
        World world = World.active(campaign).contacts(12, 1).agents(1);
        world.store.contacts.get(new ContactId(3)).agentOwed = true;
        return world;
    }

    @Test
    void shouldDialWhoIsOwedAnAgentOnlyWithOneKeptForHimAlone() {
        World world = owed(Samples.withLines(Samples.agentCampaign(1), 3));
        world.carrier.customers = dial -> Plan.fails(500, 4000, 486);
        ContactId owed = new ContactId(3);
        world.until(
                w -> w.changes(Change.AttemptStarted.class).stream()
                        .anyMatch(started -> started.contact().equals(owed)),
                Duration.ofSeconds(6));
        assertThat(world.counts().calls()).as("the lines of others wait").isEqualTo(1);
        assertThat(world.counts().reserved()).as("his agent is not idle").isZero();
        int dialed = world.carrier.dialed;
        world.run(Duration.ofSeconds(3));
        assertThat(world.carrier.dialed).isEqualTo(dialed + 1);
        world.run(Duration.ofSeconds(3));
        assertThat(world.counts().calls()).as("the agent is for all again").isGreaterThan(1);
    }

    @Test
    void shouldGiveTheAgentWhoWasKeptToHisCustomer() {
        World world = owed(Samples.withLines(Samples.agentCampaign(1), 3).withMode(DialingMode.PREDICTIVE_AGENT));
        world.store.contacts.keySet().removeIf(id -> id.value() != 3);
        world.carrier.customers = dial -> Plan.answers(500, 4000, 20_000);
        world.until(w -> w.counts().connected() == 1, Duration.ofSeconds(15)).run(Duration.ofMillis(5));
        assertThat(world.store.agentsIn(AgentState.TALKING)).isEqualTo(1);
        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(30));
        assertThat(results(world)).containsExactly(CallResult.VOICE);
    }

    @Test
    void shouldStayAwayFromWhoWasAbandonedWhereThereAreNoAgents() {
        World world =
                World.active(Samples.withLines(Samples.ivrCampaign(1, 1), 2)).contacts(2, 1);
        world.carrier.customers = dial -> Plan.answers(500, 3000, 60_000);
        world.until(w -> w.store.ended.size() == 1, Duration.ofSeconds(10));
        Change.AttemptEnded ended = world.changes(Change.AttemptEnded.class).getFirst();
        assertThat(ended.termination().result()).isEqualTo(CallResult.DIALER_ABANDON);
        assertThat(Duration.between(ended.at(), ended.outcome().notBefore())).isEqualTo(Duration.ofHours(72));
    }

    @Test
    void shouldDialNobodyBeyondTheCapOverAllHisPhones() {
        World world = World.active(Samples.agentCampaign(1)).contacts(2, 1).agents(2);
        world.store.contacts.computeIfPresent(new ContactId(1), (id, row) -> {
            row.contact = new Contact(
                    id, row.contact.campaign(), List.of("+12025550101", "+12025550102"), 3, ContactStatus.RETRY);
            row.status = ContactStatus.RETRY;
            return row;
        });
        world.run(Duration.ofSeconds(5));
        assertThat(world.changes(Change.AttemptStarted.class))
                .extracting(started -> started.contact().value())
                .containsExactly(2L);
        assertThat(world.status(1)).isEqualTo(ContactStatus.MAXIMUM_ATTEMPTS);
        assertThat(world.changes(Change.CallbackMissed.class))
                .extracting(Change.CallbackMissed::result)
                .containsExactly(CallResult.ATTEMPT_CAP);
    }
}
