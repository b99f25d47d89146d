package releve.core.call;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import releve.core.call.CallState.Analysing;
import releve.core.call.CallState.Cancelling;
import releve.core.call.CallState.Connected;
import releve.core.call.CallState.Dialing;
import releve.core.call.CallState.Ended;
import releve.core.call.CallState.Ringing;
import releve.core.call.CallState.Transferring;
import releve.core.common.CallResult;
import releve.core.common.EndedBy;
import releve.core.common.Invariants;
import releve.core.common.Termination;

/**
 * One attempt from its INVITE to its end.
 *
 * <pre>
 * dialing ─▶ ringing ─▶ analysing ─▶ transferring ─▶ connected ─▶ ended
 *    │          │                      │   ▲  │ target failed: another, three in all
 *    └────┬─────┘                      │   └──┘
 *         ├─ ring limit, given up ─▶ cancelling ─▶ ended    (487; an answer that crossed the CANCEL is hung up, and
 *         └─ refused by the network ─▶ ended                 counts as what it was: a live answer abandoned)
 * </pre>
 *
 * Without call progress analysis, analysing takes no time: whoever answers counts as human. With it, so does whoever is not
 * known for another when its time is over; a fax and dead air are hung up, and a machine too unless the campaign serves it.
 */
public final class Call {
    /** RFC 3261 9.1: 64 times T1 after the CANCEL the INVITE counts as ended, even without a 487. */
    static final Duration CANCEL_LIMIT = Duration.ofSeconds(32);

    /** An IVR that refuses at once must not be called without end for one customer. */
    static final int TARGETS_MAX = 3;

    private static final List<CallEffect> NOTHING = List.of();

    private final Limits limits;
    private CallState state;
    private int targetsTried;

    /**
     * The bounds of one call.
     *
     * @param ring the campaign's no-answer ring limit
     * @param withoutTarget from the answer, or the verdict, until a call that nobody serves is abandoned
     * @param transfer for one target to take the call
     * @param minimumTalk a customer who hangs up sooner counts as customer abandon
     * @param analysis from the answer to the verdict at the latest; zero when answers are not analysed
     * @param servesMachines whether a machine gets a target as a person does
     */
    public record Limits(
            Duration ring,
            Duration withoutTarget,
            Duration transfer,
            Duration minimumTalk,
            Duration analysis,
            boolean servesMachines) {
        /** How long a call is unsettled at most, from its start. */
        public Duration longest() {
            return ring.plus(analysis).plus(withoutTarget).plus(transfer.multipliedBy(TARGETS_MAX));
        }
    }

    public Call(Limits limits, Instant now) {
        this.limits = limits;
        this.state = new Dialing(now.plus(limits.ring()));
    }

    public CallState state() {
        return state;
    }

    /** Whether the call still needs the right's holder: it may yet ring, or want somebody to talk to. */
    public boolean unsettled() {
        return switch (state) {
            case Dialing d -> true;
            case Ringing r -> true;
            case Analysing a -> true;
            case Transferring t -> true;
            case Cancelling c -> false;
            case Connected c -> false;
            case Ended e -> false;
        };
    }

    /** Whether the network has said anything of it that shows that its INVITE has left. */
    public boolean heardOf() {
        return !(state instanceof Dialing) && !(state instanceof Cancelling cancelling && !cancelling.rang());
    }

    /** Whether the call may still want a target that it does not have. */
    public boolean mayWantTarget() {
        return unsettled() && !(state instanceof Transferring t && t.target() != null);
    }

    /** Who talks to the customer, or is being called for him. */
    public @Nullable Target target() {
        return switch (state) {
            case Transferring t -> t.target();
            case Connected c -> c.target();
            case Dialing d -> null;
            case Ringing r -> null;
            case Cancelling c -> null;
            case Analysing a -> null;
            case Ended e -> null;
        };
    }

    /** How many targets have been called for it. */
    public int targetsTried() {
        return targetsTried;
    }

