package releve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import releve.core.common.AttemptId;
import releve.core.common.Side;
import releve.server.http.HttpTestPair.Answer;
import releve.server.store.TestStore;

/** A contact that is offered to an agent, through the API of either side. */
class OfferApiTest {
    private static HttpTestPair pair;
    private static int offers;

    @BeforeAll
    static void start() {
        pair = new HttpTestPair();
        pair.sql("""
                insert into campaign (id, name, mode, skill_group, caller_id)
                overriding system value values (700, 'spring', 'PREVIEW', 'sales', '+12025550199')""");
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    private record Desk(String agent, String[] token, AttemptId offer) {}

    private static Desk offered() {
        int number = ++offers;
        String agent = "pam" + number;
        String[] token = pair.login(Side.A, agent);
        AttemptId offer = AttemptId.of(1, 1, 5_000 + number);
        pair.sql("""
                insert into contact (id, campaign, name, phones, status, former_status, attempts, claimed_instance)
                overriding system value
                values (%1$d, 700, 'Ada Lovelace', '{+1202%1$d,+1203%1$d}', 'A', 'R', 2, 'x');
                insert into offer (id, pair, epoch, side, instance, kind, campaign, contact, phone, agent, reservation,
                                   offered_at, deadline)
                values (%2$d, 1, 1, 'A', 'x', 'PREVIEW', 700, %1$d, '+1202%1$d', '%3$s', %1$d, now(),
                        now() + interval '60 s');
                update agent set state = 'RESERVED', reservation = %1$d where id = '%3$s';
                update agent set state = 'PREVIEW', attempt = %2$d, deadline = now() + interval '60 s' where id = '%3$s'
                """.formatted(6_000 + number, offer.value(), agent));
        return new Desk(agent, token, offer);
    }

    private static Answer answer(Side side, Desk desk, String offer, String answer) {
        return pair.post(
                side,
                "/api/agents/" + desk.agent() + "/offer",
                "{\"offer\": \"" + offer + "\", \"answer\": \"" + answer + "\"}",
                desk.token());
    }

    private static String kept(Desk desk) {
        return TestStore.query(
                pair.address,
                "select answer from offer where id = " + desk.offer().value());
    }

    @Test
    void shouldShowWhoIsOffered() {
        Desk desk = offered();
        JsonNode state =
                pair.get(Side.B, "/api/agents/" + desk.agent(), desk.token()).json();
        assertThat(state.path("state").asText()).isEqualTo("PREVIEW");
        assertThat(state.path("deadline").isTextual()).isTrue();
        assertThat(state.path("call").isNull()).isTrue();
        JsonNode offer = state.path("offer");
        assertThat(offer.path("id").asText()).isEqualTo(desk.offer().toString());
        assertThat(offer.path("kind").asText()).isEqualTo("PREVIEW");
        assertThat(offer.path("contact").asText()).isEqualTo("Ada Lovelace");
        assertThat(offer.path("campaign").asText()).isEqualTo("spring");
        assertThat(offer.path("attempts").asInt()).isEqualTo(2);
        assertThat(offer.path("phones")).hasSize(2);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "accept, ACCEPT",
        "skip, SKIP",
        "reject, REJECT",
        "skip-close, SKIP_AND_CLOSE",
        "reject-close, REJECT_AND_CLOSE"
    })
    void shouldKeepTheAnswerAndReserveTheAgentForTheDialer(String word, String answer) {
        Desk desk = offered();
        assertThat(answer(Side.B, desk, desk.offer().toString(), word).state()).isEqualTo("RESERVED");
        assertThat(kept(desk)).isEqualTo(answer);
    }

    @Test
    void shouldLetTheFirstAnswerCountAndRepeatItWithoutHarm() {
        Desk desk = offered();
        answer(Side.A, desk, desk.offer().toString(), "accept");
        assertThat(answer(Side.B, desk, desk.offer().toString(), "accept").status())
                .isEqualTo(200);
        Answer other = answer(Side.B, desk, desk.offer().toString(), "skip");
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.error()).isEqualTo("That contact is no longer offered to you.");
        assertThat(kept(desk)).isEqualTo("ACCEPT");
    }

    @Test
    void shouldRefuseAnAnswerToAnotherOfferOrOneThatIsNone() {
        Desk desk = offered();
        assertThat(answer(Side.A, desk, "1-1-1", "accept").status()).isEqualTo(409);
        assertThat(answer(Side.A, desk, "nonsense", "accept").status()).isEqualTo(409);
        assertThat(answer(Side.A, desk, desk.offer().toString(), "perhaps").status())
                .isEqualTo(400);
        assertThat(pair.get(Side.A, "/api/agents/" + desk.agent(), desk.token()).state())
                .isEqualTo("PREVIEW");
    }
}
