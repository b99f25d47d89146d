package releve.server.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import releve.core.common.Handover;
import releve.core.common.Side;
import releve.core.engine.MaintenancePlan;
import releve.core.pair.PeerHealth;
import releve.core.pair.Role;
import releve.server.store.GatewayRegistry;
import releve.server.store.NodeRegistry;
import releve.server.store.OperatorStore;
import releve.server.store.OperatorStore.Answer;
import releve.server.store.OperatorStore.Order;
import releve.server.store.OperatorStore.Verb;

/**
 * Operators' commands to a side, however its roles are spread over processes. A maintenance of the whole side is refused as a
 * whole: gateways in processes of their own are asked first whether they could, then the dialer's process, which answers for all
 * that it runs. Then they begin in the order of dependence: routing gateway, agent gateway, dialer; with a handover that overlaps
 * the dialer is the first, as within one process ({@link OperatorDesk}).
 */
public final class SideOrders {
    private final int pair;
    private final OperatorStore operators;
    private final NodeRegistry nodes;
    private final GatewayRegistry gateways;

    public SideOrders(int pair, OperatorStore operators, NodeRegistry nodes, GatewayRegistry gateways) {
        this.pair = pair;
        this.operators = operators;
        this.nodes = nodes;
        this.gateways = gateways;
    }

    /**
     * Asks, and waits for the answer; empty when a process did not answer within the limit.
     *
     * @param role one role only; empty for the whole side
     * @param limit for each process
     */
    public Optional<Answer> ask(Side side, Optional<Role> role, Order order, String by, Duration limit)
            throws InterruptedException {
        List<Role> apart = role.isPresent() ? List.of() : apart(side);
        if (apart.isEmpty()) {
            return askOne(side, role, order, by, limit);
        }
        return switch (order.verb()) {
            case MAINTENANCE_DRY_RUN -> dryRun(side, apart, order.handover(), by, limit);
            case MAINTENANCE_START -> start(side, apart, order, by, limit);
            case MAINTENANCE_CANCEL -> cancel(side, apart, by, limit);
        };
    }

    /** The gateways of the side that run in processes of their own, in the order of dependence. */
    private List<Role> apart(Side side) {
        Optional<String> dialers = nodes.latest(pair, side)
                .filter(entry -> entry.stop().isEmpty())
                .map(entry -> entry.start().node().instance());
        return gateways.latest(pair).stream()
                .filter(entry -> entry.node().side() == side
                        && entry.stop().isEmpty()
                        && entry.age().compareTo(PeerHealth.SILENT_MAX.multipliedBy(2)) < 0
                        && !Optional.of(entry.node().instance()).equals(dialers))
                .map(GatewayRegistry.Entry::role)
                .sorted(Comparator.comparing(Role::ordinal).reversed())
                .toList();
    }

    private boolean dials(Side side) {
        return nodes.latest(pair, side).filter(entry -> entry.stop().isEmpty()).isPresent();
    }

    private Optional<Answer> dryRun(Side side, List<Role> apart, Handover how, String by, Duration limit)
            throws InterruptedException {
        Order question = new Order(Verb.MAINTENANCE_DRY_RUN, false, how);
        Optional<Answer> answer =
                dials(side) ? operators.askAndWait(pair, side, question, by, limit) : Optional.empty();
        for (Role role : apart) {
            Optional<Answer> own = operators.askAndWait(pair, side, role, question, by, limit);
            if (own.isEmpty() || answer.isEmpty()) {
                answer = own;
            } else if (answer.get().accepted() && !own.get().accepted()) {
                MaintenancePlan plan = PlanJson.read(answer.get().text());
                String why = PlanJson.read(own.get().text()).blockedBy();
                answer = Optional.of(new Answer(
                        false,
                        PlanJson.write(new MaintenancePlan(
                                false,
                                why,
                                plan.counts(),
                                plan.handoverWithin(),
                                plan.settledWithin(),
                                plan.monitoringLimit()))));
            }
        }
        return answer;
    }

    private Optional<Answer> start(Side side, List<Role> apart, Order order, String by, Duration limit)
            throws InterruptedException {
        if (!order.force()) {
            Optional<Answer> plan = dryRun(side, apart, order.handover(), by, limit);
            if (plan.isEmpty() || !plan.get().accepted()) {
                return plan.map(
                        answer -> new Answer(false, PlanJson.read(answer.text()).blockedBy()));
            }
        }
        List<Optional<Answer>> answers = askEach(side, apart, order, by, limit);
        return answers.stream()
                .filter(answer -> answer.isEmpty() || !answer.get().accepted())
                .findFirst()
                .orElse(dialerFirst(order) ? answers.getFirst() : answers.getLast());
    }

    /** Cancelled is what was under way; refused only when nothing was. */
    private Optional<Answer> cancel(Side side, List<Role> apart, String by, Duration limit)
            throws InterruptedException {
        List<Optional<Answer>> answers = askEach(side, apart, Order.to(Verb.MAINTENANCE_CANCEL), by, limit);
        return answers.stream()
                .filter(answer -> answer.isPresent() && answer.get().accepted())
                .findFirst()
                .orElse(answers.getLast());
    }

    /** Asks process after process in the order in which the roles go. @return their answers in that order, at least one */
    private List<Optional<Answer>> askEach(Side side, List<Role> apart, Order order, String by, Duration limit)
            throws InterruptedException {
        List<Optional<Role>> processes = new ArrayList<>();
        apart.forEach(role -> processes.add(Optional.of(role)));
        if (dials(side)) {
            // No role: the dialer's process answers for all that it runs.
            processes.add(dialerFirst(order) ? 0 : processes.size(), Optional.empty());
        }
        List<Optional<Answer>> answers = new ArrayList<>();
        for (Optional<Role> role : processes) {
            answers.add(askOne(side, role, order, by, limit));
        }
        return answers;
    }

    private Optional<Answer> askOne(Side side, Optional<Role> role, Order order, String by, Duration limit)
            throws InterruptedException {
        return role.isPresent()
                ? operators.askAndWait(pair, side, role.get(), order, by, limit)
                : operators.askAndWait(pair, side, order, by, limit);
    }

    private static boolean dialerFirst(Order order) {
        return order.handover() == Handover.OVERLAP;
    }
}
