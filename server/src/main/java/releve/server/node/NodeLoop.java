package releve.server.node;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.common.Invariants;
import releve.core.engine.Command;
import releve.core.engine.Dialer;
import releve.core.engine.DialerStatus;
import releve.core.engine.Event;
import releve.core.node.Batch;
import releve.core.node.DialerTurns;
import releve.core.node.DialerTurns.Input;
import releve.core.node.NodeClock;
import releve.core.pair.RoleState;
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

    private final DialerTurns turns;
    private final NodeClock clock;
    private final DialerTurns.Edges edges;
    private final BlockingQueue<Input> inbox = new ArrayBlockingQueue<>(INBOX_MAX);
    private final Thread thread;
    private StoreWriter writer;
    private volatile RoleState role;
    private volatile DialerStatus status;
    private Instant statusAt;
    private volatile boolean closed;

    @SuppressWarnings("NullAway.Init")
    NodeLoop(Dialer dialer, NodeClock clock, DialerTurns.Edges edges) {
        this.turns = new DialerTurns(dialer, clock, edges);
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
    public void committed(Batch batch, CommitResult result) {
        if (DialerTurns.concerns(batch, result)) {
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
        return turns.dialer()
                .nextDeadline(now)
                .map(at -> Duration.between(now, at))
                .filter(left -> left.compareTo(IDLE_MAX) < 0)
                .map(left -> left.isNegative() ? Duration.ZERO : left)
                .orElse(IDLE_MAX);
    }

    private void turn(List<Input> inputs) {
        Optional<Batch> batch = turns.turn(inputs);
        role = turns.dialer().role();
        batch.ifPresent(writer::submit);
        Instant now = clock.now();
        if (Duration.between(statusAt, now).compareTo(STATUS_EVERY) >= 0) {
            status = turns.dialer().status(now);
            statusAt = now;
        }
    }
}
