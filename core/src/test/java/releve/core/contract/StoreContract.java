package releve.core.contract;

import org.junit.jupiter.api.Nested;

/** What every store does, by subject; one class for each store supplies the world around it. */
public abstract class StoreContract {
    protected abstract StoreWorld world();

    @Nested
    class Leases extends LeaseContract {
        @Override
        protected StoreWorld world() {
            return StoreContract.this.world();
        }
    }

    @Nested
    class Successions extends SuccessionContract {
        @Override
        protected StoreWorld world() {
            return StoreContract.this.world();
        }
    }

    @Nested
    class Contacts extends ContactContract {
        @Override
        protected StoreWorld world() {
            return StoreContract.this.world();
        }
    }

    @Nested
    class Attempts extends AttemptContract {
        @Override
        protected StoreWorld world() {
            return StoreContract.this.world();
        }
    }

    @Nested
    class Reservations extends ReservationContract {
        @Override
        protected StoreWorld world() {
            return StoreContract.this.world();
        }
    }

    @Nested
    class Offers extends OfferContract {
        @Override
        protected StoreWorld world() {
            return StoreContract.this.world();
        }
    }

    @Nested
    class Desks extends DeskContract {
        @Override
        protected StoreWorld world() {
            return StoreContract.this.world();
        }
    }

    @Nested
    class DecidedEnds extends DecidedContract {
        @Override
        protected StoreWorld world() {
            return StoreContract.this.world();
        }
    }

    @Nested
    class NumbersNotToCall extends DoNotCallContract {
        @Override
        protected StoreWorld world() {
            return StoreContract.this.world();
        }
    }

    @Nested
    class Overlaps extends OverlapContract {
        @Override
        protected StoreWorld world() {
            return StoreContract.this.world();
        }
    }

    @Nested
    class Processes extends ProcessContract {
        @Override
        protected StoreWorld world() {
            return StoreContract.this.world();
        }
    }

    @Nested
    class GatewayLeases extends GatewayContract {
        @Override
        protected StoreWorld world() {
            return StoreContract.this.world();
        }
    }
}
