package releve.server.store;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import releve.core.contract.StoreContract;
import releve.core.contract.StoreWorld;

/** PostgreSQL does what every store does. */
class PostgresStoreTest extends StoreContract {
    private static HikariDataSource pool;
    private final PostgresWorld world = new PostgresWorld(pool);

    @BeforeAll
    static void open() {
        pool = StoreConnections.pool(TestStore.fresh(), "contract", 12);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @Override
    protected StoreWorld world() {
        return world;
    }
}
