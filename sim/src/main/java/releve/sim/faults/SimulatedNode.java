package releve.sim.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import releve.core.common.AttemptId;
import releve.core.common.ReservationId;
import releve.core.engine.Command;
import releve.core.engine.Dialer;
import releve.core.engine.DialerStatus;
import releve.core.engine.Event;
import releve.core.engine.Inheritance;
import releve.core.memory.MemoryDesks;
import releve.core.node.Batch;
import releve.core.node.Commit;
import releve.core.node.DialerTurns;
import releve.core.node.DialerTurns.Input;
import releve.core.node.LeaseKeeper;
import releve.core.node.LeaseTimes;
import releve.core.node.NodeClock;
import releve.core.node.StoreErrand;
import releve.core.node.StoreLook;
import releve.core.node.StoreNews;
import releve.core.pair.Peer;
import releve.core.pair.PeerHealth;
import releve.core.pair.Role;
import releve.core.pair.RoleState;
import releve.core.store.Change;
import releve.core.store.DialerStore;
import releve.core.store.DialerStore.CommitResult;
import releve.core.store.DialerStore.Elsewhere;
import releve.core.store.DialerStore.NodeId;

/**
 * One process of one side: the product's dialer, turns, lease keeper, commits and news, driven on virtual time in place of
 * threads. Whatever comes to it waits while it is frozen, and is lost when it is dead.
 */
final class SimulatedNode {
    private static final long IDLE_MS = 500;
    private static final long WATCH_MS = 500;
    private static final long RETRY_MS = 100;
    private static final Duration ABANDONED_AFTER = Duration.ofSeconds(15);
    static final String FORMER_VERSION = "0.1.0";
    static final String VERSION = "0.2.0";
    static final LeaseTimes TIMES = LeaseTimes.DEFAULT;

    private final PairWorld world;
    private final NodeId id;
    private final String version;
    private final MachineClocks clocks;
    private final NodeClock time;
    private final DialerTurns turns;
    private final SimulatedLease lease;
    private final SimulatedGateways gateways;
    private final StoreNews news = new StoreNews();
    private final StoreLink link;
    private final List<Input> inbox = new ArrayList<>();
    private final Queue<Batch> waiting = new ArrayDeque<>();
    private final Set<AttemptId> endedOnce = new HashSet<>();
    private boolean alive = true;
    private boolean turnDue;
    private boolean committing;
    private boolean watching;
    private boolean watchAgain;
    private final long startedAtMs;
    private long thawsAtMs;

    SimulatedNode(PairWorld world, NodeId id, String version, double drift) {
        this.world = world;
        this.id = id;
        this.version = version;
        this.startedAtMs = world.nowMs();
        this.clocks = new MachineClocks(world::now, drift);
        this.time = new NodeClock(clocks::wall, clocks::nanos, clocks::bootMs);
        this.link = new StoreLink(world);
        this.turns = new DialerTurns(
                new Dialer(world.dialerConfig(id), time.now()),
                world.flaws().time(time),
                new SimulatedEdges(world, this));
        this.lease = new SimulatedLease(
                world,
                this,
                new LeaseKeeper(id, TIMES, time.now()),
                world.store(),
                () -> dialer().role(),
                this::toldOfTheRight);
        this.gateways = new SimulatedGateways(world, this);
    }

    void start() {
        world.trace().line(id.toString(), "starts, version " + version);
        happened(new Event.TrunkUp());
        watchTurn();
        lease.turn();
        idleTurn();
        gateways.start();
    }

    NodeId id() {
        return id;
    }

    String version() {
        return version;
    }

    SimulatedGateways gateways() {
        return gateways;
    }

    boolean alive() {
        return alive;
    }

    boolean frozen() {
        return world.nowMs() < thawsAtMs;
    }

    boolean everFroze() {
        return thawsAtMs > 0;
    }

    /** For how long it has been neither frozen nor just started. */
    long awakeForMs() {
        return world.nowMs() - Math.max(thawsAtMs, startedAtMs);
    }

    StoreLink link() {
        return link;
    }

    MachineClocks clocks() {
        return clocks;
    }

    NodeClock time() {
        return time;
    }

    Dialer dialer() {
        return turns.dialer();
    }

    /** Agents whom this process has bound, as the store has them. */
    List<MemoryDesks.AgentRow> reservedAgents() {
        Set<ReservationId> own = new HashSet<>();
        world.desks().requests().stream()
                .filter(request -> request.node().equals(id))
                .forEach(request -> own.add(request.reservation()));
        return world.desks().agents().stream()
                .filter(agent -> agent.reservation() != null && own.contains(agent.reservation()))
                .toList();
    }

