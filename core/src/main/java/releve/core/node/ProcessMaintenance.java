package releve.core.node;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import releve.core.common.Handover;
import releve.core.engine.Command;
import releve.core.engine.Event;
import releve.core.pair.RoleState;
import releve.core.pair.RoleState.HandingOver;
import releve.core.pair.RoleState.Settling;
import releve.core.pair.RoleTransition;

/**
 * Maintenance of all roles of a process, as one command. It is refused as a whole when any role would refuse, and otherwise the
 * dialer answers it. It takes the roles in the order of dependence: the gateways first, which are at the other side within
 * milliseconds, so that the dialer settles with gateways that stay. Only a handover that overlaps is the dialer's first: while
 * nobody dials, desktops that move would be in its way.
 *
 * <p>Commands come on one thread and the dialer's answers on another.
 */
public final class ProcessMaintenance {
    private final Roles roles;

    /** Commands that the dialer has not answered yet, by their numbers. */
    private final Map<Long, Event.MaintenanceAsked> asked = new HashMap<>();

    /** One whose dialer hands over at this moment; the gateways follow. */
    private Event.@Nullable MaintenanceAsked handingOver;

    public ProcessMaintenance(Roles roles) {
        this.roles = roles;
    }

    /** What runs in the process. */
    public interface Roles {
        /** Where its dialer stands; empty when it has none. */
        Optional<RoleState> dialer();

        void toDialer(Event.OfRole event);

        /** Why a maintenance of the gateways cannot be started; empty when it can. */
        Optional<String> gatewaysBlocked();

        boolean anyGatewayInService();

        boolean anyGatewayInMaintenance();

        /** Starts the maintenance of all gateways that are in service. */
        void startGateways(boolean force, String who);

        /** Calls the maintenance of all gateways off. */
        void cancelGateways(String who);

        void answer(long command, boolean accepted, String text);
    }

    public synchronized void start(Event.MaintenanceAsked command) {
        Optional<String> blocked = command.force() ? Optional.empty() : roles.gatewaysBlocked();
        if (blocked.isPresent()) {
            roles.answer(command.command(), false, blocked.get());
        } else if (roles.dialer().filter(RoleState::inMaintenance).isPresent() && roles.anyGatewayInService()) {
            gatewaysFollow(command);
            roles.answer(command.command(), true, "maintenance of the gateways is under way too");
        } else {
            asked.put(command.command(), command);
            roles.toDialer(command);
        }
    }

    public synchronized void cancel(Event.MaintenanceCancelled command) {
        Optional<RoleState> dialer = roles.dialer();
        if (!(dialer.orElse(null) instanceof HandingOver)) {
            handingOver = null;
        }
        boolean any = roles.anyGatewayInMaintenance();
        roles.cancelGateways(command.who());
        if (any && dialer.filter(RoleState::inMaintenance).isEmpty()) {
            roles.answer(command.command(), true, "the maintenance is cancelled");
        } else {
            roles.toDialer(command);
        }
    }

    /** The dialer has answered a command: if it accepts a maintenance that was asked of all, the gateways begin theirs. */
    public synchronized void answered(Command.Answer answer) {
        Event.MaintenanceAsked all = asked.remove(answer.command());
        if (all != null && answer.accepted()) {
            // A dialer that settles had passed the right on before, and only takes back that it was called off.
            boolean settles = roles.dialer().orElse(null) instanceof Settling;
            if (all.how() == Handover.OVERLAP && !settles) {
                handingOver = all;
            } else {
                gatewaysFollow(all);
            }
        }
    }

    /** The dialer has moved: once it has handed over, or could not, the gateways begin the maintenance that was asked of all. */
    public synchronized void dialerMoved(RoleTransition transition) {
        Event.MaintenanceAsked all = handingOver;
        if (all != null && !transition.to().equals("handing over")) {
            handingOver = null;
            gatewaysFollow(all);
        }
    }

    private void gatewaysFollow(Event.MaintenanceAsked all) {
        roles.startGateways(all.force(), all.who());
    }
}
