package releve.server.store;

class MemoryDialerStoreTest extends DialerStoreContractTest {
    private final MemoryWorld world = new MemoryWorld();

    @Override
    World world() {
        return world;
    }
}
