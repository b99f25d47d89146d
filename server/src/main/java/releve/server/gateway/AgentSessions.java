package releve.server.gateway;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import releve.core.agent.AgentState;
import releve.core.campaign.Disposition;
import releve.core.campaign.OfferAnswer;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;

/** What the agent gateway asks of the store. Every call may throw {@code StoreUnavailable}. */
public interface AgentSessions {

    /** A session and the agent in it. */
    record Session(AgentView view, byte[] tokenHash) {}

    /** The agent's session; empty when there is none. */
    Optional<Session> find(AgentId agent);

    /** Begins a session in place of any other: logged out → not ready, any other state stays. */
    void login(AgentLogin login, byte[] tokenHash);

    /** Moves the agent if he is still as seen; empty when something changed him meanwhile. */
    Optional<AgentView> move(AgentView seen, AgentState to, String reason);

    /** Keeps a wish, or with null withdraws it, if the agent is still as seen. */
    Optional<AgentView> wish(AgentView seen, @Nullable AgentState pending, String reason);

    /**
     * Keeps what the agent made of his call, if he is still as seen; repeated, the last word counts.
     *
     * @return the agent as he is then; empty when something changed him meanwhile
     */
    Optional<AgentView> dispose(AgentView seen, AttemptId attempt, Disposition disposition);

    /**
     * Keeps the agent's answer to what is offered to him: preview → reserved; the dialer that offered goes on from there.
     *
     * @return the agent as he is then; empty when something changed him meanwhile, or the offer is over
     */
    Optional<AgentView> answer(AgentView seen, AttemptId offer, OfferAnswer answer);

    /** Whether the agent has answered this offer so before. */
    boolean answeredSo(AgentId agent, AttemptId offer, OfferAnswer answer);

    /** Ends the wrap-ups whose deadline has passed, and tells how many. */
    int endWrapUps();

    /** Lets agents go whose live call has gone, never one whose call lives, and tells how many. */
    int releaseStranded();

    /** The row's version of each of these agents, logged in or not. */
    Map<AgentId, Long> versions(Set<AgentId> agents);
}
