package releve.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import releve.core.common.AgentId;
import releve.core.common.ReservationId;
import releve.core.routing.LongestIdle.Match;
import releve.core.routing.LongestIdle.ReadyAgent;
import releve.core.routing.LongestIdle.Request;

class LongestIdleTest {
    private static final Instant NINE = Instant.parse("2030-01-01T09:00:00Z");

    @Test
    void shouldGiveTheAgentWhoHasBeenIdleLongest() {
        assertThat(LongestIdle.match(
                        List.of(request(1, "sales", 0)), List.of(agent("ann", 5, "sales"), agent("bob", 2, "sales"))))
                .containsExactly(match(1, "bob"));
    }

    @Test
    void shouldServeTheHighestPriorityThenTheOldestRequest() {
        assertThat(LongestIdle.match(
                        List.of(request(3, "sales", 0), request(1, "sales", 0), request(2, "sales", 9)),
                        List.of(agent("ann", 1, "sales"), agent("bob", 2, "sales"))))
                .containsExactly(match(2, "ann"), match(1, "bob"));
    }

    @Test
    void shouldNotGiveOneAgentToTwoRequestsOfDifferentGroups() {
        assertThat(LongestIdle.match(
                        List.of(request(1, "sales", 0), request(2, "care", 0)),
                        List.of(agent("ann", 1, "sales", "care"))))
                .containsExactly(match(1, "ann"));
    }

    @Test
    void shouldLeaveRequestsOpenThatFindNobodyOfTheirGroup() {
        assertThat(LongestIdle.match(List.of(request(1, "care", 0)), List.of(agent("ann", 1, "sales"))))
                .isEmpty();
        assertThat(LongestIdle.match(List.of(), List.of(agent("ann", 1, "sales"))))
                .isEmpty();
    }

    @Test
    void shouldDecideTheSameWhateverTheOrderOfAgentsWhoBecameReadyTogether() {
        ReadyAgent ann = agent("ann", 1, "sales");
        ReadyAgent bob = agent("bob", 1, "sales");
        assertThat(LongestIdle.match(List.of(request(1, "sales", 0)), List.of(bob, ann)))
                .isEqualTo(LongestIdle.match(List.of(request(1, "sales", 0)), List.of(ann, bob)));
    }

    @Test
    void shouldUseEachAgentAndEachRequestAtMostOnceAndLeaveNoUsefulPairUnmatched() {
        SplittableRandom random = new SplittableRandom(5);
        String[] groups = {"a", "b", "c"};
        for (int round = 0; round < 500; round++) {
            List<Request> requests = new ArrayList<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                requests.add(request(i, groups[random.nextInt(3)], random.nextInt(3)));
            }
            List<ReadyAgent> agents = new ArrayList<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                agents.add(agent("agent" + i, random.nextInt(60), groups[random.nextInt(3)], "d"));
            }
            List<Match> matches = LongestIdle.match(requests, agents);
            Set<ReservationId> served = new HashSet<>();
            Set<AgentId> used = new HashSet<>();
            matches.forEach(made -> {
                assertThat(served.add(made.reservation())).isTrue();
                assertThat(used.add(made.agent())).isTrue();
            });
            for (Request request : requests) {
                for (ReadyAgent agent : agents) {
                    boolean bothLeft = !served.contains(request.reservation()) && !used.contains(agent.agent());
                    assertThat(bothLeft && agent.skillGroups().contains(request.skillGroup()))
                            .isFalse();
                }
            }
        }
    }

    private static Request request(long order, String group, int priority) {
        return new Request(new ReservationId(order), group, priority, order);
    }

    private static ReadyAgent agent(String name, int minute, String... groups) {
        return new ReadyAgent(new AgentId(name), Set.of(groups), NINE.plusSeconds(60L * minute));
    }

    private static Match match(long reservation, String agent) {
        return new Match(new ReservationId(reservation), new AgentId(agent));
    }
}
