package releve.sim.simulate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import releve.core.engine.Command;
import releve.core.engine.Dialer;
import releve.core.engine.DialerStatus;
import releve.core.engine.Event;
import releve.core.node.Batch;
import releve.core.node.Commit;
import releve.core.node.DialerTurns;
import releve.core.node.DialerTurns.Input;
import releve.core.node.LeaseKeeper;
import releve.core.node.NodeClock;
import releve.core.node.StoreErrand;
import releve.core.node.StoreLook;
import releve.core.node.StoreNews;
import releve.core.pair.PeerHealth;
import releve.core.pair.RoleState;
import releve.core.store.Change;
import releve.core.store.DialerStore.CommitResult;
import releve.core.store.DialerStore.NodeId;

/**
 * One process of one side on virtual time: the product's engine, turns, commits, lease keeper and news. Nothing fails here but
 * the process itself; a pair under every fault is {@code releve.sim.faults}.
 */
final class DialerProcess implements DialerTurns.Edges {
    static final String VERSION = "1.0.0";
    private static final long LOOK_MS = 1_000;
    private static final Duration ABANDONED_AFTER = Duration.ofSeconds(15);

    private final Centre centre;
    private final NodeId id;
    private final NodeClock time;
    private final DialerTurns turns;
    private final LeaseKeeper lease;
    private final StoreNews news = new StoreNews();
    private final List<Input> inbox = new ArrayList<>();
    private final Queue<Batch> waiting = new ArrayDeque<>();
    private boolean alive = true;
    private boolean turnDue;
    private boolean committing;
    private boolean asking;
    private boolean looks;
    private long turnAtMs = Long.MAX_VALUE;
    private long leaseAtMs = Long.MAX_VALUE;

    DialerProcess(Centre centre, NodeId id) {
        this.centre = centre;
        this.id = id;
        this.time = new NodeClock(centre::now, () -> centre.nowMs() * 1_000_000, centre::nowMs);
        this.lease = new LeaseKeeper(id, centre.leaseTimes(), time.now());
        this.turns = new DialerTurns(new Dialer(centre.campaign().dialer(id), centre::policy, time.now()), time, this);
    }

    void start() {
        happened(new Event.TrunkUp());
        lookAtAll();
        leaseTurn();
    }

    NodeId id() {
        return id;
    }

    boolean isActive() {
        return alive && turns.dialer().role() instanceof RoleState.Active;
    }

    /** It is gone at once: whatever it has in memory is lost. */
    void crash() {
        alive = false;
    }

    private void after(long ms, Runnable what) {
        centre.in(ms, () -> {
            if (alive) {
                what.run();
            }
        });
    }

    // ------------------------------------------------------------------------------------------------ its turns

    /** What the network, the store or an operator tells it. */
    void happened(Event event) {
        inbox.add(new Input.Happened(event));
        turnSoon();
    }

    /** The network tells it, after its time. */
    void hears(Event event) {
        after(centre.delays().networkMs(), () -> happened(event));
    }

    /** It is told with what it hears next: nothing depends on it before. */
    void hearsInPassing(Event event) {
        inbox.add(new Input.Happened(event));
    }

    private void turnSoon() {
        if (!turnDue) {
            turnDue = true;
            after(0, this::turn);
        }
    }

    private void turn() {
        turnDue = false;
        List<Input> inputs = List.copyOf(inbox);
        inbox.clear();
        turns.turn(inputs).ifPresent(batch -> {
            waiting.add(batch);
            commitNext();
        });
        turns.dialer().nextDeadline(time.now()).ifPresent(at -> turnAt(at.toEpochMilli()));
    }

    /** Deadlines that are no more cost a turn without effect, as in a process that sleeps until the earliest it knew. */
    private void turnAt(long atMs) {
        if (atMs >= turnAtMs) {
            return;
        }
        turnAtMs = atMs;
        after(Math.max(1, atMs - centre.nowMs()), () -> {
            if (turnAtMs == atMs) {
                turnAtMs = Long.MAX_VALUE;
                turnSoon();
            }
        });
    }

    // ------------------------------------------------------------------------------------------------ its store

    private void commitNext() {
        if (committing) {
            return;
        }
        Commit.next(waiting).ifPresent(commit -> {
            committing = true;
            List<Change> changes = commit.changes();
            centre.in(changes.isEmpty() ? 0 : centre.delays().storeMs(), () -> {
                CommitResult result = changes.isEmpty()
                        ? CommitResult.ALL_APPLIED
                        : centre.store().commit(id, commit.epoch(), changes);
                if (alive) {
                    committed(commit, result);
                }
            });
        });
    }

