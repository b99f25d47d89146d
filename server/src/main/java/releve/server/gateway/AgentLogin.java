package releve.server.gateway;

import java.util.Set;
import releve.core.common.AgentId;

/**
 * Who logs in.
 *
 * @param name for people
 * @param skillGroups the agent serves these
 * @param phoneUri the SIP address of the agent's phone
 */
public record AgentLogin(AgentId agent, String name, Set<String> skillGroups, String phoneUri) {
    public AgentLogin {
        skillGroups = Set.copyOf(skillGroups);
    }
}
