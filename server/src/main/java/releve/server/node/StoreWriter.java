package releve.server.node;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.common.Invariants;
import releve.core.engine.Event;
import releve.core.node.Batch;
import releve.core.node.Commit;
import releve.core.node.LeaseTimes;
import releve.core.node.StoreErrand;
import releve.core.store.Change;
import releve.core.store.DialerStore;
import releve.core.store.DialerStore.CommitResult;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.StoreUnavailable;

/**
 * The one thread that writes what the engine decided: whatever has gathered while the last commit was under way goes into the
 * next one. It also runs the store's commands, so that each comes after all changes decided before it.
 *
 * <p>While the store is absent it repeats the same batch, and later ones wait; at most {@link #CHANGES_WAITING_MAX} changes.
 * Without the store nothing new is dialed, so what can gather is bounded by the calls under way, far below that; a node that
 * reaches it all the same has lost control and stops.
 */
final class StoreWriter {
    static final int CHANGES_WAITING_MAX = 500_000;
    private static final int BATCHES_WAITING_MAX = 200_000;
    private static final Duration RETRY = Duration.ofMillis(100);
    private static final Logger log = LoggerFactory.getLogger(StoreWriter.class);

    /** What the writer tells the loop; called on the writer's thread. */
    interface Outcome {
        void committed(Batch batch, CommitResult result);

        void happened(Event event);
    }

    private final DialerStore store;
    private final NodeId node;
    private final LeaseTimes times;
    private final LeaseThread lease;
    private final Outcome outcome;
    private final BlockingQueue<Batch> waiting = new ArrayBlockingQueue<>(BATCHES_WAITING_MAX);
    private final AtomicInteger changesWaiting = new AtomicInteger();
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable String trouble;

    StoreWriter(DialerStore store, NodeId node, LeaseTimes times, LeaseThread lease, Outcome outcome) {
        this.store = store;
        this.node = node;
        this.times = times;
        this.lease = lease;
        this.outcome = outcome;
        this.thread = Thread.ofPlatform().name("store-writer").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void submit(Batch batch) {
        int total = changesWaiting.addAndGet(batch.changes().size());
        Invariants.check(
                total <= CHANGES_WAITING_MAX && waiting.offer(batch),
                "%s changes wait for the store, which is more than this node can answer for",
                total);
    }

    /** Changes decided and not yet committed. */
    int changesWaiting() {
        return changesWaiting.get();
    }

    /** Why the store does not take changes now; null when it does. */
    @Nullable
    String trouble() {
        return trouble;
    }

    /** Ends the thread; what still waits is not written. */
    void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        while (!closed) {
            try {
                commit(Commit.beginningWith(waiting.take(), waiting));
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.error("The store writer failed; the node cannot answer for its results any more", e);
                outcome.happened(new Event.StopNow("the store writer failed: " + e.getMessage()));
                return;
            }
        }
    }

    private void commit(Commit commit) throws InterruptedException {
        List<Change> changes = commit.changes();
        CommitResult result = changes.isEmpty() ? CommitResult.ALL_APPLIED : commitUntilTaken(commit.epoch(), changes);
        changesWaiting.addAndGet(-changes.size());
        commit.batches().forEach(batch -> outcome.committed(batch, result));
        for (StoreErrand errand : commit.errands()) {
            outcome.happened(carryOut(commit.epoch(), errand));
        }
    }

    private CommitResult commitUntilTaken(long epoch, List<Change> changes) throws InterruptedException {
        while (true) {
            try {
                CommitResult result = store.commit(node, epoch, changes);
                if (trouble != null) {
                    log.info("The store takes changes again; {} waited", changesWaiting.get());
                    trouble = null;
                }
                return result;
            } catch (StoreUnavailable e) {
                if (trouble == null) {
                    log.warn("The store does not take changes, results wait: {}", e.getMessage());
                }
                trouble = e.getMessage();
                TimeUnit.NANOSECONDS.sleep(RETRY.toNanos());
            }
        }
    }

    private Event carryOut(long epoch, StoreErrand errand) throws InterruptedException {
        if (errand.movesTheRight()) {
            lease.pause();
        }
        Event outcome = answerOf(epoch, errand);
        if (errand.movesTheRight()) {
            lease.resume(errand.kept(outcome));
        }
        return outcome;
    }

    private Event answerOf(long epoch, StoreErrand errand) throws InterruptedException {
        while (true) {
            try {
                return errand.carryOut(store, node, epoch, times);
            } catch (StoreUnavailable e) {
                log.debug("The store did not answer {}: {}", errand, e.getMessage());
                if (!errand.untilAnswered()) {
                    return errand.unanswered(e);
                }
                TimeUnit.NANOSECONDS.sleep(RETRY.toNanos());
            }
        }
    }
}
