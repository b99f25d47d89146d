package releve.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import releve.core.call.CallEvent;
import releve.core.campaign.Abandonment;
import releve.core.campaign.Campaign;
import releve.core.campaign.Contact;
import releve.core.campaign.OfferAnswer;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.ReservationId;
import releve.core.pair.Peer;

/** Everything that can happen to a dialer. */
public sealed interface Event {

    /** The store gave this node the right to dial; {@code until} is its own deadline for using it. */
    record RightGranted(long epoch, Instant until, String how) implements Event {}

    record RightRenewed(long epoch, Instant until) implements Event {}

    /** Another node has the right. */
    record RightLost(String reason) implements Event {}

    /** The handover that the engine asked for is committed; or the right has been given up. */
    record HandedOver(String how) implements Event {}

    record HandoverFailed(String reason) implements Event {}

    /** The other side has been seen to renew the right to dial while this one was monitoring. */
    record SuccessorSeen() implements Event {}

    record PeerSeen(Peer peer) implements Event {}

    /** @param command the operator's command to answer; 0 when it came by signal and nobody waits for an answer */
    record MaintenanceAsked(long command, boolean force, String who) implements Event {}

    record MaintenanceCancelled(long command, String who) implements Event {}

    record DryRunAsked(long command) implements Event {}

    /** Stop at once, whatever is cut. */
    record StopNow(String reason) implements Event {}

    /** All campaigns as the store has them now. */
    record CampaignsRead(List<Campaign> campaigns) implements Event {}

    /** The answer to {@link Command.ClaimContacts}; what a handover brought comes this way too. */
    record ContactsClaimed(CampaignId campaign, List<Contact> contacts) implements Event {}

    /** The answer to {@link Command.ClaimPersonalCallbacks}; none when the claim failed. */
    record PersonalCallbacksClaimed(CampaignId campaign, List<Contact> contacts) implements Event {}

    /** An agent answered an offer of this dialer. */
    record OfferAnswered(AttemptId offer, OfferAnswer answer) implements Event {}

    /** Live answers by campaign over each one's window, as the ledger has them now. */
    record AbandonmentCounted(List<Abandonment> campaigns) implements Event {}

    /** A claim of contacts was not answered, or refused; whether the store did it is not known. */
    record ClaimFailed(CampaignId campaign, String reason) implements Event {}

    /** The store did not let this attempt start. */
    record StartRefused(AttemptId attempt, String reason) implements Event {}

    record ReservationGranted(ReservationId reservation, AgentId agent, String phoneUri) implements Event {}

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
