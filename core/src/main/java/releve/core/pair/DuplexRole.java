package releve.core.pair;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import releve.core.common.Handover;
import releve.core.common.Invariants;
import releve.core.pair.RoleState.Active;
import releve.core.pair.RoleState.HandingOver;
import releve.core.pair.RoleState.Monitoring;
import releve.core.pair.RoleState.Quiescing;
import releve.core.pair.RoleState.Settling;
import releve.core.pair.RoleState.Standby;
import releve.core.pair.RoleState.Stopped;

/**
 * The life of a duplex role on one side. Every component that comes in pairs uses this machine; each says for itself what
 * 'settled' means.
 *
 * <pre>
 *                 granted                 maintenance             settled                 handed over
 *   ┌─ standby ───────────────▶ active ───────────────▶ quiescing ─────────▶ handing over ─────────────┐
 *   │    ▲  ▲ ◀─────────────────  │ ▲ ◀─────────────────   │  ▲                  │  │                  ▼
 *   │    │  │    lost             │ │  cancelled, or the    │  └──────────────────┘  │               monitoring ──▶ stopped
 *   │    │  └─────────────────────┘ │  standby has failed   │     not possible now   │ lost            │  ▲      calls ended,
 *   │    │                          └───────────────────────┼────────────────────────┘                 │  │      or the limit
 *   │    └────────────────────────── cancelled ─────────────┼──────────────────────────────────────────┘  │
 *   └──────────────────────────── maintenance ──────────────┴──────────────── lost ────────────────────────┘
 * </pre>
 *
 * That is the sequential handover. One that overlaps passes the role on before anything is settled:
 *
 * <pre>
 *            maintenance                  handed over              settled, or lost
 *   active ───────────────▶ handing over ─────────────▶ settling ───────────────────▶ monitoring
 *                                │                         │
 *                                ▼ not possible now        ├──▶ standby   the same, when it was cancelled meanwhile
 *                            quiescing                     └──▶ standby ──▶ active   granted, since the other side has failed
 * </pre>
 *
 * <p>There must always be somebody who works. So a side that is monitoring does not stop before the other one has been seen
 * to use the right ({@link Succession}), and when it is granted the right again because the other let it expire, its
 * maintenance ends by itself: monitoring → standby → active. Only an operator's force lets it go without.
 *
 * Any state but stopped may become stopped when an operator says 'now'.
 */
public final class DuplexRole {
    private final Duration monitoringLimit;
    private final List<RoleTransition> transitions = new ArrayList<>();
    private RoleState state;

    /** @param monitoringLimit how long calls are followed after the role has gone; 90 minutes by default */
    public DuplexRole(Duration monitoringLimit, Instant now) {
        this.monitoringLimit = monitoringLimit;
        this.state = new Standby(now);
    }

    public RoleState state() {
        return state;
    }

    /** Transitions since the last call, oldest first. */
    public List<RoleTransition> drainTransitions() {
        List<RoleTransition> drained = List.copyOf(transitions);
        transitions.clear();
        return drained;
    }

    /** Whether the right may be used now: active, and before the holder's own deadline. */
    public boolean mayStart(Instant now) {
        return state instanceof Active active && now.isBefore(active.until());
    }

    /** Whether what was begun while active may be brought to its end by dialing: also while quiescing or settling, before the deadline. */
    public boolean mayFinish(Instant now) {
        return switch (state) {
            case Active a -> now.isBefore(a.until());
            case Quiescing q -> now.isBefore(q.until());
            case Settling s -> now.isBefore(s.until());
            case HandingOver h -> false;
            case Standby s -> false;
            case Monitoring m -> false;
            case Stopped s -> false;
        };
    }

    /** The store gave this side the right. */
    public void granted(long epoch, Instant until, String how, Instant now) {
        if (state instanceof Monitoring m && m.succession() != Succession.FORGONE) {
            become(new Standby(now), "back in service by itself: nobody else used the right", now);
        }
        if (state instanceof Settling) {
            become(new Standby(now), "back in service by itself: the other side let the right expire", now);
        }
        if (state instanceof Standby) {
            become(new Active(now, epoch, until), how + ", epoch " + epoch, now);
        }
    }

