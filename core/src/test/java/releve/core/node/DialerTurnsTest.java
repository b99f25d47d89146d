package releve.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import releve.core.campaign.Campaign;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.Samples;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.Handover;
import releve.core.common.ReservationId;
import releve.core.common.Side;
import releve.core.engine.Command;
import releve.core.engine.Dialer;
import releve.core.engine.DialerConfig;
import releve.core.engine.Event;
import releve.core.node.DialerTurns.Input;
import releve.core.pair.Peer;
import releve.core.store.Change;
import releve.core.store.DialerStore.CommitResult;
import releve.core.store.DialerStore.NodeId;

class DialerTurnsTest {
    private static final Instant START = Instant.parse("2030-01-01T09:00:00Z");
    private static final Campaign CAMPAIGN = Samples.ivrCampaign(1, 1);

    private Instant now = START;
    private Duration freezeAfterEachLook = Duration.ZERO;
    private boolean suspended;
    private final List<Command> carriedOut = new ArrayList<>();
    private final List<AttemptId> notStarted = new ArrayList<>();

    private final DialerTurns turns = new DialerTurns(
            new Dialer(DialerConfig.defaults(new NodeId(1, Side.A, "a1")), START),
            new DialerTurns.NodeTime() {
                @Override
                public Instant now() {
                    Instant looked = now;
                    now = now.plus(freezeAfterEachLook);
                    return looked;
                }

                @Override
                public boolean suspectedSuspension() {
                    boolean leapt = suspended;
                    suspended = false;
                    return leapt;
                }
            },
            new DialerTurns.Edges() {
                @Override
                public void carryOut(Command command) {
                    carriedOut.add(command);
                }

                @Override
                public void notStarted(AttemptId attempt, String reason) {
                    notStarted.add(attempt);
                }
            });

    private Optional<Batch> turn(Event... events) {
        return turns.turn(
                List.of(events).stream().<Input>map(Input.Happened::new).toList());
    }

    private Optional<Batch> committed(Batch batch, CommitResult result) {
        return turns.turn(List.of(new Input.Committed(batch, result)));
    }

    /** The batch that starts an attempt; the right is good for two seconds. */
    private Batch decidesToDial() {
        return turn(
                        new Event.TrunkUp(),
                        new Event.RightGranted(7, now.plusSeconds(2), "nobody held it"),
                        new Event.CampaignsRead(List.of(CAMPAIGN)),
                        new Event.ContactsClaimed(CAMPAIGN.id(), List.of(Samples.contact(1, 1, 0))))
                .orElseThrow();
    }

    private List<Command> dials() {
        return carriedOut.stream().filter(Command.Dial.class::isInstance).toList();
    }

    private static CallResult resultIn(Optional<Batch> batch) {
        return batch.orElseThrow().changes().stream()
                .filter(Change.AttemptEnded.class::isInstance)
                .map(Change.AttemptEnded.class::cast)
                .findFirst()
                .orElseThrow()
                .termination()
                .result();
    }

    @Test
    void shouldLetAnInviteLeaveOnlyWhenItsAttemptIsCommitted() {
        Batch batch = decidesToDial();
        assertThat(batch.epoch()).isEqualTo(7);
        assertThat(batch.changes()).hasAtLeastOneElementOfType(Change.AttemptStarted.class);
        assertThat(dials()).isEmpty();

        committed(batch, CommitResult.ALL_APPLIED);
        assertThat(dials()).hasSize(1);
    }

    @Test
    void shouldCarryOutAtOnceWhatNeedsNoFact() {
        turn(new Event.RightGranted(7, now.plusSeconds(2), "nobody held it"));
        assertThat(carriedOut).hasOnlyElementsOfType(Command.Journal.class).hasSize(1);
    }

    @Test
    void shouldDialNobodyWhomTheStoreRefused() {
        Batch batch = decidesToDial();
        AttemptId attempt = attemptIn(batch);
        committed(batch, new CommitResult(true, Map.of(attempt, "epoch 7 is over")));
        assertThat(dials()).isEmpty();
        assertThat(notStarted).containsExactly(attempt);
    }

    @Test
    void shouldWithholdAnInviteWhenTheRightRanOutWhileTheCommitTookItsTime() {
        Batch batch = decidesToDial();
        now = now.plusSeconds(2);
        assertThat(resultIn(committed(batch, CommitResult.ALL_APPLIED))).isEqualTo(CallResult.STORE_LOST);
        assertThat(dials()).isEmpty();
    }

