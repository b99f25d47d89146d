package releve.server.node;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.store.DialerStore.StoreUnavailable;

/**
 * Small things to write that nobody waits for: the journal of the role, answers to operators. In order, on a thread of its own,
 * repeated while the store is absent. At most {@link #WAITING_MAX} wait; beyond, the newest is left out and the log says so.
 */
final class StoreErrands {
    static final int WAITING_MAX = 1_000;
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final Logger log = LoggerFactory.getLogger(StoreErrands.class);

    private final BlockingQueue<Runnable> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Thread thread =
            Thread.ofPlatform().name("store-errands").daemon().unstarted(this::run);
    /** Errands that wait or are under way. */
    private final AtomicInteger open = new AtomicInteger();

    void start() {
        thread.start();
    }

    void add(String what, Runnable errand) {
        open.incrementAndGet();
        if (!waiting.offer(errand)) {
            open.decrementAndGet();
            log.error("{} is not written: {} errands wait for the store", what, WAITING_MAX);
        }
    }

    /** Waits until all is written, or the limit has passed. */
    void finish(Duration limit) throws InterruptedException {
        long giveUpNs = System.nanoTime() + limit.toNanos();
        while (open.get() > 0 && System.nanoTime() < giveUpNs) {
            Thread.sleep(Duration.ofMillis(10));
        }
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                untilDone(waiting.take());
                open.decrementAndGet();
            }
        } catch (InterruptedException e) {
            log.debug("The errands end");
        }
    }

    private static void untilDone(Runnable errand) throws InterruptedException {
        while (true) {
            try {
                errand.run();
                return;
            } catch (StoreUnavailable e) {
                Thread.sleep(RETRY);
            } catch (RuntimeException e) {
                log.error("An errand to the store failed and is left out", e);
                return;
            }
        }
    }
}
