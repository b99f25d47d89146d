package releve.server.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.store.DialerStore.StoreUnavailable;

/**
 * Reads the status once a second for whoever watches: one reader per node, not per client, and none while nobody looks.
 * While the store does not answer the last figures stay, with the reason, and their age tells.
 */
final class StatusFeed implements AutoCloseable {
    /** Clients that may watch at once. */
    static final int CLIENTS_MAX = 64;

    private static final Logger LOG = LoggerFactory.getLogger(StatusFeed.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    /** A single request gets figures no older than this. */
    private static final Duration FRESH = Duration.ofMillis(500);
    /** For so long after the last look the reader goes on. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    private final Supplier<Overview> reader;
    private final Overview nothingYet;
    private final Semaphore clients = new Semaphore(CLIENTS_MAX);
    private final Object change = new Object();
    private volatile Reading reading;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile long lookedAtNanos = System.nanoTime() - LINGER.toNanos();
    private volatile @Nullable Fragments fragments;

    /** Draws an overview as named pieces. */
    interface Fragments {
        List<Fragment> of(Overview overview);
    }

    /** One piece of the page. */
    record Fragment(String name, String html) {}

    private record Reading(long number, long atNanos, Overview overview, List<Fragment> drawn) {}

    StatusFeed(Supplier<Overview> reader, Overview nothingYet) {
        this.reader = reader;
        this.nothingYet = nothingYet;
        this.reading = new Reading(0, 0, nothingYet, List.of());
        this.thread = Thread.ofPlatform().name("status-feed").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** The figures, read now when the last ones are older than half a second. */
    Overview latest() {
        Reading last = reading;
        if (last.number() > 0 && System.nanoTime() - last.atNanos() < FRESH.toNanos()) {
            return last.overview();
        }
        return read().overview();
    }

    /**
     * Sends every reading's pieces to one client, those that changed only, until it leaves or the node stops.
     *
     * @throws Refused with 503 when too many watch already
     */
    void stream(Context ctx, Fragments draw) throws IOException {
        if (!clients.tryAcquire()) {
            throw Refused.unavailable("Already " + CLIENTS_MAX + " browsers watch this node; close one of them.");
        }
        try {
            fragments = draw;
            look();
            send(new EventStream(ctx));
        } catch (IOException gone) {
            LOG.debug("a browser left", gone);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            clients.release();
        }
    }

    /** Ends the reader and every stream. */
    @Override
    public void close() {
        stopped = true;
        thread.interrupt();
        synchronized (change) {
            change.notifyAll();
        }
    }

    private void send(EventStream stream) throws IOException, InterruptedException {
        long seen = reading.number();
        List<Fragment> shown = List.of();
        while (!stopped) {
            lookedAtNanos = System.nanoTime();
            Reading next = awaitAfter(seen);
            if (stopped) {
                return;
            }
            boolean same = next.number() == seen;
            seen = next.number();
            if (!same) {
                for (Fragment fragment : next.drawn()) {
                    if (!shown.contains(fragment)) {
                        stream.add(fragment.name(), fragment.html(), "");
                    }
                }
                shown = next.drawn();
                // Says that the node is alive even when no figure changed.
                stream.add("tick", Long.toString(seen), "");
                stream.flush();
            } else {
                stream.comment("waiting");
            }
        }
    }

    private Reading awaitAfter(long seen) throws InterruptedException {
        long giveUpAtNanos = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        synchronized (change) {
            while (!stopped && reading.number() <= seen && System.nanoTime() < giveUpAtNanos) {
                change.wait(1_000);
                lookedAtNanos = System.nanoTime();
            }
        }
        return reading;
    }

    private void look() {
        lookedAtNanos = System.nanoTime();
        synchronized (change) {
            change.notifyAll();
        }
    }

    private void run() {
        while (!stopped) {
            try {
                synchronized (change) {
                    while (!stopped && System.nanoTime() - lookedAtNanos > LINGER.toNanos()) {
                        change.wait();
                    }
                }
                if (stopped) {
                    return;
                }
                long nextAtNanos = System.nanoTime() + INTERVAL.toNanos();
                read();
                long leftMs = (nextAtNanos - System.nanoTime()) / 1_000_000;
                if (leftMs > 0) {
                    Thread.sleep(leftMs);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("the status could not be drawn; the console shows the last one", e);
                pause();
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(INTERVAL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Reading read() {
        Reading last = reading;
        Overview overview = readOrKeep(last.number() == 0 ? nothingYet : last.overview());
        Fragments draw = fragments;
        Reading next = new Reading(
                last.number() + 1, System.nanoTime(), overview, draw == null ? List.of() : draw.of(overview));
        reading = next;
        synchronized (change) {
            change.notifyAll();
        }
        return next;
    }

    private Overview readOrKeep(Overview last) {
        try {
            Overview fresh = reader.get();
            if (!last.problem().isEmpty() && reading.number() > 0) {
                LOG.info("the status is fresh again: the store answers");
            }
            return fresh;
        } catch (StoreUnavailable e) {
            if (last.problem().isEmpty()) {
                LOG.warn("the status grows old: {}", e.getMessage());
            }
            return last.withProblem("The store does not answer.");
        }
    }
}
