package releve.core.routing;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import releve.core.common.AgentId;
import releve.core.common.ReservationId;

/**
 * The first routing rule: of the requests the highest priority and then the oldest is served first, and gets the ready
 * agent of its skill group who has been idle longest. No agent serves two requests.
 */
public final class LongestIdle {
    private LongestIdle() {}

    /** An open reservation request, for the very agent when one is named; lower {@code order} came earlier. */
    public record Request(
            ReservationId reservation,
            String skillGroup,
            @Nullable AgentId agent,
            int priority,
            long order) {
        /** For any agent of the group. */
        public Request(ReservationId reservation, String skillGroup, int priority, long order) {
            this(reservation, skillGroup, null, priority, order);
        }
    }

    /** An agent who is ready since then, with the skill groups he serves. */
    public record ReadyAgent(AgentId agent, Set<String> skillGroups, Instant readySince) {}

    /** One reservation to make. */
    public record Match(ReservationId reservation, AgentId agent) {}

    /** Matches as many requests as possible by the rule; requests that find nobody stay open. */
    public static List<Match> match(List<Request> requests, List<ReadyAgent> ready) {
        Map<String, Deque<ReadyAgent>> idlePerGroup = new HashMap<>();
        ready.stream()
                .sorted(Comparator.comparing(ReadyAgent::readySince)
                        .thenComparing(agent -> agent.agent().value()))
                .forEach(agent -> agent.skillGroups()
                        .forEach(group -> idlePerGroup
                                .computeIfAbsent(group, unused -> new ArrayDeque<>())
                                .add(agent)));
        Set<AgentId> taken = new HashSet<>();
        List<Match> matches = new ArrayList<>();
        List<Request> inOrder = requests.stream()
                .sorted(Comparator.comparingInt(Request::priority).reversed().thenComparingLong(Request::order))
                .toList();
        Set<AgentId> readyAgents = ready.stream().map(ReadyAgent::agent).collect(Collectors.toSet());
        for (Request request : inOrder) {
            AgentId named = request.agent();
            if (named != null) {
                if (readyAgents.contains(named) && taken.add(named)) {
                    matches.add(new Match(request.reservation(), named));
                }
                continue;
            }
            Deque<ReadyAgent> idle = idlePerGroup.getOrDefault(request.skillGroup(), new ArrayDeque<>());
            while (!idle.isEmpty() && taken.contains(idle.peek().agent())) {
                idle.remove();
            }
            if (!idle.isEmpty()) {
                AgentId agent = idle.remove().agent();
                taken.add(agent);
                matches.add(new Match(request.reservation(), agent));
            }
        }
        return matches;
    }
}
