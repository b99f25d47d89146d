package releve.server.gateway;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import releve.core.agent.AgentState;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;

/**
 * An agent as his desktop sees him.
 *
 * @param since when the state began
 * @param deadline when wrap-up ends by itself, or an offer's time is over
 * @param attempt the call he has or wraps up; in preview, and when he has accepted, the offer
 * @param pending what comes into force after the call
 * @param call what is known of that call
 * @param offer what is offered to him, in preview, or what he has accepted and is dialed for him
 * @param version grows with every change
 */
public record AgentView(
        AgentId agent,
        AgentState state,
        Instant since,
        String reason,
        @Nullable Instant deadline,
        @Nullable AttemptId attempt,
        @Nullable AgentState pending,
        @Nullable CallCard call,
        @Nullable OfferCard offer,
        long version) {}
