package releve.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.core.common.Handover;
import releve.core.pair.DuplexRole;
import releve.core.pair.Peer;
import releve.core.pair.Role;
import releve.core.pair.RoleState;
import releve.core.pair.RoleTransition;
import releve.core.pair.Succession;

/**
 * The agent gateway or the routing gateway of one side as a duplex role. The machine is {@link DuplexRole}'s; what a gateway
 * says for itself is what the two machines of maintenance wait for:
 *
 * <pre>
 *   quiescing    a round or a command under way at this moment           milliseconds, or the store's time-outs
 *   handing over one transaction                                         the statement time-out; then it tries again
 *   monitoring   desktops that have not moved to the other side yet,     the gateway limit; then they are cut, and find the
 *                the other side to renew the role once, unless forced    other side by themselves
 *   stopped      when no other role keeps the process alive: until then the role stays as a reserve, in monitoring, and is
 *                back by itself when the other side lets it expire
 * </pre>
 */
public final class Gateway {
    private static final Duration HANDOVER_RETRY = Duration.ofMillis(500);

    private final Role kind;
    private final Duration limit;
    private final DuplexRole role;
    private final Outbox out = new Outbox();
    private Peer peer = new Peer.Unfit("the other side has not been looked at yet");
    private String lastReason = "started";
    private Instant handoverNotBefore;

    /** @param limit how long desktops may take to move when the role has gone */
    public Gateway(Role kind, Duration limit, Instant now) {
        this.kind = kind;
        this.limit = limit;
        this.role = new DuplexRole(limit, now);
        this.handoverNotBefore = now;
    }

    public Role kind() {
        return kind;
    }

    public RoleState state() {
        return role.state();
    }

    /** Applies one event. Time must not run backwards from one step to the next. */
    public List<Command> step(Event.OfRole event, GatewayLoad load, Instant now) {
        apply(event, load, now);
        return tick(load, now);
    }

    /** Does what is due. */
    public List<Command> tick(GatewayLoad load, Instant now) {
        settle(load, now);
        follow(load, now);
        for (RoleTransition transition : role.drainTransitions()) {
            lastReason = transition.reason();
            out.command(new Command.Journal(transition));
        }
        return out.drain().commands();
    }

    private void apply(Event.OfRole event, GatewayLoad load, Instant now) {
        switch (event) {
            case Event.RightGranted granted -> granted(granted, now);
            case Event.RightRenewed renewed -> role.renewed(renewed.epoch(), renewed.until());
            case Event.RightLost lost -> role.lost(lost.reason(), now);
            case Event.HandedOver handedOver -> role.handedOver(handedOver.epoch(), handedOver.how(), now);
            case Event.HandoverFailed failed -> {
                if (role.handoverFailed(failed.epoch(), failed.reason(), now)) {
                    handoverNotBefore = now.plus(HANDOVER_RETRY);
                    role.peerSeen(peer, now);
                }
            }
            case Event.SuccessorSeen seen -> role.successorSeen();
            case Event.PeerSeen seen -> {
                peer = seen.peer();
                role.peerSeen(peer, now);
            }
            case Event.MaintenanceAsked asked -> maintenance(asked, now);
            case Event.MaintenanceCancelled cancelled ->
                answer(cancelled.command(), role.cancel(cancelled.who(), now), "the maintenance is cancelled");
            case Event.DryRunAsked asked -> out.command(new Command.AnswerDryRun(asked.command(), plan()));
            case Event.StopNow stop -> stopNow(stop.reason(), load, now);
        }
    }

    /** A right that this role cannot use any more, or not yet, is given back at once, so that the peer can take it. */
    private void granted(Event.RightGranted granted, Instant now) {
        long held = role.state().epochHeld();
        if (granted.epoch() <= held) {
            role.renewed(granted.epoch(), granted.until());
            return;
        }
        if (held > 0) {
            role.lost("epoch " + held + " had run out before it came anew", now);
        }
        role.granted(granted.epoch(), granted.until(), granted.how(), now);
        if (role.state().epochHeld() != granted.epoch()) {
            out.command(new Command.GiveUpRight(granted.epoch()));
        }
    }

