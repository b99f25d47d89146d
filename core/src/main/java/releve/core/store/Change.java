package releve.core.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.ContactOutcome;
import releve.core.campaign.ContactStatus;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.ReservationId;
import releve.core.common.Termination;

/**
 * A fact that the engine wants durable. The store applies a batch of them in one transaction, in order. Those that are
 * {@link UsesRightToDial} need the writer's epoch to be the one in force; all others are the writer's own calls, agents
 * and contacts, and are written whoever dials now.
 */
public sealed interface Change {

    /** A change that only the holder of the right to dial may make; under an old epoch it is refused, not applied. */
    sealed interface UsesRightToDial extends Change {}

    /**
     * The move A → D: written before the INVITE leaves. Refused when the epoch is over, when the contact is no longer
     * held by this node under this epoch, or when another live attempt has the contact or the phone number; the refusal
     * names the attempt.
     *
     * @param callId the Call-ID that the INVITE will carry
     * @param number the how-manieth attempt of the contact this is, from 1
     */
    record AttemptStarted(
            AttemptId attempt,
            CampaignId campaign,
            ContactId contact,
            String phone,
            String callId,
            int number,
            Instant at)
            implements UsesRightToDial {}

    /** The customer's phone rings. */
    record AttemptRang(AttemptId attempt, Instant at) implements Change {}

    /** The customer, or a machine, answered. */
    record AttemptAnswered(AttemptId attempt, Instant at) implements Change {}

    /**
     * The customer talks to an agent or to an IVR. With an agent, the agent moves reserved → talking in the same
     * transaction, if he is still reserved by this reservation.
     *
     * @param agentCallId the Call-ID of the leg to the agent or IVR
     */
    record AttemptConnected(
            AttemptId attempt,
            @Nullable AgentId agent,
            @Nullable ReservationId reservation,
            String agentCallId,
            Instant at)
            implements Change {}

    /**
     * The attempt has ended. It is closed with this result and the contact moves D → outcome. An attempt that was
     * already closed as unknown (100) because its dialer seemed dead gets this true result, who ended it and the time;
     * its contact stays as it is. An attempt that was never started (its start was refused) leaves no trace.
     */
    record AttemptEnded(
            AttemptId attempt, ContactId contact, Termination termination, ContactOutcome outcome, Instant at)
            implements Change {}

    /** A contact that was only cached goes back: A → its former status, if this node still holds it. */
    record ContactReturned(ContactId contact, ContactStatus formerStatus) implements Change {}

    /**
     * Asks the routing gateway for an agent of a skill group. Idempotent by id.
     *
     * @param priority higher is served first; requests of one priority in the order they came
     */
    record ReservationRequested(
            ReservationId reservation, CampaignId campaign, String skillGroup, int priority, Instant at)
            implements UsesRightToDial {}

    /** No longer wanted; if an agent has been reserved for it meanwhile, he is released: reserved → ready. */
    record ReservationWithdrawn(ReservationId reservation, String reason) implements Change {}

    /** The agent's call is over: talking (or reserved, by this reservation) → wrap-up until the deadline. */
    record AgentWrapUp(AgentId agent, ReservationId reservation, Instant deadline) implements Change {}

    /** The agent's phone did not take the call: reserved → not ready, with the reason shown to him. */
    record AgentUnreachable(AgentId agent, ReservationId reservation, String reason) implements Change {}
}
