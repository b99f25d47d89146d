package releve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import releve.core.common.Side;
import releve.core.engine.Standing;
import releve.server.http.HttpTestPair.Answer;

/** An agent gateway in maintenance sends its desktops to the other side, where nothing of theirs is missing. */
class DesktopsMoveTest {
    private static HttpTestPair pair;
    private static String elsewhere;

    @BeforeAll
    static void start() {
        pair = new HttpTestPair();
        elsewhere = pair.uri(Side.B, "/").toString();
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @AfterEach
    void backInService() {
        pair.gateway(Side.A).stand(Standing.STANDBY, "");
    }

    @Test
    void shouldTellADesktopWhereToGoAndCountItUntilItHasGone() throws Exception {
        String[] token = pair.login(Side.A, "ann");
        try (BufferedReader events = events(token)) {
            assertThat(next(events, "event")).contains("event: state");
            assertThat(pair.gateway(Side.A).attached()).isEqualTo(1);

            pair.gateway(Side.A).stand(Standing.LEAVING, elsewhere);

            assertThat(next(events, "event"))
                    .contains("event: moving", "data: {\"elsewhere\":\"%s\"}".formatted(elsewhere));
        }
        Awaitility.await().until(() -> pair.gateway(Side.A).attached() == 0);
    }

    @Test
    void shouldTakeAtTheOtherSideWhatThisOneRefusesAndHasNotDone() {
        String[] token = pair.login(Side.A, "bob");
        pair.gateway(Side.A).stand(Standing.LEAVING, elsewhere);

        Answer refused = pair.post(Side.A, "/api/agents/bob/ready", "", token);

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.error()).endsWith("the other side serves at " + elsewhere + ".");
        assertThat(pair.get(Side.B, "/api/agents/bob", token).state()).isEqualTo("NOT_READY");
        assertThat(pair.post(Side.B, "/api/agents/bob/ready", "", token).state())
                .isEqualTo("READY");
    }

    @Test
    void shouldKeepAWishMadeDuringACallThroughTheMove() {
        String[] token = pair.login(Side.A, "cid");
        pair.post(Side.A, "/api/agents/cid/ready", "", token);
        pair.sql("update agent set state = 'RESERVED', reservation = 81 where id = 'cid'");
        pair.sql("update agent set state = 'TALKING' where id = 'cid'");
        pair.post(Side.A, "/api/agents/cid/not-ready", "{\"reason\": \"lunch\"}", token);

        pair.gateway(Side.A).stand(Standing.LEAVING, elsewhere);

        Answer moved = pair.get(Side.B, "/api/agents/cid", token);
        assertThat(moved.state()).isEqualTo("TALKING");
        assertThat(moved.json().path("pending").asText()).isEqualTo("NOT_READY");
        pair.sql("update agent set state = 'WRAP_UP', reservation = null, deadline = now() where id = 'cid'");
        Awaitility.await()
                .until(() -> pair.get(Side.B, "/api/agents/cid", token).state().equals("NOT_READY"));
        assertThat(pair.get(Side.B, "/api/agents/cid", token)
                        .json()
                        .path("reason")
                        .asText())
                .isEqualTo("lunch");
    }

    @Test
    void shouldServeOnWhileTheOtherSideCannotAndCutOnlyAtTheLimit() {
        String[] token = pair.login(Side.A, "dan");
        pair.gateway(Side.A).stand(Standing.LEAVING, "");
        assertThat(pair.post(Side.A, "/api/agents/dan/ready", "", token).state())
                .isEqualTo("READY");

        pair.gateway(Side.A).stand(Standing.CUT, "");
        assertThat(pair.get(Side.A, "/api/agents/dan", token).status()).isEqualTo(503);
    }

    private BufferedReader events(String[] token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(pair.uri(Side.A, "/api/agents/ann/events"))
                .headers(token)
                .build();
        return new BufferedReader(new InputStreamReader(
                pair.client
                        .send(request, HttpResponse.BodyHandlers.ofInputStream())
                        .body(),
                StandardCharsets.UTF_8));
    }

    /** The lines of the next block that has such a line. */
    private static List<String> next(BufferedReader events, String wanted) throws Exception {
        List<String> block = new ArrayList<>();
        for (String line = events.readLine(); line != null; line = events.readLine()) {
            if (!line.isEmpty()) {
                block.add(line);
            } else if (block.stream().anyMatch(each -> each.startsWith(wanted))) {
                return block;
            } else {
                block.clear();
            }
        }
        throw new AssertionError("the stream ended without " + wanted);
    }
}
