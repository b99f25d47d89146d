package releve.app.bench;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option of all benchmarks that need a store. */
final class StoreFolder {
    @Option(
            names = "--data",
            defaultValue = "var",
            paramLabel = "DIR",
            description = "Where the embedded PostgreSQL is.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before any call
    private Path data;

    Path path() {
        return data;
    }
}
