package releve.server.node;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.common.Handover;
import releve.core.engine.Command;
import releve.core.engine.Event;
import releve.core.engine.MaintenancePlan;
import releve.core.pair.Role;
import releve.core.pair.RoleState;
import releve.core.pair.RoleState.HandingOver;
import releve.core.pair.RoleState.Settling;
import releve.core.pair.RoleTransition;
import releve.core.store.DialerStore.NodeId;
import releve.server.store.OperatorStore;

/**
 * Takes operators' commands for a process and gives them to the roles they are for. A command for all roles is one: it is
 * refused as a whole when any role would refuse, and otherwise the dialer answers it. It takes them in the order of dependence:
 * the gateways first, which are at the other side within milliseconds, so that the dialer settles with gateways that stay. Only
 * a handover that overlaps is the dialer's first: while nobody dials, desktops that move would be in its way.
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

    /** Commands for all roles that the dialer has not answered yet. */
    private final Map<Long, OperatorStore.Command> asked = new ConcurrentHashMap<>();

    /** A maintenance of all roles whose dialer hands over at this moment; the gateways follow. */
    private final AtomicReference<OperatorStore.@Nullable Command> handingOver = new AtomicReference<>();

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
        switch (command.order().verb()) {
            case MAINTENANCE_START -> start(command);
            case MAINTENANCE_CANCEL -> cancel(command);
            case MAINTENANCE_DRY_RUN -> allByDialer(command);
        }
    }

    private void allByDialer(OperatorStore.Command command) {
        asked.put(command.id(), command);
        ofDialer(command);
    }

    private void start(OperatorStore.Command command) {
        Optional<String> blocked = command.order().force() ? Optional.empty() : gateways.blocked();
        if (blocked.isPresent()) {
            operators.answer(command.id(), false, blocked.get());
        } else if (dialer != null && dialer.role().inMaintenance() && gateways.anyInService()) {
            gatewaysFollow(command);
            operators.answer(command.id(), true, "maintenance of the gateways is under way too");
        } else {
            allByDialer(command);
        }
    }

    private void cancel(OperatorStore.Command command) {
        if (dialer != null && !(dialer.role() instanceof HandingOver)) {
            handingOver.set(null);
        }
        boolean any = gateways.anyInMaintenance();
        gateways.cancelMaintenance(command.requestedBy());
        if (any && (dialer == null || !dialer.role().inMaintenance())) {
            operators.answer(command.id(), true, "the maintenance is cancelled");
        } else {
            ofDialer(command);
        }
    }

    /** Writes the dialer's answer; when it accepts a maintenance that was asked of all, the gateways begin theirs. */
    void answer(Command.Answer answer) {
        OperatorStore.Command all = asked.remove(answer.command());
        if (all != null && answer.accepted()) {
            // A dialer that settles had passed the right on before, and only takes back that it was called off.
            boolean passesItOn = all.order().handover() == Handover.OVERLAP
                    && !(requireNonNull(dialer).role() instanceof Settling);
            if (passesItOn) {
                handingOver.set(all);
            } else {
                gatewaysFollow(all);
            }
        }
        operators.answer(answer.command(), answer.accepted(), answer.text());
    }

    /** The dialer has moved: once it has handed over, or could not, the gateways begin the maintenance that was asked of all. */
    void dialerMoved(RoleTransition transition) {
        OperatorStore.Command all = transition.to().equals("handing over") ? null : handingOver.getAndSet(null);
        if (all != null) {
            gatewaysFollow(all);
        }
    }

    private void gatewaysFollow(OperatorStore.Command all) {
        gateways.startMaintenance(all.order().force(), all.requestedBy());
    }

    /** Writes the dialer's answer to a dry run, for all roles when it was asked of all. */
    void answer(Command.AnswerDryRun answer) {
        boolean all = asked.remove(answer.command()) != null;
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
}
