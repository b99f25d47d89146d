package releve.sim.agents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** The product's sides as desktops see them: whichever answers serves. Bounded in requests at once. */
final class Gateways implements AutoCloseable {
    private static final int REQUESTS_MAX = 32;
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);

    private final List<URI> bases;
    private final Tally tally;
    private final ObjectMapper mapper = new ObjectMapper();
    private final Semaphore permits = new Semaphore(REQUESTS_MAX);
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    Gateways(List<URI> bases, Tally tally) {
        this.bases = bases;
        this.tally = tally;
    }

    /** Which side a desktop talks to; it stays until that side fails. */
    static final class Preference {
        private int index;
    }

    /**
     * An answer.
     *
     * @param body missing when it was no JSON
     */
    record Reply(int status, JsonNode body) {
        boolean isDone() {
            return status >= 200 && status < 300;
        }

        /** Why not, in the side's words. */
        String error() {
            return body.path("error").asText("status " + status);
        }
    }

    /** No side answered. */
    static final class NoSideAnswers extends IOException {
        NoSideAnswers(String message) {
            super(message);
        }
    }

    Reply get(Preference preference, String path, String bearer) throws NoSideAnswers, InterruptedException {
        return send(preference, path, bearer, HttpRequest.newBuilder().GET());
    }

    Reply post(Preference preference, String path, String bearer, JsonNode body)
            throws NoSideAnswers, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder()
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        return send(preference, path, bearer, request);
    }

    /** Tries each side once, the preferred one first; an error of the server (5xx) counts as no answer. */
    private Reply send(Preference preference, String path, String bearer, HttpRequest.Builder request)
            throws NoSideAnswers, InterruptedException {
        String last = "no side is configured";
        request.timeout(ANSWER_LIMIT);
        if (!bearer.isEmpty()) {
            request.setHeader("Authorization", "Bearer " + bearer);
        }
        for (int tried = 0; tried < bases.size(); tried++) {
            URI base = bases.get(preference.index);
            try {
                Reply reply =
                        once(request.uri(URI.create(withoutSlash(base) + path)).build());
                if (reply.status() < 500) {
                    return reply;
                }
                last = base + " answers " + reply.status();
            } catch (IOException e) {
                last = base + " does not answer: " + e.getClass().getSimpleName();
            }
            if (bases.size() > 1) {
                preference.index = (preference.index + 1) % bases.size();
                tally.failovers.incrementAndGet();
            }
        }
        tally.unreachable.incrementAndGet();
        throw new NoSideAnswers(last);
    }

    private Reply once(HttpRequest request) throws IOException, InterruptedException {
        permits.acquire();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            return new Reply(response.statusCode(), parse(response.body()));
        } finally {
            permits.release();
        }
    }

    private JsonNode parse(String body) {
        try {
            return mapper.readTree(body);
        } catch (JsonProcessingException _) {
            return MissingNode.getInstance();
        }
    }

    private static String withoutSlash(URI base) {
        String text = base.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
