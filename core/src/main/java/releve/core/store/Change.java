package releve.core.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.ContactOutcome;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.OfferKind;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
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
     * names the attempt. Refused, too, when the phone is on the do-not-call list, be it since the contact was claimed.
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
     * The customer talks to an agent or to an IVR. With an agent, the agent moves reserved (direct preview: dialing) → talking in the same
     * transaction, if he is still reserved by this reservation. When the attempt was closed meanwhile because its dialer seemed dead, so
     * that he was freed, he moves ready → talking, reserved as before; whom another has reserved by now is left to him.
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
     * How the attempt will have ended is certain, though its call goes on: an abandoned customer hears the message, or a
     * machine records one. Should its dialer fail before the end, the attempt is closed with this result instead of
     * unknown (100), so that the ledger misses no abandoned customer; its contact moves D → outcome. It tells nothing of an attempt that
     * has ended; told again, the last word counts.
     *
     * @param outcome of an attempt that counts
     */
    record AttemptDecided(AttemptId attempt, Termination because, ContactOutcome outcome) implements Change {}

    /**
     * The attempt has ended. It is closed with this result and the contact moves D → outcome. An attempt that was
     * already closed, as unknown (100) or as it was decided, because its dialer seemed dead gets this true result, who ended
     * it and the time; its contact stays as it is. An attempt that was never started (its start was refused) leaves no trace.
     */
    record AttemptEnded(
            AttemptId attempt, ContactId contact, Termination termination, ContactOutcome outcome, Instant at)
            implements Change {}

    /**
     * A contact that is held (A) is offered to a reserved agent before it is dialed: reserved → preview until the deadline, in
     * the same transaction. When the agent accepts, the attempt has the offer's number.
     *
     * @param deadline by the dialer's clock, from which the agent's answer is too late
     */
    record ContactOffered(
            AttemptId offer,
            OfferKind kind,
            CampaignId campaign,
            ContactId contact,
            String phone,
            AgentId agent,
            ReservationId reservation,
            Instant deadline,
            Instant at)
            implements UsesRightToDial {}

    /**
     * Nobody may answer the offer any more. Unless its agent has, this is its answer; {@link DialerStore#answered} tells which
     * it is.
     */
    record OfferClosing(AttemptId offer, OfferAnswer answer, Instant at) implements Change {}

    /**
     * The offer is over. Unless it was accepted, the contact moves A → outcome, if this node still holds it. An agent who is
     * still in preview for it is reserved again; what becomes of him further is said by other changes.
     *
     * @param outcome null when the offer was accepted
     */
    record OfferEnded(
            AttemptId offer,
            ContactId contact,
            AgentId agent,
            OfferAnswer answer,
            @Nullable ContactOutcome outcome,
            Instant at)
            implements Change {}

    /** The call of a direct preview is placed from the agent's phone: reserved, by this reservation → dialing. */
    record AgentDialing(AgentId agent, ReservationId reservation, AttemptId attempt) implements Change {}

    /**
     * A personal callback that is held (A) and found its agent absent goes back, or is over: A → outcome, if this node still
     * holds it; nobody was dialed.
     *
     * So is a contact that has used up its attempts before it was dialed again.
     *
     * @param result for the contact's last result, such as 17 or 102
     */
    record CallbackMissed(ContactId contact, CallResult result, ContactOutcome outcome) implements Change {}

    /** A contact that was only cached goes back: A → its former status, if this node still holds it. */
    record ContactReturned(ContactId contact, ContactStatus formerStatus) implements Change {}

    /**
     * Asks the routing gateway for an agent of a skill group, or for the very agent. Idempotent by id.
     *
     * @param agent when not null, nobody else will do, whatever skill groups he serves
     * @param priority higher is served first; requests of one priority in the order they came
     */
    record ReservationRequested(
            ReservationId reservation,
            CampaignId campaign,
            String skillGroup,
            @Nullable AgentId agent,
            int priority,
            Instant at)
            implements UsesRightToDial {
        /** For any agent of the group. */
        public ReservationRequested(
                ReservationId reservation, CampaignId campaign, String skillGroup, int priority, Instant at) {
            this(reservation, campaign, skillGroup, null, priority, at);
        }
    }

    /** No longer wanted; if an agent has been reserved for it meanwhile, he is released: reserved, preview, dialing → ready. */
    record ReservationWithdrawn(ReservationId reservation, String reason) implements Change {}

    /** The agent's call is over: talking, hold (or reserved, dialing, by this reservation) → wrap-up until the deadline. */
    record AgentWrapUp(AgentId agent, ReservationId reservation, Instant deadline) implements Change {}

    /** The agent did not take the call, or did not answer an offer: reserved, preview, dialing → not ready, with the reason shown to him. */
    record AgentUnreachable(AgentId agent, ReservationId reservation, String reason) implements Change {}
}