    private void committed(Commit commit, CommitResult result) {
        for (Batch batch : commit.batches()) {
            if (DialerTurns.concerns(batch, result)) {
                inbox.add(new Input.Committed(batch, result));
                turnSoon();
            }
        }
        errand(commit, 0);
    }

    private void errand(Commit commit, int number) {
        List<StoreErrand> errands = commit.errands();
        if (number == errands.size()) {
            committing = false;
            commitNext();
            return;
        }
        StoreErrand errand = errands.get(number);
        if (errand.movesTheRight()) {
            lease.pause();
        }
        centre.in(centre.delays().storeMs(), () -> {
            Event outcome = errand.carryOut(centre.store(), id, commit.epoch(), centre.leaseTimes());
            if (!alive) {
                return;
            }
            if (errand.movesTheRight()) {
                lease.resume(errand.kept(outcome), time.now());
                leaseTurn();
            }
            happened(outcome);
            errand(commit, number + 1);
        });
    }

    /** Something says that the lease has changed. */
    void wakeLease() {
        lease.wake(time.now());
        leaseTurn();
    }

    private void leaseTurn() {
        if (asking || !alive) {
            return;
        }
        Optional<LeaseKeeper.Request> request = lease.next(turns.dialer().role(), time.now());
        if (request.isEmpty()) {
            leaseTurnAt(Math.max(centre.nowMs() + 1, lease.nextAt().toEpochMilli()));
            return;
        }
        asking = true;
        Instant sentAt = time.now();
        centre.in(centre.delays().storeMs(), () -> {
            LeaseKeeper.Answer answer = lease.ask(request.get(), centre.store());
            asking = false;
            if (alive) {
                lease.answered(answer, sentAt, time.now()).forEach(this::happened);
                leaseTurn();
            }
        });
    }

    private void leaseTurnAt(long atMs) {
        if (atMs >= leaseAtMs && leaseAtMs > centre.nowMs()) {
            return;
        }
        leaseAtMs = atMs;
        after(atMs - centre.nowMs(), () -> {
            if (leaseAtMs == atMs) {
                leaseAtMs = Long.MAX_VALUE;
                leaseTurn();
            }
        });
    }

    /** Agents have been reserved for it. */
    void grantsSoon() {
        if (!looks) {
            looks = true;
            after(centre.delays().storeMs(), () -> {
                looks = false;
                lookAtGrants();
            });
        }
    }

    private void lookAtGrants() {
        news.of(StoreLook.atAgents(centre.store(), id)).forEach(this::happened);
    }

    private void lookAtAll() {
        if (isActive()) {
            centre.store().closeAbandoned(id.pair(), ABANDONED_AFTER);
        }
        news.of(StoreLook.atAll(centre.store(), id, news.abandonmentDue(time.now())))
                .forEach(this::happened);
        if (centre.isPair()) {
            lookAtThePeer();
        }
        after(LOOK_MS, this::lookAtAll);
    }

    private void lookAtThePeer() {
        DialerStatus status = turns.dialer().status(time.now());
        boolean standby = turns.dialer().role() instanceof RoleState.Standby;
        centre.desks()
                .beat(id, status.phase(), status.isFitStandby(), standby ? "" : status.phase())
                .ifPresent(superseded -> happened(new Event.StopNow(superseded)));
        happened(new Event.PeerSeen(PeerHealth.judge(
                id.side().other(), centre.desks().heartbeat(id.pair(), id.side().other()), VERSION)));
    }

    // ------------------------------------------------------------------------------------------------ its edges

    @Override
    public void carryOut(Command command) {
        switch (command) {
            case Command.Dial dial -> centre.customers().dial(this, dial);
            case Command.CancelDial cancel -> centre.customers().cancel(cancel.attempt());
            case Command.Bridge bridge -> centre.customers().bridge(bridge);
            case Command.HangUp hangUp -> centre.customers().hangUp(hangUp.attempt());
            case Command.PlayAndHangUp play -> centre.customers().hangUp(play.attempt());
            case Command.Forget forget -> centre.customers().forget(forget.attempt());
            case Command.StopProcess stop -> {
                alive = false;
                centre.desks().stopped(id, stop.reason());
                centre.stopped(this);
            }
            case Command.DialFromAgent dial -> throw new IllegalStateException("nobody is offered contacts: " + dial);
            case Command.Answer _, Command.AnswerDryRun _, Command.Journal _ -> {}
            case Command.ClaimContacts _, Command.ClaimPersonalCallbacks _ -> {}
            case Command.HandOver _, Command.GiveUpRight _ -> {}
        }
    }
}
