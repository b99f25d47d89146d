package releve.server.http;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import releve.core.agent.AgentState;
import releve.core.common.AgentId;
import releve.core.common.Side;
import releve.server.gateway.AgentGateway;
import releve.server.gateway.AgentLogin;
import releve.server.gateway.AgentSessions;
import releve.server.gateway.AgentView;

/** Shows the page with sample figures in a browser: {@code PagePreview PORT calm|quiescing|monitoring|lost}. */
public final class PagePreview {
    private PagePreview() {}

    public static void main(String[] args) throws InterruptedException {
        String scene = args[1];
        Instant start = Instant.now();
        HttpServer.Services services = new HttpServer.Services(
                new AgentGateway(new NoSessions(), null),
                () -> scene.equals("lost") ? Samples.of(scene, start) : Samples.of(scene, Instant.now()),
                Samples.of(scene, start),
                new Obliging(scene.equals("calm")),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                () -> true,
                "0.1.0");
        try (HttpServer server = new HttpServer(HttpSettings.loopback(Integer.parseInt(args[0])), services).start()) {
            System.out.println("http://127.0.0.1:" + server.port() + "/");
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    private record Obliging(boolean possible) implements OperatorOrders {
        @Override
        public long request(Side side, String command, boolean force, String by) {
            return command.equals("maintenance-dry-run") ? 1 : 2;
        }

        @Override
        public Optional<Answer> answer(long order) {
            if (order == 2) {
                return Optional.of(new Answer(true, true, "maintenance has begun; waits for 13 ringing"));
            }
            return Optional.of(
                    possible
                            ? new Answer(
                                    true,
                                    true,
                                    "In flight: 4 dialing, 13 ringing, 2 analysing, 1 transferring, 21 connected.\n"
                                            + "Side B would be active within 33 s.\n"
                                            + "Side A would follow its connected calls for up to 90 min and then stop.")
                            : new Answer(
                                    true,
                                    false,
                                    "side B has sent no heartbeat for 12 s.\nIn flight: 4 dialing, 13 ringing, 21 connected.\n"
                                            + "By force, side A stops dialing and nobody dials until a side is started."));
        }

        @Override
        public boolean setRunning(String campaign, boolean running) {
            return true;
        }
    }

    private record NoSessions() implements AgentSessions {
        @Override
        public Optional<Session> find(AgentId agent) {
            return Optional.empty();
        }

        @Override
        public void login(AgentLogin login, byte[] tokenHash) {}

        @Override
        public Optional<AgentView> move(AgentView seen, AgentState to, String reason) {
            return Optional.empty();
        }

        @Override
        public Optional<AgentView> wish(AgentView seen, @Nullable AgentState pending, String reason) {
            return Optional.empty();
        }

        @Override
        public int endWrapUps() {
            return 0;
        }

        @Override
        public Map<AgentId, Long> versions(Set<AgentId> agents) {
            return Map.of();
        }
    }
}
