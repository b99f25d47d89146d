package releve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import releve.core.common.AttemptId;
import releve.core.common.Side;
import releve.server.http.HttpTestPair.Answer;
import releve.server.store.TestStore;

/** What an agent makes of his call, through the API of either side, and what becomes of the contact. */
class DispositionApiTest {
    private static HttpTestPair pair;
    private static int calls;

    @BeforeAll
    static void start() {
        pair = new HttpTestPair();
        pair.sql("""
                insert into campaign (id, name, mode, skill_group, caller_id, maximum_attempts)
                overriding system value values (700, 'spring', 'PROGRESSIVE_AGENT', 'sales', '+12025550199', 2)""");
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    /** An agent with a call of the given age in attempts. */
    private record Desk(String agent, String[] token, AttemptId attempt) {}

    private static Desk talking(int attemptsBefore, String phones) {
        int number = ++calls;
        String agent = "zoe" + number;
        String[] token = pair.login(Side.A, agent);
        AttemptId attempt = AttemptId.of(1, 1, 1_000 + number);
        String first = phones.replace("#", String.valueOf(number));
        pair.sql("""
                insert into contact (id, campaign, name, phones, status, attempts, last_attempt, claimed_instance)
                overriding system value values (%1$d, 700, 'Ada Lovelace', '{%2$s}', 'D', %3$d, %4$d, 'x');
                insert into attempt (id, pair, epoch, side, instance, campaign, contact, phone, number, call_id, started_at,
                                     answered_at, connected_at, agent)
                values (%4$d, 1, 1, 'A', 'x', 700, %1$d, '%5$s', %6$d, 'call-%1$d', now(), now(), now(), '%7$s');
                update agent set state = 'RESERVED', reservation = %1$d where id = '%7$s';
                update agent set state = 'TALKING', attempt = %4$d where id = '%7$s'
                """.formatted(
                        8_000 + number,
                        first,
                        attemptsBefore,
                        attempt.value(),
                        first.split(",", -1)[0],
                        attemptsBefore + 1,
                        agent));
        return new Desk(agent, token, attempt);
    }

    private static void hangUp(Desk desk) {
        pair.sql("""
                update attempt set ended_at = now(), result = 10, ended_by = 'CUSTOMER' where id = %1$d;
                update contact set status = 'C', attempts = attempts + 1, claimed_instance = null where last_attempt = %1$d;
                update agent set state = 'WRAP_UP', reservation = null, deadline = now() + interval '60 s' where id = '%2$s'
                """.formatted(desk.attempt().value(), desk.agent()));
    }

    @Test
    void shouldCloseTheContactWhoOptsOutInTheIvr() {
        Desk desk = talking(0, "+1202555012#");
        String callId = desk.attempt() + "-x-t1";
        pair.sql("update attempt set agent = null, agent_call_id = '%s' where id = %d"
                .formatted(callId, desk.attempt().value()));
        String path = "/api/calls/%s/opt-out";
        assertThat(pair.post(Side.B, path.formatted(callId), "{}").status()).isEqualTo(200);
        hangUp(desk);
        assertThat(pair.post(Side.A, path.formatted(callId), "{}").status())
                .as("said again")
                .isEqualTo(200);
        assertThat(contact(desk, "status")).isEqualTo("C");
        assertThat(TestStore.query(
                        pair.address,
                        "select disposition::text from attempt where id = "
                                + desk.attempt().value()))
                .isEqualTo("26");
        for (String nobodys : new String[] {desk.attempt() + "-x-t2", "1-1-1", "nonsense"}) {
            Answer refused = pair.post(Side.A, path.formatted(nobodys), "{}");
            assertThat(refused.status()).isEqualTo(404);
            assertThat(refused.error()).isEqualTo("No IVR had a call of that Call-ID.");
        }
    }

    private static Answer dispose(Side side, Desk desk, String fields) {
        return pair.post(
                side,
                "/api/agents/" + desk.agent() + "/disposition",
                "{\"attempt\": \"" + desk.attempt() + "\", " + fields + "}",
                desk.token());
    }

    private static String contact(Desk desk, String column) {
        return TestStore.query(
                pair.address,
                "select %s::text from contact where last_attempt = %d"
                        .formatted(column, desk.attempt().value()));
    }

    @Test
    void shouldKeepAPersonalCallbackForTheAgentWhoPromisedIt() {
        pair.sql("update campaign set personal_callbacks = true where id = 700");
        Desk desk = talking(0, "+12025553#");
        JsonNode call = pair.get(Side.B, "/api/agents/" + desk.agent(), desk.token())
                .json()
                .path("call");
        assertThat(call.path("personalCallbacks").asBoolean()).isTrue();
        hangUp(desk);
        String at = Instant.now().plusSeconds(3600).toString();
        Answer answer = dispose(Side.A, desk, "\"result\": 14, \"personal\": true, \"callbackAt\": \"" + at + "\"");
        assertThat(answer.json()
                        .path("call")
                        .path("disposition")
                        .path("personal")
                        .asBoolean())
                .isTrue();
        assertThat(contact(desk, "status")).isEqualTo("S");
        assertThat(contact(desk, "callback_agent")).isEqualTo(desk.agent());

        dispose(Side.B, desk, "\"result\": 14, \"callbackAt\": \"" + at + "\"");
        assertThat(contact(desk, "status")).isEqualTo("B");
        assertThat(contact(desk, "coalesce(callback_agent, 'anybody')")).isEqualTo("anybody");
        pair.sql("update campaign set personal_callbacks = false where id = 700");
    }

    @Test
    void shouldRefuseAPersonalCallbackWhereThereAreNone() {
        Desk desk = talking(0, "+12025554#");
        hangUp(desk);
        String at = Instant.now().plusSeconds(3600).toString();
        Answer refused = dispose(Side.A, desk, "\"result\": 14, \"personal\": true, \"callbackAt\": \"" + at + "\"");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.error()).startsWith("This campaign has no personal callbacks");
        assertThat(dispose(Side.A, desk, "\"result\": 10, \"personal\": true").error())
                .isEqualTo("Only a callback can be personal.");
    }

