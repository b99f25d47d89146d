package releve.core.engine;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import releve.core.common.AgentId;

/** Which skill groups the agents serve, as their last reservations said. */
final class Skills {
    /** Beyond as many the one is forgotten who was learnt first; he is known again at his next reservation. */
    static final int AGENTS_MAX = 20_000;

    private final Map<AgentId, Set<String>> groupsOf = new LinkedHashMap<>();
    /** By group, those that some agent serves beside it. */
    private final Map<String, Set<String>> beside = new HashMap<>();

    /** @return whether two groups have somebody in common who had nobody before */
    boolean learn(AgentId agent, Set<String> groups) {
        if (groups.equals(groupsOf.put(agent, Set.copyOf(groups)))) {
            return false;
        }
        if (groupsOf.size() > AGENTS_MAX) {
            groupsOf.remove(groupsOf.keySet().iterator().next());
        }
        boolean news = false;
        for (String group : groups) {
            news |= beside.computeIfAbsent(group, unused -> new HashSet<>()).addAll(groups);
        }
        return news && groups.size() > 1;
    }

    boolean serves(AgentId agent, String group) {
        return groupsOf.getOrDefault(agent, Set.of()).contains(group);
    }

    /** Whether anybody has been seen to serve both. */
    boolean anyServes(String group, String other) {
        return beside.getOrDefault(group, Set.of()).contains(other);
    }
}
