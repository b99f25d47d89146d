package releve.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import releve.core.common.Side;
import releve.server.gateway.AgentGateway;
import releve.server.http.HttpTestPair.Answer;
import releve.server.store.AgentStore;

class OperatorApiTest {
    private HttpTestPair pair;
    private FakeNode a;
    private FakeNode b;

    @BeforeEach
    void start() {
        pair = new HttpTestPair();
        a = new FakeNode(Side.A, pair.registry, pair.operators, FakeNode.State.active());
        b = new FakeNode(Side.B, pair.registry, pair.operators, FakeNode.State.standby());
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
        pair.close();
    }

    @Test
    void shouldShowBothSidesFromEitherSide() {
        for (Side asked : Side.values()) {
            Answer status = pair.get(asked, "/api/status");
            assertThat(status.status()).isEqualTo(200);
            assertThat(status.json().at("/sides/0/role").asText()).isEqualTo("active");
            assertThat(status.json().at("/sides/0/calls/ringing").asInt()).isEqualTo(13);
            assertThat(status.json().at("/sides/0/epoch").asInt()).isEqualTo(7);
            assertThat(status.json().at("/sides/1/role").asText()).isEqualTo("standby");
            assertThat(status.json().at("/sides/1/healthy").asBoolean()).isTrue();
        }
    }

    @Test
    void shouldShowASilentSideAsUnhealthy() {
        b.fallSilent();
        Awaitility.await()
                .untilAsserted(() -> assertThat(pair.get(Side.A, "/api/status")
                                .json()
                                .at("/sides/1/healthy")
                                .asBoolean())
                        .isFalse());
    }

    @Test
    void shouldCarryMaintenanceToTheSideAndItsAnswerBack() {
        Answer plan = pair.post(Side.B, "/api/maintenance", "{\"side\": \"A\", \"action\": \"dry-run\"}");
        assertThat(plan.json().path("accepted").asBoolean()).isTrue();
        assertThat(plan.json().path("handoverWithinMs").asLong()).isEqualTo(33_000);
        assertThat(plan.json().at("/inFlight/ringing").asInt()).isEqualTo(13);

        Answer started = pair.post(Side.B, "/api/maintenance", "{\"side\": \"A\", \"action\": \"start\"}");
        assertThat(started.status()).isEqualTo(200);
        assertThat(started.json().path("answer").asText()).isEqualTo("maintenance has begun");
        assertThat(a.taken).hasSize(2);
        assertThat(b.taken).isEmpty();
    }

    @Test
    void shouldPassARefusalOnWithItsReasonAndForceWhenToldTo() {
        a.become(FakeNode.State.active().refusing());
        Answer refused = pair.post(Side.A, "/api/maintenance", "{\"side\": \"A\", \"action\": \"start\"}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.error()).isEqualTo("side B has not been heard of for 12 s");
        Answer forced =
                pair.post(Side.A, "/api/maintenance", "{\"side\": \"A\", \"action\": \"start\", \"force\": true}");
        assertThat(forced.status()).isEqualTo(200);
    }

    @Test
    void shouldSayWhenASideDoesNotAnswer() {
        b.fallSilent();
        Answer answer = pair.post(Side.A, "/api/maintenance", "{\"side\": \"B\", \"action\": \"cancel\"}");
        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.error()).contains("did not answer within 5 s");
    }

    @Test
    void shouldNameTheFieldThatIsWrong() {
        assertThat(pair.post(Side.A, "/api/maintenance", "{\"side\": \"C\", \"action\": \"start\"}")
                        .status())
                .isEqualTo(400);
        assertThat(pair.post(Side.A, "/api/maintenance", "{\"side\": \"A\", \"action\": \"explode\"}")
                        .error())
                .contains("\"action\"");
        assertThat(pair.post(Side.A, "/api/maintenance", "{\"side\": \"A\", \"action\": \"start\", \"force\": \"yes\"}")
                        .error())
                .contains("\"force\"");
    }

    @Test
    void shouldStartAndStopCampaignsAndShowTheirFigures() {
        SampleRows.campaignsAndAgents(pair.address);
        assertThat(pair.post(Side.A, "/api/campaigns/Winter%20follow-up/start", "")
                        .status())
                .isEqualTo(200);
        Awaitility.await()
                .untilAsserted(() -> assertThat(pair.get(Side.A, "/api/campaigns/Winter%20follow-up")
                                .json()
                                .path("running")
                                .asBoolean())
                        .isTrue());
        assertThat(pair.get(Side.B, "/api/campaigns")
                        .json()
                        .at("/campaigns/0/attempts")
                        .asInt())
                .isEqualTo(3000);
        assertThat(pair.post(Side.A, "/api/campaigns/No%20such/stop", "").status())
                .isEqualTo(404);
        assertThat(pair.get(Side.A, "/api/campaigns/No%20such").status()).isEqualTo(404);
    }

