package releve.server.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import releve.server.config.StoreSettings;

/** A command that opens the store, does one thing and says how it went. */
public abstract class CommandOnStore implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before any call
    private CommandSpec spec;

    @Mixin
    private final StoreOptions storeOptions = new StoreOptions();

    @Mixin
    private final OutputOptions outputOptions = new OutputOptions();

    /**
     * The command itself.
     *
     * @return the exit code, of {@link CommandLines}
     * @throws Refusal when it is refused or fails
     */
    protected abstract int run(OpenStore store) throws Exception;

    /** Whether the command makes sense on a store that does not exist yet, and so may create the embedded one. */
    protected boolean createsStore() {
        return false;
    }

    @Override
    public final Integer call() throws Exception {
        StoreSettings settings = storeOptions.settings();
        if (!settings.exists() && !createsStore()) {
            throw new Refusal(
                    "there is no store in %s yet: make a campaign or start a node first, or name your own with --database-url."
                            .formatted(settings.dataDir()));
        }
        try (OpenStore store = OpenStore.open(settings)) {
            int exitCode = run(store);
            out().flush();
            return exitCode;
        }
    }

    protected final int pair() {
        return storeOptions.pair();
    }

    protected final boolean json() {
        return outputOptions.json();
    }

    protected final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    protected final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Prints the value as JSON if that was asked for, else the sentence or table. */
    protected final void print(Object value, String forPeople) {
        out().println(json() ? JsonOutput.of(value) : forPeople);
        out().flush();
    }
}
