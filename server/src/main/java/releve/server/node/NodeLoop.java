package releve.server.node;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.call.CallEvent;
import releve.core.common.AttemptId;
import releve.core.common.Invariants;
import releve.core.engine.Command;
import releve.core.engine.Decision;
import releve.core.engine.Dialer;
import releve.core.engine.DialerStatus;
import releve.core.engine.Event;
import releve.core.pair.RoleState;
import releve.core.store.Change;
import releve.core.store.DialerStore.CommitResult;

/**
 * One platform thread with a bounded inbox: it steps the engine through a batch of events, hands the changes to the store
 * writer, and goes on with the next batch; commands that must not outrun their facts leave when the writer says that these
 * are committed.
 */
final class NodeLoop implements StoreWriter.Outcome {
    private static final Logger log = LoggerFactory.getLogger(NodeLoop.class);
    private static final int INBOX_MAX = 200_000;
    private static final int EVENTS_PER_TURN_MAX = 1_024;
    private static final Duration IDLE_MAX = Duration.ofMillis(100);
    private static final Duration STATUS_EVERY = Duration.ofMillis(100);

    /** Whoever carries commands out beyond the store. */
    interface Edges {
        /** Anything but the store's own commands. */
        void carryOut(Command command);
    }

    private sealed interface Input {
        record Happened(Event event) implements Input {}

        record Committed(StoreWriter.Batch batch, CommitResult result) implements Input {}
    }

    private final Dialer dialer;
    private final NodeClock clock;
    private final Edges edges;
    private final BlockingQueue<Input> inbox = new ArrayBlockingQueue<>(INBOX_MAX);
    private final List<Change> changes = new ArrayList<>();
    private final List<Command.AfterCommit> afterCommit = new ArrayList<>();
    private final Thread thread;
    private StoreWriter writer;
    private volatile RoleState role;
    private volatile DialerStatus status;
    private Instant statusAt;
    private volatile boolean closed;

    @SuppressWarnings("NullAway.Init")
    NodeLoop(Dialer dialer, NodeClock clock, Edges edges) {
        this.dialer = dialer;
        this.clock = clock;
        this.edges = edges;
        this.role = dialer.role();
        this.statusAt = clock.now();
        this.status = dialer.status(statusAt);
        this.thread = Thread.ofPlatform().name("node-loop").daemon().unstarted(this::run);
    }

    void start(StoreWriter storeWriter) {
        this.writer = storeWriter;
        thread.start();
    }

    /** Puts an event into the inbox; a node whose inbox is full cannot follow its calls any more, and says so. */
    @Override
    public void happened(Event event) {
        put(new Input.Happened(event));
    }

    @Override
    public void committed(StoreWriter.Batch batch, CommitResult result) {
        if (!batch.commands().isEmpty() || result.epochOver()) {
            put(new Input.Committed(batch, result));
        }
    }

    RoleState role() {
        return role;
    }

    DialerStatus status() {
        return status;
    }

    /**
     * Whether an INVITE may go to a further gateway at this very moment. Asked from other threads: it looks at the role as of
     * the last turn, whose deadline holds whatever has happened since.
     */
    boolean mayDial() {
        return role instanceof RoleState.Active active
                && clock.now().isBefore(active.until())
                && !clock.wouldSuspectSuspension();
    }

    int inboxSize() {
        return inbox.size();
    }

    void close() {
        closed = true;
        thread.interrupt();
    }

    private void put(Input input) {
        Invariants.check(inbox.offer(input), "the inbox is full with %s events", INBOX_MAX);
    }

    private void run() {
        List<Input> turn = new ArrayList<>(EVENTS_PER_TURN_MAX);
        try {
            while (!closed) {
                turn.clear();
                Input first = inbox.poll(untilDeadline().toNanos(), TimeUnit.NANOSECONDS);
                if (first != null) {
                    turn.add(first);
                    inbox.drainTo(turn, EVENTS_PER_TURN_MAX - 1);
                }
                turn(turn);
            }
        } catch (InterruptedException e) {
            log.debug("The loop ends");
        } catch (RuntimeException e) {
            log.error("The engine failed; this node stops, and the standby takes over", e);
            edges.carryOut(new Command.StopProcess(70, "the engine failed: " + e.getMessage()));
        }
    }