    /** The other side's process, if one runs. */
    Optional<String> peerInstance() {
        return world.node(id.side().other()).map(node -> node.id().instance());
    }

    /** Whether it believes, at this moment, that it may start calls. */
    boolean believesItMayDial() {
        return alive
                && !frozen()
                && !world.flaws().suspects(time)
                && dialer().role() instanceof RoleState.Active active
                && time.now().isBefore(active.until());
    }

    /** Does that after so long, if the process lives then; a frozen one does it when it thaws. */
    void after(long ms, Runnable what) {
        world.in(ms, () -> whenAwake(what));
    }

    private void whenAwake(Runnable what) {
        if (!alive) {
            return;
        }
        if (frozen()) {
            world.in(thawsAtMs - world.nowMs(), () -> whenAwake(what));
            return;
        }
        what.run();
    }

    void crash() {
        alive = false;
        world.trace().line(id.toString(), "CRASHES, " + dialer().role().phase());
        world.ended(this);
    }

    /** When it goes on, if it is frozen; in the past otherwise. */
    long thawsAtMs() {
        return alive ? thawsAtMs : 0;
    }

    void freeze(long ms, boolean machine) {
        world.trace()
                .line(
                        id.toString(),
                        (machine ? "its machine is SUSPENDED for " : "FREEZES for ") + ms + " ms, "
                                + dialer().role().phase());
        thawsAtMs = world.nowMs() + ms;
        if (machine) {
            clocks.suspended(Duration.ofMillis(ms));
        }
    }

    /** What the operator or the network tells it. */
    void happened(Event event) {
        if (alive) {
            asItsVersionKnows(event).ifPresent(known -> {
                inbox.add(new Input.Happened(known));
                turnSoon();
            });
        }
    }

    /** A version from before overlaps: it neither counts what others have under way nor passes the right on early. */
    private Optional<Event> asItsVersionKnows(Event event) {
        if (!version.equals(FORMER_VERSION)) {
            return Optional.of(event);
        }
        return switch (event) {
            case Event.ElsewhereCounted counted -> Optional.empty();
            case Event.RightGranted granted ->
                Optional.of(new Event.RightGranted(
                        granted.epoch(),
                        granted.until(),
                        granted.how(),
                        new Inheritance(Elsewhere.NOTHING, granted.inheritance().contacts(), Instant.MIN)));
            case Event.MaintenanceAsked asked ->
                Optional.of(new Event.MaintenanceAsked(asked.command(), asked.force(), asked.who()));
            case Event other -> Optional.of(other);
        };
    }

    private void turnSoon() {
        if (!turnDue) {
            turnDue = true;
            after(world.chance().below(3), this::turn);
        }
    }

    private void idleTurn() {
        long wait = dialer().nextDeadline(time.now())
                .map(at -> Duration.between(time.now(), at).toMillis())
                .map(ms -> Math.clamp(ms, 1, IDLE_MS))
                .orElse(IDLE_MS);
        after(wait, () -> {
            turn();
            idleTurn();
        });
    }

    private void turn() {
        turnDue = false;
        List<Input> inputs = List.copyOf(inbox);
        inbox.clear();
        RoleState before = dialer().role();
        Optional<Batch> batch;
        try {
            batch = turns.turn(inputs);
        } catch (IllegalStateException broken) {
            throw new Violation(Rule.NO_PANIC, id + ": " + broken.getMessage(), broken);
        }
        RoleState now = dialer().role();
        boolean begins = now instanceof RoleState.Quiescing || now instanceof RoleState.HandingOver;
        if (begins && before instanceof RoleState.Active) {
            world.rules().maintenanceBegan(this);
        }
        if (now instanceof RoleState.Active && !(before instanceof RoleState.Active)) {
            world.rules().becameActive();
        }
        batch = world.flaws().batch(this, batch, before);
        batch.ifPresent(decided -> {
            decided.changes().forEach(this::saw);
            waiting.add(decided);
            commitNext();
        });
        world.rules().afterEach();
    }

    private void saw(Change change) {
        if (world.trace().takesAll()) {
            world.trace().line(id.toString(), "decides " + change);
        }
        if (change instanceof Change.AttemptEnded ended && !endedOnce.add(ended.attempt())) {
            throw new Violation(
                    Rule.ONE_RESULT, "%s ended a second time: %s".formatted(ended.attempt(), ended.termination()));
        }
    }

    // ---------------------------------------------------------------------------------------------- the writer

    private void commitNext() {
        if (committing) {
            return;
        }
        Commit.next(waiting).ifPresent(commit -> {
            committing = true;
            if (world.flaws().dialsBeforeTheCommit()) {
                release(commit, CommitResult.ALL_APPLIED);
            }
            commit(commit);
        });
    }

