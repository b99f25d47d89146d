package releve.server.node;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import releve.server.trunk.TrunkPlan;
import releve.server.trunk.TrunkReport;
import releve.server.trunk.TrunkSettings;
import releve.sip.trunk.GatewayConfig;

/** A node's gateways as gauges: whether calls go there, how many are there, and how many went in the last second. */
final class TrunkMetrics {
    private TrunkMetrics() {}

    static void register(MeterRegistry registry, TrunkPlan plan, Supplier<List<TrunkReport>> trunks) {
        for (TrunkSettings trunk : plan.trunks()) {
            for (GatewayConfig gateway : trunk.sip().gateways()) {
                Tags tags = Tags.of("trunk", trunk.name(), "gateway", gateway.name());
                gauge(registry, "releve.gateway.usable", tags, trunks, of -> of.usable() ? 1 : 0);
                gauge(registry, "releve.gateway.calls", tags, trunks, TrunkReport.GatewayReport::calls);
                gauge(
                        registry,
                        "releve.gateway.started.last.second",
                        tags,
                        trunks,
                        TrunkReport.GatewayReport::startedLastSecond);
            }
        }
    }

    private static void gauge(
            MeterRegistry registry,
            String name,
            Tags tags,
            Supplier<List<TrunkReport>> trunks,
            ToDoubleFunction<TrunkReport.GatewayReport> figure) {
        Gauge.builder(
                        name,
                        () -> trunks.get().stream()
                                .flatMap(trunk -> trunk.gateways().stream()
                                        .filter(gateway ->
                                                tags.equals(Tags.of("trunk", trunk.name(), "gateway", gateway.name()))))
                                .mapToDouble(figure)
                                .sum())
                .tags(tags)
                .register(registry);
    }
}