    /** The holder's deadline moves. */
    public void renewed(long epoch, Instant until) {
        state = switch (state) {
            case Active a when a.epoch() == epoch -> new Active(a.since(), epoch, until);
            case Quiescing q when q.epoch() == epoch -> new Quiescing(q.since(), epoch, until, q.forced());
            case HandingOver h when h.epoch() == epoch -> new HandingOver(h.since(), epoch, until, h.forced(), h.how());
            case Settling s when s.epoch() == epoch -> new Settling(s.since(), epoch, until, s.forced(), s.cancelled());
            case RoleState other -> other;
        };
    }

    /** Another holds the right: in service the role falls back to standby, in maintenance it goes on to monitoring. */
    public void lost(String reason, Instant now) {
        switch (state) {
            case Active a -> become(new Standby(now), reason, now);
            case Quiescing q -> monitor(q.forced(), reason, now);
            case HandingOver h -> monitor(h.forced(), reason, now);
            case Settling s -> afterSettling(s, reason, now);
            case Standby s -> {}
            case Monitoring m -> {}
            case Stopped s -> {}
        }
    }

    /**
     * An operator asks for maintenance. Without a fit peer there is nobody to overlap with, so a forced one is sequential.
     *
     * @return why it is refused, or an empty string when it is under way
     */
    public String maintenance(Peer peer, boolean force, Handover how, String who, Instant now) {
        return switch (state) {
            case Standby s -> {
                monitor(force, "maintenance asked for by " + who, now);
                yield "";
            }
            case Active a ->
                switch (peer) {
                    case Peer.Unfit unfit when !force -> unfit.reason();
                    case Peer.Unfit unfit -> quiesce(a, true, who + ", forced: " + unfit.reason(), now);
                    case Peer.Healthy healthy ->
                        switch (how) {
                            case SEQUENTIAL -> quiesce(a, force, who, now);
                            case OVERLAP -> passOn(a, force, who, now);
                        };
                };
            case Quiescing q -> "maintenance is under way already";
            case HandingOver h -> "maintenance is under way already";
            case Settling s
            when s.cancelled() -> {
                state = new Settling(s.since(), s.epoch(), s.until(), s.forced(), false);
                yield "";
            }
            case Settling s -> "maintenance is under way already";
            case Monitoring m -> "maintenance is under way already";
            case Stopped s -> "the process is stopping";
        };
    }

    private String quiesce(Active active, boolean forced, String who, Instant now) {
        become(new Quiescing(now, active.epoch(), active.until(), forced), "maintenance asked for by " + who, now);
        return "";
    }

    private String passOn(Active active, boolean forced, String who, Instant now) {
        become(
                new HandingOver(now, active.epoch(), active.until(), forced, Handover.OVERLAP),
                "maintenance with an overlap asked for by " + who,
                now);
        return "";
    }

    /** Nothing unsettled is left: the right may be passed on; or, when it has been already, the rest only be followed. */
    public void settled(Instant now) {
        if (state instanceof Quiescing q) {
            become(
                    new HandingOver(now, q.epoch(), q.until(), q.forced(), Handover.SEQUENTIAL),
                    "everything is settled",
                    now);
        }
        if (state instanceof Settling s) {
            afterSettling(s, "everything is settled", now);
        }
    }

    /**
     * The right of that epoch has been passed on, or given up.
     *
     * @return false when it is the late answer of another handover, and says nothing
     */
    public boolean handedOver(long epoch, String how, Instant now) {
        if (!(state instanceof HandingOver h) || h.epoch() != epoch) {
            return false;
        }
        switch (h.how()) {
            case SEQUENTIAL -> monitor(h.forced(), how, now);
            case OVERLAP -> become(new Settling(now, h.epoch(), h.until(), h.forced(), false), how, now);
        }
        return true;
    }

