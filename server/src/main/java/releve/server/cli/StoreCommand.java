package releve.server.cli;

import java.io.PrintWriter;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import releve.server.store.EmbeddedStore;
import releve.server.store.StoreAddress;

/** The embedded PostgreSQL, by hand. */
@Command(
        name = "store",
        mixinStandardHelpOptions = true,
        description = {
            "Starts and stops the embedded PostgreSQL.",
            "It is a process of its own that outlives the nodes; commands that need it start it by themselves.",
        },
        subcommands = {StoreCommand.Start.class, StoreCommand.Stop.class, StoreCommand.Status.class},
        footer = {"", "Example:", "  releve store status"})
public final class StoreCommand extends CommandGroup {

    private abstract static class OnEmbedded implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it before any call
        private CommandSpec spec;

        @Mixin
        final StoreOptions store = new StoreOptions();

        @Mixin
        final OutputOptions output = new OutputOptions();

        abstract int run();

        @Override
        public final Integer call() {
            if (!store.settings().embedded()) {
                throw new Refusal("the store is your own PostgreSQL, which is not Relève's to start or stop;"
                        + " without --database-url and RELEVE_DATABASE_URL this is about the embedded one.");
            }
            return run();
        }

        final int print(Object value, String sentence) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(output.json() ? JsonOutput.of(value) : sentence);
            out.flush();
            return CommandLines.DONE;
        }

        final EmbeddedStore.Status status() {
            return EmbeddedStore.status(store.dataDir());
        }

        final Object asJson(EmbeddedStore.Status status) {
            return JsonOutput.object(
                    "running", status.running(),
                    "pid", number(status.pid()),
                    "port", number(status.port()),
                    "data", status.dataDir().toString());
        }

        private static @Nullable Integer number(OptionalInt value) {
            return value.isPresent() ? (Integer) value.getAsInt() : null;
        }
    }

    @Command(
            name = "start",
            mixinStandardHelpOptions = true,
            description = "Starts it, or does nothing if it runs.",
            footer = {"", "Example:", "  releve store start --port 15432"})
    static final class Start extends OnEmbedded {
        @Option(names = "--port", paramLabel = "N", description = "Listen there (default: the port chosen at first).")
        private @Nullable Integer port;

        @Override
        int run() {
            if (port != null && (port < 1 || port > 65_535)) {
                throw new Refusal("a port is 1 to 65535, not " + port + ".");
            }
            StoreAddress address = EmbeddedStore.startOrJoin(
                    store.dataDir(), port == null ? OptionalInt.empty() : OptionalInt.of(port));
            EmbeddedStore.Status status = status();
            return print(asJson(status), "The store runs: %s, data in %s.".formatted(address, status.dataDir()));
        }
    }

    @Command(
            name = "stop",
            mixinStandardHelpOptions = true,
            description = "Stops it in order. Nodes that use it stop dialing until it is back; live calls go on.",
            footer = {"", "Example:", "  releve store stop"})
    static final class Stop extends OnEmbedded {
        @Override
        int run() {
            boolean ran = status().running();
            EmbeddedStore.stop(store.dataDir());
            return print(asJson(status()), ran ? "The store has stopped." : "The store was not running.");
        }
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Says whether it runs, where, and with which data.",
            footer = {"", "Example:", "  releve store status --json"})
    static final class Status extends OnEmbedded {
        @Override
        int run() {
            EmbeddedStore.Status status = status();
            return print(
                    asJson(status),
                    status.running()
                            ? "The store runs: process %d, port %d, data in %s."
                                    .formatted(
                                            status.pid().orElse(0),
                                            status.port().orElse(0),
                                            status.dataDir())
                            : "The store does not run; its data is in %s.".formatted(status.dataDir()));
        }
    }
}
