package releve.core.call;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import releve.core.call.CallState.AwaitingTone;
import releve.core.call.CallState.Diverting;
import releve.core.call.CallState.Ended;
import releve.core.call.CallState.Treated;
import releve.core.common.CallResult;
import releve.core.common.EndedBy;
import releve.core.common.Termination;

/**
 * The part of a call's life in which no agent and no port of the campaign is looked for any more: a machine that is to hear
 * a message, a customer whom nobody could serve in time.
 *
 * <pre>
 * awaiting tone ─ terminating tone ─▶ treated         diverting ─ the IVR took it ─▶ treated
 *       └─ no tone in time, hung up ─▶ ended               └─ the IVR did not, hung up ─▶ ended
 * treated ─ played, hung up, the IVR is done ─▶ ended
 * </pre>
 *
 * The result stands when the treatment begins; only a customer who does not reach the IVR was abandoned (16) after all.
 */
final class Unserved {
    /** A recording is a minute long at most; one that does not end is cut. */
    static final Duration PLAY_LIMIT = Duration.ofSeconds(65);

    private Unserved() {}

    /** A transition: where to, and what is asked of the engine. */
    record Step(CallState next, List<CallEffect> effects) {}

    static Step treat(Termination because, Treatment.OfPerson treatment, Duration transfer, Instant now) {
        CallEffect needsNobody = new CallEffect.NeedsNobody(because);
        return switch (treatment) {
            case Treatment.HangUp hangUp -> end(because, null, new CallEffect.HangUp());
            case Treatment.Play play ->
                new Step(
                        new Treated(because, null, now.plus(PLAY_LIMIT)),
                        List.of(needsNobody, new CallEffect.PlayAndHangUp(play.recording())));
            case Treatment.Divert divert ->
                new Step(
                        new Diverting(because, divert.to(), now.plus(transfer)),
                        List.of(needsNobody, new CallEffect.Divert(divert.to())));
        };
    }

    static Step awaitTone(Termination because, Treatment.PlayAfterTone play, Instant now) {
        return new Step(
                new AwaitingTone(because, play.recording(), now.plus(play.atMost())),
                List.of(new CallEffect.NeedsNobody(because)));
    }

    static Optional<Step> awaitingTone(AwaitingTone a, CallEvent event, Instant now) {
        return switch (event) {
            case CallEvent.Analysed analysed
            when analysed.verdict() == Verdict.MACHINE_TONE ->
                Optional.of(new Step(
                        new Treated(a.because(), null, now.plus(PLAY_LIMIT)),
                        List.of(new CallEffect.PlayAndHangUp(a.recording()))));
            case CallEvent.Deadline due
            when !now.isBefore(a.until()) -> hungUp(a.because(), "no terminating tone was heard");
            case CallEvent.CustomerHungUp hungUp -> hungUp(a.because(), "it hung up before its tone");
            case CallEvent.Dropped dropped -> hungUp(a.because(), dropped.reason());
            case CallEvent.Unfollow unfollow -> hungUp(a.because(), unfollow.reason());
            case CallEvent other -> Optional.empty();
        };
    }

    private static Optional<Step> hungUp(Termination because, String why) {
        return Optional.of(end(saying(because, why), null, new CallEffect.HangUp()));
    }

    static Optional<Step> diverting(Diverting d, CallEvent event, Instant now) {
        return switch (event) {
            case CallEvent.Bridged bridged ->
                Optional.of(new Step(
                        new Treated(d.because(), d.target(), null), List.of(new CallEffect.Diverted(d.target()))));
            case CallEvent.BridgeFailed failed -> notDiverted(d, failed.reason());
            case CallEvent.Deadline due
            when !now.isBefore(d.limitAt()) -> notDiverted(d, "did not take the call within the limit");
            case CallEvent.CustomerHungUp hungUp -> notDiverted(d, "the customer hung up before it took the call");
            case CallEvent.Dropped dropped -> notDiverted(d, dropped.reason());
            case CallEvent.Unfollow unfollow -> notDiverted(d, unfollow.reason());
            case CallEvent other -> Optional.empty();
        };
    }

    private static Optional<Step> notDiverted(Diverting d, String reason) {
        Termination foreseen = d.because();
        CallResult result =
                foreseen.result() == CallResult.ABANDONED_TO_IVR ? CallResult.DIALER_ABANDON : foreseen.result();
        Termination ended = saying(
                new Termination(result, foreseen.endedBy(), foreseen.reason()),
                d.target().uri() + ": " + reason);
        return Optional.of(end(ended, d.target(), new CallEffect.HangUp()));
    }

    static Optional<Step> treated(Treated t, CallEvent event, Instant now) {
        Instant until = t.until();
        return switch (event) {
            case CallEvent.Played played ->
                Optional.of(new Step(
                        new Treated(saying(t.because(), "the message was played"), t.target(), until), List.of()));
            case CallEvent.CustomerHungUp hungUp -> over(t, EndedBy.CUSTOMER);
            case CallEvent.TargetHungUp hungUp -> over(t, EndedBy.AGENT);
            // A recording's end is the dialer's doing.
            case CallEvent.Dropped dropped -> over(t, t.target() == null ? EndedBy.DIALER : EndedBy.NETWORK);
            case CallEvent.Deadline due
            when until != null && !now.isBefore(until) ->
                Optional.of(end(t.because(), t.target(), new CallEffect.HangUp()));
            case CallEvent.Unfollow unfollow ->
                Optional.of(end(
                        saying(t.because(), unfollow.reason()),
                        t.target(),
                        t.target() == null ? new CallEffect.HangUp() : new CallEffect.Forget()));
            case CallEvent other -> Optional.empty();
        };
    }

    private static Optional<Step> over(Treated t, EndedBy by) {
        Termination because = t.because();
        return Optional.of(
                end(new Termination(because.result(), by, because.reason()), t.target(), new CallEffect.HangUp()));
    }

    private static Step end(Termination termination, @Nullable Target target, CallEffect legs) {
        CallEffect ended = new CallEffect.Ended(termination);
        return new Step(
                new Ended(termination),
                target == null ? List.of(legs, ended) : List.of(legs, new CallEffect.TargetDone(target), ended));
    }

    private static Termination saying(Termination because, String more) {
        return new Termination(because.result(), because.endedBy(), because.reason() + "; " + more);
    }
}
