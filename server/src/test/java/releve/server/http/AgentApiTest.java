package releve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import releve.core.common.Side;
import releve.server.http.HttpTestPair.Answer;

class AgentApiTest {
    private static HttpTestPair pair;

    @BeforeAll
    static void start() {
        pair = new HttpTestPair();
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @Test
    void shouldTakeAnAgentFromLoginToLogout() {
        String[] token = pair.login(Side.A, "ann");
        assertThat(pair.get(Side.A, "/api/agents/ann", token).state()).isEqualTo("NOT_READY");
        assertThat(pair.post(Side.A, "/api/agents/ann/ready", "", token).state())
                .isEqualTo("READY");
        Answer lunch = pair.post(Side.A, "/api/agents/ann/not-ready", "{\"reason\": \"lunch\"}", token);
        assertThat(lunch.state()).isEqualTo("NOT_READY");
        assertThat(lunch.json().path("reason").asText()).isEqualTo("lunch");
        assertThat(pair.post(Side.A, "/api/agents/ann/logout", "", token).state())
                .isEqualTo("LOGGED_OUT");
        assertThat(pair.get(Side.A, "/api/agents/ann", token).status()).isEqualTo(401);
    }

    @Test
    void shouldServeTheDesktopWithEveryFileThatItNames() {
        Answer page = pair.get(Side.A, "/agent");
        assertThat(page.status()).isEqualTo(200);
        Matcher files = Pattern.compile("(?:href|src)=\"(/assets/[^\"]+)\"").matcher(page.text());
        int found = 0;
        for (; files.find(); found++) {
            assertThat(pair.get(Side.A, files.group(1)).status())
                    .as(files.group(1))
                    .isEqualTo(200);
        }
        assertThat(found).isGreaterThanOrEqualTo(6);
    }

    @Test
    void shouldServeASessionOfTheOtherSide() {
        String[] token = pair.login(Side.A, "bea");
        assertThat(pair.post(Side.B, "/api/agents/bea/ready", "", token).state())
                .isEqualTo("READY");
        assertThat(pair.get(Side.A, "/api/agents/bea", token).state()).isEqualTo("READY");
    }

    @Test
    void shouldRefuseWrongKeysAndTokensInOneSentence() {
        Answer noKey = pair.post(Side.A, "/api/agents/carl/login", "{}");
        Answer wrongKey = pair.post(Side.A, "/api/agents/carl/login", "{}", HttpTestPair.bearer("guess"));
        assertThat(noKey.status()).isEqualTo(401);
        assertThat(wrongKey.status()).isEqualTo(401);
        assertThat(wrongKey.error()).isEqualTo("The agent key is missing or wrong.");

        String[] token = pair.login(Side.A, "carl");
        pair.login(Side.A, "carla");
        assertThat(pair.get(Side.A, "/api/agents/carla", token).status()).isEqualTo(401);
        assertThat(pair.get(Side.A, "/api/agents/carl").status()).isEqualTo(401);
        assertThat(pair.get(Side.A, "/api/agents/nobody", token).status()).isEqualTo(401);
    }

    @Test
    void shouldEndTheOldSessionWhenTheAgentLogsInAgainAndKeepHisState() {
        String[] old = pair.login(Side.A, "dora");
        pair.post(Side.A, "/api/agents/dora/ready", "", old);
        String[] fresh = pair.login(Side.B, "dora");
        assertThat(pair.get(Side.A, "/api/agents/dora", old).status()).isEqualTo(401);
        assertThat(pair.get(Side.A, "/api/agents/dora", fresh).state()).isEqualTo("READY");
    }

    @Test
    void shouldKeepAWishMadeDuringACallAndRefuseWhatCannotBe() {
        String[] token = pair.login(Side.A, "eve");
        pair.post(Side.A, "/api/agents/eve/ready", "", token);
        pair.sql("update agent set state = 'RESERVED', reservation = 71 where id = 'eve'");
        pair.sql("update agent set state = 'TALKING' where id = 'eve'");

        Answer refused = pair.post(Side.A, "/api/agents/eve/ready", "", token);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.error()).isEqualTo("You are on a call; it ends before you can be ready.");

        Answer wished = pair.post(Side.A, "/api/agents/eve/not-ready", "{\"reason\": \"break\"}", token);
        assertThat(wished.state()).isEqualTo("TALKING");
        assertThat(wished.json().path("pending").asText()).isEqualTo("NOT_READY");
        assertThat(pair.post(Side.A, "/api/agents/eve/ready", "", token)
                        .json()
                        .path("pending")
                        .isNull())
                .isTrue();
    }

