package releve.server.http;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import releve.core.common.Handover;
import releve.core.common.Side;
import releve.core.engine.MaintenancePlan;
import releve.core.pair.Role;
import releve.core.store.DialerStore.StoreUnavailable;
import releve.server.node.PlanJson;
import releve.server.node.SideOrders;
import releve.server.store.CampaignStore;
import releve.server.store.OperatorStore;
import releve.server.store.OperatorStore.Order;
import releve.server.store.OperatorStore.Verb;

/** Operators' commands: each goes to a side as a row in the store, and that side's node answers it there. */
final class Operations {
    /** How long a node may take to answer. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final SideOrders orders;
    private final CampaignStore campaigns;

    Operations(SideOrders orders, CampaignStore campaigns) {
        this.orders = orders;
        this.campaigns = campaigns;
    }

    /**
     * What came of a command.
     *
     * @param answered whether the side answered in time; when not, it may still carry the command out
     * @param plan of a dry run
     */
    record Answer(
            boolean answered,
            boolean accepted,
            String sentence,
            @Nullable MaintenancePlan plan) {}

    /**
     * Sends the command and waits up to five seconds for the answer of each process of the side.
     *
     * @param role one role only; empty for all
     */
    Answer maintenance(Side side, Optional<Role> role, Order order, String by) {
        try {
            Optional<OperatorStore.Answer> answer = orders.ask(side, role, order, by, PATIENCE);
            if (answer.isPresent()) {
                return read(order.verb(), answer.get());
            }
        } catch (StoreUnavailable e) {
            throw Refused.unavailable("The store does not answer, so no command can reach a side; try again.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Answer(
                false,
                false,
                "Side %s did not answer within %d s; look at its status before you repeat the command."
                        .formatted(side, PATIENCE.toSeconds()),
                null);
    }

    /** Starts or stops a campaign; calls under way are not touched. */
    void setRunning(String campaign, boolean running) {
        try {
            if (!campaigns.setRunning(campaign, running)) {
                throw new Refused(404, "There is no campaign of that name.");
            }
        } catch (StoreUnavailable e) {
            throw Refused.unavailable("The store does not answer; try again.");
        }
    }

    /** Takes an IVR's word that its caller wants no more calls. */
    void optOut(String ivrCallId) {
        try {
            if (!campaigns.optOut(ivrCallId)) {
                throw new Refused(404, "No IVR had a call of that Call-ID.");
            }
        } catch (StoreUnavailable e) {
            throw Refused.unavailable("The store does not answer; try again.");
        }
    }

    private static Answer read(Verb verb, OperatorStore.Answer answer) {
        if (verb != Verb.MAINTENANCE_DRY_RUN || !answer.text().startsWith("{")) {
            return new Answer(true, answer.accepted(), answer.text(), null);
        }
        MaintenancePlan plan = PlanJson.read(answer.text());
        String sentence = plan.possible() ? "maintenance can start" : plan.blockedBy();
        return new Answer(true, plan.possible(), sentence, plan);
    }

    static Verb verb(String action) {
        return switch (action) {
            case "start" -> Verb.MAINTENANCE_START;
            case "cancel" -> Verb.MAINTENANCE_CANCEL;
            case "dry-run" -> Verb.MAINTENANCE_DRY_RUN;
            default -> throw Refused.badRequest("The field \"action\" must be start, cancel or dry-run.");
        };
    }

    static Handover handover(String name) {
        return switch (name) {
            case "sequential" -> Handover.SEQUENTIAL;
            case "overlap" -> Handover.OVERLAP;
            default -> throw Refused.badRequest("The field \"handover\" must be sequential or overlap.");
        };
    }

    /** Reads a role's name; {@code all} and nothing are all of them. */
    static Optional<Role> role(String name) {
        if (name.isEmpty() || name.equals("all")) {
            return Optional.empty();
        }
        Optional<Role> role = Role.of(name);
        if (role.isEmpty()) {
            throw Refused.badRequest("The role must be dialer, agent-gateway, routing-gateway or all.");
        }
        return role;
    }

    static boolean running(String action) {
        return switch (action) {
            case "start" -> true;
            case "stop" -> false;
            default -> throw new Refused(404, "There is no such command.");
        };
    }

    static Side side(String name) {
        return switch (name) {
            case "A", "a" -> Side.A;
            case "B", "b" -> Side.B;
            default -> throw Refused.badRequest("The side must be A or B.");
        };
    }
}