    @Test
    void shouldLookAtTheClockOnceMoreRightBeforeTheInvite() {
        Batch batch = decidesToDial();
        freezeAfterEachLook = Duration.ofSeconds(3);
        committed(batch, CommitResult.ALL_APPLIED);
        assertThat(dials()).as("the turn began in time, the INVITE would not").isEmpty();
    }

    @Test
    void shouldWithholdInvitesAfterASuspensionUntilTheRightIsRenewed() {
        Batch batch = decidesToDial();
        suspended = true;
        assertThat(resultIn(committed(batch, CommitResult.ALL_APPLIED))).isEqualTo(CallResult.STORE_LOST);
        assertThat(dials()).isEmpty();

        turn(new Event.ContactsClaimed(CAMPAIGN.id(), List.of(Samples.contact(2, 1, 0))));
        Optional<Batch> next = turn(new Event.RightRenewed(7, now.plusSeconds(2)));
        committed(next.orElseThrow(), CommitResult.ALL_APPLIED);
        assertThat(dials()).hasSize(1);
    }

    @Test
    void shouldNotDialWhatWasGivenUpBeforeItsCommit() {
        Batch batch = decidesToDial();
        turn(new Event.StopNow("SIGINT"));
        committed(batch, CommitResult.ALL_APPLIED);
        assertThat(dials()).isEmpty();
    }

    @Test
    void shouldNotDialInMaintenanceForAnAgentWhoIsOnlyKeptForACustomer() {
        Campaign campaign = Samples.agentCampaign(1);
        Contact listed = Samples.contact(1, 1, 0);
        Contact owed = new Contact(listed.id(), listed.campaign(), listed.phones(), 1, ContactStatus.RETRY, null, true);
        Batch asks = turn(
                        new Event.TrunkUp(),
                        new Event.RightGranted(7, now.plusSeconds(2), "nobody held it"),
                        new Event.PeerSeen(new Peer.Healthy("b1")),
                        new Event.CampaignsRead(List.of(campaign)),
                        new Event.ContactsClaimed(campaign.id(), List.of(owed)))
                .orElseThrow();
        ReservationId asked = asks.changes().stream()
                .filter(Change.ReservationRequested.class::isInstance)
                .map(change -> ((Change.ReservationRequested) change).reservation())
                .findFirst()
                .orElseThrow();
        Batch batch = turn(new Event.ReservationGranted(
                        asked, new AgentId("ann"), "sip:ann@192.0.2.20", Set.of("sales")))
                .orElseThrow();
        assertThat(batch.changes()).hasAtLeastOneElementOfType(Change.AttemptStarted.class);

        turn(new Event.MaintenanceAsked(1, false, Handover.SEQUENTIAL, "an operator"));
        committed(batch, CommitResult.ALL_APPLIED);
        assertThat(dials()).as("nobody has accepted this contact").isEmpty();
    }

    @Test
    void shouldStopTheProcessOnlyWhenItsLastFactsAreCommitted() {
        decidesToDial();
        Batch last = turn(new Event.StopNow("SIGINT")).orElseThrow();
        assertThat(carriedOut).doesNotHaveAnyElementsOfTypes(Command.StopProcess.class);
        committed(last, CommitResult.ALL_APPLIED);
        assertThat(carriedOut).hasAtLeastOneElementOfType(Command.StopProcess.class);
    }

    @Test
    void shouldHaveNothingForTheStoreWhenNothingIsDecided() {
        assertThat(turn(new Event.TrunkUp())).isEmpty();
        assertThat(turn()).isEmpty();
    }

    @Test
    void shouldHearOfACommitOnlyWhenSomethingDependsOnIt() {
        Batch facts = new Batch(7, decidesToDial().changes(), List.of());
        assertThat(DialerTurns.concerns(facts, CommitResult.ALL_APPLIED)).isFalse();
        assertThat(DialerTurns.concerns(facts, new CommitResult(true, Map.of())))
                .isTrue();
        Batch waits = new Batch(7, List.of(), List.of(new Command.GiveUpRight(7)));
        assertThat(DialerTurns.concerns(waits, CommitResult.ALL_APPLIED)).isTrue();
    }

    private static AttemptId attemptIn(Batch batch) {
        return batch.changes().stream()
                .filter(Change.AttemptStarted.class::isInstance)
                .map(change -> ((Change.AttemptStarted) change).attempt())
                .findFirst()
                .orElseThrow();
    }
}
