package releve.server.gateway;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.store.DialerStore.StoreUnavailable;

/**
 * A loop on a thread of its own: a round at every interval, at once when woken, and again at once while there is work.
 * While the store is away it says so once, tries less and less often, and says when it is back.
 */
final class Pulse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);
    /** Wake-ups this close together make one round. */
    private static final Duration DEBOUNCE = Duration.ofMillis(3);

    private static final Duration BACKOFF_MAX = Duration.ofSeconds(5);

    private final String name;
    private final Duration interval;
    private final BooleanSupplier round;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private boolean due;
    private volatile boolean stopped;
    private int failures;

    /**
     * @param round one round of work; true when there may be more at once
     */
    Pulse(String name, Duration interval, BooleanSupplier round) {
        this.name = name;
        this.interval = interval;
        this.round = round;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Has a round done soon; harmless as often as one likes. */
    void wake() {
        lock.lock();
        try {
            due = true;
            woken.signal();
        } finally {
            lock.unlock();
        }
    }

    boolean stopped() {
        return stopped;
    }

    /** Lets the round under way end, at most for a few seconds, and begins no other. */
    @Override
    public void close() {
        stopped = true;
        wake();
        try {
            if (thread.isAlive() && Thread.currentThread() != thread && !thread.join(Duration.ofSeconds(5))) {
                LOG.warn("{} did not end within 5 s", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean more = false;
        while (!stopped) {
            try {
                if (!more) {
                    await(failures == 0 ? interval : backoff());
                }
                if (!stopped) {
                    more = round.getAsBoolean();
                    succeeded();
                }
            } catch (StoreUnavailable e) {
                more = false;
                failed(e);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                more = false;
                failures++;
                LOG.error("a round of {} failed; it goes on", name, e);
            }
        }
    }

    private void await(Duration time) throws InterruptedException {
        lock.lock();
        try {
            long left = time.toNanos();
            // While the store is away wake-ups do not count: there is nobody to ask.
            while (!stopped && left > 0 && (failures > 0 || !due)) {
                left = woken.awaitNanos(left);
            }
            due = false;
        } finally {
            lock.unlock();
        }
        if (!stopped) {
            Thread.sleep(DEBOUNCE);
        }
    }

    private Duration backoff() {
        Duration doubled = interval.multipliedBy(1L << Math.min(failures, 6));
        return doubled.compareTo(BACKOFF_MAX) < 0 ? doubled : BACKOFF_MAX;
    }

    private void succeeded() {
        if (failures > 0) {
            LOG.info("{} goes on: the store answers again", name);
            failures = 0;
        }
    }

    private void failed(StoreUnavailable e) {
        if (failures++ == 0) {
            LOG.warn("{} waits for the store: {}", name, e.getMessage());
        }
    }
}
