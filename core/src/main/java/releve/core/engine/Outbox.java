package releve.core.engine;

import java.util.ArrayList;
import java.util.List;
import releve.core.store.Change;

/** Collects what one step decides. */
final class Outbox {
    private List<Change> changes = new ArrayList<>();
    private List<Command> commands = new ArrayList<>();

    void change(Change change) {
        changes.add(change);
    }

    void command(Command command) {
        commands.add(command);
    }

    Decision drain() {
        Decision decision = new Decision(changes, commands);
        changes = new ArrayList<>();
        commands = new ArrayList<>();
        return decision;
    }
}
