package releve.core.call;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import releve.core.call.CallState.Analysing;
import releve.core.call.CallState.AwaitingTone;
import releve.core.call.CallState.Cancelling;
import releve.core.call.CallState.Connected;
import releve.core.call.CallState.Dialing;
import releve.core.call.CallState.Diverting;
import releve.core.call.CallState.Ended;
import releve.core.call.CallState.Ringing;
import releve.core.call.CallState.Transferring;
import releve.core.call.CallState.Treated;
import releve.core.common.CallResult;
import releve.core.common.EndedBy;
import releve.core.common.Invariants;
import releve.core.common.Termination;

/**
 * One attempt from its INVITE to its end.
 *
 * <pre>
 * dialing ─▶ ringing ─▶ analysing ─▶ transferring ─▶ connected ─▶ ended
 *    │          │           │          │   ▲  │ target failed: another, three in all
 *    │          │           │          │   └──┘
 *    │          │           │          └─ nobody in time ─┬─▶ treated ─▶ ended     a message, then the end
 *    │          │           ├─ machine, by the campaign ──┼─▶ diverting ─▶ treated ─▶ ended      an IVR has it
 *    │          │           │                             └─▶ ended
 *    │          │           └─ machine that gets a message ─▶ awaiting tone ─▶ treated ─▶ ended
 *    └────┬─────┘
 *         ├─ ring limit, given up, a network's tone ─▶ cancelling ─▶ ended    (487; an answer that crossed the CANCEL is
 *         │                                            hung up, and counts as what it was: a live answer abandoned)
 *         └─ refused by the network ─▶ ended
 * </pre>
 *
 * Without call progress analysis, or when nobody has promised a verdict, analysing takes no time: whoever answers counts as
 * human. With it, so does whoever is not known for another when its time is over; a fax, dead air and a network's tone end the
 * call, and a machine gets what the campaign says. A verdict that comes while nobody has been found yet still counts.
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
    private boolean analysisPromised;
    private boolean toneHeard;
    /** The verdict that came before the answer. */
    private @Nullable Verdict early;
    /** What a machine counts as that is served like a person. */
    private @Nullable CallResult servedMachine;

    /**
     * The bounds of one call.
     *
     * @param ring the campaign's no-answer ring limit
     * @param withoutTarget from the answer, or the verdict, until a call that nobody serves is abandoned
     * @param transfer for one target to take the call
     * @param minimumTalk a customer who hangs up sooner counts as customer abandon
     * @param analysis from the answer to the verdict at the latest; zero when answers are not analysed
     * @param machine what a machine gets
     * @param abandoned what a customer gets whom nobody serves
     */
    public record Limits(
            Duration ring,
            Duration withoutTarget,
            Duration transfer,
            Duration minimumTalk,
            Duration analysis,
            Treatment machine,
            Treatment.OfPerson abandoned) {
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
            case AwaitingTone a -> false;
            case Diverting d -> false;
            case Treated t -> false;
            case Ended e -> false;
        };
    }

    /** Whether its result is what the network played, not what it signalled. */
    public boolean toneHeard() {
        return toneHeard;
    }

    /** Whether somebody has promised to tell who or what answered. */
    public boolean analysisPromised() {
        return analysisPromised;
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
            case Diverting d -> d.target();
            case Treated t -> t.target();
            case AwaitingTone a -> null;
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
            case AwaitingTone a -> Optional.empty();
            case Diverting d -> Optional.empty();
            case Treated t -> Optional.empty();
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
            case AwaitingTone a -> Optional.of(a.until());
            case Diverting d -> Optional.of(d.limitAt());
            case Treated t -> Optional.ofNullable(t.until());
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
            case AwaitingTone a -> take(Unserved.awaitingTone(a, event, now));
            case Diverting d -> take(Unserved.diverting(d, event, now));
            case Treated t -> take(Unserved.treated(t, event, now));
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
            case CallEvent.AnalysisPromised promised -> {
                analysisPromised = analyses();
                yield NOTHING;
            }
            case CallEvent.Analysed analysed when analyses() -> beforeAnswer(analysed.verdict(), rang, now);
            case CallEvent.Answered a -> answered(now);
            case CallEvent.Failed failed -> end(SipOutcome.of(failed, rang));
            case CallEvent.Withheld withheld -> notSent(withheld);
            case CallEvent.NotTaken notTaken -> end(notTaken.because());
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

    /** Whatever it was given up for: nobody's phone has rung. */
    private List<CallEffect> notSent(CallEvent.Withheld withheld) {
        return end(new Termination(CallResult.STORE_LOST, EndedBy.DIALER, "not sent: " + withheld.reason()));
    }

    private boolean analyses() {
        return limits.analysis().isPositive();
    }

    /** What the network plays ends the call; what else is known already waits for the answer. */
    private List<CallEffect> beforeAnswer(Verdict verdict, boolean rang, Instant now) {
        if (verdict.isNetworkTone()) {
            toneHeard = true;
            return cancel(analysed(verdict.result().orElseThrow(), EndedBy.NETWORK), rang, now);
        }
        early = verdict;
        return NOTHING;
    }

    private List<CallEffect> answered(Instant now) {
        boolean waits = analysisPromised && early == null;
        become(new Analysing(now, waits ? now.plus(limits.analysis()) : now));
        List<CallEffect> effects = new ArrayList<>(List.of(new CallEffect.Answered()));
        if (!waits) {
            effects.addAll(verdict(early == null ? Verdict.HUMAN : early, now));
        }
        return effects;
    }

    private List<CallEffect> cancelling(Cancelling cancelling, CallEvent event) {
        return switch (event) {
            case CallEvent.Failed failed when failed.heard() && failed.status() == 487 -> end(cancelling.because());
            case CallEvent.Failed failed
            when !cancelling.rang() || refusedByCustomer(failed) -> end(SipOutcome.of(failed, cancelling.rang()));
            case CallEvent.Failed failed -> end(cancelling.because());
            case CallEvent.Answered a when toneHeard -> hangUpAndEnd(cancelling.because());
            case CallEvent.Answered a ->
                hangUpAndEnd(new Termination(
                        CallResult.DIALER_ABANDON, EndedBy.DIALER, "answered while it was being cancelled"));
            case CallEvent.Withheld withheld -> notSent(withheld);
            case CallEvent.Over over -> end(cancelling.because());
            case CallEvent.NotTaken notTaken -> end(notTaken.because());
            case CallEvent.Deadline due -> hangUpAndEnd(unheardOf(cancelling));
            case CallEvent other -> NOTHING;
        };
    }

    /** Nobody can have let it ring of whom nothing was heard at all; its INVITE may not even have left. */
    private static Termination unheardOf(Cancelling cancelling) {
        return cancelling.rang() || cancelling.because().result() != CallResult.NO_ANSWER
                ? cancelling.because()
                : new Termination(
                        CallResult.DIAL_ERROR,
                        EndedBy.NETWORK,
                        "nothing was heard of the call, not even after its CANCEL");
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
        Optional<CallResult> result = verdict.result();
        if (result.isEmpty()) {
            return serve(now);
        }
        if (verdict.isMachine()) {
            return machine(verdict, result.get(), now);
        }
        toneHeard = verdict.isNetworkTone();
        return hangUpAndEnd(analysed(result.get(), toneHeard ? EndedBy.NETWORK : EndedBy.DIALER));
    }

    private static Termination analysed(CallResult result, EndedBy by) {
        return new Termination(result, by, "analysed as " + result.meaning());
    }

    private List<CallEffect> machine(Verdict verdict, CallResult result, Instant now) {
        Termination because = analysed(result, EndedBy.DIALER);
        return switch (limits.machine()) {
            case Treatment.Serve serve -> {
                servedMachine = result;
                yield serve(now);
            }
            case Treatment.PlayAfterTone play
            when verdict == Verdict.MACHINE_TONE -> treat(because, new Treatment.Play(play.recording()), now);
            case Treatment.PlayAfterTone play -> take(Unserved.awaitTone(because, play, now));
            case Treatment.OfPerson same -> treat(because, same, now);
        };
    }

    private List<CallEffect> serve(Instant now) {
        become(new Transferring(now, null, now.plus(limits.withoutTarget())));
        return List.of(new CallEffect.WantsTarget());
    }

    /** Gives whoever is there what is foreseen for somebody whom nobody serves. */
    private List<CallEffect> treat(Termination because, Treatment.OfPerson treatment, Instant now) {
        if (treatment instanceof Treatment.Divert) {
            targetsTried++;
        }
        return take(Unserved.treat(because, treatment, limits.transfer(), now));
    }

    private List<CallEffect> take(Optional<Unserved.Step> step) {
        step.ifPresent(taken -> become(taken.next()));
        return step.map(Unserved.Step::effects).orElse(NOTHING);
    }

    private List<CallEffect> take(Unserved.Step step) {
        return take(Optional.of(step));
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
            when target != null && targetsTried >= TARGETS_MAX -> abandon(target, failed.reason(), now);
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
            when !now.isBefore(t.limitAt()) -> abandon(target, "did not take the call within the limit", now);
            case CallEvent.Analysed analysed
            when target == null && analyses() && servedMachine == null && analysed.verdict() != Verdict.HUMAN ->
                verdict(analysed.verdict(), now);
            case CallEvent other -> NOTHING;
        };
    }

    private List<CallEffect> abandon(@Nullable Target target, String reason, Instant now) {
        String why = target == null ? "nobody was free within the limit" : target.uri() + ": " + reason;
        List<CallEffect> effects = new ArrayList<>(
                servedMachine != null
                        ? hangUpAndEnd(new Termination(servedMachine, EndedBy.DIALER, why))
                        : treat(abandoned(why), limits.abandoned(), now));
        if (target != null) {
            effects.add(1, new CallEffect.TargetFailed(target, reason));
        }
        return effects;
    }

    private Termination abandoned(String why) {
        boolean toIvr = limits.abandoned() instanceof Treatment.Divert;
        return new Termination(toIvr ? CallResult.ABANDONED_TO_IVR : CallResult.DIALER_ABANDON, EndedBy.DIALER, why);
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
                boolean tooShort = servedMachine == null
                        && Duration.between(c.connectedAt(), now).compareTo(limits.minimumTalk()) < 0;
                yield done(
                        c,
                        tooShort
                                ? new Termination(
                                        CallResult.CUSTOMER_ABANDON,
                                        EndedBy.CUSTOMER,
                                        "hung up within the minimum call duration")
                                : new Termination(talked(), EndedBy.CUSTOMER, "the customer hung up"));
            }
            case CallEvent.TargetHungUp hungUp ->
                done(c, new Termination(talked(), EndedBy.AGENT, c.target().uri() + " hung up"));
            case CallEvent.Dropped dropped -> done(c, new Termination(talked(), EndedBy.NETWORK, dropped.reason()));
            case CallEvent.Unfollow unfollow -> {
                Termination left = new Termination(talked(), EndedBy.UNKNOWN, unfollow.reason());
                become(new Ended(left));
                yield List.of(
                        new CallEffect.Forget(), new CallEffect.TargetDone(c.target()), new CallEffect.Ended(left));
            }
            case CallEvent other -> NOTHING;
        };
    }

    /** A machine stays one though somebody listened to it; what he makes of it stands beside the result. */
    private CallResult talked() {
        return servedMachine == null ? CallResult.VOICE : servedMachine;
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
            case Dialing d ->
                to instanceof Ringing || to instanceof Analysing || to instanceof Cancelling || to instanceof Ended;
            case Ringing r -> to instanceof Analysing || to instanceof Cancelling || to instanceof Ended;
            case Cancelling c -> to instanceof Ended;
            case Analysing a -> to instanceof Transferring || isTreatment(to) || to instanceof Ended;
            case Transferring t ->
                to instanceof Transferring || to instanceof Connected || isTreatment(to) || to instanceof Ended;
            case Connected c -> to instanceof Ended;
            case AwaitingTone a -> to instanceof Treated || to instanceof Ended;
            case Diverting d -> to instanceof Treated || to instanceof Ended;
            case Treated t -> to instanceof Treated || to instanceof Ended;
            case Ended e -> false;
        };
    }

    private static boolean isTreatment(CallState state) {
        return state instanceof AwaitingTone || state instanceof Diverting || state instanceof Treated;
    }
}
