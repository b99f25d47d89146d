package releve.server.node;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.engine.Event;
import releve.core.node.NodeClock;
import releve.core.node.StoreLook;
import releve.core.node.StoreNews;
import releve.core.store.DialerStore;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.StoreUnavailable;

/**
 * Looks at the store for what concerns this node, and tells the engine: agents granted, campaigns changed, operators'
 * commands, the other side's heartbeat; and writes this node's own heartbeat. A wake-up makes it look at once; twice a second
 * it looks anyway, so a lost wake-up costs half a second.
 */
final class StoreWatch {
    private static final Logger log = LoggerFactory.getLogger(StoreWatch.class);
    private static final Duration EVERY = Duration.ofMillis(500);

    /** One thing to look at; may throw {@link StoreUnavailable}. */
    interface Look {
        void now();
    }

    private final DialerStore store;
    private final NodeId node;
    private final Consumer<Event> events;
    private final List<Look> regular;
    private final StoreNews news = new StoreNews();
    private final NodeClock clock;
    private final Object wake = new Object();
    private final Thread thread;
    private boolean woken;
    private boolean all;
    private boolean troubled;
    private volatile boolean closed;

    /** @param regular looked at twice a second and at each wake-up, besides grants and campaigns */
    StoreWatch(DialerStore store, NodeId node, NodeClock clock, Consumer<Event> events, List<Look> regular) {
        this.store = store;
        this.clock = clock;
        this.node = node;
        this.events = events;
        this.regular = List.copyOf(regular);
        this.thread = Thread.ofPlatform().name("store-watch").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Something may have been granted to this node, or an offer of it answered. */
    void wakeForGrants() {
        synchronized (wake) {
            woken = true;
            wake.notifyAll();
        }
    }

    /** Something else may have changed. */
    void wakeForAll() {
        synchronized (wake) {
            woken = true;
            all = true;
            wake.notifyAll();
        }
    }

    void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        long nextNs = System.nanoTime();
        while (!closed) {
            try {
                if (takeAll() || System.nanoTime() - nextNs >= 0) {
                    nextNs = System.nanoTime() + EVERY.toNanos();
                    look(this::atAll);
                    regular.forEach(this::look);
                } else {
                    look(this::atAgents);
                }
                sleepUntil(nextNs);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.error("Looking at the store failed; the next look comes", e);
            }
        }
    }

    private boolean takeAll() {
        synchronized (wake) {
            boolean taken = all;
            all = false;
            return taken;
        }
    }

    private void look(Look what) {
        try {
            what.now();
            troubled = false;
        } catch (StoreUnavailable e) {
            if (!troubled) {
                log.warn("The store cannot be read: {}", e.getMessage());
                troubled = true;
            }
        }
    }

    private void sleepUntil(long nextNs) throws InterruptedException {
        synchronized (wake) {
            long leftMs = (nextNs - System.nanoTime()) / 1_000_000;
            if (!woken && leftMs > 0) {
                wake.wait(leftMs);
            }
            woken = false;
        }
    }

    private void atAgents() {
        news.of(StoreLook.atAgents(store, node)).forEach(events);
    }

    private void atAll() {
        news.of(StoreLook.atAll(store, node, news.abandonmentDue(clock.now()))).forEach(events);
    }
}
