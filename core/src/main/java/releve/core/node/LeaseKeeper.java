package releve.core.node;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.Contact;
import releve.core.engine.Event;
import releve.core.engine.Inheritance;
import releve.core.pair.Role;
import releve.core.pair.RoleState;
import releve.core.pair.Succession;
import releve.core.store.DialerStore;
import releve.core.store.DialerStore.Elsewhere;
import releve.core.store.DialerStore.LeaseView;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.Takeover;
import releve.core.store.RoleLease;

/**
 * Keeps the right of one role, such as the right to dial, while this node has it, and takes it when nobody has it and the role
 * is standby. It says what to ask of the store and when, and what the answer means; whoever drives it asks one request at a
 * time.
 *
 * <pre>
 *   has the right   role      asks            answer                        then
 *   no              standby   Look            held by another               looks again, at the latest when it expires
 *                                             held by this node             the right was handed over: has it
 *                                             free, or expired              Acquire
 *                             Acquire         taken                         has it; what the holder left is settled
 *                                             another was faster            looks again
 *   no              monitor-  Look            renewed since by another       tells so
 *                   ing                       expired a second ago, or free  Acquire: nobody else works
 *                                             held by this node              as standby: it was handed back
 *   no              any other nothing
 *   yes             any       Renew           extended                      the deadline moves
 *                                             refused                       lost
 *   only to settle  settling  RenewSettling   extended                      the deadline moves
 *                                             refused                       lost
 *                                             the other let its own expire  Acquire: nobody else works
 *                   monitor-                                                it is let expire; goes on as above
 *                   ing, or standby
 * </pre>
 *
 * <p>The deadline it reports is measured from before the request was sent, less a margin: by then another node may have the
 * right, whatever the answer said.
 */
public final class LeaseKeeper {
    private static final Duration WATCH = Duration.ofMillis(250);
    private static final Duration WATCH_MIN = Duration.ofMillis(10);

    /** A standby goes first: only after so long does a side in maintenance take a right that was let expire. */
    private static final Duration STANDBY_FIRST = Duration.ofSeconds(1);

    /** What to ask of the store. */
    public sealed interface Request {
        record Look() implements Request {}

        /** @param seen the lease that was found free */
        record Acquire(LeaseView seen) implements Request {}

        record Renew(long epoch) implements Request {}

        record RenewSettling(long epoch) implements Request {}
    }

    /** What the store said. */
    public sealed interface Answer {
        /** @param held cached contacts that came with the lease, when it is this node's */
        record Seen(LeaseView lease, List<Contact> held, Elsewhere elsewhere) implements Answer {}

        record Acquired(LeaseView seen, Optional<Takeover> takeover, Elsewhere elsewhere) implements Answer {}

        /** @param holder what the lease says now, if the renewal was refused */
        record Renewed(long epoch, Optional<LeaseView> holder) implements Answer {}

        /** @param lease of those who start anything */
        record Settles(long epoch, boolean extended, LeaseView lease) implements Answer {}
    }

    private final NodeId node;
    private final Role kept;
    private final LeaseTimes times;
    private long heldEpoch;
    private boolean settling;
    private @Nullable LeaseView free;
    private RoleState askedAs;
    private boolean paused;
    private Instant nextAt;

    /** Of the right to dial. */
    public LeaseKeeper(NodeId node, LeaseTimes times, Instant now) {
        this(node, Role.DIALER, times, now);
    }

    public LeaseKeeper(NodeId node, Role role, LeaseTimes times, Instant now) {
        this.node = node;
        this.kept = role;
        this.times = times;
        this.nextAt = now;
        this.askedAs = new RoleState.Standby(now);
    }

    /** When {@link #next} may want something, unless it is woken before. */
    public Instant nextAt() {
        return nextAt;
    }

    /** Looks at once, because something says that the lease has changed. */
    public void wake(Instant now) {
        nextAt = now.isBefore(nextAt) ? now : nextAt;
    }