    @Test
    void shouldRefuseCommandsThatAPageFromElsewhereSends() {
        String body = "{\"side\": \"A\", \"action\": \"start\"}";
        assertThat(pair.post(Side.A, "/api/maintenance", body, "Origin", "http://evil.example")
                        .status())
                .isEqualTo(403);
        assertThat(pair.post(Side.A, "/api/maintenance", body, "Sec-Fetch-Site", "cross-site")
                        .status())
                .isEqualTo(403);
        assertThat(pair.post(Side.A, "/console/maintenance/A/start", "", "Origin", "null")
                        .status())
                .isEqualTo(403);
        String own = "http://127.0.0.1:" + pair.port(Side.A);
        assertThat(pair.post(Side.A, "/api/maintenance", body, "Origin", own, "Sec-Fetch-Site", "same-origin")
                        .status())
                .isEqualTo(200);
        assertThat(a.taken).hasSize(1);
    }

    @Test
    void shouldRefuseAForeignHostName() throws IOException {
        assertThat(answerTo("rebound.example", pair.port(Side.A))).startsWith("HTTP/1.1 421");
    }

    @Test
    void shouldGoByTheNamesThatTheOperatorGaveIt() throws IOException {
        HttpSettings named = new HttpSettings("127.0.0.1", 0, Set.of("Dialer.example"), null);
        AgentGateway gateway = new AgentGateway(new AgentStore(pair.pool), null);
        try (HttpServer server = new HttpServer(named, pair.services(Side.A, gateway)).start()) {
            assertThat(answerTo("dialer.example", server.port())).startsWith("HTTP/1.1 200");
            assertThat(answerTo("rebound.example", server.port()))
                    .startsWith("HTTP/1.1 421")
                    .contains("--http-name");
        }
    }

    private static String answerTo(String host, int port) throws IOException {
        String request = "GET /api/status HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", port)) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldDrawThePageWithTheDialogsAndTheMetrics() {
        SampleRows.campaignsAndAgents(pair.address);
        Answer page = pair.get(Side.A, "/");
        assertThat(page.text())
                .contains("Side A is active, side B stands by", "Spring renewal", "/assets/console.css?v=")
                .doesNotContain("style=", "onclick");
        assertThat(pair.get(Side.A, "/console/maintenance/A").text())
                .contains(
                        "The other side can take over.",
                        "Side B would be active within 33 s.",
                        "Start with overlap",
                        ">Start<");
        assertThat(pair.get(Side.A, "/assets/htmx.js").status()).isEqualTo(200);
        assertThat(pair.get(Side.A, "/assets/..%2fsecret").status()).isGreaterThanOrEqualTo(400);
        assertThat(pair.get(Side.A, "/metrics").status()).isEqualTo(200);
        assertThat(pair.get(Side.A, "/health/live").status()).isEqualTo(200);
        assertThat(pair.get(Side.A, "/health/ready").status()).isEqualTo(200);
        assertThat(pair.get(Side.A, "/health/active").status()).isEqualTo(200);
        assertThat(pair.get(Side.B, "/health/active").status())
                .as("a standby is healthy and ready, but not the one that dials")
                .isEqualTo(503);
        assertThat(pair.get(Side.A, "/nowhere").error()).isEqualTo("There is nothing at this address.");
    }

    @Test
    void shouldSayHowOldTheFiguresAreWhenTheStoreIsAway() {
        assertThat(pair.get(Side.A, "/api/status").json().path("problem").asText())
                .isEmpty();
        pair.pool.close();
        Awaitility.await()
                .untilAsserted(() -> assertThat(pair.get(Side.A, "/api/status")
                                .json()
                                .path("problem")
                                .asText())
                        .isEqualTo("The store does not answer."));
        assertThat(pair.get(Side.A, "/").text()).contains("The figures are");
        assertThat(pair.post(Side.A, "/api/campaigns/x/stop", "").status()).isEqualTo(503);
        assertThat(pair.get(Side.A, "/health/live").status()).isEqualTo(200);
    }

    @Test
    void shouldSayInOneSentenceThatThePortIsTaken() {
        AgentGateway gateway = new AgentGateway(new AgentStore(pair.pool), null);
        try (HttpServer second =
                new HttpServer(HttpSettings.loopback(pair.port(Side.A)), pair.services(Side.A, gateway))) {
            assertThatThrownBy(second::start)
                    .isInstanceOf(HttpServer.NotStarted.class)
                    .hasMessageContaining("port " + pair.port(Side.A) + " on 127.0.0.1 is in use");
        }
    }
}
