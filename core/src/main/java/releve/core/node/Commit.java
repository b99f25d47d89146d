package releve.core.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import releve.core.store.Change;

/**
 * What goes into one transaction: batches of one epoch, in order. An errand of the store, such as a claim or the handover,
 * ends it, because it comes after all changes decided before it and before all later ones.
 */
public record Commit(List<Batch> batches) {
    /** So many changes end a commit; one batch is never divided. */
    public static final int CHANGES_MAX = 5_000;

    public Commit {
        batches = List.copyOf(batches);
    }

    /** Takes the next commit's batches from those that wait; empty when none does. */
    public static Optional<Commit> next(Queue<Batch> waiting) {
        Batch first = waiting.poll();
        return first == null ? Optional.empty() : Optional.of(beginningWith(first, waiting));
    }

    /** Takes as many of those that wait as go with the first. */
    public static Commit beginningWith(Batch first, Queue<Batch> waiting) {
        List<Batch> batches = new ArrayList<>();
        batches.add(first);
        int size = first.changes().size();
        Batch last = first;
        while (size < CHANGES_MAX && !last.hasErrand()) {
            Batch next = waiting.peek();
            if (next == null || next.epoch() != first.epoch()) {
                break;
            }
            waiting.remove();
            batches.add(next);
            size += next.changes().size();
            last = next;
        }
        return new Commit(batches);
    }

    public long epoch() {
        return batches.getFirst().epoch();
    }

    public List<Change> changes() {
        return batches.stream().flatMap(batch -> batch.changes().stream()).toList();
    }

    /** What the store has to do after these changes, in order, each in a transaction of its own. */
    public List<StoreErrand> errands() {
        return batches.stream()
                .flatMap(batch -> batch.commands().stream())
                .flatMap(command -> StoreErrand.of(command).stream())
                .toList();
    }
}