    /** What to ask now; nothing while it is not time yet, or there is nothing to ask. */
    public Optional<Request> next(RoleState role, Instant now) {
        if (now.isBefore(nextAt)) {
            return Optional.empty();
        }
        if (paused) {
            nextAt = now.plus(WATCH);
            return Optional.empty();
        }
        if (settling && !(role instanceof RoleState.HandingOver) && !(role instanceof RoleState.Settling)) {
            settling = false;
            heldEpoch = 0;
        }
        if (settling) {
            return Optional.of(free == null ? new Request.RenewSettling(heldEpoch) : new Request.Acquire(free));
        }
        if (heldEpoch > 0) {
            return Optional.of(new Request.Renew(heldEpoch));
        }
        if (!watches(role)) {
            free = null;
            nextAt = now.plus(WATCH);
            return Optional.empty();
        }
        if (!role.phase().equals(askedAs.phase())) {
            free = null;
        }
        askedAs = role;
        return Optional.of(free == null ? new Request.Look() : new Request.Acquire(free));
    }

    private static boolean watches(RoleState role) {
        return switch (role) {
            case RoleState.Standby s -> true;
            case RoleState.Monitoring m -> m.succession() != Succession.FORGONE;
            case RoleState.Active a -> false;
            case RoleState.Quiescing q -> false;
            case RoleState.HandingOver h -> false;
            case RoleState.Settling s -> false;
            case RoleState.Stopped s -> false;
        };
    }

    /**
     * Asks the store.
     *
     * @throws DialerStore.StoreUnavailable when the store does not answer; {@link #unanswered} is the answer then
     */
    public Answer ask(Request request, RoleLease store) {
        return switch (request) {
            case Request.Look look -> {
                LeaseView lease = store.lease(node.pair());
                boolean own = lease.holder().equals(Optional.of(node));
                yield own
                        ? new Answer.Seen(lease, store.held(node, lease.epoch()), store.elsewhere(node))
                        : new Answer.Seen(lease, List.of(), Elsewhere.NOTHING);
            }
            case Request.Acquire acquire -> {
                Optional<Takeover> takeover = store.acquire(node, times.ttl());
                yield new Answer.Acquired(
                        acquire.seen(), takeover, takeover.isPresent() ? store.elsewhere(node) : Elsewhere.NOTHING);
            }
            case Request.Renew renew ->
                new Answer.Renewed(
                        renew.epoch(),
                        store.renew(node, renew.epoch(), times.ttl())
                                ? Optional.empty()
                                : Optional.of(store.lease(node.pair())));
            case Request.RenewSettling renew ->
                new Answer.Settles(
                        renew.epoch(), store.renewSettling(node, renew.epoch(), times.ttl()), store.lease(node.pair()));
        };
    }

    /**
     * What the answer means.
     *
     * @param sentAt when the request had not left yet
     */
    public List<Event> answered(Answer answer, Instant sentAt, Instant now) {
        if (paused) {
            // While the right is being passed on, an answer says nothing: it may be older than what is under way.
            nextAt = now.plus(WATCH);
            return List.of();
        }
        return switch (answer) {
            case Answer.Seen seen -> seen(seen, sentAt, now);
            case Answer.Acquired acquired -> acquired(acquired, sentAt, now);
            case Answer.Renewed renewed -> renewed(renewed, sentAt, now);
            case Answer.Settles settles -> settles(settles, sentAt, now);
        };
    }

    /** The store did not answer. */
    public void unanswered(Instant now) {
        free = null;
        nextAt = now.plus(WATCH);
    }

    /** While the right is being passed on it is neither renewed nor looked at. */
    public void pause() {
        paused = true;
    }

    /** What is left of a right after it has been passed on, or has not. */
    public enum Kept {
        ALL,
        SETTLING,
        NOTHING
    }

    /** The right has been passed on, or not. */
    public void resume(Kept kept, Instant now) {
        paused = false;
        settling = kept == Kept.SETTLING;
        if (kept == Kept.NOTHING) {
            heldEpoch = 0;
        }
        nextAt = now;
    }

