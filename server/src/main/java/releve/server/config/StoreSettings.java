package releve.server.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import releve.server.store.EmbeddedStore;
import releve.server.store.StoreAddress;
import releve.server.store.StoreRefused;

/**
 * Where the store is: the user's own PostgreSQL, or the embedded one below the data directory.
 *
 * @param ownStore the user's own, null for the embedded one
 * @param dataDir where the embedded one keeps everything
 */
public record StoreSettings(@Nullable StoreAddress ownStore, Path dataDir) {
    /** The address of the user's own PostgreSQL, for those who do not give it as an option. */
    public static final String URL_VARIABLE = "RELEVE_DATABASE_URL";

    /** User and password, so that they need not stand in the address. */
    public static final String USER_VARIABLE = "RELEVE_DATABASE_USER";

    public static final String PASSWORD_VARIABLE = "RELEVE_DATABASE_PASSWORD";

    /**
     * Options first, then the environment, then the embedded store.
     *
     * @throws StoreRefused when the address is not understood
     */
    public static StoreSettings of(@Nullable String url, Path dataDir, Map<String, String> environment) {
        String text = url == null ? environment.get(URL_VARIABLE) : url;
        if (text == null || text.isBlank()) {
            return new StoreSettings(null, dataDir);
        }
        StoreAddress address = StoreAddress.parse(text.strip());
        String user = environment.getOrDefault(USER_VARIABLE, "");
        String password = environment.getOrDefault(PASSWORD_VARIABLE, "");
        return new StoreSettings(
                new StoreAddress(
                        address.url(),
                        address.user().isEmpty() ? user : address.user(),
                        address.password().isEmpty() ? password : address.password()),
                dataDir);
    }

    public boolean embedded() {
        return ownStore == null;
    }

    /** Whether there is a store to look into: the embedded one exists once something started it. */
    public boolean exists() {
        return !embedded() || Files.exists(dataDir.resolve("postgres"));
    }

    /**
     * The address to connect to; the embedded store is started if it does not run.
     *
     * @throws StoreRefused when it cannot be started
     */
    public StoreAddress address() {
        return ownStore == null ? EmbeddedStore.startOrJoin(dataDir) : ownStore;
    }
}
