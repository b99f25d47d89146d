package releve.core.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.pacing.AbandonBudget.Limit;
import releve.core.pacing.AbandonBudget.Window;

class PredictivePacingTest {
    private static final long SEED = 3;

    private final AbandonBudget budget = new AbandonBudget(new Limit(0.03, Window.DAY, 0, 1));
    private final Floor floor = new Floor(budget);
    private final PredictivePacing pacing = pacing(100);
    private final SplittableRandom random = new SplittableRandom(SEED);
    private long nowMs = 9 * 3_600_000L;
    private long calls;

    @Test
    void shouldDialOneLineForEachFreeAgentAsLongAsItKnowsTooLittle() {
        agents(5);

        assertThat(pacing.callsToStart(floor, nowMs)).isEqualTo(5);
        assertThat(pacing.why()).startsWith("progressive: too few live answers");
    }

    @Test
    void shouldDialMoreThanOneLineForEachFreeAgentWhenItKnowsThatFewAnswer() {
        learn();
        agents(6);

        assertThat(pacing.callsToStart(floor, nowMs)).as("seed %d", SEED).isGreaterThan(6);
        assertThat(pacing.why()).startsWith("predictive: ");
    }

    @Test
    void shouldStartNoCallBeyondMaximumLinesPerAgent() {
        learn();
        agents(6);
        int there = floor.agents();

        int started = pacing(1.5).callsToStart(floor, nowMs);

        assertThat(started).as("seed %d", SEED).isLessThanOrEqualTo((int) (1.5 * there));
    }

    @Test
    void shouldDialForFreeAgentsOnlyWhenLimitIsReached() {
        learn();
        agents(3);
        budget.history(nowMs, 10, 10);

        assertThat(pacing.callsToStart(floor, nowMs)).isEqualTo(floor.idle());
        assertThat(pacing.why()).startsWith("careful: the abandon limit is reached");
    }

    @Test
    void shouldNotDialAheadIntoTheEndOfTheDay() {
        learn();
        agents(3);
        budget.closesAt(nowMs + 20_000);

        assertThat(pacing.callsToStart(floor, nowMs)).isEqualTo(floor.idle());
        assertThat(pacing.why()).isEqualTo("progressive: the day is about to close");
    }

    @Test
    void shouldDialNobodyWhenNobodyIsThere() {
        learn();
        for (int i = 1; i <= 40; i++) {
            floor.away(new AgentId("learnt" + i), nowMs);
        }

        assertThat(pacing.callsToStart(floor, nowMs)).isZero();
    }

    @Test
    void shouldNotCountOnAgentsWhoLeaveAfterTheirCall() {
        learn();
        agents(11);
        Set<AgentId> talking = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            AttemptId call = call();
            floor.dialed(call, nowMs);
            floor.live(call, nowMs);
            floor.served(call, new AgentId("agent" + i), nowMs);
            talking.add(new AgentId("agent" + i));
        }
        nowMs += 20_000;
        int counted = pacing.callsToStart(floor, nowMs);

        assertThat(floor.leaving(talking)).isTrue();
        assertThat(floor.leaving(talking)).as("known already").isFalse();
        assertThat(pacing.callsToStart(floor, nowMs)).as("seed %d", SEED).isBetween(floor.idle(), counted - 1);

        talking.remove(new AgentId("agent0"));
        assertThat(floor.leaving(talking)).as("he stays after all").isTrue();
    }

    @Test
    void shouldCountOnIdleAgentsOfACampaignThatSharesThem() {
        learn();
        floor.away(new AgentId("learnt1"), nowMs);
        Floor other = new Floor(new AbandonBudget(new Limit(0.03, Window.DAY, 0, 1)));
        for (int i = 0; i < 6; i++) {
            other.ready(new AgentId("theirs" + i), nowMs);
        }
        assertThat(pacing.callsToStart(floor, nowMs)).isZero();

        int alone = pacing.callsToStart(floor, List.of(new PacingPolicy.Sharing(other, 0, 0)), nowMs);
        int besides = pacing.callsToStart(floor, List.of(new PacingPolicy.Sharing(other, 4, 0)), nowMs);

        assertThat(alone).as("seed %d", SEED).isGreaterThan(6);
        assertThat(besides).as("four of them may be the other's").isLessThan(alone);
    }

    @Test
    void shouldLetGoOfAnAgentWhomAnotherCampaignHasReserved() {
        agents(2);
        floor.readyElsewhere(new AgentId("agent0"), nowMs);
        floor.readyElsewhere(new AgentId("agent0"), nowMs);
        assertThat(floor.idle()).isEqualTo(1);
        assertThat(floor.agents()).isEqualTo(1);
    }

    @Test
    void shouldCountNothingTwiceWhenToldTwice() {
        agents(1);
        AttemptId call = call();
        floor.dialed(call, nowMs);
        floor.live(call, nowMs + 5000);
        floor.live(call, nowMs + 5000);
        assertThat(floor.waiting()).isEqualTo(1);
        floor.abandoned(call, nowMs + 7000);
        floor.abandoned(call, nowMs + 7000);
        floor.gone(call, nowMs + 7000);

        assertThat(floor.inFlight()).isZero();
        assertThat(budget.todayLives(nowMs + 7000)).isEqualTo(1);
        assertThat(budget.todayShare(nowMs + 7000)).isEqualTo(1);
    }

    /** Half an hour in which every fifth call is answered. */
    private void learn() {
        AgentId agent = new AgentId("learnt1");
        floor.ready(agent, nowMs);
        for (int i = 0; i < 300; i++) {
            AttemptId call = call();
            floor.dialed(call, nowMs);
            nowMs += 3000 + random.nextInt(8000);
            if (i % 5 == 0) {
                floor.live(call, nowMs);
                floor.served(call, agent, nowMs);
                nowMs += 10_000 + random.nextInt(20_000);
                floor.talkEnded(agent, nowMs);
                floor.over(call, nowMs);
                nowMs += 2000;
                floor.ready(agent, nowMs);
            } else {
                floor.gone(call, nowMs);
            }
        }
    }

    private void agents(int count) {
        for (int i = 0; i < count; i++) {
            floor.ready(new AgentId("agent" + i), nowMs);
        }
    }

    private AttemptId call() {
        return AttemptId.of(1, 1, ++calls);
    }

    private static PredictivePacing pacing(double linesMax) {
        return new PredictivePacing(new PredictivePacing.Bounds(2, linesMax), Optional.empty());
    }
}
