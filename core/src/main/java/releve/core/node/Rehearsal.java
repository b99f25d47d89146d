package releve.core.node;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import releve.core.call.CallEvent;
import releve.core.campaign.Campaign;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.DialingMode;
import releve.core.campaign.IvrSettings;
import releve.core.campaign.Staffing;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
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

/**
 * A few hundred calls that a dialer of a pair of its own places to nobody, in no time. A standby plays it once: by the time it has to
 * take over, the virtual machine has loaded and compiled what its first calls need. What comes of it means nothing to any
 * store: its pair, 0, is not one that can be run.
 */
public final class Rehearsal implements DialerTurns.NodeTime, DialerTurns.Edges {
    /** Who plays it, and under which epoch. */
    public static final NodeId NOBODY = new NodeId(0, Side.A, "rehearsal");

    /** Whom it hands over to. */
    public static final NodeId NOBODY_ELSE = new NodeId(0, Side.B, "rehearsal");

    public static final long EPOCH = 1;

    private static final int TURNS = 400;
    private static final Duration STEP = Duration.ofMillis(20);
    private static final Duration TALK = Duration.ofSeconds(1);
    private static final CampaignId WITH_AGENTS = new CampaignId(1);

    private record Later(Instant at, Event event) {}

    private final DialerTurns turns;
    private final List<Input> inbox = new ArrayList<>();
    private final List<Later> agenda = new ArrayList<>();
    private final List<List<Change>> batches = new ArrayList<>();
    private Instant now;
    private long contacts;

    private Rehearsal(Instant start) {
        this.now = start;
        this.turns = new DialerTurns(new Dialer(DialerConfig.defaults(NOBODY), start), this, this);
    }

    /**
     * Plays it.
     *
     * @return what its store would have had to write, batch by batch
     */
    public static List<List<Change>> play(Instant start) {
        return new Rehearsal(start).play();
    }

    private List<List<Change>> play() {
        tell(new Event.TrunkUp());
        tell(new Event.PeerSeen(new Peer.Healthy("nobody")));
        tell(new Event.CampaignsRead(List.of(
                campaign(WITH_AGENTS, DialingMode.PROGRESSIVE_AGENT),
                campaign(new CampaignId(2), DialingMode.PROGRESSIVE_IVR),
                campaign(new CampaignId(3), DialingMode.PREDICTIVE_IVR))));
        tell(new Event.RightGranted(EPOCH, now.plus(Duration.ofDays(1)), "a rehearsal"));
        for (int turn = 0; turn < TURNS; turn++) {
            now = now.plus(STEP);
            agenda.removeIf(later -> {
                boolean due = !later.at().isAfter(now);
                if (due) {
                    tell(later.event());
                }
                return due;
            });
            List<Input> inputs = List.copyOf(inbox);
            inbox.clear();
            turns.turn(inputs).ifPresent(this::committed);
        }
        return batches;
    }

    private static Campaign campaign(CampaignId id, DialingMode mode) {
        return Campaign.named("rehearsal " + id, mode, "+12025550100")
                .withId(id)
                .withRunning(true)
                .withStaffing(mode.toIvr() ? Staffing.NOBODY : Staffing.by("nobody"))
                .withIvr(mode.toIvr() ? new IvrSettings(50, "sip:nobody@192.0.2.1") : IvrSettings.NONE);
    }

    private void tell(Event event) {
        inbox.add(new Input.Happened(event));
    }

    private void committed(Batch batch) {
        batches.add(batch.changes());
        inbox.add(new Input.Committed(batch, CommitResult.ALL_APPLIED));
        for (Change change : batch.changes()) {
            if (change instanceof Change.ReservationRequested asked
                    && asked.reservation().value() % 10 == 0) {
                tell(new Event.ReservationGranted(
                        asked.reservation(),
                        new AgentId("nobody " + asked.reservation()),
                        "sip:nobody@192.0.2.2",
                        Set.of(asked.skillGroup())));
            }
        }
        for (Command.AfterCommit command : batch.commands()) {
            if (command instanceof Command.ClaimContacts claim) {
                tell(new Event.ContactsClaimed(claim.campaign(), some(claim)));
            }
        }
    }

    private List<Contact> some(Command.ClaimContacts claim) {
        List<Contact> some = new ArrayList<>();
        for (int i = 0; i < claim.count(); i++) {
            some.add(new Contact(
                    new ContactId(++contacts),
                    claim.campaign(),
                    List.of("+1202555%04d".formatted(contacts)),
                    0,
                    ContactStatus.PENDING));
        }
        return some;
    }

    @Override
    public void carryOut(Command command) {
        switch (command) {
            case Command.Dial dial -> {
                in(STEP, dial.attempt(), new CallEvent.Ringing());
                boolean busy = dial.attempt().sequence() % 4 == 0;
                in(
                        STEP.multipliedBy(3),
                        dial.attempt(),
                        busy ? new CallEvent.Failed(486, "Busy Here", 0, 0, true) : new CallEvent.Answered());
            }
            case Command.Bridge bridge -> {
                in(STEP, bridge.attempt(), new CallEvent.Bridged());
                in(TALK, bridge.attempt(), new CallEvent.CustomerHungUp());
            }
            case Command other -> {}
        }
    }

    private void in(Duration after, AttemptId attempt, CallEvent event) {
        agenda.add(new Later(now.plus(after), new Event.CallReported(attempt, event)));
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public boolean suspectedSuspension() {
        return false;
    }
}
