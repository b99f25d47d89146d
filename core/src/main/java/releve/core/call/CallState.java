package releve.core.call;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import releve.core.common.Termination;

/** Where one attempt stands; the transitions are {@link Call}'s. */
public sealed interface CallState {

    /** The INVITE may have left; nothing has been heard of the customer's phone. */
    record Dialing(Instant ringLimitAt) implements CallState {}

    /** The customer's phone rings. */
    record Ringing(Instant since, Instant ringLimitAt) implements CallState {}

    /**
     * Given up before an answer; waits for the last word of the network.
     *
     * @param rang whether the customer's phone had been heard to ring
     */
    record Cancelling(Termination because, boolean rang, Instant giveUpAt) implements CallState {}

    /** Answered, and not yet known by whom or what. */
    record Analysing(Instant answeredAt, Instant until) implements CallState {}

    /**
     * A live answer on its way to somebody.
     *
     * @param answeredAt or the time of the verdict, when the answer was analysed
     * @param target who is being called for it; nobody yet when null
     * @param limitAt when it is abandoned
     */
    record Transferring(Instant answeredAt, @Nullable Target target, Instant limitAt) implements CallState {}

    /** The customer talks to the target. */
    record Connected(Instant answeredAt, Instant connectedAt, Target target) implements CallState {}

    /**
     * A machine is there, and its terminating tone is waited for.
     *
     * @param because how the call will have ended
     * @param recording what it is to record
     */
    record AwaitingTone(Termination because, String recording, Instant until) implements CallState {}

    /**
     * Nobody serves it; an IVR is being called for it.
     *
     * @param because how it will have ended, once the IVR has it
     */
    record Diverting(Termination because, Target target, Instant limitAt) implements CallState {}

    /**
     * Nobody serves it; a recording is played to it, or an IVR has it.
     *
     * @param because how it will have ended
     * @param target the IVR; null for a recording
     * @param until when the recording is over at the latest; null for an IVR
     */
    record Treated(
            Termination because,
            @Nullable Target target,
            @Nullable Instant until) implements CallState {}

    record Ended(Termination termination) implements CallState {}

    /** The name that status, log and report show. */
    default String phase() {
        return switch (this) {
            case Dialing d -> "dialing";
            case Ringing r -> "ringing";
            case Cancelling c -> "cancelling";
            case Analysing a -> "analysing";
            case Transferring t -> "transferring";
            case Connected c -> "connected";
            case AwaitingTone a -> "awaiting tone";
            case Diverting d -> "diverting";
            case Treated t -> "treated";
            case Ended e -> "ended";
        };
    }
}