    /** When an unsettled call will be settled at the latest, whatever its customer and its targets do. */
    public Optional<Instant> settledBy() {
        return switch (state) {
            case Dialing d -> Optional.of(settledBy(d.ringLimitAt().plus(limits.analysis())));
            case Ringing r -> Optional.of(settledBy(r.ringLimitAt().plus(limits.analysis())));
            case Analysing a -> Optional.of(settledBy(a.until()));
            case Transferring t -> Optional.of(settledBy(t.answeredAt()));
            case Cancelling c -> Optional.empty();
            case Connected c -> Optional.empty();
            case Ended e -> Optional.empty();
        };
    }

    private Instant settledBy(Instant answeredAt) {
        return answeredAt.plus(limits.withoutTarget()).plus(limits.transfer().multipliedBy(TARGETS_MAX));
    }

    public Optional<Instant> deadline() {
        return switch (state) {
            case Dialing d -> Optional.of(d.ringLimitAt());
            case Ringing r -> Optional.of(r.ringLimitAt());
            case Cancelling c -> Optional.of(c.giveUpAt());
            case Analysing a -> Optional.of(a.until());
            case Transferring t -> Optional.of(t.limitAt());
            case Connected c -> Optional.empty();
            case Ended e -> Optional.empty();
        };
    }

    /** Applies one event; what does not concern the present state changes nothing. */
    public List<CallEffect> step(CallEvent event, Instant now) {
        return switch (state) {
            case Dialing d -> beforeAnswer(event, d.ringLimitAt(), false, now);
            case Ringing r -> beforeAnswer(event, r.ringLimitAt(), true, now);
            case Cancelling c -> cancelling(c, event);
            case Analysing a -> analysing(a, event, now);
            case Transferring t -> transferring(t, event, now);
            case Connected c -> connected(c, event, now);
            case Ended e -> NOTHING;
        };
    }

    private List<CallEffect> beforeAnswer(CallEvent event, Instant ringLimitAt, boolean rang, Instant now) {
        return switch (event) {
            case CallEvent.Ringing r when rang -> NOTHING;
            case CallEvent.Ringing r -> {
                become(new Ringing(now, ringLimitAt));
                yield List.of(new CallEffect.Rang());
            }
            case CallEvent.Answered a
            when limits.analysis().isPositive() -> {
                become(new Analysing(now, now.plus(limits.analysis())));
                yield List.of(new CallEffect.Answered());
            }
            case CallEvent.Answered a -> {
                become(new Analysing(now, now));
                become(new Transferring(now, null, now.plus(limits.withoutTarget())));
                yield List.of(new CallEffect.Answered(), new CallEffect.WantsTarget());
            }
            case CallEvent.Failed failed -> end(SipOutcome.of(failed, rang));
            case CallEvent.Withheld withheld ->
                end(new Termination(CallResult.STORE_LOST, EndedBy.DIALER, "not sent: " + withheld.reason()));
            case CallEvent.Deadline due
            when !now.isBefore(ringLimitAt) ->
                cancel(
                        new Termination(CallResult.NO_ANSWER, EndedBy.CUSTOMER, "no answer within the ring limit"),
                        rang,
                        now);
            case CallEvent.GiveUp giveUp -> cancel(giveUp.because(), rang, now);
            case CallEvent.Over over -> end(over.because());
            case CallEvent other -> NOTHING;
        };
    }

    private List<CallEffect> cancelling(Cancelling cancelling, CallEvent event) {
        return switch (event) {
            case CallEvent.Failed failed when failed.heard() && failed.status() == 487 -> end(cancelling.because());
            case CallEvent.Failed failed
            when !cancelling.rang() || refusedByCustomer(failed) -> end(SipOutcome.of(failed, cancelling.rang()));
            case CallEvent.Failed failed -> end(cancelling.because());
            case CallEvent.Answered a ->
                hangUpAndEnd(new Termination(
                        CallResult.DIALER_ABANDON, EndedBy.DIALER, "answered while it was being cancelled"));
            case CallEvent.Withheld withheld -> end(cancelling.because());
            case CallEvent.Over over -> end(cancelling.because());
            case CallEvent.Deadline due -> hangUpAndEnd(cancelling.because());
            case CallEvent other -> NOTHING;
        };
    }