    private void commit(Commit commit) {
        List<Change> changes = commit.changes();
        if (changes.isEmpty()) {
            committed(commit, CommitResult.ALL_APPLIED);
            return;
        }
        link.ask(
                this,
                store -> {
                    CommitResult result = store.commit(id, commit.epoch(), changes);
                    world.rules().committed(this, commit.epoch(), changes, result);
                    return result;
                },
                result -> committed(commit, world.flaws().result(result)),
                unavailable -> {
                    if (world.flaws().losesUnansweredCommits()) {
                        committed(commit, CommitResult.ALL_APPLIED);
                    } else {
                        after(RETRY_MS, () -> commit(commit));
                    }
                });
    }

    private void committed(Commit commit, CommitResult result) {
        release(commit, result);
        errand(commit, 0);
    }

    private void release(Commit commit, CommitResult result) {
        for (Batch batch : commit.batches()) {
            if (DialerTurns.concerns(batch, result)) {
                inbox.add(new Input.Committed(batch, result));
                turnSoon();
            }
        }
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
        link.ask(
                this,
                store -> errand.carryOut(store, id, commit.epoch(), TIMES),
                outcome -> errandDone(commit, number, errand, outcome),
                unavailable -> {
                    if (errand.untilAnswered()) {
                        after(RETRY_MS, () -> errand(commit, number));
                    } else {
                        errandDone(commit, number, errand, errand.unanswered(unavailable));
                    }
                });
    }

    private void errandDone(Commit commit, int number, StoreErrand errand, Event outcome) {
        if (errand.movesTheRight()) {
            lease.resume(errand.kept(outcome));
        }
        happened(outcome);
        errand(commit, number + 1);
    }

    // -------------------------------------------------------------------------------------------------- the lease

    private void toldOfTheRight(Event event) {
        if (world.flaws().tells(Role.DIALER, event)) {
            happened(event);
        }
    }

    /** Something says that a lease has changed. */
    void wakeLeases() {
        lease.wake();
        gateways.wakeLeases();
    }

    // -------------------------------------------------------------------------------------------------- the watch

    /** Something may have been granted to this node, or an offer of it answered. */
    void wakeWatch() {
        look(false);
    }

    private void watchTurn() {
        look(true);
        after(WATCH_MS, this::watchTurn);
    }

    private void look(boolean all) {
        if (watching) {
            watchAgain = true;
            return;
        }
        watching = true;
        link.ask(
                this,
                store -> all ? atAll(store) : new Look(StoreLook.atAgents(store, id), List.of()),
                seen -> {
                    news.of(seen.store()).forEach(this::happened);
                    seen.others().forEach(this::happened);
                    watched();
                },
                unavailable -> watched());
    }

    /** What one look shows: what is this node's in the store, and what its heart and its peer's say. */
    private record Look(StoreLook store, List<Event> others) {}

    private Look atAll(DialerStore store) {
        if (dialer().role() instanceof RoleState.Active) {
            world.store().closeAbandoned(id.pair(), ABANDONED_AFTER);
        }
        List<Event> others = new ArrayList<>();
        beat().ifPresent(reason -> others.add(new Event.StopNow(reason)));
        others.add(new Event.PeerSeen(peer()));
        return new Look(StoreLook.atAll(store, id, news.abandonmentDue(time.now())), others);
    }

    private void watched() {
        watching = false;
        if (watchAgain) {
            watchAgain = false;
            look(false);
        }
    }

    private Optional<String> beat() {
        DialerStatus status = dialer().status(time.now());
        boolean standby = status.phase().equals("standby");
        return world.desks().beat(id, status.phase(), status.isFitStandby(), standby ? "" : status.phase());
    }

    private Peer peer() {
        return PeerHealth.judge(
                id.side().other(), world.desks().heartbeat(id.pair(), id.side().other()), version);
    }

    // -------------------------------------------------------------------------------------------------- its end

    /** An operator wants the process to end at once. */
    void stopNow(String reason) {
        Event.StopNow now = new Event.StopNow(reason);
        happened(now);
        gateways.happened(now);
    }

    /** The engine is done. The process goes on while its gateways do. */
    void dialerEnds(Command.StopProcess stop) {
        world.rules().stops(this, stop.reason());
        world.trace().line(id.toString(), "dialer stops: " + stop.reason());
        gateways.dialerEnded(stop);
    }

    /** The last role of the process has ended. */
    void end(String reason) {
        world.trace().line(id.toString(), "stops: " + reason);
        alive = false;
        if (!world.storeDown()) {
            world.desks().stopped(id, reason);
        }
        world.ended(this);
    }
}
