package releve.server.store;

class MemoryOffersTest extends OfferContractTest {
    private final MemoryWorld world = new MemoryWorld();

    @Override
    DialerStoreContractTest.World world() {
        return world;
    }
}
