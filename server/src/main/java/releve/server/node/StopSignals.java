package releve.server.node;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.engine.Event;
import sun.misc.Signal;

/**
 * SIGTERM is maintenance: the first one starts it, so that systemd and Kubernetes drain by themselves; a second one, or SIGINT,
 * stops at once.
 */
final class StopSignals {
    private static final Logger log = LoggerFactory.getLogger(StopSignals.class);

    private final Consumer<Event.OfRole> events;
    private boolean maintenance;

    private StopSignals(Consumer<Event.OfRole> events) {
        this.events = events;
    }

    static void install(Consumer<Event.OfRole> events) {
        StopSignals signals = new StopSignals(events);
        Signal.handle(new Signal("TERM"), signal -> signals.terminate());
        Signal.handle(new Signal("INT"), signal -> signals.interrupt());
    }

    private synchronized void terminate() {
        if (maintenance) {
            log.warn("A second SIGTERM: this node stops at once");
            events.accept(new Event.StopNow("second SIGTERM"));
        } else {
            maintenance = true;
            log.info("SIGTERM: maintenance begins; a second one stops at once");
            events.accept(new Event.MaintenanceAsked(0, true, "SIGTERM"));
        }
    }

    private void interrupt() {
        log.warn("SIGINT: this node stops at once");
        events.accept(new Event.StopNow("SIGINT"));
    }
}
