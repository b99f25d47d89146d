package releve.core.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;

class FloorTest {
    private final Floor floor =
            new Floor(new AbandonBudget(new AbandonBudget.Limit(0.03, AbandonBudget.Window.DAY, 0, 1)));
    private long calls;

    @Test
    void shouldCountAnAnswerAsServedUntilItsCallIsOver() {
        AttemptId first = live();
        AttemptId second = live();
        floor.served(first, new AgentId("anna"), 3_000);
        floor.served(second, new AgentId("berta"), 3_000);
        assertThat(floor.served()).isEqualTo(2);

        floor.over(first, 60_000);
        floor.over(first, 60_000);
        floor.gone(second, 61_000);

        assertThat(floor.served()).isZero();
    }

    @Test
    void shouldLeaveCallsToStartThatAControllerDecidedOnUntilTheyHaveStarted() {
        AdaptiveRatioPacing ratio = new AdaptiveRatioPacing(3, true);
        floor.ready(new AgentId("anna"), 0);
        floor.ready(new AgentId("berta"), 0);

        assertThat(ratio.callsToStart(floor, 0)).isEqualTo(2);
        floor.dialed(AttemptId.of(1, 1, ++calls), 100);

        assertThat(ratio.callsToStart(floor, 100))
                .as("ports let only one start")
                .isEqualTo(1);
        floor.dialed(AttemptId.of(1, 1, ++calls), 200);
        assertThat(ratio.callsToStart(floor, 200)).isZero();
    }

    @Test
    void shouldLeaveACallThatIsForOneAgentToHim() {
        AttemptId his = AttemptId.of(1, 1, ++calls);
        double rate = floor.estimates().answerRate().value();
        floor.promised(his, 1_000);
        floor.pickedUp(his, 4_000);
        assertThat(floor.inFlight()).as("nobody else need be free for it").isZero();
        assertThat(floor.promised()).isEqualTo(1);

        floor.ready(new AgentId("anna"), 4_000);
        floor.served(his, new AgentId("anna"), 4_000);
        floor.advance(8_000);
        assertThat(floor.promised()).isZero();
        assertThat(floor.idle()).as("she talks").isZero();
        assertThat(floor.budget().todayLives(8_000)).isEqualTo(1);
        assertThat(floor.estimates().lives()).as("says nothing of others").isZero();
        assertThat(floor.estimates().answerRate().value()).isEqualTo(rate);

        floor.over(his, 60_000);
        assertThat(floor.served()).isZero();
    }

    @Test
    void shouldLookForAnybodyWhenTheAgentOfACallCannotTakeIt() {
        AttemptId his = AttemptId.of(1, 1, ++calls);
        floor.promised(his, 1_000);
        floor.live(his, 5_000);

        assertThat(floor.promised()).isZero();
        assertThat(floor.waiting()).isEqualTo(1);
        floor.abandoned(his, 7_000);
        assertThat(floor.inFlight()).isZero();
        assertThat(floor.budget().todayShare(7_000)).isEqualTo(1);
    }

    @Test
    void shouldForgetACallForOneAgentThatCameToNothing() {
        AttemptId unanswered = AttemptId.of(1, 1, ++calls);
        AttemptId withheld = AttemptId.of(1, 1, ++calls);
        floor.promised(unanswered, 1_000);
        floor.promised(withheld, 1_000);
        floor.gone(unanswered, 26_000);
        floor.withheld(withheld, 26_000);

        assertThat(floor.promised()).isZero();
        assertThat(floor.budget().todayLives(26_000)).isZero();
    }

    private AttemptId live() {
        AttemptId call = AttemptId.of(1, 1, ++calls);
        floor.dialed(call, 1_000);
        floor.live(call, 2_000);
        return call;
    }
}
