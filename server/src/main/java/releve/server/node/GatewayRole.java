package releve.server.node;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.common.Invariants;
import releve.core.engine.Command;
import releve.core.engine.Event;
import releve.core.engine.Gateway;
import releve.core.engine.GatewayLoad;
import releve.core.engine.GatewayStatus;
import releve.core.engine.MaintenancePlan;
import releve.core.engine.Standing;
import releve.core.node.GatewayErrand;
import releve.core.node.LeaseTimes;
import releve.core.node.NodeClock;
import releve.core.pair.Peer;
import releve.core.pair.Role;
import releve.core.pair.RoleState;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.StoreUnavailable;
import releve.server.gateway.Duty;
import releve.server.store.GatewayLease;
import releve.server.store.GatewayRegistry;
import releve.server.store.NodeRegistry;
import releve.server.store.OperatorStore;

/**
 * Drives one gateway's role on a thread of its own: its lease, its heartbeat, the other side's gateway, operators' commands, and
 * the gateway itself, which does its duties as the role allows.
 */
final class GatewayRole {
    private static final Logger log = LoggerFactory.getLogger(GatewayRole.class);
    private static final int INBOX_MAX = 10_000;
    private static final Duration TURN_MAX = Duration.ofMillis(50);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /** What it needs of its process. */
    interface Host {
        /** Whether the process goes on when this role is done. */
        boolean goesOnWithout(Role role);

        /** The role has ended. */
        void ended(Role role, Command.StopProcess stop);

        /** Something to write that nobody waits for. */
        void errand(String what, Runnable errand);
    }

    private final NodeId node;
    private final Gateway gateway;
    private final Duty duty;
    private final Host host;
    private final NodeClock clock;
    private final LeaseTimes times;
    private final GatewayLease store;
    private final GatewayRegistry registry;
    private final NodeRegistry journal;
    private final OperatorStore operators;
    private final GatewayPeer peer;
    private final LeaseThread lease;
    private final BlockingQueue<Event.OfRole> inbox = new ArrayBlockingQueue<>(INBOX_MAX);
    private final Thread thread;
    private volatile RoleState state;
    private volatile GatewayStatus status;
    private volatile MaintenancePlan plan;
    private volatile boolean done;
    private volatile boolean closed;
    private boolean troubled;
    private long lookNs = System.nanoTime();

    GatewayRole(
            NodeId node,
            Role role,
            Duration limit,
            LeaseTimes times,
            NodeClock clock,
            Stores stores,
            Duty duty,
            Host host) {
        this.node = node;
        this.gateway = new Gateway(role, limit, clock.now());
        this.duty = duty;
        this.host = host;
        this.clock = clock;
        this.times = times;
        this.store = new GatewayLease(stores.leasing(), role);
        this.registry = new GatewayRegistry(stores.serving());
        this.journal = new NodeRegistry(stores.serving());
        this.operators = new OperatorStore(stores.serving());
        this.peer = new GatewayPeer(node, role, registry, journal);
        this.state = gateway.state();
        this.status = gateway.status(load(), clock.now());
        this.plan = gateway.plan();
        this.lease = new LeaseThread(store, node, role, times, clock, () -> state, this::of);
        this.thread =
                Thread.ofPlatform().name(role.written() + "-role").daemon().unstarted(this::run);
    }

    /**
     * Ways to the store.
     *
     * @param leasing for renewals only, which nothing may delay
     */
    record Stores(DataSource leasing, DataSource serving) {}

    /** @throws releve.server.store.StoreRefused with one sentence when another process runs the role */
    void register(NodeRegistry.Start start, Duration silentFor) {
        registry.register(start, kind(), silentFor);
    }

    void start() {
        thread.start();
        lease.start();
    }

    Role kind() {
        return gateway.kind();
    }

    RoleState state() {
        return state;
    }

    GatewayStatus status() {
        return status;
    }

    /** What a maintenance would do now. */
    MaintenancePlan plan() {
        return plan;
    }

