package releve.server.store;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import releve.core.contract.AttemptContract;
import releve.core.contract.ContactContract;
import releve.core.contract.DeskContract;
import releve.core.contract.LeaseContract;
import releve.core.contract.OfferContract;
import releve.core.contract.ProcessContract;
import releve.core.contract.ReservationContract;
import releve.core.contract.StoreWorld;
import releve.core.contract.SuccessionContract;

/** PostgreSQL does what every store does. */
class PostgresStoreTest {
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

    @Nested
    class Leases extends LeaseContract {
        @Override
        protected StoreWorld world() {
            return world;
        }
    }

    @Nested
    class Successions extends SuccessionContract {
        @Override
        protected StoreWorld world() {
            return world;
        }
    }

    @Nested
    class Contacts extends ContactContract {
        @Override
        protected StoreWorld world() {
            return world;
        }
    }

    @Nested
    class Attempts extends AttemptContract {
        @Override
        protected StoreWorld world() {
            return world;
        }
    }

    @Nested
    class Reservations extends ReservationContract {
        @Override
        protected StoreWorld world() {
            return world;
        }
    }

    @Nested
    class Offers extends OfferContract {
        @Override
        protected StoreWorld world() {
            return world;
        }
    }

    @Nested
    class Desks extends DeskContract {
        @Override
        protected StoreWorld world() {
            return world;
        }
    }

    @Nested
    class Processes extends ProcessContract {
        @Override
        protected StoreWorld world() {
            return world;
        }
    }
}
