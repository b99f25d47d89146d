package releve.sim.faults;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import releve.core.engine.Command.StopProcess;
import releve.core.engine.Event;
import releve.core.engine.MaintenancePlan;
import releve.core.node.ProcessMaintenance;
import releve.core.pair.Role;
import releve.core.pair.RoleState;

/** The gateways of one simulated process, a maintenance of all its roles, and its end, which is that of the last of them. */
final class SimulatedGateways implements ProcessMaintenance.Roles {
    private final PairWorld world;
    private final SimulatedNode node;
    private final List<SimulatedGateway> all;
    private final ProcessMaintenance maintenance = new ProcessMaintenance(this);
    private @Nullable String dialerEnd;
    private boolean withTheSide;
    private int left;

    SimulatedGateways(PairWorld world, SimulatedNode node) {
        this.world = world;
        this.node = node;
        this.all = Stream.of(Role.ROUTING_GATEWAY, Role.AGENT_GATEWAY)
                .map(role -> new SimulatedGateway(world, node, this, role))
                .toList();
        this.left = all.size();
    }

    void start() {
        all.forEach(SimulatedGateway::start);
    }

    List<SimulatedGateway> all() {
        return all;
    }

    SimulatedGateway of(Role role) {
        return all.stream().filter(one -> one.kind() == role).findFirst().orElseThrow();
    }

    /** Commands for all roles of the process. */
    ProcessMaintenance maintenance() {
        return maintenance;
    }

    void wakeLeases() {
        all.forEach(gateway -> gateway.lease().wake());
    }

    void happened(Event.OfRole event) {
        all.forEach(gateway -> gateway.happened(event));
    }

    boolean goesOnWithout(Role role) {
        return dialerEnd == null || all.stream().anyMatch(other -> other.kind() != role && !other.isDone());
    }

    /** The dialer has ended. */
    void dialerEnded(StopProcess stop) {
        dialerEnd = stop.reason();
        if (stop.exitStatus() != 0) {
            happened(new Event.StopNow(stop.reason()));
        }
        endIfOver(stop.reason());
    }

    /** A gateway has ended. */
    void ended(StopProcess stop) {
        left--;
        endIfOver(stop.reason());
    }

    private void endIfOver(String reason) {
        if (dialerEnd != null && left == 0 && node.alive()) {
            node.end(reason);
        }
    }

    boolean dialerHasEnded() {
        return dialerEnd != null;
    }

    /** The dialer's maintenance has ended without a stop: so does that of the gateways that went with it. */
    void dialerBackInService(String reason) {
        if (withTheSide) {
            cancelGateways("the dialer's return: " + reason);
        }
    }

    @Override
    public Optional<RoleState> dialer() {
        return Optional.of(node.dialer().role());
    }

    @Override
    public void toDialer(Event.OfRole event) {
        node.happened(event);
    }

    @Override
    public Optional<String> gatewaysBlocked() {
        return all.stream()
                .filter(gateway -> !gateway.state().inMaintenance())
                .map(gateway -> gateway.machine().plan())
                .filter(plan -> !plan.possible())
                .map(MaintenancePlan::blockedBy)
                .findFirst();
    }

    @Override
    public boolean anyGatewayInService() {
        return all.stream().anyMatch(gateway -> !gateway.state().inMaintenance());
    }

    @Override
    public boolean anyGatewayInMaintenance() {
        return all.stream().anyMatch(gateway -> gateway.state().inMaintenance());
    }

    @Override
    public void startGateways(boolean force, String who) {
        withTheSide = true;
        all.stream()
                .filter(gateway -> !gateway.state().inMaintenance())
                .forEach(gateway -> gateway.happened(new Event.MaintenanceAsked(0, force, who)));
    }

    @Override
    public void cancelGateways(String who) {
        withTheSide = false;
        all.stream()
                .filter(gateway -> gateway.state().inMaintenance())
                .forEach(gateway -> gateway.happened(new Event.MaintenanceCancelled(0, who)));
    }

    @Override
    public void answer(long command, boolean accepted, String text) {
        world.trace().line(node.id().toString(), (accepted ? "answers: " : "refuses: ") + text);
    }
}
