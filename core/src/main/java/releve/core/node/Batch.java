package releve.core.node;

import java.util.List;
import releve.core.engine.Command;
import releve.core.store.Change;

/**
 * What one turn decided for the store, under which epoch: facts, in order, and the commands that must not outrun them.
 *
 * @param epoch 0 when the node does not hold the right to dial
 */
public record Batch(long epoch, List<Change> changes, List<Command.AfterCommit> commands) {
    public Batch {
        changes = List.copyOf(changes);
        commands = List.copyOf(commands);
    }

    /** Whether the store has to do something after these changes and before any later ones. */
    boolean hasErrand() {
        return commands.stream().anyMatch(command -> StoreErrand.of(command).isPresent());
    }
}
