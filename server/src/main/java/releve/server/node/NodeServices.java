package releve.server.node;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import releve.core.common.AgentId;
import releve.core.engine.Standing;
import releve.core.node.LeaseTimes;
import releve.core.pair.Role;
import releve.core.store.DialerStore.NodeId;
import releve.server.gateway.AgentGateway;
import releve.server.gateway.Duty;
import releve.server.gateway.RoutingGateway;
import releve.server.http.HttpServer;
import releve.server.store.AgentStore;
import releve.server.store.CampaignStore;
import releve.server.store.Channels;
import releve.server.store.GatewayRegistry;
import releve.server.store.GatewayTurn;
import releve.server.store.NodeRegistry;
import releve.server.store.OperatorStore;
import releve.server.store.Reports;
import releve.server.store.RoutingStore;

/** What a node does for people beside dialing: agent gateway, routing gateway, API and console. */
final class NodeServices implements AutoCloseable {
    private final AgentGateway agents;
    private final RoutingGateway routing;
    private final HttpServer http;
    private final String host;
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /**
     * Opens the HTTP port.
     *
     * @throws HttpServer.NotStarted with one sentence when that is not possible
     */
    NodeServices(
            GatewayConfig config, NodeId id, DataSource dataSource, BooleanSupplier ready, BooleanSupplier active) {
        LeaseTimes times = LeaseTimes.of(config.lease());
        this.host = config.http().host();
        this.agents = new AgentGateway(
                new AgentStore(dataSource, GatewayTurn.of(id, Role.AGENT_GATEWAY, times)),
                config.agentKey().orElse(null));
        this.routing = new RoutingGateway(
                new RoutingStore(dataSource, GatewayTurn.of(id, Role.ROUTING_GATEWAY, times))::serve);
        // Whom no role drives stays where this leaves him.
        agents.stand(Standing.ABSENT, "");
        routing.stand(Standing.ABSENT, "");
        this.http = new HttpServer(
                        config.http(),
                        new HttpServer.Services(
                                id.pair(),
                                id.side(),
                                ReleveVersion.get(),
                                agents,
                                new NodeRegistry(dataSource),
                                new GatewayRegistry(dataSource),
                                new OperatorStore(dataSource),
                                new CampaignStore(dataSource),
                                new Reports(dataSource),
                                metrics,
                                ready,
                                active))
                .start();
    }

    void start() {
        agents.start();
        routing.start();
    }

    /** What a gateway's role drives. */
    Duty duty(Role role) {
        return switch (role) {
            case AGENT_GATEWAY -> agents;
            case ROUTING_GATEWAY -> routing;
            case DIALER -> throw new IllegalArgumentException("the dialer is no gateway");
        };
    }

    String url() {
        return "http://" + host + ":" + http.port() + "/";
    }

    PrometheusMeterRegistry metrics() {
        return metrics;
    }

    void woken(String channel, String payload) {
        if (channel.equals(Channels.AGENTS)) {
            if (!payload.isEmpty()) {
                agents.wake(new AgentId(payload));
            }
        }
        routing.wake();
    }

    @Override
    public void close() {
        http.close();
        routing.close();
        agents.close();
    }
}
