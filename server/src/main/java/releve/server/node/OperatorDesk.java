package releve.server.node;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.engine.Command;
import releve.core.engine.Event;
import releve.core.engine.MaintenancePlan;
import releve.core.node.ProcessMaintenance;
import releve.core.pair.Role;
import releve.core.pair.RoleState;
import releve.core.pair.RoleTransition;
import releve.core.store.DialerStore.NodeId;
import releve.server.store.OperatorStore;

/**
 * Takes operators' commands for a process and gives them to the roles they are for; what becomes of one for all roles is
 * {@link ProcessMaintenance}'s.
 */
final class OperatorDesk {
    private static final Logger log = LoggerFactory.getLogger(OperatorDesk.class);
    private static final Duration COMMAND_AGE_MAX = Duration.ofSeconds(10);

    /** The dialer of the process. */
    interface DialerRole {
        RoleState role();

        void happened(Event event);
    }

    private final NodeId node;
    private final OperatorStore operators;
    private final GatewayRoles gateways;
    private final @Nullable DialerRole dialer;
    private final Set<Role> roles;

    private final ProcessMaintenance maintenance = new ProcessMaintenance(new RolesOfProcess());

    /** Dry runs of all roles that the dialer has not answered yet. */
    private final Set<Long> dryRuns = ConcurrentHashMap.newKeySet();

    /** @param dialer null for a process without one */
    OperatorDesk(
            NodeId node, OperatorStore operators, GatewayRoles gateways, Set<Role> roles, @Nullable DialerRole dialer) {
        this.node = node;
        this.operators = operators;
        this.gateways = gateways;
        this.roles = EnumSet.copyOf(roles);
        this.dialer = dialer;
    }

    /** Looks for commands and takes them. */
    void takeCommands() {
        for (OperatorStore.Command command : operators.take(node, roles, COMMAND_AGE_MAX)) {
            String whom = command.role().map(Role::written).orElse("all roles");
            log.info(
                    "{} asks for {} of {}{}",
                    command.requestedBy(),
                    command.order().verb(),
                    whom,
                    command.order().force() ? " with force" : "");
            if (command.role().isEmpty()) {
                all(command);
            } else if (command.role().get() == Role.DIALER) {
                ofDialer(command);
            } else {
                gateways.of(command.role().get()).ifPresent(gateway -> gateway.happened(event(command)));
            }
        }
    }

    private void ofDialer(OperatorStore.Command command) {
        if (dialer != null) {
            dialer.happened(event(command));
        }
    }

    private void all(OperatorStore.Command command) {
        switch (event(command)) {
            case Event.MaintenanceAsked asked -> maintenance.start(asked);
            case Event.MaintenanceCancelled cancelled -> maintenance.cancel(cancelled);
            case Event other -> {
                dryRuns.add(command.id());
                ofDialer(command);
            }
        }
    }

    /** Writes the dialer's answer. */
    void answer(Command.Answer answer) {
        maintenance.answered(answer);
        operators.answer(answer.command(), answer.accepted(), answer.text());
    }

    void dialerMoved(RoleTransition transition) {
        maintenance.dialerMoved(transition);
    }

    /** Writes the dialer's answer to a dry run, for all roles when it was asked of all. */
    void answer(Command.AnswerDryRun answer) {
        boolean all = dryRuns.remove(answer.command());
        MaintenancePlan plan = all ? ofAll(answer.plan()) : answer.plan();
        operators.answer(answer.command(), plan.possible(), PlanJson.write(plan));
    }

    private MaintenancePlan ofAll(MaintenancePlan plan) {
        Optional<String> blocked = plan.possible() ? gateways.blocked() : Optional.empty();
        return blocked.map(why -> new MaintenancePlan(
                        false, why, plan.counts(), plan.handoverWithin(), plan.settledWithin(), plan.monitoringLimit()))
                .orElse(plan);
    }

    private static Event.OfRole event(OperatorStore.Command command) {
        OperatorStore.Order order = command.order();
        return switch (order.verb()) {
            case MAINTENANCE_START ->
                new Event.MaintenanceAsked(command.id(), order.force(), order.handover(), command.requestedBy());
            case MAINTENANCE_CANCEL -> new Event.MaintenanceCancelled(command.id(), command.requestedBy());
            case MAINTENANCE_DRY_RUN -> new Event.DryRunAsked(command.id(), order.handover());
        };
    }

    private final class RolesOfProcess implements ProcessMaintenance.Roles {
        @Override
        public Optional<RoleState> dialer() {
            return Optional.ofNullable(dialer).map(DialerRole::role);
        }

        @Override
        public void toDialer(Event.OfRole event) {
            requireNonNull(dialer).happened(event);
        }

        @Override
        public Optional<String> gatewaysBlocked() {
            return gateways.blocked();
        }

        @Override
        public boolean anyGatewayInService() {
            return gateways.anyInService();
        }

        @Override
        public boolean anyGatewayInMaintenance() {
            return gateways.anyInMaintenance();
        }

        @Override
        public void startGateways(boolean force, String who) {
            gateways.startMaintenance(force, who);
        }

        @Override
        public void cancelGateways(String who) {
            gateways.cancelMaintenance(who);
        }

        @Override
        public void answer(long command, boolean accepted, String text) {
            operators.answer(command, accepted, text);
        }
    }
}