    private void afterSettling(Settling settling, String reason, Instant now) {
        if (settling.cancelled()) {
            become(new Standby(now), reason + "; the maintenance has been cancelled", now);
        } else {
            monitor(settling.forced(), reason, now);
        }
    }

    private void monitor(boolean forced, String reason, Instant now) {
        Succession succession = forced ? Succession.FORGONE : Succession.AWAITED;
        become(new Monitoring(now, now.plus(monitoringLimit), succession), reason, now);
    }

    /** The other side has been seen to use the right. */
    public void successorSeen() {
        if (state instanceof Monitoring m && m.succession() == Succession.AWAITED) {
            state = new Monitoring(m.since(), m.limitAt(), Succession.SEEN);
        }
    }

    /**
     * The right of that epoch could not be passed on now: quiescing goes on, or begins, and decides anew.
     *
     * @return false when it is the late answer of another handover, and says nothing
     */
    public boolean handoverFailed(long epoch, String reason, Instant now) {
        if (!(state instanceof HandingOver h) || h.epoch() != epoch) {
            return false;
        }
        become(new Quiescing(now, h.epoch(), h.until(), h.forced()), reason, now);
        return true;
    }

    /** There must always be somebody who works: without a standby an unforced maintenance ends by itself. */
    public void peerSeen(Peer peer, Instant now) {
        if (state instanceof Quiescing q && !q.forced() && peer instanceof Peer.Unfit unfit) {
            become(new Active(now, q.epoch(), q.until()), "back in service by itself: " + unfit.reason(), now);
        }
    }

    /**
     * An operator calls the maintenance off.
     *
     * @return why it is refused, or an empty string when it has been called off
     */
    public String cancel(String who, Instant now) {
        return switch (state) {
            case Quiescing q -> {
                become(new Active(now, q.epoch(), q.until()), "maintenance cancelled by " + who, now);
                yield "";
            }
            case Monitoring m -> {
                become(new Standby(now), "maintenance cancelled by " + who, now);
                yield "";
            }
            case HandingOver h -> "the handover is being committed at this moment; cancel again in a second";
            case Settling s -> {
                state = new Settling(s.since(), s.epoch(), s.until(), s.forced(), true);
                yield "";
            }
            case Standby s -> "no maintenance is under way";
            case Active a -> "no maintenance is under way";
            case Stopped s -> "the process is stopping";
        };
    }

    /** What was being followed has ended, or the limit has passed. */
    public void followedToTheEnd(String how, Instant now) {
        if (state instanceof Monitoring) {
            become(new Stopped(now, how), how, now);
        }
    }

    /** An operator wants the process to end at once. */
    public void stopNow(String reason, Instant now) {
        if (!(state instanceof Stopped)) {
            become(new Stopped(now, reason), reason, now);
        }
    }

    private void become(RoleState next, String reason, Instant now) {
        Invariants.check(mayBecome(state, next), "a role never goes %s → %s (%s)", state.phase(), next.phase(), reason);
        transitions.add(new RoleTransition(now, state.phase(), next.phase(), reason));
        state = next;
    }

    private static boolean mayBecome(RoleState from, RoleState to) {
        if (to instanceof Stopped) {
            return !(from instanceof Stopped);
        }
        return switch (from) {
            case Standby s -> to instanceof Active || to instanceof Monitoring;
            case Active a -> to instanceof Standby || to instanceof Quiescing || to instanceof HandingOver;
            case Quiescing q -> to instanceof Active || to instanceof HandingOver || to instanceof Monitoring;
            case HandingOver h -> to instanceof Quiescing || to instanceof Monitoring || to instanceof Settling;
            case Settling s -> to instanceof Monitoring || to instanceof Standby;
            case Monitoring m -> to instanceof Standby;
            case Stopped s -> false;
        };
    }
}
