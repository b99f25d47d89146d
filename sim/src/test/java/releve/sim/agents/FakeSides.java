package releve.sim.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** Two sides that share what they know of the agents, with the rules of the product's API. */
final class FakeSides implements AutoCloseable {
    static final String KEY = "key-of-agents";

    final Map<String, String> states = new ConcurrentHashMap<>();
    final Map<String, String> tokens = new ConcurrentHashMap<>();
    final Map<String, String> phones = new ConcurrentHashMap<>();
    final Set<String> logOutWishes = ConcurrentHashMap.newKeySet();
    final List<String> requests = new CopyOnWriteArrayList<>();
    final Set<Integer> broken = ConcurrentHashMap.newKeySet();
    private final List<HttpServer> servers = new ArrayList<>();
    private final ObjectMapper mapper = new ObjectMapper();
    private int tokenNumber;

    FakeSides() throws IOException {
        for (int side = 0; side < 2; side++) {
            int number = side;
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> answer(number, exchange));
            server.start();
            servers.add(server);
        }
    }

    List<URI> bases() {
        return servers.stream()
                .map(s -> URI.create("http://127.0.0.1:" + s.getAddress().getPort()))
                .toList();
    }

    long count(String request) {
        return requests.stream().filter(request::equals).count();
    }

    private void answer(int side, HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] path = exchange.getRequestURI().getPath().split("/");
            JsonNode body = mapper.readTree(exchange.getRequestBody());
            String login = path[3];
            String what = path.length > 4 ? path[4] : "state";
            requests.add(side + " " + what);
            if (broken.contains(side)) {
                reply(exchange, 503, "{\"error\":\"The store does not answer.\"}");
                return;
            }
            String bearer = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            synchronized (this) {
                apply(exchange, login, what, bearer, body);
            }
        }
    }

    private void apply(HttpExchange exchange, String login, String what, String bearer, JsonNode body)
            throws IOException {
        String state = states.getOrDefault(login, "LOGGED_OUT");
        if (what.equals("login")) {
            if (!bearer.equals("Bearer " + KEY)
                    || !body.path("skillGroups").path(0).asText().equals("demo")) {
                reply(exchange, 401, "{\"error\":\"The agent key is wrong.\"}");
                return;
            }
            String token = "token" + ++tokenNumber;
            tokens.put(login, token);
            phones.put(login, body.path("phoneUri").asText());
            states.putIfAbsent(login, "NOT_READY");
            states.replace(login, "LOGGED_OUT", "NOT_READY");
            reply(exchange, 200, "{\"token\":\"" + token + "\"}");
            return;
        }
        if (!bearer.equals("Bearer " + tokens.get(login))) {
            reply(exchange, 401, "{\"error\":\"The session token is over.\"}");
            return;
        }
        boolean inCall = state.equals("RESERVED") || state.equals("TALKING");
        boolean refused = what.equals("ready") && (inCall || state.equals("LOGGED_OUT"));
        if (refused) {
            reply(exchange, 409, "{\"error\":\"Not now.\"}");
            return;
        }
        switch (what) {
            case "ready" -> states.put(login, "READY");
            case "logout" -> {
                if (inCall) {
                    logOutWishes.add(login);
                } else {
                    states.put(login, "LOGGED_OUT");
                }
            }
            default -> {}
        }
        reply(exchange, 200, "{\"state\":\"" + states.get(login) + "\"}");
    }

    private static void reply(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    void stop(int side) {
        servers.get(side).stop(0);
    }

    @Override
    public void close() {
        servers.forEach(s -> s.stop(0));
    }
}
