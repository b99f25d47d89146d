package releve.core.engine;

import java.util.List;
import releve.core.store.Change;

/**
 * What one step decided: facts to make durable, in order, and commands.
 *
 * <p>Commands that are {@link Command.AfterCommit} are to be carried out when the changes have been committed; all others
 * at once.
 */
public record Decision(List<Change> changes, List<Command> commands) {
    public Decision {
        changes = List.copyOf(changes);
        commands = List.copyOf(commands);
    }
}
