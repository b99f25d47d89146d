package releve.server.node;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.engine.Event;
import releve.core.node.LeaseKeeper;
import releve.core.node.LeaseTimes;
import releve.core.node.NodeClock;
import releve.core.pair.Role;
import releve.core.pair.RoleState;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.StoreUnavailable;
import releve.core.store.RoleLease;

/**
 * Drives the {@link LeaseKeeper} on a thread of its own with a connection of its own: nothing the node does may delay a
 * renewal.
 */
final class LeaseThread {
    private static final Logger log = LoggerFactory.getLogger(LeaseThread.class);

    /** The first use of a statement on a connection takes many times as long as later ones, and connections are renewed. */
    private static final Duration REHEARSED_EVERY = Duration.ofSeconds(5);

    private final RoleLease store;
    private final NodeId node;
    private final LeaseKeeper keeper;
    private final NodeClock clock;
    private final Supplier<RoleState> state;
    private final Consumer<Event> events;
    private final Thread thread;
    private Instant rehearsedAt = Instant.MIN;
    private boolean troubled;
    private volatile boolean closed;

    /** @param state where the role stands now */
    LeaseThread(
            RoleLease store,
            NodeId node,
            Role role,
            LeaseTimes times,
            NodeClock clock,
            Supplier<RoleState> state,
            Consumer<Event> events) {
        this.store = store;
        this.node = node;
        this.keeper = new LeaseKeeper(node, role, times, clock.now());
        this.clock = clock;
        this.state = state;
        this.events = events;
        this.thread =
                Thread.ofPlatform().name("lease-" + role.written()).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Looks at the lease at once, because something says that it has changed. */
    synchronized void wake() {
        keeper.wake(clock.now());
        notifyAll();
    }

    /** While the right is being passed on, a refused renewal would say nothing. */
    synchronized void pause() {
        keeper.pause();
    }

    /** The right has been passed on, or not. */
    synchronized void resume(LeaseKeeper.Kept kept) {
        keeper.resume(kept, clock.now());
        notifyAll();
    }

    void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        try {
            while (!closed) {
                ask(await());
            }
        } catch (InterruptedException e) {
            log.debug("The lease is kept no longer");
        }
    }

    private synchronized LeaseKeeper.Request await() throws InterruptedException {
        while (true) {
            Optional<LeaseKeeper.Request> request = keeper.next(state.get(), clock.now());
            if (request.isPresent()) {
                return request.get();
            }
            wait(Math.max(1, Duration.between(clock.now(), keeper.nextAt()).toMillis()));
        }
    }

    /** Asks now and then what has to be known at once when the role comes: nobody works meanwhile. */
    private void rehearse(Instant now) {
        if (now.isAfter(rehearsedAt.plus(REHEARSED_EVERY))) {
            rehearsedAt = now;
            store.held(node, 0);
            store.elsewhere(node);
        }
    }

    private void ask(LeaseKeeper.Request request) {
        Instant sentAt = clock.now();
        try {
            LeaseKeeper.Answer answer = keeper.ask(request, store);
            synchronized (this) {
                keeper.answered(answer, sentAt, clock.now()).forEach(events);
            }
            if (answer instanceof LeaseKeeper.Answer.Seen seen
                    && !seen.lease().holder().equals(Optional.of(node))) {
                rehearse(sentAt);
            }
            troubled = false;
        } catch (StoreUnavailable e) {
            if (!troubled) {
                log.warn("The lease cannot be read or renewed: {}", e.getMessage());
                troubled = true;
            }
            synchronized (this) {
                keeper.unanswered(clock.now());
            }
        }
    }
}