    @Test
    void shouldEndAWrapUpWhenItsTimeIsOver() {
        String[] token = pair.login(Side.A, "fred");
        pair.sql("update agent set state = 'WRAP_UP', deadline = now() where id = 'fred'");
        Awaitility.await()
                .untilAsserted(() -> assertThat(
                                pair.get(Side.A, "/api/agents/fred", token).state())
                        .isEqualTo("READY"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "nonsense",
                "{\"phoneUri\": 5, \"skillGroups\": [\"s\"]}",
                "{\"skillGroups\": []}",
                "{\"skillGroups\": [\"s\"]}",
                "{\"skillGroups\": [\"s\"], \"phoneUri\": \"ann\"}",
                "{\"skillGroups\": [7], \"phoneUri\": \"sip:a@b\"}",
                "{} {}",
                "{\"a\": 1, \"a\": 2}"
            })
    void shouldAnswerABadBodyWithOneSentence(String body) {
        Answer answer = pair.post(Side.A, "/api/agents/gina/login", body, HttpTestPair.bearer(HttpTestPair.KEY));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).endsWith(".").doesNotContain("\n", "Exception");
    }

    @Test
    void shouldRefuseWhatIsTooLong() {
        String[] key = HttpTestPair.bearer(HttpTestPair.KEY);
        String name = "x".repeat(200);
        Answer longName = pair.post(
                Side.A,
                "/api/agents/hugo/login",
                "{\"name\": \"" + name + "\", \"skillGroups\": [\"s\"], \"phoneUri\": \"sip:a@b\"}",
                key);
        assertThat(longName.status()).isEqualTo(400);
        assertThat(longName.error()).contains("\"name\"");
        String body = "{\"name\": \"" + "x".repeat(70_000) + "\"}";
        assertThat(pair.post(Side.A, "/api/agents/hugo/login", body, key).status())
                .isEqualTo(413);
        assertThat(pair.get(Side.A, "/api/agents/" + "h".repeat(65), key).status())
                .isEqualTo(400);
    }

    @Test
    void shouldTellADesktopAtTheOtherSideWhatItMissed() throws Exception {
        String[] token = pair.login(Side.A, "iris");
        String lastId;
        try (Events events = new Events(Side.A, "iris", token, "")) {
            assertThat(events.next()).contains("\"state\":\"NOT_READY\"");
            pair.post(Side.A, "/api/agents/iris/ready", "", token);
            assertThat(events.next()).contains("\"state\":\"READY\"");
            lastId = events.id;
        }
        pair.post(Side.B, "/api/agents/iris/not-ready", "{\"reason\": \"lunch\"}", token);
        try (Events events = new Events(Side.B, "iris", token, lastId)) {
            assertThat(events.next()).contains("\"state\":\"NOT_READY\"", "lunch");
            pair.post(Side.A, "/api/agents/iris/logout", "", token);
            assertThat(events.next()).contains("log in again");
        }
    }

    @Test
    void shouldSendNothingTwiceToADesktopThatMissedNothing() throws Exception {
        String[] token = pair.login(Side.A, "jana");
        String lastId;
        try (Events events = new Events(Side.A, "jana", token, "")) {
            assertThat(events.next()).contains("NOT_READY");
            lastId = events.id;
        }
        try (Events events = new Events(Side.B, "jana", token, lastId)) {
            pair.post(Side.A, "/api/agents/jana/ready", "", token);
            assertThat(events.next()).contains("\"state\":\"READY\"");
        }
    }

    /** A desktop's event stream. */
    private static final class Events implements AutoCloseable {
        private final InputStream stream;
        private final BufferedReader lines;
        private String id = "";

        Events(Side side, String agent, String[] token, String lastId) throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(pair.uri(side, "/api/agents/" + agent + "/events"))
                    .headers(token);
            if (!lastId.isEmpty()) {
                request.header("Last-Event-ID", lastId);
            }
            HttpResponse<InputStream> response =
                    pair.client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            stream = response.body();
            lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        }

        /** The data of the next event. */
        String next() throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                }
                if (line.startsWith("data: ")) {
                    return line;
                }
            }
            return "the stream ended";
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
