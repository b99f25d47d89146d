package releve.sim.agents;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How agents are set up.
 *
 * @param listen where all phones listen, UDP; port 0 takes a free one
 * @param gateways base URLs of the product's sides, such as {@code http://127.0.0.1:8080}; desktops prefer the first
 * @param agentKey what the product wants to see at log-in, or an empty text
 * @param count agents, 0 to 10000: agent1, agent2, …; none leaves the IVR alone
 * @param skillGroups of each agent
 * @param seed of their decisions
 * @param habits how they work
 * @param desk what they make of offers and calls
 * @param script of single contacts, before their habits
 * @param journal the file of what happened at their phones, appended to
 */
public record AgentsConfig(
        InetSocketAddress listen,
        List<URI> gateways,
        String agentKey,
        int count,
        List<String> skillGroups,
        long seed,
        AgentHabits habits,
        DeskHabits desk,
        DeskScript script,
        Path journal) {
    /** The default port of the phones. */
    public static final int PORT = 5080;

    public AgentsConfig {
        gateways = List.copyOf(gateways);
        skillGroups = List.copyOf(skillGroups);
    }

    /** Loopback, port 5080, no key, 20 agents of the skill group demo, seed 1, default habits. */
    public static AgentsConfig defaults(List<URI> gateways, Path journal) {
        return new AgentsConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT),
                gateways,
                "",
                20,
                List.of("demo"),
                1,
                AgentHabits.DEFAULT,
                DeskHabits.BLIND,
                DeskScript.EMPTY,
                journal);
    }

    public AgentsConfig withListen(InetSocketAddress newListen) {
        return new AgentsConfig(newListen, gateways, agentKey, count, skillGroups, seed, habits, desk, script, journal);
    }

    public AgentsConfig withAgentKey(String newAgentKey) {
        return new AgentsConfig(listen, gateways, newAgentKey, count, skillGroups, seed, habits, desk, script, journal);
    }

    public AgentsConfig withCount(int newCount) {
        return new AgentsConfig(listen, gateways, agentKey, newCount, skillGroups, seed, habits, desk, script, journal);
    }

    public AgentsConfig withSkillGroups(List<String> newSkillGroups) {
        return new AgentsConfig(listen, gateways, agentKey, count, newSkillGroups, seed, habits, desk, script, journal);
    }

    public AgentsConfig withSeed(long newSeed) {
        return new AgentsConfig(listen, gateways, agentKey, count, skillGroups, newSeed, habits, desk, script, journal);
    }

    public AgentsConfig withHabits(AgentHabits newHabits) {
        return new AgentsConfig(listen, gateways, agentKey, count, skillGroups, seed, newHabits, desk, script, journal);
    }

    /** The same agents with these decisions at their screens. */
    public AgentsConfig withDesk(DeskHabits newDesk, DeskScript newScript) {
        return new AgentsConfig(
                listen, gateways, agentKey, count, skillGroups, seed, habits, newDesk, newScript, journal);
    }

    /** What is wrong with it, each in one sentence; empty when it can be used. */
    public List<String> violations() {
        List<String> found = new ArrayList<>(habits.violations());
        found.addAll(desk.violations());
        if (listen.isUnresolved() || listen.getAddress().isAnyLocalAddress()) {
            found.add("The phones need one address to listen on that peers can reach, not %s.".formatted(listen));
        }
        if (count < 0 || count > 10_000) {
            found.add("There can be 0 to 10000 agents, not %d.".formatted(count));
        }
        if (count > 0 && gateways.isEmpty()) {
            found.add("The agents need the address of at least one side of the product.");
        }
        for (URI gateway : gateways) {
            if (gateway.getHost() == null || !List.of("http", "https").contains(String.valueOf(gateway.getScheme()))) {
                found.add("'%s' is no http address such as http://127.0.0.1:8080.".formatted(gateway));
            }
        }
        if (count > 0 && skillGroups.isEmpty()) {
            found.add("The agents need at least one skill group.");
        }
        return found;
    }
}