    /** Whether it has nothing left to do, so that its process may end. */
    boolean isDone() {
        return done;
    }

    /** Something may have changed about the lease. */
    void wake() {
        lease.wake();
    }

    void happened(Event.OfRole event) {
        Invariants.check(inbox.offer(event), "the inbox of the %s is full with %s events", kind().written(), INBOX_MAX);
    }

    /** Ends its threads, without another word to the store. */
    void close() {
        closed = true;
        lease.close();
        thread.interrupt();
    }

    /** Contacts come with the right to dial only: what the lease tells besides is of the role. */
    private void of(Event event) {
        if (event instanceof Event.OfRole ours) {
            happened(ours);
        }
    }

    private GatewayLoad load() {
        return new GatewayLoad(duty.working(), duty.attached(), host.goesOnWithout(gateway.kind()));
    }

    private void run() {
        while (!closed) {
            try {
                turn(inbox.poll(TURN_MAX.toNanos(), TimeUnit.NANOSECONDS));
                if (System.nanoTime() - lookNs >= 0) {
                    lookNs = System.nanoTime() + LOOK_EVERY.toNanos();
                    look();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.error("The {} failed; its role stops, and the other side takes it", kind().written(), e);
                closed = true;
                lease.close();
                host.ended(
                        kind(), new Command.StopProcess(70, "the " + kind().written() + " failed: " + e.getMessage()));
            }
        }
    }

    private void turn(Event.@org.jspecify.annotations.Nullable OfRole event) {
        Instant now = clock.now();
        List<Command> commands =
                new ArrayList<>(event == null ? gateway.tick(load(), now) : gateway.step(event, load(), now));
        publish(now);
        for (Command command : commands) {
            if (command instanceof Command.OfRole ours) {
                carryOut(ours);
            }
        }
    }

    private void publish(Instant now) {
        state = gateway.state();
        duty.stand(Standing.of(state, now), peer.url());
        GatewayLoad load = load();
        done = gateway.isDone(load, now);
        status = gateway.status(load, now);
        plan = gateway.plan();
    }

    private void carryOut(Command.OfRole command) {
        switch (command) {
            case Command.Answer answer ->
                host.errand(
                        "An answer to an operator",
                        () -> operators.answer(answer.command(), answer.accepted(), answer.text()));
            case Command.AnswerDryRun answer ->
                host.errand(
                        "A dry run's answer",
                        () -> operators.answer(
                                answer.command(), answer.plan().possible(), PlanJson.write(answer.plan())));
            case Command.Journal transition -> {
                log.info("{} {}", kind().written(), transition.transition());
                host.errand("A transition", () -> journal.journal(node, kind().written(), transition.transition()));
            }
            case Command.HandOver handOver -> move(new GatewayErrand.HandOver(handOver));
            case Command.GiveUpRight giveUp -> move(new GatewayErrand.GiveUp(giveUp));
            case Command.StopProcess stop -> {
                host.errand("The end", () -> registry.stopped(node, kind(), stop.exitStatus(), stop.reason()));
                lease.close();
                host.ended(kind(), stop);
            }
        }
    }

    private void move(GatewayErrand errand) {
        lease.pause();
        Event.OfRole outcome;
        try {
            outcome = errand.carryOut(store, node, times);
        } catch (StoreUnavailable e) {
            outcome = errand.unanswered(e);
        }
        lease.resume(GatewayErrand.kept(outcome));
        happened(outcome);
    }

    private void look() {
        try {
            Optional<String> over = registry.beat(node, kind(), status);
            over.filter(reason -> !(state instanceof RoleState.Stopped))
                    .ifPresent(reason -> happened(new Event.StopNow(reason)));
            Peer seen = peer.look();
            happened(new Event.PeerSeen(seen));
            troubled = false;
        } catch (StoreUnavailable e) {
            if (!troubled) {
                log.warn("The {} cannot reach the store: {}", kind().written(), e.getMessage());
                troubled = true;
            }
        }
    }
}
