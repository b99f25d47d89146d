package releve.core.memory;

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

/** The store in memory does what every store does. */
class MemoryStoreTest {
    private final MemoryWorld world = new MemoryWorld();

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
