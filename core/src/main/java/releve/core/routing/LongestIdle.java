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
import releve.core.common.CampaignId;
import releve.core.common.ReservationId;

/**
 * The first routing rule: of the requests the highest priority is served first, then the campaign that holds fewest agents,
 * then the oldest request; it gets the ready agent of its skill group who has been idle longest. No agent serves two
 * requests, and no campaign gets more agents than its share; a request for the very agent is beyond shares.
 */
public final class LongestIdle {
    private LongestIdle() {}

    /** An open reservation request, for the very agent when one is named; lower {@code order} came earlier. */
    public record Request(
            ReservationId reservation,
            CampaignId campaign,
            String skillGroup,
            @Nullable AgentId agent,
            int priority,
            long order) {
        /** For any agent of the group. */
        public Request(ReservationId reservation, CampaignId campaign, String skillGroup, int priority, long order) {
            this(reservation, campaign, skillGroup, null, priority, order);
        }
    }

    /**
     * How many agents a campaign has, and may have at once, see {@link releve.core.campaign.Staffing#agentsMax}.
     *
     * @param held reserved for it, or on its calls
     */
    public record Share(int held, int most) {
        /** Nobody yet, and as many as there are. */
        public static final Share ALL = new Share(0, Integer.MAX_VALUE);
    }

    /** An agent who is ready since then, with the skill groups he serves. */
    public record ReadyAgent(AgentId agent, Set<String> skillGroups, Instant readySince) {}

    /** One reservation to make. */
    public record Match(ReservationId reservation, AgentId agent) {}

    /**
     * Matches as many requests as possible by the rule; requests that find nobody stay open.
     *
     * @param shares by campaign; {@link Share#ALL} for those that are not among them
     */
    public static List<Match> match(List<Request> requests, List<ReadyAgent> ready, Map<CampaignId, Share> shares) {
        if (ready.isEmpty()) {
            return List.of();
        }
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
        Set<AgentId> readyAgents = ready.stream().map(ReadyAgent::agent).collect(Collectors.toSet());
        Map<CampaignId, Integer> held = new HashMap<>();
        for (Request request : inTurn(requests, shares)) {
            AgentId named = request.agent();
            if (named != null) {
                if (readyAgents.contains(named) && taken.add(named)) {
                    matches.add(new Match(request.reservation(), named));
                }
                continue;
            }
            Share share = shares.getOrDefault(request.campaign(), Share.ALL);
            if (held.computeIfAbsent(request.campaign(), campaign -> share.held()) >= share.most()) {
                continue;
            }
            Deque<ReadyAgent> idle = idlePerGroup.getOrDefault(request.skillGroup(), new ArrayDeque<>());
            while (!idle.isEmpty() && taken.contains(idle.peek().agent())) {
                idle.remove();
            }
            if (!idle.isEmpty()) {
                AgentId agent = idle.remove().agent();
                taken.add(agent);
                held.merge(request.campaign(), 1, Integer::sum);
                matches.add(new Match(request.reservation(), agent));
            }
        }
        return matches;
    }

    /** A campaign's n-th request comes when the campaign would hold as many agents as the others before it is served. */
    private static List<Request> inTurn(List<Request> requests, Map<CampaignId, Share> shares) {
        record Turn(Request request, int heldBefore) {}
        Map<CampaignId, Integer> held = new HashMap<>();
        return requests.stream()
                .sorted(Comparator.comparingInt(Request::priority).reversed().thenComparingLong(Request::order))
                .map(request -> new Turn(
                        request,
                        held.merge(
                                        request.campaign(),
                                        shares.getOrDefault(request.campaign(), Share.ALL)
                                                        .held()
                                                + 1,
                                        (before, unused) -> before + 1)
                                - 1))
                .sorted(Comparator.comparingInt((Turn turn) -> turn.request().priority())
                        .reversed()
                        .thenComparingInt(Turn::heldBefore)
                        .thenComparingLong(turn -> turn.request().order()))
                .map(Turn::request)
                .toList();
    }
}
