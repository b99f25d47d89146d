package releve.server.node;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.Supplier;
import releve.core.pair.Role;

/** Where the roles of a process stand, as gauges: 1 for the phase that is, 0 for the others. */
final class RoleMetrics {
    private static final List<String> PHASES =
            List.of("standby", "active", "quiescing", "handing over", "settling", "monitoring", "stopped");

    private RoleMetrics() {}

    static void register(MeterRegistry registry, List<GatewayRole> gateways, Supplier<String> dialerPhase) {
        phases(registry, Role.DIALER, dialerPhase);
        register(registry, gateways);
    }

    /** Of a process without a dialer. */
    static void register(MeterRegistry registry, List<GatewayRole> gateways) {
        for (GatewayRole gateway : gateways) {
            phases(registry, gateway.kind(), () -> gateway.state().phase());
            Gauge.builder("releve.role.desktops", () -> gateway.status().load().attached())
                    .tags(Tags.of("role", gateway.kind().written()))
                    .register(registry);
        }
    }

    private static void phases(MeterRegistry registry, Role role, Supplier<String> phase) {
        for (String each : PHASES) {
            Gauge.builder("releve.role.phase", () -> each.equals(phase.get()) ? 1 : 0)
                    .tags(Tags.of("role", role.written(), "phase", each))
                    .register(registry);
        }
    }
}
