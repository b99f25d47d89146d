package releve.core.call;

import releve.core.common.Termination;

/** What a transition of a call asks of the engine. */
public sealed interface CallEffect {
    record Rang() implements CallEffect {}

    record Answered() implements CallEffect {}

    /** A live answer needs somebody to talk to. */
    record WantsTarget() implements CallEffect {}

    /**
     * Nobody has to be found for it any more, though it goes on: a machine, or a customer who is abandoned with a treatment.
     *
     * @param because how it will have ended, whatever becomes of the treatment
     */
    record NeedsNobody(Termination because) implements CallEffect {}

    /** Play this to whoever is there, then end the legs. */
    record PlayAndHangUp(String recording) implements CallEffect {}

    /** Bridge to this IVR in place of an agent, if it has a port. */
    record Divert(Target target) implements CallEffect {}

    /** The IVR has the call. */
    record Diverted(Target target) implements CallEffect {}

    record CancelInvite() implements CallEffect {}

    /** End whatever legs there are. */
    record HangUp() implements CallEffect {}

    /** Follow the legs no more, and do not end them. */
    record Forget() implements CallEffect {}

    record Bridge(Target target) implements CallEffect {}

    record Connected(Target target) implements CallEffect {}

    /** The target did not take the call. */
    record TargetFailed(Target target, String reason) implements CallEffect {}

    /** The target is not needed after all; nobody talked to him. */
    record TargetFreed(Target target) implements CallEffect {}

    /** The target talked, and is done. */
    record TargetDone(Target target) implements CallEffect {}

    record Ended(Termination termination) implements CallEffect {}
}
