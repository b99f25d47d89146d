package releve.server.gateway;

import java.time.Duration;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.engine.Standing;

/**
 * Reserves ready agents for the dialers that ask: woken by every request and every agent who becomes ready, and twice a
 * second besides, because a wake-up may be lost. A standby only asks now and then whether it is its turn, because the active one
 * is overdue. One round is one transaction that is guarded in the store, so no round of two sides can harm the other.
 */
public final class RoutingGateway implements AutoCloseable, Duty {
    private static final Logger LOG = LoggerFactory.getLogger(RoutingGateway.class);
    private static final Duration ROUND = Duration.ofMillis(500);

    private final IntSupplier serve;
    private final Pulse pulse;
    private volatile Standing standing = Standing.STANDBY;
    private volatile boolean working;

    /**
     * @param serve matches requests with ready agents in one transaction, and tells how many it matched
     */
    public RoutingGateway(IntSupplier serve) {
        this.serve = serve;
        this.pulse = new Pulse("routing-gateway", ROUND, this::round);
    }

    public RoutingGateway start() {
        pulse.start();
        return this;
    }

    /** A request came, or an agent became ready. */
    public void wake() {
        if (standing == Standing.ACTIVE) {
            pulse.wake();
        }
    }

    @Override
    public void stand(Standing now, String elsewhere) {
        boolean begins = now == Standing.ACTIVE && standing != Standing.ACTIVE;
        standing = now;
        if (begins) {
            pulse.wake();
        }
    }

    @Override
    public int working() {
        return working ? 1 : 0;
    }

    /** Dialers do not connect to it: they meet in the store. */
    @Override
    public int attached() {
        return 0;
    }

    @Override
    public void close() {
        pulse.close();
    }

    private boolean round() {
        working = true;
        try {
            int granted = standing.servesRounds() ? serve.getAsInt() : 0;
            if (granted > 0) {
                LOG.debug("{} agents reserved", granted);
            }
            return granted > 0;
        } finally {
            working = false;
        }
    }
}
