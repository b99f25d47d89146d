package releve.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import releve.server.trunk.TrunkFile;
import releve.server.trunk.TrunkPlan;
import releve.server.trunk.TrunkReport;

class TrunkMetricsTest {
    @Test
    void shouldShowEachGatewaysCallsAndWhetherTheyGoThere() throws Exception {
        TrunkPlan plan = TrunkFile.parse("""
                trunks:
                  - name: acme
                    callsPerSecond: 30
                    gateways: [{name: north, uri: 192.0.2.1}, {name: south, uri: 192.0.2.2}]
                """, "trunks.yaml", Path.of("."), Map.of());
        List<TrunkReport> reports = new ArrayList<>();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        TrunkMetrics.register(registry, plan, () -> reports);
        assertThat(registry.scrape()).contains("releve_gateway_usable{gateway=\"north\",trunk=\"acme\"} 0.0");
        reports.add(new TrunkReport(
                "acme",
                3,
                500,
                2,
                30,
                true,
                "it takes calls",
                List.of(gateway("north", true, 3, 2), gateway("south", false, 0, 0))));
        assertThat(registry.scrape())
                .contains(
                        "releve_gateway_usable{gateway=\"north\",trunk=\"acme\"} 1.0",
                        "releve_gateway_usable{gateway=\"south\",trunk=\"acme\"} 0.0",
                        "releve_gateway_calls{gateway=\"north\",trunk=\"acme\"} 3.0",
                        "releve_gateway_started_last_second{gateway=\"north\",trunk=\"acme\"} 2.0");
    }

    private static TrunkReport.GatewayReport gateway(String name, boolean usable, int calls, int started) {
        return new TrunkReport.GatewayReport(
                name, "sip:192.0.2.1", "up", usable, "it answers", Instant.EPOCH, calls, 100, started, 30, List.of());
    }
}