    private Duration untilDeadline() {
        Instant now = clock.now();
        return dialer.nextDeadline(now)
                .map(at -> Duration.between(now, at))
                .filter(left -> left.compareTo(IDLE_MAX) < 0)
                .map(left -> left.isNegative() ? Duration.ZERO : left)
                .orElse(IDLE_MAX);
    }

    private void turn(List<Input> inputs) {
        Instant now = clock.now();
        step(new Event.Tick(), now);
        for (Input input : inputs) {
            switch (input) {
                case Input.Happened happened -> step(happened.event(), now);
                case Input.Committed committed -> release(committed.batch(), committed.result(), now);
            }
        }
        role = dialer.role();
        if (!changes.isEmpty() || !afterCommit.isEmpty()) {
            writer.submit(new StoreWriter.Batch(epoch(), List.copyOf(changes), List.copyOf(afterCommit)));
            changes.clear();
            afterCommit.clear();
        }
        if (Duration.between(statusAt, now).compareTo(STATUS_EVERY) >= 0) {
            status = dialer.status(now);
            statusAt = now;
        }
    }

    private void step(Event event, Instant now) {
        Decision decision = dialer.step(event, now);
        changes.addAll(decision.changes());
        for (Command command : decision.commands()) {
            if (command instanceof Command.AfterCommit later) {
                afterCommit.add(later);
            } else {
                edges.carryOut(command);
            }
        }
    }

    /** The facts are durable: now what waited for them may leave, unless the right has run out meanwhile. */
    private void release(StoreWriter.Batch batch, CommitResult result, Instant now) {
        for (Command.AfterCommit command : batch.commands()) {
            switch (command) {
                case Command.Dial dial -> dial(dial.attempt(), dial, result, now);
                case Command.DialFromAgent dial -> dial(dial.attempt(), dial, result, now);
                case Command.ClaimPersonalCallbacks claim -> {}
                case Command.StopProcess stop -> edges.carryOut(stop);
                case Command.ClaimContacts claim -> {}
                case Command.HandOver handOver -> {}
                case Command.GiveUpRight giveUp -> {}
            }
        }
    }

    private void dial(AttemptId attempt, Command.AfterCommit dial, CommitResult result, Instant now) {
        String refusal = result.refused().get(attempt);
        if (refusal != null) {
            log.info("Attempt {} was not started: {}", attempt, refusal);
            step(new Event.StartRefused(attempt, refusal), now);
        } else if (!dialer.stillToDial(attempt)) {
            withhold(attempt, "given up before it left", now);
        } else if (!mayLeave(attempt, now)) {
            withhold(attempt, "the right to dial was no longer sure", now);
        } else {
            edges.carryOut(dial);
        }
    }

    private void withhold(AttemptId attempt, String reason, Instant now) {
        step(new Event.CallReported(attempt, new CallEvent.Withheld(reason)), now);
    }

    /** Looked at with the clock of this very moment, not that of the turn: a freeze may lie between them. */
    private boolean mayLeave(AttemptId attempt, Instant turn) {
        if (clock.suspectedSuspension()) {
            step(new Event.RightRenewed(epoch(), Instant.MIN), turn);
        }
        return dialer.mayLeave(attempt, clock.now());
    }

    private long epoch() {
        return switch (dialer.role()) {
            case RoleState.Active a -> a.epoch();
            case RoleState.Quiescing q -> q.epoch();
            case RoleState.HandingOver h -> h.epoch();
            case RoleState.Standby s -> 0;
            case RoleState.Monitoring m -> 0;
            case RoleState.Stopped s -> 0;
        };
    }
}
