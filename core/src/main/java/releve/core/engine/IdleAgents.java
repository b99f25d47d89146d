package releve.core.engine;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import releve.core.call.Target;
import releve.core.common.AgentId;
import releve.core.common.Invariants;
import releve.core.common.ReservationId;

/**
 * The agents who are reserved for a campaign and have no call, longest reserved first. Who has asked for a break, or to go home, is
 * there for calls that may need him, after all others; nobody is dialed for him.
 */
final class IdleAgents {
    private final Map<ReservationId, Target.Agent> staying = new LinkedHashMap<>();
    private final Map<ReservationId, Target.Agent> leaving = new LinkedHashMap<>();
    /** Who wished to leave when the store was looked at last. */
    private Set<AgentId> wishes = new HashSet<>();

    /** He has just been reserved: what was known of his wishes is over. */
    void reserved(Target.Agent agent) {
        wishes.remove(agent.agent());
        add(agent, staying);
    }

    /** He was held all along, for a call or an offer that came to nothing. */
    void free(Target.Agent agent) {
        add(agent, wishes.contains(agent.agent()) ? leaving : staying);
    }

    private void add(Target.Agent agent, Map<ReservationId, Target.Agent> to) {
        Target.Agent before = to.put(agent.reservation(), agent);
        Invariants.check(before == null, "%s was idle already", agent);
    }

    /** All who wish to leave now; everybody else stays. */
    void wish(Set<AgentId> toLeave) {
        wishes = new HashSet<>(toLeave);
        move(staying, leaving, true);
        move(leaving, staying, false);
    }

    private void move(Map<ReservationId, Target.Agent> from, Map<ReservationId, Target.Agent> to, boolean wish) {
        from.values().removeIf(agent -> {
            boolean moves = wishes.contains(agent.agent()) == wish;
            if (moves) {
                to.put(agent.reservation(), agent);
            }
            return moves;
        });
    }

    /** Somebody for a call; he is idle no more. */
    Optional<Target.Agent> take() {
        return take(agent -> true);
    }

    /** One of those agents. */
    Optional<Target.Agent> take(Predicate<AgentId> who) {
        Optional<Target.Agent> first = Stream.concat(staying.values().stream(), leaving.values().stream())
                .filter(agent -> who.test(agent.agent()))
                .findFirst();
        first.ifPresent(this::remove);
        return first;
    }

    /** He is idle no more. */
    void remove(Target.Agent agent) {
        if (staying.remove(agent.reservation()) == null) {
            leaving.remove(agent.reservation());
        }
    }

    /** In the order in which they are taken. */
    List<Target.Agent> all() {
        return Stream.concat(staying.values().stream(), leaving.values().stream())
                .toList();
    }

    /** Those who wish to leave. */
    List<Target.Agent> leaving() {
        return List.copyOf(leaving.values());
    }

    /** The last {@code count} of {@link #all}; they are idle no more. */
    List<Target.Agent> takeLast(int count) {
        List<Target.Agent> all = all();
        List<Target.Agent> last = all.subList(Math.max(0, all.size() - count), all.size());
        last.forEach(this::remove);
        return last;
    }

    int size() {
        return staying.size() + leaving.size();
    }

    /** Those for whom calls may start. */
    int staying() {
        return staying.size();
    }
}
