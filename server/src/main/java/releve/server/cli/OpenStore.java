package releve.server.cli;

import com.zaxxer.hikari.HikariDataSource;
import releve.server.config.StoreSettings;
import releve.server.store.Schema;
import releve.server.store.StoreAddress;
import releve.server.store.StoreConnections;

/**
 * The store as one command uses it.
 *
 * @param pool for short statements
 */
public record OpenStore(StoreAddress address, HikariDataSource pool) implements AutoCloseable {
    private static final int CONNECTIONS = 2;

    /** Opens it, brings its tables up to date and, if it is the embedded one, starts it. */
    public static OpenStore open(StoreSettings settings) {
        StoreAddress address = settings.address();
        HikariDataSource pool = StoreConnections.pool(address, "releve command", CONNECTIONS);
        try {
            Schema.migrate(pool);
            return new OpenStore(address, pool);
        } catch (RuntimeException failed) {
            pool.close();
            throw failed;
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
