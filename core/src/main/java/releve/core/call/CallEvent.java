package releve.core.call;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What telephony reports of one attempt. */
public sealed interface CallEvent {

    /** A provisional response that says that the phone rings, or early media (180, 183). */
    record Ringing() implements CallEvent {}

    record Answered() implements CallEvent {}

    /**
     * The INVITE ended without an answer.
     *
     * @param status the SIP status; 408 and 503 of our own making when {@code heard} is false
     * @param q850 the cause of a Reason header, 0 when none
     * @param retryAfterSeconds of a Retry-After header, 0 when none
     * @param heard whether the network answered at all
     */
    record Failed(int status, String phrase, int q850, int retryAfterSeconds, boolean heard) implements CallEvent {}

    /** The INVITE was not sent: between its fact and its leaving the right to dial had run out. */
    record Withheld(String reason) implements CallEvent {}

    /** Whoever carries the call has ended it before an answer, and says how: the agent from whose phone it was placed is gone. */
    record Over(releve.core.common.Termination because) implements CallEvent {}

    /**
     * No gateway of the trunk took the call: no phone has rung, and the contact is as it was, whatever the result says.
     *
     * @param because the result for the ledger, by the dialer when no INVITE left and by the network when one was refused
     */
    record NotTaken(releve.core.common.Termination because) implements CallEvent {}

    /** Whoever carries the call analyses it, and will tell what it finds; without this nobody waits for a verdict. */
    record AnalysisPromised() implements CallEvent {}

    /** Analysis has made up its mind; of what the network plays, before the answer too. */
    record Analysed(Verdict verdict) implements CallEvent {}

    /** The target's leg is up and media flows between customer and target. */
    record Bridged() implements CallEvent {}

    /** The target could not be connected; the customer is still there. */
    record BridgeFailed(String reason) implements CallEvent {}

    /** The recording has been played to its end; the call is being ended. */
    record Played() implements CallEvent {}

    /** The customer hung up. */
    record CustomerHungUp() implements CallEvent {}

    /** The agent or the IVR hung up. */
    record TargetHungUp() implements CallEvent {}

    /** The network dropped the call. */
    record Dropped(String reason) implements CallEvent {}

    /** Somebody to transfer to has been found. */
    record TargetFound(Target target) implements CallEvent {}

    /** The dialer gives the call up while it is not connected. */
    record GiveUp(releve.core.common.Termination because) implements CallEvent {}

    /** The dialer stops following a connected call, which goes on without it. */
    record Unfollow(String reason) implements CallEvent {}

    /** The call's deadline has come. */
    record Deadline(@Nullable Instant due) implements CallEvent {}
}
