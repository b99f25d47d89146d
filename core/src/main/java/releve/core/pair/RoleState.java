package releve.core.pair;

import java.time.Instant;
import releve.core.common.Handover;

/** Where a duplex role stands on one side; the transitions are {@link DuplexRole}'s. */
public sealed interface RoleState {

    Instant since();

    /** Ready to take over; holds nothing. */
    record Standby(Instant since) implements RoleState {}

    /**
     * Holds the right of this epoch.
     *
     * @param until the holder's own deadline for using the right; past it the role is still held, but must not be used
     */
    record Active(Instant since, long epoch, Instant until) implements RoleState {}

    /**
     * In maintenance: starts nothing new, settles what it had started.
     *
     * @param forced goes on although there is no healthy standby
     */
    record Quiescing(Instant since, long epoch, Instant until, boolean forced) implements RoleState {}

    /** The transaction that passes the right on is under way: everything is settled, or will be afterwards. */
    record HandingOver(Instant since, long epoch, Instant until, boolean forced, Handover how) implements RoleState {}

    /**
     * The right is the peer's already; this process settles what it had started under its own epoch, and may still dial what
     * agents accept that it had offered.
     *
     * @param until its own deadline for that
     * @param cancelled whether it is to be standby afterwards, in spite of the maintenance
     */
    record Settling(Instant since, long epoch, Instant until, boolean forced, boolean cancelled) implements RoleState {}

    /**
     * The role is the peer's; this process follows what it still has under way.
     *
     * @param limitAt when it stops following, whatever goes on
     */
    record Monitoring(Instant since, Instant limitAt, Succession succession) implements RoleState {}

    /** The process ends. */
    record Stopped(Instant since, String reason) implements RoleState {}

    /** The name that status, log and journal show. */
    default String phase() {
        return switch (this) {
            case Standby s -> "standby";
            case Active a -> "active";
            case Quiescing q -> "quiescing";
            case HandingOver h -> "handing over";
            case Settling s -> "settling";
            case Monitoring m -> "monitoring";
            case Stopped s -> "stopped";
        };
    }

    /** The epoch of the right that it holds, or settles under; 0 while it holds none. */
    default long epochHeld() {
        return switch (this) {
            case Active a -> a.epoch();
            case Quiescing q -> q.epoch();
            case HandingOver h -> h.epoch();
            case Settling s -> s.epoch();
            case Standby s -> 0;
            case Monitoring m -> 0;
            case Stopped s -> 0;
        };
    }

    /** Whether the right to start is its own. */
    default boolean holdsRight() {
        return epochHeld() > 0 && !(this instanceof Settling);
    }

    /** Whether maintenance is under way. */
    default boolean inMaintenance() {
        return switch (this) {
            case Standby s -> false;
            case Active a -> false;
            case Quiescing q -> true;
            case HandingOver h -> true;
            case Settling s -> !s.cancelled();
            case Monitoring m -> true;
            case Stopped s -> true;
        };
    }
}