    private List<Event> seen(Answer.Seen seen, Instant sentAt, Instant now) {
        LeaseView lease = seen.lease();
        boolean expired = lease.expiresIn().isNegative() || lease.expiresIn().isZero();
        if (lease.holder().equals(Optional.of(node)) && !expired) {
            nextAt = now.plus(WATCH_MIN);
            return granted(
                    lease.epoch(),
                    sentAt.plus(lease.expiresIn()).minus(times.margin()),
                    "handed over by side " + node.side().other(),
                    new Inheritance(
                            seen.elsewhere(),
                            seen.held(),
                            now.minus(times.ttl()).plus(lease.expiresIn())));
        }
        if (mayTake(lease, expired)) {
            free = lease;
            nextAt = now;
        } else if (expired) {
            nextAt = now.plus(WATCH);
        } else {
            nextAt = now.plus(lease.expiresIn().compareTo(WATCH) < 0 ? max(lease.expiresIn(), WATCH_MIN) : WATCH);
        }
        // A handover leaves at most a TTL: what runs longer than that has been renewed by its new holder.
        return askedAs instanceof RoleState.Monitoring m
                        && m.succession() == Succession.AWAITED
                        && sentAt.plus(lease.expiresIn()).isAfter(m.since().plus(times.ttl()))
                ? List.of(new Event.SuccessorSeen())
                : List.of();
    }

    /** A right that was given up after the other side had been seen to use it is an operator's decision, and stays so. */
    private boolean mayTake(LeaseView lease, boolean expired) {
        boolean nobodys = lease.holder().isEmpty();
        return askedAs instanceof RoleState.Monitoring m
                ? nobodys
                        ? m.succession() == Succession.AWAITED
                        : lease.expiresIn().plus(STANDBY_FIRST).isNegative()
                : nobodys || expired;
    }

    private List<Event> acquired(Answer.Acquired acquired, Instant sentAt, Instant now) {
        free = null;
        if (acquired.takeover().isEmpty()) {
            nextAt = now.plus(WATCH_MIN);
            return List.of();
        }
        Takeover takeover = acquired.takeover().get();
        nextAt = now.plus(times.renewEvery());
        return granted(
                takeover.epoch(),
                sentAt.plus(times.ttl()).minus(times.margin()),
                describe(acquired.seen(), takeover),
                new Inheritance(acquired.elsewhere(), List.of(), Instant.MIN));
    }

    private List<Event> renewed(Answer.Renewed renewed, Instant sentAt, Instant now) {
        if (renewed.epoch() != heldEpoch) {
            return List.of();
        }
        if (renewed.holder().isEmpty()) {
            nextAt = now.plus(times.renewEvery());
            return List.of(
                    new Event.RightRenewed(heldEpoch, sentAt.plus(times.ttl()).minus(times.margin())));
        }
        LeaseView lease = renewed.holder().get();
        heldEpoch = 0;
        nextAt = now.plus(WATCH_MIN);
        String holder = lease.holder().map(NodeId::toString).orElse("nobody");
        return List.of(new Event.RightLost(holder + " holds epoch " + lease.epoch()));
    }

    private List<Event> settles(Answer.Settles settles, Instant sentAt, Instant now) {
        if (!settling || settles.epoch() != heldEpoch) {
            return List.of();
        }
        LeaseView lease = settles.lease();
        if (!settles.extended()) {
            settling = false;
            heldEpoch = 0;
            nextAt = now.plus(WATCH_MIN);
            return List.of(new Event.RightLost("this side was thought dead while it settled"));
        }
        boolean nobodyWorks = lease.holder().isPresent()
                && lease.expiresIn().plus(STANDBY_FIRST).isNegative();
        free = nobodyWorks ? lease : null;
        nextAt = nobodyWorks ? now : now.plus(times.renewEvery());
        return List.of(
                new Event.RightRenewed(heldEpoch, sentAt.plus(times.ttl()).minus(times.margin())));
    }

    private List<Event> granted(long epoch, Instant until, String how, Inheritance inheritance) {
        heldEpoch = epoch;
        settling = false;
        free = null;
        return List.of(new Event.RightGranted(epoch, until, how, inheritance));
    }

    private String describe(LeaseView before, Takeover takeover) {
        if (before.holder().isEmpty()) {
            return "nobody held " + kept.right();
        }
        String taken = "took over from %s, which did not renew its lease"
                .formatted(before.holder().get());
        return switch (kept) {
            case DIALER ->
                "%s (%d attempts closed as unknown, %d contacts put back)"
                        .formatted(taken, takeover.closedAsUnknown(), takeover.returned());
            case AGENT_GATEWAY, ROUTING_GATEWAY -> taken;
        };
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
