package releve.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumMap;
import java.util.Map;
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

/** HTTP and gateways of both sides of a pair, on one fresh store. */
final class HttpTestPair implements AutoCloseable {
    static final String KEY = "site-key";
    private static final ObjectMapper JSON = new ObjectMapper();

    final StoreAddress address = TestStore.fresh();
    final HikariDataSource pool = StoreConnections.pool(address, "http test", 8);
    final NodeRegistry registry = new NodeRegistry(pool);
    final OperatorStore operators = new OperatorStore(pool);
    final HttpClient client = HttpClient.newHttpClient();
    private final Map<Side, HttpServer> servers = new EnumMap<>(Side.class);
    private final Map<Side, AgentGateway> gateways = new EnumMap<>(Side.class);

    HttpTestPair() {
        for (Side side : Side.values()) {
            AgentGateway gateway = new AgentGateway(new AgentStore(pool), KEY).start();
            gateways.put(side, gateway);
            servers.put(side, new HttpServer(HttpSettings.loopback(0), services(side, gateway)).start());
        }
    }

    HttpServer.Services services(Side side, AgentGateway gateway) {
        return new HttpServer.Services(
                1,
                side,
                "0.1.0",
                gateway,
                registry,
                new GatewayRegistry(pool),
                operators,
                new CampaignStore(pool),
                new Reports(pool),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                () -> true,
                () -> side == Side.A);
    }

    /** An answer: its status and its JSON, or its text. */
    record Answer(int status, String text) {
        JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (IOException e) {
                throw new AssertionError("no JSON: " + text, e);
            }
        }

        String error() {
            return json().path("error").asText();
        }

        String state() {
            return json().path("state").asText();
        }
    }

    URI uri(Side side, String path) {
        return URI.create("http://127.0.0.1:" + port(side) + path);
    }

    AgentGateway gateway(Side side) {
        return gateways.get(side);
    }

    int port(Side side) {
        return servers.get(side).port();
    }

    Answer get(Side side, String path, String... headers) {
        return send(HttpRequest.newBuilder(uri(side, path)), headers);
    }

    Answer post(Side side, String path, String body, String... headers) {
        return send(HttpRequest.newBuilder(uri(side, path)).POST(HttpRequest.BodyPublishers.ofString(body)), headers);
    }

    private Answer send(HttpRequest.Builder request, String... headers) {
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Logs an agent in and gives the headers that carry his token. */
    String[] login(Side side, String agent) {
        Answer answer = post(
                side,
                "/api/agents/" + agent + "/login",
                "{\"name\": \"Ann\", \"skillGroups\": [\"sales\"], \"phoneUri\": \"sip:ann@127.0.0.1:5070\"}",
                bearer(KEY));
        if (answer.status() != 200) {
            throw new AssertionError(answer);
        }
        return bearer(answer.json().path("token").asText());
    }

    static String[] bearer(String token) {
        return new String[] {"Authorization", "Bearer " + token};
    }

    void sql(String statement) {
        TestStore.execute(address, statement);
    }

    @Override
    public void close() {
        servers.values().forEach(HttpServer::close);
        gateways.values().forEach(AgentGateway::close);
        client.close();
        pool.close();
    }
}
