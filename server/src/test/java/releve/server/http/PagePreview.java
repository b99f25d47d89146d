package releve.server.http;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import releve.core.common.Side;
import releve.server.gateway.AgentGateway;
import releve.server.store.AgentStore;
import releve.server.store.CampaignStore;
import releve.server.store.GatewayRegistry;
import releve.server.store.NodeRegistry;
import releve.server.store.OperatorStore;
import releve.server.store.Reports;
import releve.server.store.StoreAddress;
import releve.server.store.StoreConnections;
import releve.server.store.TestStore;

/** Shows the page with sample rows to a browser: {@code PagePreview PORT calm|quiescing|monitoring|alone|lost}. */
public final class PagePreview {
    private PagePreview() {}

    public static void main(String[] args) throws InterruptedException {
        StoreAddress address = TestStore.fresh();
        SampleRows.campaignsAndAgents(address);
        HikariDataSource pool = StoreConnections.pool(address, "preview", 6);
        NodeRegistry registry = new NodeRegistry(pool);
        OperatorStore operators = new OperatorStore(pool);
        SampleRows.journal(registry);
        SampleRows.gateways(address);
        String scene = args[1];
        boolean handedOver = scene.equals("monitoring");
        new FakeNode(
                Side.A,
                registry,
                operators,
                switch (scene) {
                    case "quiescing" -> SampleRows.quiescing();
                    case "monitoring" -> SampleRows.monitoring();
                    case "alone" ->
                        SampleRows.active(4210, "nobody held the right to dial").refusing();
                    default -> SampleRows.active(4210, "nobody held the right to dial");
                });
        FakeNode b = new FakeNode(
                Side.B,
                registry,
                operators,
                handedOver ? SampleRows.active(75, "side A handed over") : FakeNode.State.standby());
        if (scene.equals("alone")) {
            b.fallSilent();
        }
        HttpServer.Services services = new HttpServer.Services(
                1,
                Side.A,
                "0.1.0",
                new AgentGateway(new AgentStore(pool), null),
                registry,
                new GatewayRegistry(pool),
                operators,
                new CampaignStore(pool),
                new Reports(pool),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                () -> true,
                () -> true);
        try (HttpServer server = new HttpServer(HttpSettings.loopback(Integer.parseInt(args[0])), services).start()) {
            System.out.println("http://127.0.0.1:" + server.port() + "/");
            if (scene.equals("lost")) {
                Thread.sleep(7_000);
                pool.close();
            }
            Thread.sleep(Long.MAX_VALUE);
        }
    }
}
