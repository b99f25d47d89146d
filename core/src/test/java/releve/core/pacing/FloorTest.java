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
        floor.hungUp(second, 61_000);

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

    private AttemptId live() {
        AttemptId call = AttemptId.of(1, 1, ++calls);
        floor.dialed(call, 1_000);
        floor.live(call, 2_000);
        return call;
    }
}