    /** A refusal that crossed the CANCEL; what else ends a call that rang is only an odd way to confirm the CANCEL. */
    private static boolean refusedByCustomer(CallEvent.Failed failed) {
        return failed.heard() && (failed.status() == 486 || failed.status() == 600 || failed.status() == 603);
    }

    private List<CallEffect> analysing(Analysing a, CallEvent event, Instant now) {
        return switch (event) {
            case CallEvent.Analysed analysed -> verdict(analysed.verdict(), now);
            case CallEvent.Deadline due when !now.isBefore(a.until()) -> serve(now);
            case CallEvent.CustomerHungUp hungUp ->
                hangUpAndEnd(new Termination(
                        CallResult.CUSTOMER_ABANDON, EndedBy.CUSTOMER, "hung up while it was being analysed"));
            case CallEvent.Dropped dropped ->
                hangUpAndEnd(new Termination(CallResult.DIAL_ERROR, EndedBy.NETWORK, dropped.reason()));
            case CallEvent.GiveUp giveUp ->
                hangUpAndEnd(new Termination(
                        CallResult.DIALER_ABANDON,
                        EndedBy.DIALER,
                        giveUp.because().reason()));
            case CallEvent other -> NOTHING;
        };
    }

    private List<CallEffect> verdict(Verdict verdict, Instant now) {
        return switch (verdict) {
            case HUMAN -> serve(now);
            case MACHINE -> machine(CallResult.ANSWERING_MACHINE, now);
            case NETWORK_MACHINE -> machine(CallResult.NETWORK_MACHINE, now);
            case FAX -> analysedAs(CallResult.FAX);
            case DEAD_AIR -> analysedAs(CallResult.DEAD_AIR);
        };
    }

    private List<CallEffect> machine(CallResult result, Instant now) {
        return limits.servesMachines() ? serve(now) : analysedAs(result);
    }

    private List<CallEffect> analysedAs(CallResult result) {
        return hangUpAndEnd(new Termination(result, EndedBy.DIALER, "analysed as " + result.meaning()));
    }

    private List<CallEffect> serve(Instant now) {
        become(new Transferring(now, null, now.plus(limits.withoutTarget())));
        return List.of(new CallEffect.WantsTarget());
    }

    private List<CallEffect> transferring(Transferring t, CallEvent event, Instant now) {
        Target target = t.target();
        return switch (event) {
            case CallEvent.TargetFound found
            when target == null -> {
                targetsTried++;
                become(new Transferring(t.answeredAt(), found.target(), now.plus(limits.transfer())));
                yield List.of(new CallEffect.Bridge(found.target()));
            }
            case CallEvent.Bridged b
            when target != null -> {
                become(new Connected(t.answeredAt(), now, target));
                yield List.of(new CallEffect.Connected(target));
            }
            case CallEvent.BridgeFailed failed
            when target != null && targetsTried >= TARGETS_MAX -> abandon(target, failed.reason());
            case CallEvent.BridgeFailed failed
            when target != null -> {
                become(new Transferring(t.answeredAt(), null, t.answeredAt().plus(limits.withoutTarget())));
                yield List.of(new CallEffect.TargetFailed(target, failed.reason()), new CallEffect.WantsTarget());
            }
            case CallEvent.CustomerHungUp hungUp ->
                freeing(
                        t,
                        new Termination(CallResult.CUSTOMER_ABANDON, EndedBy.CUSTOMER, "hung up before the transfer"));
            case CallEvent.Dropped dropped ->
                freeing(t, new Termination(CallResult.DIAL_ERROR, EndedBy.NETWORK, dropped.reason()));
            case CallEvent.GiveUp giveUp ->
                freeing(
                        t,
                        new Termination(
                                CallResult.DIALER_ABANDON,
                                EndedBy.DIALER,
                                giveUp.because().reason()));
            case CallEvent.Deadline due
            when !now.isBefore(t.limitAt()) -> abandon(target, "did not take the call within the limit");
            case CallEvent other -> NOTHING;
        };
    }

