package releve.core.node;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import releve.core.call.CallEvent;
import releve.core.common.AttemptId;
import releve.core.engine.Command;
import releve.core.engine.Decision;
import releve.core.engine.Dialer;
import releve.core.engine.Event;
import releve.core.store.Change;
import releve.core.store.DialerStore.CommitResult;

/**
 * A dialer and its turns: each steps the engine through what has happened, carries out at once what may leave at once, and
 * makes one batch of the rest for the store. When the store has committed a batch, what waited for it leaves, unless the
 * right to dial has run out meanwhile.
 *
 * <p>One caller at a time; time must not run backwards from one turn to the next.
 */
public final class DialerTurns {

    /** The node's own time. */
    public interface NodeTime {
        /** Never earlier than before. */
        Instant now();

        /** Whether the machine may have been suspended since the last call, so that the right's deadline is worth nothing. */
        boolean suspectedSuspension();
    }

    /** Whoever carries commands out beyond the store. */
    public interface Edges {
        /** Anything but the store's own errands. */
        void carryOut(Command command);

        /** An attempt that was not started, and why; only to be written down. */
        default void notStarted(AttemptId attempt, String reason) {}
    }

    /** What a turn is about. */
    public sealed interface Input {
        record Happened(Event event) implements Input {}

        record Committed(Batch batch, CommitResult result) implements Input {}
    }

    private final Dialer dialer;
    private final NodeTime time;
    private final Edges edges;
    private final List<Change> changes = new ArrayList<>();
    private final List<Command.AfterCommit> afterCommit = new ArrayList<>();

    public DialerTurns(Dialer dialer, NodeTime time, Edges edges) {
        this.dialer = dialer;
        this.time = time;
        this.edges = edges;
    }

    public Dialer dialer() {
        return dialer;
    }

    /** Takes a turn. @return what the store is to commit; empty when nothing */
    public Optional<Batch> turn(List<Input> inputs) {
        Instant now = time.now();
        for (Input input : inputs) {
            switch (input) {
                case Input.Happened happened -> step(happened.event(), now);
                case Input.Committed committed -> release(committed.batch(), committed.result(), now);
            }
        }
        // What has happened comes before what is due: a target that took the call in time is not given up for time.
        step(new Event.Tick(), now);
        if (changes.isEmpty() && afterCommit.isEmpty()) {
            return Optional.empty();
        }
        Batch batch = new Batch(dialer.role().epochHeld(), changes, afterCommit);
        changes.clear();
        afterCommit.clear();
        return Optional.of(batch);
    }

    /** Whether a commit concerns the loop: commands wait for it, or it says that the epoch is over. */
    public static boolean concerns(Batch batch, CommitResult result) {
        return !batch.commands().isEmpty() || result.epochOver();
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
    private void release(Batch batch, CommitResult result, Instant now) {
        for (Command.AfterCommit command : batch.commands()) {
            switch (command) {
                case Command.Dial dial -> dial(dial.attempt(), dial, result, now);
                case Command.DialFromAgent dial -> dial(dial.attempt(), dial, result, now);
                case Command.StopProcess stop -> edges.carryOut(stop);
                case Command.ClaimContacts claim -> {}
                case Command.ClaimPersonalCallbacks claim -> {}
                case Command.HandOver handOver -> {}
                case Command.GiveUpRight giveUp -> {}
            }
        }
    }

    private void dial(AttemptId attempt, Command.AfterCommit dial, CommitResult result, Instant now) {
        String refusal = result.refused().get(attempt);
        if (refusal != null) {
            edges.notStarted(attempt, refusal);
            step(new Event.StartRefused(attempt, refusal), now);
        } else if (!dialer.stillToDial(attempt)) {
            withhold(attempt, "given up before it left", now);
        } else {
            keptBack(attempt, now).ifPresentOrElse(reason -> withhold(attempt, reason, now), () -> {
                dialer.left(attempt);
                edges.carryOut(dial);
            });
        }
    }

    private void withhold(AttemptId attempt, String reason, Instant now) {
        step(new Event.CallReported(attempt, new CallEvent.Withheld(reason)), now);
    }

    /** Looked at with the clock of this very moment, not that of the turn: a freeze may lie between them. */
    private Optional<String> keptBack(AttemptId attempt, Instant turn) {
        if (time.suspectedSuspension()) {
            step(new Event.RightRenewed(dialer.role().epochHeld(), Instant.MIN), turn);
        }
        return dialer.keptBack(attempt, time.now());
    }
}
