package releve.core.engine;

import java.util.Optional;
import releve.core.campaign.CpaSettings;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.Handover;
import releve.core.pair.RoleTransition;

/** What the engine wants done outside. */
public sealed interface Command {

    /** A command that must not outrun the changes of its own decision: it leaves only when they have committed. */
    sealed interface AfterCommit extends Command {}

    /** What any role of the pair may want done. */
    sealed interface OfRole extends Command {}

    /**
     * Send the INVITE, after a last look at the right's deadline; when that has passed, report it as withheld.
     *
     * @param analysis what to ask of a trunk that analyses answers; empty when nothing is to be analysed
     */
    record Dial(AttemptId attempt, String phone, String callerId, String callId, Optional<CpaSettings> analysis)
            implements AfterCommit {
        /** Without analysis. */
        public Dial(AttemptId attempt, String phone, String callerId, String callId) {
            this(attempt, phone, callerId, callId, Optional.empty());
        }
    }

    /**
     * Call the agent's phone first, and when it has taken the call the customer with the agent's media (third-party call
     * control, RFC 3725): no analysis, no transfer. Reported are ringing, answer and end of the customer's leg as for
     * {@link Dial}; the answer means that both talk. The agent's refusal is {@code BridgeFailed}, his hanging up
     * {@code TargetHungUp}. After a last look at the right's deadline, as {@link Dial}.
     *
     * @param agentCallId the Call-ID of the leg to the agent
     */
    record DialFromAgent(
            AttemptId attempt, String phone, String callerId, String callId, String agentUri, String agentCallId)
            implements AfterCommit {}

    /** Take personal callbacks that are due; the answer is an event. Runs after all changes decided before it. */
    record ClaimPersonalCallbacks(CampaignId campaign, int count) implements AfterCommit {}

    /**
     * Take contacts to dial; the answer is an event. Runs after all changes decided before it.
     *
     * @param heldToo whether the answer is to name all contacts of the campaign that this node holds: an earlier answer is
     *     missing, and the store may have done what it was asked
     */
    record ClaimContacts(CampaignId campaign, int count, boolean heldToo) implements AfterCommit {
        /** When nothing is uncertain. */
        public ClaimContacts(CampaignId campaign, int count) {
            this(campaign, count, false);
        }
    }

    /** Pass the right to the peer; the answer is an event. Runs after all changes decided before it. */
    record HandOver(long epoch, String toInstance, Handover how) implements AfterCommit, OfRole {
        /** When everything is settled. */
        public HandOver(long epoch, String toInstance) {
            this(epoch, toInstance, Handover.SEQUENTIAL);
        }
    }

    /** Give the right up without a successor; the answer is an event. Runs after all changes decided before it. */
    record GiveUpRight(long epoch) implements AfterCommit, OfRole {}

    /** End the process, after all changes decided before it. */
    record StopProcess(int exitStatus, String reason) implements AfterCommit, OfRole {}

    /** Send CANCEL, or hang up if it has been answered meanwhile. */
    record CancelDial(AttemptId attempt) implements Command {}

    /** Call the target and connect it with the customer. */
    record Bridge(AttemptId attempt, String targetUri, String callId) implements Command {}

    /** Play a recording to the customer, who talks to nobody, then end the legs; without the recording end them at once. */
    record PlayAndHangUp(AttemptId attempt, String recording) implements Command {}

    /** End whatever legs the attempt has. */
    record HangUp(AttemptId attempt) implements Command {}

    /** Stop following the attempt's legs without ending them. */
    record Forget(AttemptId attempt) implements Command {}

    /** Answer an operator. */
    record Answer(long command, boolean accepted, String text) implements OfRole {}

    /** Show an operator what maintenance would do. */
    record AnswerDryRun(long command, MaintenancePlan plan) implements OfRole {}

    /** Write a transition of the role into log and journal. */
    record Journal(RoleTransition transition) implements OfRole {}
}
