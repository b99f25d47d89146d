package releve.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import releve.core.campaign.ContactOutcome;
import releve.core.campaign.ContactStatus;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.EndedBy;
import releve.core.common.Termination;
import releve.core.engine.Counts;
import releve.core.engine.DialerStatus;
import releve.core.engine.Event;
import releve.core.node.Batch;
import releve.core.pair.RoleTransition;
import releve.core.store.Change;
import releve.core.store.DialerStore.CommitResult;

class DialerMetricsTest {
    private static final Instant NOW = Instant.parse("2030-01-01T09:00:00Z");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final DialerMetrics metrics = new DialerMetrics();
    private final List<Batch> told = new ArrayList<>();
    private DialerStatus status = status("standby", 0, Counts.NONE);
    private int waiting;

    @BeforeEach
    void register() {
        metrics.moved(new RoleTransition(NOW, "stopped", "standby", "before anybody could read it"));
        metrics.register(registry, () -> status, new DialerMetrics.Queues(() -> 7, () -> waiting, () -> 1));
    }

    private static DialerStatus status(String phase, long epoch, Counts counts) {
        return new DialerStatus(phase, NOW, "", epoch, "yes", "", null, null, counts);
    }

    private static Change started(int number) {
        return new Change.AttemptStarted(
                AttemptId.of(1, 1, number),
                new CampaignId(1),
                new ContactId(number),
                "+12025550100",
                "call-" + number,
                1,
                NOW);
    }

    private static Change ended(int number, CallResult result) {
        return new Change.AttemptEnded(
                AttemptId.of(1, 1, number),
                new ContactId(number),
                new Termination(result, EndedBy.CUSTOMER, "486 Busy Here"),
                new ContactOutcome(ContactStatus.CLOSED, null, true),
                NOW);
    }

    @Test
    void shouldCountAttemptsByResultOnceTheyAreDurable() {
        StoreWriter.Outcome outcome = metrics.counting(new StoreWriter.Outcome() {
            @Override
            public void committed(Batch batch, CommitResult result) {
                told.add(batch);
            }

            @Override
            public void happened(Event event) {}
        });
        assertThat(registry.scrape()).contains("releve_attempts_ended_total{code=\"9\",result=\"busy\"} 0.0");
        Batch batch = new Batch(1, List.of(started(1), started(2), ended(1, CallResult.BUSY)), List.of());

        outcome.committed(batch, new CommitResult(false, Map.of(AttemptId.of(1, 1, 2), "it is on the list")));

        assertThat(told).containsExactly(batch);
        assertThat(registry.scrape())
                .contains(
                        "releve_attempts_started_total 1.0",
                        "releve_attempts_refused_total 1.0",
                        "releve_attempts_ended_total{code=\"9\",result=\"busy\"} 1.0",
                        "releve_attempts_ended_total{code=\"8\",result=\"no_answer\"} 0.0");
    }

    @Test
    void shouldCountTransitionsAndShowTheEpoch() {
        metrics.moved(new RoleTransition(NOW, "standby", "active", "nobody held it"));
        metrics.moved(new RoleTransition(NOW, "active", "handing over", "settled"));
        status = status("handing over", 12, Counts.NONE);
        assertThat(registry.scrape())
                .contains(
                        "releve_role_transitions_total{from=\"stopped\",role=\"dialer\",to=\"standby\"} 1.0",
                        "releve_role_transitions_total{from=\"standby\",role=\"dialer\",to=\"active\"} 1.0",
                        "releve_role_transitions_total{from=\"active\",role=\"dialer\",to=\"handing over\"} 1.0",
                        "releve_dialer_epoch 12.0");
    }

    @Test
    void shouldShowCallsByStateAndWhatWaits() {
        status = status("active", 1, new Counts(1, 2, 3, 4, 5, 6, 7, 8, 9));
        waiting = 40;
        assertThat(registry.scrape())
                .contains(
                        "releve_dialer_calls{state=\"dialing\"} 1.0",
                        "releve_dialer_calls{state=\"ringing\"} 2.0",
                        "releve_dialer_calls{state=\"cancelling\"} 3.0",
                        "releve_dialer_calls{state=\"analysing\"} 4.0",
                        "releve_dialer_calls{state=\"transferring\"} 5.0",
                        "releve_dialer_calls{state=\"connected\"} 7.0",
                        "releve_dialer_offers 6.0",
                        "releve_dialer_agents_reserved 8.0",
                        "releve_dialer_contacts_cached 9.0",
                        "releve_node_inbox 7.0",
                        "releve_node_changes_waiting 40.0",
                        "releve_node_store_answers 1.0");
    }
}