    @Test
    void shouldShowTheAgentWhomHeTalksTo() {
        Desk desk = talking(1, "+12025551#,+12025552#");
        JsonNode call = pair.get(Side.B, "/api/agents/" + desk.agent(), desk.token())
                .json()
                .path("call");
        assertThat(call.path("contact").asText()).isEqualTo("Ada Lovelace");
        assertThat(call.path("campaign").asText()).isEqualTo("spring");
        assertThat(call.path("attempts").asInt()).isEqualTo(1);
        assertThat(call.path("phones")).hasSize(2);
        assertThat(call.path("disposition").isNull()).isTrue();
    }

    @ParameterizedTest(name = "result {0} after {1} attempts at {2}: {3}")
    @CsvSource(
            delimiter = ';',
            value = {
                "10; 0; +1202#; C",
                "12; 0; +1203#; R",
                "12; 1; +1204#; M",
                "18; 0; +1205#; J",
                "19; 0; +1206#; C",
                "23; 0; +1207#,+1208#; R",
                "23; 0; +1209#; C",
                "24; 0; +1210#; R",
                "26; 0; +1211#; C",
            })
    void shouldMoveTheContactAsTheAgentSays(int result, int attemptsBefore, String phones, String status) {
        Desk desk = talking(attemptsBefore, phones);
        hangUp(desk);
        Answer answer = dispose(Side.A, desk, "\"result\": " + result);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().path("call").path("disposition").path("result").asInt())
                .isEqualTo(result);
        assertThat(contact(desk, "status")).isEqualTo(status);
    }

    @Test
    void shouldCallBackAtTheLocalTimeThatWasPromised() {
        Desk desk = talking(0, "+1230#");
        hangUp(desk);
        LocalDateTime at =
                LocalDateTime.now(ZoneId.of("Europe/Paris")).plusDays(2).truncatedTo(ChronoUnit.MINUTES);
        Answer answer =
                dispose(Side.B, desk, "\"result\": 14, \"callbackAt\": \"" + at + "\", \"zone\": \"Europe/Paris\"");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        Instant promised = at.atZone(ZoneId.of("Europe/Paris")).toInstant();
        assertThat(answer.json()
                        .path("call")
                        .path("disposition")
                        .path("callbackAt")
                        .asText())
                .isEqualTo(promised.toString());
        assertThat(contact(desk, "status")).isEqualTo("B");
        assertThat(contact(desk, "(not_before = timestamptz '" + promised + "')"))
                .isEqualTo("true");
    }

    @Test
    void shouldLetTheLastWordCountAndRepeatItWithoutHarm() {
        Desk desk = talking(0, "+1231#");
        hangUp(desk);
        dispose(Side.A, desk, "\"result\": 24");
        dispose(Side.B, desk, "\"result\": 26");
        assertThat(dispose(Side.A, desk, "\"result\": 26").status()).isEqualTo(200);
        assertThat(contact(desk, "status")).isEqualTo("C");
    }

    @Test
    void shouldLeaveAContactAloneThatADialerHasTakenAgain() {
        Desk desk = talking(0, "+1232#");
        hangUp(desk);
        dispose(Side.A, desk, "\"result\": 24");
        pair.sql("update contact set status = 'A', former_status = 'R', claimed_instance = 'y' where last_attempt = "
                + desk.attempt().value());
        assertThat(dispose(Side.A, desk, "\"result\": 26").status()).isEqualTo(200);
        assertThat(contact(desk, "status")).isEqualTo("A");
    }

    @Test
    void shouldRefuseWordsAboutAnotherCallOrOnesThatMeanNothing() {
        Desk desk = talking(0, "+1233#");
        hangUp(desk);
        Answer other = pair.post(
                Side.A,
                "/api/agents/" + desk.agent() + "/disposition",
                "{\"attempt\": \"1-1-1\", \"result\": 10}",
                desk.token());
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.error()).isEqualTo("That call is no longer yours to decide about; its wrap-up is over.");
        assertThat(dispose(Side.A, desk, "\"result\": 9").error()).isEqualTo("'busy' is no disposition.");
        assertThat(dispose(Side.A, desk, "\"result\": 14").error())
                .isEqualTo("A callback needs its time, and nothing else has one.");
        assertThat(dispose(Side.A, desk, "\"result\": 14, \"callbackAt\": \"2020-01-01T00:00:00Z\"")
                        .error())
                .isEqualTo("A callback lies ahead, within a year.");
        assertThat(dispose(Side.A, desk, "\"result\": 14, \"callbackAt\": \"soon\"")
                        .status())
                .isEqualTo(400);
        assertThat(contact(desk, "status")).isEqualTo("C");
    }
}
