package releve.server.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.campaign.Contact;
import releve.core.common.Invariants;
import releve.core.engine.Command;
import releve.core.engine.Event;
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
    private static final int CHANGES_PER_COMMIT_MAX = 5_000;
    private static final Duration RETRY = Duration.ofMillis(100);
    private static final Logger log = LoggerFactory.getLogger(StoreWriter.class);

    /** What one turn of the loop decided, under which epoch. */
    record Batch(long epoch, List<Change> changes, List<Command.AfterCommit> commands) {}

    /** What the writer tells the loop; called on the writer's thread. */
    interface Outcome {
        void committed(Batch batch, CommitResult result);

        void happened(Event event);
    }

    private final DialerStore store;
    private final NodeId node;
    private final Duration ttl;
    private final LeaseKeeper lease;
    private final Outcome outcome;
    private final BlockingQueue<Batch> waiting = new ArrayBlockingQueue<>(BATCHES_WAITING_MAX);
    private final AtomicInteger changesWaiting = new AtomicInteger();
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable String trouble;

    StoreWriter(DialerStore store, NodeId node, Duration ttl, LeaseKeeper lease, Outcome outcome) {
        this.store = store;
        this.node = node;
        this.ttl = ttl;
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
        List<Batch> batches = new ArrayList<>();
        while (!closed) {
            try {
                batches.clear();
                gather(batches);
                commit(batches);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.error("The store writer failed; the node cannot answer for its results any more", e);
                outcome.happened(new Event.StopNow("the store writer failed: " + e.getMessage()));
                return;
            }
        }
    }

    /** Takes what waits, up to a commit's size, as long as it belongs to one epoch and no command has to run in between. */
    private void gather(List<Batch> batches) throws InterruptedException {
        Batch first = waiting.take();
        batches.add(first);
        int size = first.changes().size();
        Batch last = first;
        while (size < CHANGES_PER_COMMIT_MAX && !hasStoreCommand(last)) {
            Batch next = waiting.peek();
            if (next == null || next.epoch() != first.epoch()) {
                return;
            }
            waiting.remove();
            batches.add(next);
            size += next.changes().size();
            last = next;
        }
    }

    private static boolean hasStoreCommand(Batch batch) {
        return batch.commands().stream()
                .anyMatch(command -> !(command instanceof Command.Dial || command instanceof Command.DialFromAgent));
    }

    private void commit(List<Batch> batches) throws InterruptedException {
        List<Change> changes =
                batches.stream().flatMap(batch -> batch.changes().stream()).toList();
        CommitResult result = changes.isEmpty() ? CommitResult.ALL_APPLIED : commitUntilTaken(batches, changes);
        for (Batch batch : batches) {
            changesWaiting.addAndGet(-batch.changes().size());
            outcome.committed(batch, result);
            for (Command.AfterCommit command : batch.commands()) {
                execute(batch.epoch(), command);
            }
        }
    }

    private CommitResult commitUntilTaken(List<Batch> batches, List<Change> changes) throws InterruptedException {
        while (true) {
            try {
                CommitResult result = store.commit(node, batches.getFirst().epoch(), changes);
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

    private void execute(long epoch, Command.AfterCommit command) {
        switch (command) {
            case Command.Dial dial -> {}
            case Command.DialFromAgent dial -> {}
            case Command.StopProcess stop -> {}
            case Command.ClaimContacts claim -> claim(epoch, claim);
            case Command.ClaimPersonalCallbacks claim -> claim(epoch, claim);
            case Command.HandOver handOver -> handOver(handOver);
            case Command.GiveUpRight giveUp -> giveUp(giveUp);
        }
    }

    private void claim(long epoch, Command.ClaimContacts claim) {
        try {
            outcome.happened(store.claim(node, epoch, claim.campaign(), claim.count())
                    .<Event>map(contacts -> new Event.ContactsClaimed(claim.campaign(), contacts))
                    .orElseGet(() -> new Event.ClaimFailed(claim.campaign(), "the epoch is over")));
        } catch (StoreUnavailable e) {
            outcome.happened(new Event.ClaimFailed(claim.campaign(), String.valueOf(e.getMessage())));
        }
    }

    private void claim(long epoch, Command.ClaimPersonalCallbacks claim) {
        List<Contact> claimed = List.of();
        try {
            claimed = store.claimPersonalCallbacks(node, epoch, claim.campaign(), claim.count())
                    .orElse(List.of());
        } catch (StoreUnavailable e) {
            log.debug("Personal callbacks could not be claimed: {}", e.getMessage());
        }
        outcome.happened(new Event.PersonalCallbacksClaimed(claim.campaign(), claimed));
    }

    private void handOver(Command.HandOver handOver) {
        lease.pauseRenewal();
        NodeId peer = new NodeId(node.pair(), node.side().other(), handOver.toInstance());
        try {
            store.handOver(node, handOver.epoch(), peer, ttl)
                    .ifPresentOrElse(
                            epoch -> {
                                lease.relinquished();
                                outcome.happened(new Event.HandedOver(
                                        "handed over to side " + peer.side() + ", epoch " + epoch));
                            },
                            () -> outcome.happened(new Event.HandoverFailed("the right was no longer this side's")));
        } catch (StoreUnavailable e) {
            outcome.happened(new Event.HandoverFailed("the store is absent: " + e.getMessage()));
        } finally {
            lease.resumeRenewal();
        }
    }

    private void giveUp(Command.GiveUpRight giveUp) {
        lease.pauseRenewal();
        try {
            store.release(node, giveUp.epoch());
            lease.relinquished();
            outcome.happened(new Event.HandedOver("the right to dial is given up"));
        } catch (StoreUnavailable e) {
            outcome.happened(new Event.HandoverFailed("the store is absent: " + e.getMessage()));
        } finally {
            lease.resumeRenewal();
        }
    }
}
