package releve.server.gateway;

import java.time.Duration;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reserves ready agents for the dialers that ask: woken by every request and every agent who becomes ready, and once a
 * second besides, because a wake-up may be lost. One round is one transaction that is guarded in the store, so both sides
 * run it at once.
 */
public final class RoutingGateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RoutingGateway.class);
    private static final Duration ROUND = Duration.ofSeconds(1);

    private final Pulse pulse;

    /**
     * @param serve matches requests with ready agents in one transaction, and tells how many it matched
     */
    public RoutingGateway(IntSupplier serve) {
        this.pulse = new Pulse("routing-gateway", ROUND, () -> round(serve));
    }

    public RoutingGateway start() {
        pulse.start();
        return this;
    }

    /** A request came, or an agent became ready. */
    public void wake() {
        pulse.wake();
    }

    @Override
    public void close() {
        pulse.close();
    }

    private static boolean round(IntSupplier serve) {
        int granted = serve.getAsInt();
        if (granted > 0) {
            LOG.debug("{} agents reserved", granted);
        }
        return granted > 0;
    }
}
