package releve.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import releve.core.common.AgentId;
import releve.core.common.CampaignId;
import releve.core.common.ReservationId;
import releve.core.routing.LongestIdle.Match;
import releve.core.routing.LongestIdle.ReadyAgent;
import releve.core.routing.LongestIdle.Request;
import releve.core.routing.LongestIdle.Share;

class LongestIdleTest {
    private static final Instant NINE = Instant.parse("2030-01-01T09:00:00Z");

    @Test
    void shouldGiveTheAgentWhoHasBeenIdleLongest() {
        assertThat(matched(
                        List.of(request(1, "sales", 0)), List.of(agent("ann", 5, "sales"), agent("bob", 2, "sales"))))
                .containsExactly(match(1, "bob"));
    }

    @Test
    void shouldServeTheHighestPriorityThenTheOldestRequest() {
        assertThat(matched(
                        List.of(request(3, "sales", 0), request(1, "sales", 0), request(2, "sales", 9)),
                        List.of(agent("ann", 1, "sales"), agent("bob", 2, "sales"))))
                .containsExactly(match(2, "ann"), match(1, "bob"));
    }

    @Test
    void shouldNotGiveOneAgentToTwoRequestsOfDifferentGroups() {
        assertThat(matched(
                        List.of(request(1, "sales", 0), request(2, "care", 0)),
                        List.of(agent("ann", 1, "sales", "care"))))
                .containsExactly(match(1, "ann"));
    }

    @Test
    void shouldLeaveRequestsOpenThatFindNobodyOfTheirGroup() {
        assertThat(matched(List.of(request(1, "care", 0)), List.of(agent("ann", 1, "sales"))))
                .isEmpty();
        assertThat(matched(List.of(), List.of(agent("ann", 1, "sales")))).isEmpty();
    }

    @Test
    void shouldDecideTheSameWhateverTheOrderOfAgentsWhoBecameReadyTogether() {
        ReadyAgent ann = agent("ann", 1, "sales");
        ReadyAgent bob = agent("bob", 1, "sales");
        assertThat(matched(List.of(request(1, "sales", 0)), List.of(bob, ann)))
                .isEqualTo(matched(List.of(request(1, "sales", 0)), List.of(ann, bob)));
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
            List<Match> matches = matched(requests, agents);
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

    private static long served(List<Match> matches, List<Request> requests, long campaign) {
        return matches.stream()
                .filter(made -> requests.stream()
                        .anyMatch(request -> request.reservation().equals(made.reservation())
                                && request.campaign().value() == campaign))
                .count();
    }

    private static List<ReadyAgent> crew(int count) {
        List<ReadyAgent> agents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            agents.add(agent("agent" + i, i, "sales"));
        }
        return agents;
    }

    private static List<Request> twentyEach(long... campaigns) {
        List<Request> requests = new ArrayList<>();
        for (long campaign : campaigns) {
            for (int i = 0; i < 20; i++) {
                requests.add(request(100 * campaign + i, campaign, "sales", 0));
            }
        }
        return requests;
    }

    @Test
    void shouldGiveNoCampaignMoreThanItsShare() {
        List<Request> requests = twentyEach(1);
        Map<CampaignId, Share> shares = Map.of(new CampaignId(1), new Share(2, 5));
        assertThat(LongestIdle.match(requests, crew(10), shares)).hasSize(3);
        assertThat(LongestIdle.match(requests, crew(10), Map.of(new CampaignId(1), new Share(5, 5))))
                .isEmpty();
    }

    @Test
    void shouldGiveTheVeryAgentBeyondTheShare() {
        Request named = new Request(new ReservationId(9), new CampaignId(1), "sales", new AgentId("agent1"), 0, 9);
        assertThat(LongestIdle.match(List.of(named), crew(3), Map.of(new CampaignId(1), new Share(1, 1))))
                .containsExactly(match(9, "agent1"));
    }

    @Test
    void shouldServeTheCampaignThatHoldsFewestThoughAnotherAskedEarlier() {
        List<Request> requests = twentyEach(1, 2);
        List<Match> even = matched(requests, crew(6));
        assertThat(served(even, requests, 1)).isEqualTo(3);
        assertThat(served(even, requests, 2)).isEqualTo(3);

        List<Match> behind = LongestIdle.match(
                requests, crew(6), Map.of(new CampaignId(1), new Share(4, 100), new CampaignId(2), Share.ALL));
        assertThat(served(behind, requests, 2)).isEqualTo(5);
    }

    private static Request request(long order, String group, int priority) {
        return request(order, 1, group, priority);
    }

    private static Request request(long order, long campaign, String group, int priority) {
        return new Request(new ReservationId(order), new CampaignId(campaign), group, priority, order);
    }

    private static List<Match> matched(List<Request> requests, List<ReadyAgent> ready) {
        return LongestIdle.match(requests, ready, Map.of());
    }

    private static ReadyAgent agent(String name, int minute, String... groups) {
        return new ReadyAgent(new AgentId(name), Set.of(groups), NINE.plusSeconds(60L * minute));
    }

    private static Match match(long reservation, String agent) {
        return new Match(new ReservationId(reservation), new AgentId(agent));
    }
}
