package releve.server.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import releve.server.config.StoreSettings;

/** Options of every command that uses the store. */
public final class StoreOptions {
    @Option(
            names = "--database-url",
            paramLabel = "URL",
            description = {
                "Your own PostgreSQL, as postgresql://user:password@host:5432/database.",
                "Default: RELEVE_DATABASE_URL (user and password also from RELEVE_DATABASE_USER and"
                        + " RELEVE_DATABASE_PASSWORD), else the embedded one.",
            })
    private @Nullable String databaseUrl;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "var",
            description = "Where the embedded PostgreSQL keeps its data (default: ./${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default
    private Path data;

    @Option(
            names = "--pair",
            paramLabel = "N",
            defaultValue = "1",
            description = "The duplex pair, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    private int pair;

    /** The store that these options, or the environment, name. */
    public StoreSettings settings() {
        return StoreSettings.of(databaseUrl, data, System.getenv());
    }

    public Path dataDir() {
        return data;
    }

    /** @throws Refusal when it is out of range */
    public int pair() {
        if (pair < 1 || pair > 1000) {
            throw new Refusal("the pair is 1 to 1000, not " + pair + ".");
        }
        return pair;
    }
}