    /**
     * A side of a former version never takes the role, though it serves: nobody has to be waited for. There is nothing that an
     * overlap would have to bridge.
     */
    private void maintenance(Event.MaintenanceAsked asked, Instant now) {
        boolean servedWithoutRole = peer instanceof Peer.Healthy healthy && !healthy.takesRole();
        String refusal =
                role.maintenance(peer, asked.force() || servedWithoutRole, Handover.SEQUENTIAL, asked.who(), now);
        answer(asked.command(), refusal, "maintenance is under way");
    }

    private void settle(GatewayLoad load, Instant now) {
        if (!(role.state() instanceof RoleState.Quiescing quiescing)
                || now.isBefore(handoverNotBefore)
                || load.working() > 0) {
            return;
        }
        role.settled(now);
        out.command(
                peer instanceof Peer.Healthy healthy && healthy.takesRole()
                        ? new Command.HandOver(quiescing.epoch(), healthy.instance())
                        : new Command.GiveUpRight(quiescing.epoch()));
    }

    private void follow(GatewayLoad load, Instant now) {
        if (role.state() instanceof RoleState.Monitoring && isDone(load, now) && !load.processGoesOn()) {
            String how = load.attached() == 0
                    ? "nothing is under way any more"
                    : "the gateway limit has passed; %d desktops were still connected".formatted(load.attached());
            role.followedToTheEnd(how, now);
            out.command(new Command.StopProcess(0, how));
        }
    }

    /** Whether nothing is left that keeps this role from ending, whatever else keeps its process. */
    public boolean isDone(GatewayLoad load, Instant now) {
        return switch (role.state()) {
            case RoleState.Monitoring m ->
                !now.isBefore(m.limitAt())
                        || (m.succession() != Succession.AWAITED && load.working() == 0 && load.attached() == 0);
            case RoleState.Stopped s -> true;
            case RoleState.Standby s -> false;
            case RoleState.Active a -> false;
            case RoleState.Quiescing q -> false;
            case RoleState.HandingOver h -> false;
            case RoleState.Settling s -> false;
        };
    }

    private void stopNow(String reason, GatewayLoad load, Instant now) {
        if (role.state() instanceof RoleState.Stopped) {
            return;
        }
        long held =
                role.state() instanceof RoleState.HandingOver ? 0 : role.state().epochHeld();
        role.stopNow(reason, now);
        if (held > 0) {
            out.command(new Command.GiveUpRight(held));
        }
        out.command(new Command.StopProcess(
                0, "%s: left %d desktops to the other side".formatted(reason, load.attached())));
    }

    private void answer(long command, String refusal, String done) {
        if (command != 0) {
            out.command(new Command.Answer(command, refusal.isEmpty(), refusal.isEmpty() ? done : refusal));
        }
    }

    /** What maintenance would do if it were started now. */
    public MaintenancePlan plan() {
        String blockedBy = role.state() instanceof RoleState.Active && peer instanceof Peer.Unfit unfit
                ? unfit.reason()
                : role.state().inMaintenance() ? "maintenance is under way already" : "";
        return new MaintenancePlan(blockedBy.isEmpty(), blockedBy, Counts.NONE, Duration.ZERO, Duration.ZERO, limit);
    }

    /** The role as status shows it now. */
    public GatewayStatus status(GatewayLoad load, Instant now) {
        @Nullable
        Instant limitAt = role.state() instanceof RoleState.Monitoring m && !isDone(load, now) ? m.limitAt() : null;
        return new GatewayStatus(
                role.state().phase(),
                role.state().since(),
                lastReason,
                role.state().epochHeld(),
                waitsFor(load, now),
                limitAt,
                load);
    }

    private String waitsFor(GatewayLoad load, Instant now) {
        return switch (role.state()) {
            case RoleState.Quiescing q -> "%d rounds or commands under way".formatted(load.working());
            case RoleState.HandingOver h -> "the store to pass the role on";
            case RoleState.Settling s -> "";
            case RoleState.Monitoring m
            when isDone(load, now) ->
                load.processGoesOn() ? "the other roles of its process; until then it is a reserve" : "";
            case RoleState.Monitoring m
            when m.succession() == Succession.AWAITED ->
                "the other side to use the role, %d desktops to move".formatted(load.attached());
            case RoleState.Monitoring m -> "%d desktops to move".formatted(load.attached());
            case RoleState.Standby s -> "";
            case RoleState.Active a -> "";
            case RoleState.Stopped s -> "";
        };
    }
}
