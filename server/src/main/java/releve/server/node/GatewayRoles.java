package releve.server.node;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.engine.Command.StopProcess;
import releve.core.engine.Event;
import releve.core.engine.MaintenancePlan;
import releve.core.node.LeaseTimes;
import releve.core.node.NodeClock;
import releve.core.pair.Role;
import releve.core.store.DialerStore.NodeId;
import releve.server.store.NodeRegistry;

/**
 * The gateways' roles of one process, and when the process ends: with the last of its roles, the dialer's included if it has
 * one. A role that fails ends all.
 */
final class GatewayRoles implements GatewayRole.Host {
    private static final Logger log = LoggerFactory.getLogger(GatewayRoles.class);

    /** Ends the process, or all of its roles at once. */
    interface Process {
        void end(StopProcess stop);

        void stopNow(String reason);
    }

    private final boolean withDialer;
    private final StoreErrands errands;
    private final Process process;
    private volatile List<GatewayRole> roles = List.of();
    private volatile @Nullable StopProcess dialerEnd;
    private volatile boolean withTheSide;
    private int left;

    /** @param withDialer whether the process has a dialer too, whose end is told by {@link #dialerEnded} */
    GatewayRoles(boolean withDialer, StoreErrands errands, Process process) {
        this.withDialer = withDialer;
        this.errands = errands;
        this.process = process;
    }

    /** Makes the roles that the process runs; they are kept in the order in which a maintenance of all takes them. */
    void run(
            GatewayConfig config,
            NodeId node,
            LeaseTimes times,
            NodeClock clock,
            GatewayRole.Stores stores,
            NodeServices services) {
        roles = Stream.of(Role.ROUTING_GATEWAY, Role.AGENT_GATEWAY)
                .filter(config.roles()::contains)
                .map(role -> new GatewayRole(
                        node, role, config.gatewayLimit(), times, clock, stores, services.duty(role), this))
                .toList();
        left = roles.size();
    }

    /** @throws releve.server.store.StoreRefused with one sentence when another process runs one of them */
    void register(NodeRegistry.Start start, Duration silentFor) {
        roles.forEach(role -> role.register(start, silentFor));
    }

    void start() {
        roles.forEach(GatewayRole::start);
    }

    void wake() {
        roles.forEach(GatewayRole::wake);
    }

    void happened(Event.OfRole event) {
        roles.forEach(role -> role.happened(event));
    }

    Optional<GatewayRole> of(Role role) {
        return roles.stream().filter(each -> each.kind() == role).findFirst();
    }

    List<GatewayRole> all() {
        return roles;
    }

    /** Why a maintenance of all cannot be started; empty when it can. */
    Optional<String> blocked() {
        return roles.stream()
                .filter(role -> !role.state().inMaintenance())
                .map(GatewayRole::plan)
                .filter(plan -> !plan.possible())
                .map(MaintenancePlan::blockedBy)
                .findFirst();
    }

    boolean anyInService() {
        return roles.stream().anyMatch(role -> !role.state().inMaintenance());
    }

    boolean anyInMaintenance() {
        return roles.stream().anyMatch(role -> role.state().inMaintenance());
    }

    /** Starts the maintenance of all that are in service, together with the rest of the side. */
    void startMaintenance(boolean force, String who) {
        withTheSide = true;
        roles.stream()
                .filter(role -> !role.state().inMaintenance())
                .forEach(role -> role.happened(new Event.MaintenanceAsked(0, force, who)));
    }

    /** Calls the maintenance of all off. */
    void cancelMaintenance(String who) {
        withTheSide = false;
        roles.stream()
                .filter(role -> role.state().inMaintenance())
                .forEach(role -> role.happened(new Event.MaintenanceCancelled(0, who)));
    }

    /** The dialer's maintenance has ended without a stop: so does that of the gateways that went with it. */
    void dialerBackInService(String reason) {
        if (withTheSide) {
            cancelMaintenance("the dialer's return: " + reason);
        }
    }

    /** The dialer has ended: the process does when the gateways have. */
    void dialerEnded(StopProcess stop) {
        dialerEnd = stop;
        if (stop.exitStatus() != 0) {
            process.stopNow(stop.reason());
            process.end(stop);
        } else if (isOver()) {
            process.end(stop);
        } else if (anyInService()) {
            log.info("The dialer has stopped ({}); the process goes on with its gateways", stop.reason());
        }
    }

    @Override
    public void ended(Role role, StopProcess stop) {
        log.info("The {} stops: {}", role.written(), stop.reason());
        synchronized (this) {
            left--;
        }
        if (stop.exitStatus() != 0) {
            process.stopNow(stop.reason());
            process.end(stop);
        } else if (isOver()) {
            StopProcess dialer = dialerEnd;
            process.end(dialer == null ? stop : dialer);
        }
    }

    private boolean isOver() {
        boolean dialerGone = !withDialer || dialerEnd != null;
        synchronized (this) {
            return dialerGone && left <= 0;
        }
    }

    @Override
    public boolean goesOnWithout(Role role) {
        return (withDialer && dialerEnd == null)
                || roles.stream().anyMatch(other -> other.kind() != role && !other.isDone());
    }

    @Override
    public void errand(String what, Runnable errand) {
        errands.add(what, errand);
    }

    void close() {
        roles.forEach(GatewayRole::close);
    }
}
