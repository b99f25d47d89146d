package releve.server.store;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import releve.server.store.PostgresDialerStoreTest.PostgresWorld;

class PostgresOffersTest extends OfferContractTest {
    private static HikariDataSource pool;

    @BeforeAll
    static void open() {
        pool = StoreConnections.pool(TestStore.fresh(), "offers", 4);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @Override
    DialerStoreContractTest.World world() {
        return new PostgresWorld(pool);
    }
}
