package releve.server.http;

import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import releve.core.common.Side;
import releve.core.engine.Counts;
import releve.core.engine.MaintenancePlan;
import releve.core.pair.Role;
import releve.server.http.Overview.CampaignFigures;
import releve.server.store.OperatorStore.Order;
import releve.server.store.OperatorStore.Verb;

/** Status, maintenance and campaigns for programs and for the command line. */
final class OperatorApi {
    private final StatusFeed feed;
    private final Operations operations;

    OperatorApi(StatusFeed feed, Operations operations) {
        this.feed = feed;
        this.operations = operations;
    }

    /** Both sides, agents, campaigns and journal, and how fresh they are. */
    void status(Context ctx) {
        ctx.json(feed.latest());
    }

    void maintenance(Context ctx) {
        RequestFields fields = RequestFields.of(ctx);
        Side side = Operations.side(fields.text("side", 1));
        Verb verb = Operations.verb(fields.text("action", 16));
        Optional<Role> role = Operations.role(fields.text("role", 32, ""));
        Order order = new Order(
                verb, fields.flag("force", false), Operations.handover(fields.text("handover", 16, "sequential")));
        Operations.Answer answer = operations.maintenance(side, role, order, "api");
        MaintenancePlan plan = answer.plan();
        if (plan != null) {
            ctx.json(new DryRun(side, plan));
        } else if (answer.accepted()) {
            ctx.json(Map.of("side", side, "accepted", true, "answer", answer.sentence()));
        } else {
            throw new Refused(answer.answered() ? 409 : 504, answer.sentence());
        }
    }

    /** A dry run's answer; a no is an answer too, not a failure. */
    private record DryRun(
            Side side,
            boolean accepted,
            String answer,
            Counts inFlight,
            long handoverWithinMs,
            long settledWithinMs,
            long monitoringLimitMs) {
        DryRun(Side side, MaintenancePlan plan) {
            this(
                    side,
                    plan.possible(),
                    plan.possible() ? "maintenance can start" : plan.blockedBy(),
                    plan.counts(),
                    plan.handoverWithin().toMillis(),
                    plan.settledWithin().toMillis(),
                    plan.monitoringLimit().toMillis());
        }
    }

    void campaigns(Context ctx) {
        ctx.json(Map.of("campaigns", fresh().campaigns()));
    }

    void campaign(Context ctx) {
        String name = ctx.pathParam("name");
        List<CampaignFigures> found = fresh().campaigns().stream()
                .filter(campaign -> campaign.name().equals(name))
                .toList();
        if (found.isEmpty()) {
            throw new Refused(404, "There is no campaign of that name.");
        }
        ctx.json(found.getFirst());
    }

    void setRunning(Context ctx) {
        String name = ctx.pathParam("name");
        boolean running = Operations.running(ctx.pathParam("action"));
        operations.setRunning(name, running);
        ctx.json(Map.of("campaign", name, "running", running));
    }

    /** For the IVR: its caller wants no more calls. */
    void optOut(Context ctx) {
        String callId = ctx.pathParam("callId");
        operations.optOut(callId);
        ctx.json(Map.of("callId", callId, "optedOut", true));
    }

    private Overview fresh() {
        Overview overview = feed.latest();
        if (!overview.problem().isEmpty()) {
            throw Refused.unavailable(overview.problem());
        }
        return overview;
    }
}
