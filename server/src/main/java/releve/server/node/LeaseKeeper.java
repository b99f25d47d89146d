package releve.server.node;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.campaign.Contact;
import releve.core.common.CampaignId;
import releve.core.common.Invariants;
import releve.core.engine.Event;
import releve.core.pair.RoleState;
import releve.core.store.DialerStore;
import releve.core.store.DialerStore.LeaseView;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.StoreUnavailable;
import releve.core.store.DialerStore.Takeover;

/**
 * Keeps the right to dial while this node has it, and takes it when nobody has it and the role is standby. A thread of its own
 * with a connection of its own: nothing the node does may delay a renewal.
 *
 * <p>The deadline it reports is measured from before the renewal was sent, less a margin: by then another node may have the
 * right, whatever the answer said.
 */
final class LeaseKeeper {
    private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);
    private static final Duration WATCH = Duration.ofMillis(250);
    private static final Duration WATCH_MIN = Duration.ofMillis(10);

    /**
     * The lease's times.
     *
     * @param ttl 1 s to 60 s; 3 s by default
     * @param renewEvery at most a third of the TTL; 500 ms by default
     * @param margin how much earlier than the store the holder considers it expired; 1 s by default
     */
    record Times(Duration ttl, Duration renewEvery, Duration margin) {
        static final Times DEFAULT = new Times(Duration.ofSeconds(3), Duration.ofMillis(500), Duration.ofSeconds(1));

        Times {
            Invariants.check(
                    margin.compareTo(ttl) < 0 && renewEvery.multipliedBy(3).compareTo(ttl) <= 0,
                    "a lease of %s cannot be renewed every %s with a margin of %s",
                    ttl,
                    renewEvery,
                    margin);
        }
    }

    private final DialerStore store;
    private final NodeId node;
    private final Times times;
    private final NodeClock clock;
    private final Supplier<RoleState> role;
    private final Consumer<Event> events;
    private final Thread thread;
    private final Object wake = new Object();
    private boolean woken;
    private boolean paused;
    private long heldEpoch;
    private volatile boolean closed;

    LeaseKeeper(
            DialerStore store,
            NodeId node,
            Times times,
            NodeClock clock,
            Supplier<RoleState> role,
            Consumer<Event> events) {
        this.store = store;
        this.node = node;
        this.times = times;
        this.clock = clock;
        this.role = role;
        this.events = events;
        this.thread = Thread.ofPlatform().name("lease").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Looks at the lease at once, because something says that it has changed. */
    void wake() {
        synchronized (wake) {
            woken = true;
            wake.notifyAll();
        }
    }

    /** While the right is being passed on, a refused renewal would say nothing; blocks until one under way has ended. */
    synchronized void pauseRenewal() {
        paused = true;
    }

    synchronized void resumeRenewal() {
        paused = false;
    }

    synchronized void relinquished() {
        heldEpoch = 0;
    }

    void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        boolean troubled = false;
        while (!closed) {
            Duration pause;
            try {
                pause = turn();
                troubled = false;
            } catch (StoreUnavailable e) {
                if (!troubled) {
                    log.warn("The lease cannot be read or renewed: {}", e.getMessage());
                    troubled = true;
                }
                pause = WATCH;
            }
            try {
                sleep(pause);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void sleep(Duration pause) throws InterruptedException {
        synchronized (wake) {
            if (!woken) {
                wake.wait(pause.toMillis());
            }
            woken = false;
        }
    }

    private synchronized Duration turn() {
        if (paused) {
            return WATCH;
        }
        return heldEpoch > 0 ? renew() : watch();
    }

    private Duration renew() {
        Instant before = clock.now();
        if (store.renew(node, heldEpoch, times.ttl())) {
            events.accept(
                    new Event.RightRenewed(heldEpoch, before.plus(times.ttl()).minus(times.margin())));
            return times.renewEvery();
        }
        LeaseView lease = store.lease(node.pair());
        String holder = lease.holder().map(NodeId::toString).orElse("nobody");
        events.accept(new Event.RightLost(holder + " holds epoch " + lease.epoch()));
        heldEpoch = 0;
        return WATCH_MIN;
    }

    private Duration watch() {
        if (!(role.get() instanceof RoleState.Standby)) {
            return WATCH;
        }
        Instant before = clock.now();
        LeaseView lease = store.lease(node.pair());
        boolean free = lease.holder().isEmpty()
                || lease.expiresIn().isNegative()
                || lease.expiresIn().isZero();
        if (lease.holder().equals(Optional.of(node)) && !free) {
            Instant until = before.plus(lease.expiresIn()).minus(times.margin());
            granted(lease.epoch(), until, "handed over by side " + node.side().other());
            inherit(lease.epoch());
            return WATCH_MIN;
        }
        if (free) {
            Optional<Takeover> taken = store.acquire(node, times.ttl());
            taken.ifPresent(takeover -> granted(
                    takeover.epoch(), before.plus(times.ttl()).minus(times.margin()), describe(lease, takeover)));
            return taken.isPresent() ? times.renewEvery() : WATCH_MIN;
        }
        return lease.expiresIn().compareTo(WATCH) < 0 ? max(lease.expiresIn(), WATCH_MIN) : WATCH;
    }

    private void granted(long epoch, Instant until, String how) {
        heldEpoch = epoch;
        events.accept(new Event.RightGranted(epoch, until, how));
    }

    private void inherit(long epoch) {
        Map<CampaignId, List<Contact>> held =
                store.held(node, epoch).stream().collect(Collectors.groupingBy(Contact::campaign));
        held.forEach((campaign, contacts) -> events.accept(new Event.ContactsClaimed(campaign, contacts)));
    }

    private static String describe(LeaseView before, Takeover takeover) {
        return before.holder()
                .map(holder ->
                        "took over from %s, which did not renew its lease (%d attempts closed as unknown, %d contacts put back)"
                                .formatted(holder, takeover.closedAsUnknown(), takeover.returned()))
                .orElse("nobody held the right to dial");
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
