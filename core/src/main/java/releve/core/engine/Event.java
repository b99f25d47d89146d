package releve.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import releve.core.call.CallEvent;
import releve.core.campaign.Abandonment;
import releve.core.campaign.Campaign;
import releve.core.campaign.Contact;
import releve.core.campaign.OfferAnswer;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.Handover;
import releve.core.common.ReservationId;
import releve.core.pair.Peer;
import releve.core.store.DialerStore;
import releve.core.store.DialerStore.Elsewhere;

/** Everything that can happen to a dialer. */
public sealed interface Event {

    /** What can happen to any role of the pair; its right is the role's then, the right to dial for a dialer. */
    sealed interface OfRole extends Event {}

    /**
     * The store gave this node the right to dial.
     *
     * @param until its own deadline for using it
     */
    record RightGranted(long epoch, Instant until, String how, Inheritance inheritance) implements OfRole {
        /** When nothing comes with it, and nobody else has anything under way. */
        public RightGranted(long epoch, Instant until, String how) {
            this(epoch, until, how, Inheritance.NOTHING);
        }
    }

    /** What other processes of the pair have under way now. */
    record ElsewhereCounted(Elsewhere elsewhere) implements Event {}

    /** All agents who will not be there after their call, or are away already, as {@link DialerStore#leaving()} says. */
    record AgentsLeaving(Set<AgentId> agents) implements Event {}

    record RightRenewed(long epoch, Instant until) implements OfRole {}

    /** Another node has the right. */
    record RightLost(String reason) implements OfRole {}

    /** The right of this epoch has been passed on, as the engine asked; or given up. */
    record HandedOver(long epoch, String how) implements OfRole {}

    /** The right of this epoch could not be passed on. */
    record HandoverFailed(long epoch, String reason) implements OfRole {}

    /** The other side has been seen to renew the right to dial while this one was monitoring. */
    record SuccessorSeen() implements OfRole {}

    record PeerSeen(Peer peer) implements OfRole {}

    /** @param command the operator's command to answer; 0 when it came by signal and nobody waits for an answer */
    record MaintenanceAsked(long command, boolean force, Handover how, String who) implements OfRole {
        /** With a sequential handover. */
        public MaintenanceAsked(long command, boolean force, String who) {
            this(command, force, Handover.SEQUENTIAL, who);
        }
    }

    record MaintenanceCancelled(long command, String who) implements OfRole {}

    record DryRunAsked(long command, Handover how) implements OfRole {
        /** With a sequential handover. */
        public DryRunAsked(long command) {
            this(command, Handover.SEQUENTIAL);
        }
    }

    /** Stop at once, whatever is cut. */
    record StopNow(String reason) implements OfRole {}

    /** All campaigns as the store has them now. */
    record CampaignsRead(List<Campaign> campaigns) implements Event {}

    /** The answer to {@link Command.ClaimContacts}. */
    record ContactsClaimed(CampaignId campaign, List<Contact> contacts) implements Event {}

    /** The answer to {@link Command.ClaimPersonalCallbacks}. */
    record PersonalCallbacksClaimed(CampaignId campaign, List<Contact> contacts) implements Event {}

    /** The store did not answer {@link Command.ClaimPersonalCallbacks}, or said no: it may hold some for this node. */
    record PersonalCallbacksNotClaimed(CampaignId campaign, String reason) implements Event {}

    /** An agent answered an offer of this dialer. */
    record OfferAnswered(AttemptId offer, OfferAnswer answer) implements Event {}

    /** Live answers by campaign over each one's window, as the ledger has them now. */
    record AbandonmentCounted(List<Abandonment> campaigns) implements Event {}

    /** A claim of contacts was not answered, or refused; whether the store did it is not known. */
    record ClaimFailed(CampaignId campaign, String reason) implements Event {}

    /** The store did not let this attempt start. */
    record StartRefused(AttemptId attempt, String reason) implements Event {}

    /** An agent is reserved; these are the skill groups that he serves. */
    record ReservationGranted(ReservationId reservation, AgentId agent, String phoneUri, Set<String> skillGroups)
            implements Event {}

    record TrunkUp() implements Event {}

    record TrunkDown(String reason) implements Event {}

    /**
     * The trunk answers, but wants no calls for a while (503, RFC 3261 section 21.5.4); the last word counts.
     *
     * @param reason in one clause
     */
    record TrunkPaused(Duration pause, String reason) implements Event {}

    record CallReported(AttemptId attempt, CallEvent event) implements Event {}

    /** Time has passed: whatever is due is done. */
    record Tick() implements Event {}
}
