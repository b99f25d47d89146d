package releve.core.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import releve.core.agent.AgentCommand;
import releve.core.agent.AgentState;
import releve.core.campaign.Campaign;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.Disposition;
import releve.core.campaign.OfferAnswer;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.EndedBy;
import releve.core.pair.Role;
import releve.core.store.DialerStore;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.GatewayRights;

/** A store with all that is in it beside what dialers see. */
public interface StoreWorld {
    DialerStore store();

    /** The lease of a gateway's role. */
    GatewayRights gateway(Role role);

    /** By the store's clock. */
    Instant now();

    /** Makes a campaign; its number is given by the store. */
    CampaignId campaign(Campaign campaign);

    ContactId contact(CampaignId campaign, String... phones);

    ContactView contact(ContactId contact);

    Optional<AttemptView> attempt(AttemptId attempt);

    /** Logs the agent in: logged out → not ready, any other state stays. */
    void logIn(AgentId agent, Set<String> skillGroups, String phoneUri);

    /** What the agent asks for on his desktop. @return why it is refused */
    Optional<String> ask(AgentId agent, AgentCommand command);

    AgentView agent(AgentId agent);

    /** What he will become after his call; empty when he has no such wish. */
    Optional<AgentState> wishOf(AgentId agent);

    /** What the agent says to the offer on his desktop; false when it does not count. */
    boolean answer(AgentId agent, AttemptId offer, OfferAnswer answer);

    /** What the agent makes of his call; false when it is not his. */
    boolean dispose(AgentId agent, AttemptId attempt, Disposition disposition);

    /** He has promised to call back himself. */
    void promise(ContactId contact, AgentId agent, Instant due);

    /** Lists a number that no campaign may dial. */
    void doNotCall(String phone);

    /** One round of the routing gateway. @return how many agents were reserved */
    int route();

    /** One round of the agent gateway. @return how many wrap-ups whose time was over have ended */
    int endWrapUps();

    /** Enters a process that starts; false when another of its side lives. */
    boolean register(NodeId node, Duration silentFor);

    /** A heartbeat. @return whether the process still counts as running */
    boolean beat(NodeId node);

    /** The process has ended in order. */
    void stopped(NodeId node);

    /** Settles processes that died without the right to dial. @return how many attempts were closed */
    int closeAbandoned(int pair, Duration silentFor);

    record ContactView(
            ContactStatus status, int attempts, @Nullable Instant notBefore) {}

    record AttemptView(
            @Nullable Integer result,
            @Nullable EndedBy endedBy,
            @Nullable Instant endedAt,
            @Nullable Instant rangAt,
            @Nullable Instant answeredAt,
            @Nullable Instant connectedAt,
            @Nullable String agent,
            boolean corrected) {}

    record AgentView(
            AgentState state,
            @Nullable Long reservation,
            @Nullable Instant deadline) {}
}
