package releve.server.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import releve.core.engine.Counts;
import releve.core.engine.MaintenancePlan;

/** A dry run's plan as the operator's command row carries it. */
public final class PlanJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Form(
            boolean possible,
            String blockedBy,
            Counts counts,
            long handoverWithinMs,
            long settledWithinMs,
            long monitoringLimitMs) {}

    private PlanJson() {}

    static String write(MaintenancePlan plan) {
        try {
            return JSON.writeValueAsString(new Form(
                    plan.possible(),
                    plan.blockedBy(),
                    plan.counts(),
                    plan.handoverWithin().toMillis(),
                    plan.settledWithin().toMillis(),
                    plan.monitoringLimit().toMillis()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads what {@link releve.server.store.OperatorStore.Answer} of a dry run carries. */
    public static MaintenancePlan read(String json) {
        try {
            Form form = JSON.readValue(json, Form.class);
            return new MaintenancePlan(
                    form.possible(),
                    form.blockedBy(),
                    form.counts(),
                    Duration.ofMillis(form.handoverWithinMs()),
                    Duration.ofMillis(form.settledWithinMs()),
                    Duration.ofMillis(form.monitoringLimitMs()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("this is no maintenance plan: " + json, e);
        }
    }
}
