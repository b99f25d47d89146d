package releve.core.memory;

import releve.core.contract.StoreContract;
import releve.core.contract.StoreWorld;

/** The store in memory does what every store does. */
class MemoryStoreTest extends StoreContract {
    private final MemoryWorld world = new MemoryWorld();

    @Override
    protected StoreWorld world() {
        return world;
    }
}