    private List<CallEffect> abandon(@Nullable Target target, String reason) {
        if (target == null) {
            return hangUpAndEnd(
                    new Termination(CallResult.DIALER_ABANDON, EndedBy.DIALER, "nobody was free within the limit"));
        }
        Termination late = new Termination(CallResult.DIALER_ABANDON, EndedBy.DIALER, target.uri() + ": " + reason);
        become(new Ended(late));
        return List.of(
                new CallEffect.HangUp(), new CallEffect.TargetFailed(target, reason), new CallEffect.Ended(late));
    }

    private List<CallEffect> freeing(Transferring t, Termination termination) {
        Target target = t.target();
        become(new Ended(termination));
        return target == null
                ? List.of(new CallEffect.HangUp(), new CallEffect.Ended(termination))
                : List.of(
                        new CallEffect.HangUp(), new CallEffect.TargetFreed(target), new CallEffect.Ended(termination));
    }

    private List<CallEffect> connected(Connected c, CallEvent event, Instant now) {
        return switch (event) {
            case CallEvent.CustomerHungUp hungUp -> {
                boolean tooShort = Duration.between(c.connectedAt(), now).compareTo(limits.minimumTalk()) < 0;
                yield done(
                        c,
                        tooShort
                                ? new Termination(
                                        CallResult.CUSTOMER_ABANDON,
                                        EndedBy.CUSTOMER,
                                        "hung up within the minimum call duration")
                                : new Termination(CallResult.VOICE, EndedBy.CUSTOMER, "the customer hung up"));
            }
            case CallEvent.TargetHungUp hungUp ->
                done(
                        c,
                        new Termination(
                                CallResult.VOICE, EndedBy.AGENT, c.target().uri() + " hung up"));
            case CallEvent.Dropped dropped ->
                done(c, new Termination(CallResult.VOICE, EndedBy.NETWORK, dropped.reason()));
            case CallEvent.Unfollow unfollow -> {
                Termination left = new Termination(CallResult.VOICE, EndedBy.UNKNOWN, unfollow.reason());
                become(new Ended(left));
                yield List.of(
                        new CallEffect.Forget(), new CallEffect.TargetDone(c.target()), new CallEffect.Ended(left));
            }
            case CallEvent other -> NOTHING;
        };
    }

    private List<CallEffect> done(Connected c, Termination termination) {
        become(new Ended(termination));
        return List.of(
                new CallEffect.HangUp(), new CallEffect.TargetDone(c.target()), new CallEffect.Ended(termination));
    }

    private List<CallEffect> cancel(Termination because, boolean rang, Instant now) {
        become(new Cancelling(because, rang, now.plus(CANCEL_LIMIT)));
        return List.of(new CallEffect.CancelInvite());
    }

    private List<CallEffect> end(Termination termination) {
        become(new Ended(termination));
        return List.of(new CallEffect.Ended(termination));
    }

    private List<CallEffect> hangUpAndEnd(Termination termination) {
        become(new Ended(termination));
        return List.of(new CallEffect.HangUp(), new CallEffect.Ended(termination));
    }

    private void become(CallState next) {
        Invariants.check(mayBecome(state, next), "a call never goes %s → %s", state.phase(), next.phase());
        state = next;
    }

    private static boolean mayBecome(CallState from, CallState to) {
        return switch (from) {
            case Dialing d -> !(to instanceof Dialing) && !(to instanceof Transferring) && !(to instanceof Connected);
            case Ringing r -> to instanceof Analysing || to instanceof Cancelling || to instanceof Ended;
            case Cancelling c -> to instanceof Ended;
            case Analysing a -> to instanceof Transferring || to instanceof Ended;
            case Transferring t -> to instanceof Transferring || to instanceof Connected || to instanceof Ended;
            case Connected c -> to instanceof Ended;
            case Ended e -> false;
        };
    }
}
