package releve.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import releve.core.call.Call;
import releve.core.call.CallEffect;
import releve.core.call.CallEvent;
import releve.core.call.CallState;
import releve.core.call.Target;
import releve.core.campaign.Campaign;
import releve.core.campaign.Contact;
import releve.core.campaign.ContactOutcome;
import releve.core.campaign.CpaSettings;
import releve.core.campaign.OfferKind;
import releve.core.campaign.RetryRules;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.ContactId;
import releve.core.common.Invariants;
import releve.core.common.Termination;
import releve.core.store.Change;

/** The attempts under way: feeds each call its events, and turns what it answers into facts and commands. */
final class Attempts {
    /** A first guess of how long people talk, until some have. */
    private static final Duration TALK_GUESS = Duration.ofSeconds(120);

    private record Due(Instant at, AttemptId attempt) {}

    private final DialerConfig config;
    private final Outbox out;
    private final Map<AttemptId, Attempt> live = new HashMap<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparing(Due::at));
    private Duration meanTalk = TALK_GUESS;

    Attempts(DialerConfig config, Outbox out) {
        this.config = config;
        this.out = out;
    }

    /** Calls a contact for whoever will be free, or for the agent who is kept for him. */
    void start(AttemptId id, CampaignRun run, CampaignRun.Next next, Instant now) {
        start(id, run, next.contact(), next.kept(), null, now);
    }

    /** Calls a contact for the agent who accepted it, from his own phone in a direct preview. */
    void start(Offer accepted, Instant now) {
        start(accepted.id, accepted.run, accepted.contact, accepted.agent, accepted.kind, now);
    }

    private void start(
            AttemptId id,
            CampaignRun run,
            Contact contact,
            Target.@Nullable Agent kept,
            @Nullable OfferKind accepted,
            Instant now) {
        Campaign campaign = run.campaign;
        String callId = id + "-" + config.node().instance();
        boolean fromAgent = accepted == OfferKind.DIRECT_PREVIEW;
        Attempt attempt =
                new Attempt(id, run, contact, callId, new Call(limits(campaign, fromAgent), now), kept, accepted);
        live.put(id, attempt);
        run.count(attempt, 1);
        run.predictive.dialed(id, kept != null, now);
        schedule(attempt);
        String phone = contact.nextPhone();
        out.change(
                new Change.AttemptStarted(id, campaign.id(), contact.id(), phone, callId, contact.attempts() + 1, now));
        String dialed = campaign.calls().dialed(phone);
        String callerId = campaign.calls().callerId();
        if (kept != null && fromAgent) {
            out.change(new Change.AgentDialing(kept.agent(), kept.reservation(), id));
            out.command(
                    new Command.DialFromAgent(id, dialed, callerId, callId, kept.uri(), AgentsPhone.callId(callId)));
        } else {
            out.command(new Command.Dial(
                    id, dialed, callerId, callId, Optional.of(campaign.cpa()).filter(CpaSettings::on)));
        }
    }

    private Call.Limits limits(Campaign campaign, boolean fromAgent) {
        return CallLimits.of(campaign, config.transferLimit(), fromAgent);
    }

    /** How long a call of the campaign is unsettled at most. */
    Duration longest(CampaignRun run) {
        return limits(run.campaign, false).longest();
    }

    /** An attempt that the store did not let start leaves no trace; one that has been heard of was not refused. */
    Optional<Attempt> refused(AttemptId id, Instant now) {
        Attempt attempt = live.get(id);
        if (attempt == null || attempt.call.heardOf()) {
            return Optional.empty();
        }
        live.remove(id);
        freeKept(attempt, "the call was not started");
        attempt.run.count(attempt, -1);
        attempt.run.predictive.withheld(id, now);
        return Optional.of(attempt);
    }

    void report(AttemptId id, CallEvent event, Instant now) {
        Attempt attempt = live.get(id);
        if (attempt == null) {
            if (event instanceof CallEvent.Answered || event instanceof CallEvent.Bridged) {
                out.command(new Command.HangUp(id));
            }
            return;
        }
        step(attempt, attempt.fromAgent ? AgentsPhone.told(attempt, event) : event, now);
    }

    /** Steps every call whose deadline has come. */
    void tick(Instant now) {
        for (Due next = due.peek(); next != null && !next.at().isAfter(now); next = due.peek()) {
            due.remove();
            Attempt attempt = live.get(next.attempt());
            if (attempt != null
                    && attempt.call.deadline().filter(at -> !at.isAfter(now)).isPresent()) {
                step(attempt, due(attempt, next.at()), now);
            }
        }
    }

    /** A call whose INVITE was kept in by a store that did not take its fact in time has not been answered by nobody. */
    private static CallEvent due(Attempt attempt, Instant at) {
        return attempt.call.state() instanceof CallState.Cancelling && !attempt.left && !attempt.call.heardOf()
                ? new CallEvent.Withheld("its fact was not committed in time")
                : new CallEvent.Deadline(at);
    }

    /** The same event for every call; the caller has made sure that it concerns them. */
    void all(CallEvent event, Instant now) {
        List.copyOf(live.values()).forEach(attempt -> step(attempt, event, now));
    }

    /** Does not wait for the network's last word on calls that are being cancelled. */
    void cutCancelling(Instant now) {
        List.copyOf(live.values()).stream()
                .filter(attempt -> attempt.call.state() instanceof CallState.Cancelling)
                .forEach(attempt -> step(attempt, new CallEvent.Deadline(now), now));
    }

    /** Gives waiting calls of a campaign whoever has become free. */
    void serveWaiting(CampaignRun run, Instant now) {
        while (!run.waiting.isEmpty()) {
            Attempt attempt = live.get(run.waiting.element());
            if (attempt == null || !wantsTargetNow(attempt)) {
                run.waiting.remove();
                continue;
            }
            Optional<Target> target = run.takeTarget(now);
            if (target.isEmpty()) {
                return;
            }
            run.waiting.remove();
            step(attempt, new CallEvent.TargetFound(target.get()), now);
        }
    }

    Optional<Instant> nextDeadline() {
        return Optional.ofNullable(due.peek()).map(Due::at);
    }

    void left(AttemptId id) {
        Attempt attempt = live.get(id);
        if (attempt != null) {
            attempt.left = true;
        }
    }

    boolean stillToDial(AttemptId id) {
        Attempt attempt = live.get(id);
        return attempt != null && attempt.call.state() instanceof CallState.Dialing;
    }

    /** Why the campaign of that attempt may not dial now. */
    Optional<String> hindrance(AttemptId id, Instant now) {
        return Optional.ofNullable(live.get(id))
                .map(attempt -> attempt.run.hindrance(now))
                .filter(hindrance -> !hindrance.isEmpty());
    }

    /** Whose calls are under way. */
    void addContacts(Set<ContactId> contacts) {
        live.values().forEach(attempt -> contacts.add(attempt.contact.id()));
    }

    /** Whether an agent has accepted that contact and it is dialed for him. */
    boolean accepted(AttemptId id) {
        Attempt attempt = live.get(id);
        return attempt != null && attempt.accepted;
    }

    /** Whether the agent of a reservation is on a call, or called for one, by another: a takeover may have freed him from it. */
    boolean talksOtherwise(Target.Agent agent) {
        for (Attempt attempt : live.values()) {
            if (attempt.call.target() instanceof Target.Agent other
                    && other.agent().equals(agent.agent())
                    && !other.reservation().equals(agent.reservation())) {
                return true;
            }
        }
        return false;
    }

    boolean isEmpty() {
        return live.isEmpty();
    }

    int size() {
        return live.size();
    }

    /** When the last call that is unsettled now should be settled: none rings longer than that. */
    Optional<Instant> expectedSettled() {
        return live.values().stream()
                .filter(attempt -> attempt.call.unsettled())
                .flatMap(attempt -> attempt.call.deadline().stream())
                .max(Comparator.naturalOrder());
    }

    /** When it will be settled at the latest: answered at its last ring, and transferred at the last try. */
    Optional<Instant> settledBy() {
        return live.values().stream()
                .flatMap(attempt -> attempt.call.settledBy().stream())
                .max(Comparator.naturalOrder());
    }

    /** The expected end of the longest of the connected calls, if talk times are memoryless: mean × (1 + ½ + … + 1/n). */
    Duration expectedToFollow() {
        double harmonic = 0;
        for (int n = 1; n <= live.size(); n++) {
            harmonic += 1.0 / n;
        }
        return Duration.ofMillis((long) (meanTalk.toMillis() * harmonic));
    }

    Counts counts(int offered, int reserved, int cached) {
        int[] n = new int[6];
        for (Attempt attempt : live.values()) {
            switch (attempt.call.state()) {
                case CallState.Dialing d -> n[0]++;
                case CallState.Ringing r -> n[1]++;
                case CallState.Cancelling c -> n[2]++;
                case CallState.Analysing a -> n[3]++;
                case CallState.Transferring t -> n[4]++;
                case CallState.Connected c -> n[5]++;
                // They talk to a recording or to an IVR, and need nobody.
                case CallState.AwaitingTone a -> n[5]++;
                case CallState.Diverting d -> n[5]++;
                case CallState.Treated t -> n[5]++;
                case CallState.Ended e -> {}
            }
        }
        return new Counts(n[0], n[1], n[2], n[3], n[4], offered, n[5], reserved, cached);
    }

    int deadlinesKept() {
        return due.size();
    }

    /** Holds the counters of a campaign to its calls. */
    void audit(CampaignRun run) {
        int wanting = 0;
        int unsettled = 0;
        int kept = 0;
        int ivrPortsBusy = 0;
        for (Attempt attempt : live.values()) {
            if (attempt.run == run) {
                wanting += attempt.call.mayWantTarget() && attempt.kept == null ? 1 : 0;
                unsettled += attempt.call.unsettled() ? 1 : 0;
                kept += attempt.call.unsettled() && attempt.kept != null ? 1 : 0;
                ivrPortsBusy += attempt.call.target() instanceof Target.Ivr ? 1 : 0;
            }
        }
        run.predictive.audit(unsettled);
        Invariants.check(run.unsettled == unsettled, "%s calls are unsettled, not %s", unsettled, run.unsettled);
        Invariants.check(run.kept == kept, "%s calls have an agent of their own, not %s", kept, run.kept);
        Invariants.check(run.wanting == wanting, "%s calls want a target, not %s", wanting, run.wanting);
        Invariants.check(
                run.ivrPortsBusy == ivrPortsBusy, "%s IVR ports are busy, not %s", ivrPortsBusy, run.ivrPortsBusy);
    }

    private static boolean wantsTargetNow(Attempt attempt) {
        return attempt.call.state() instanceof CallState.Transferring t && t.target() == null;
    }

    private void step(Attempt attempt, CallEvent event, Instant now) {
        attempt.run.count(attempt, -1);
        List<CallEffect> effects = attempt.call.step(event, now);
        attempt.run.count(attempt, 1);
        for (CallEffect effect : effects) {
            apply(attempt, effect, event, now);
        }
        schedule(attempt);
    }

    private void schedule(Attempt attempt) {
        Optional<Instant> deadline = attempt.call.deadline();
        if (!deadline.equals(attempt.scheduled)) {
            attempt.scheduled = deadline;
            deadline.ifPresent(at -> due.add(new Due(at, attempt.id)));
        }
    }

    private void apply(Attempt attempt, CallEffect effect, CallEvent cause, Instant now) {
        switch (effect) {
            case CallEffect.Rang r -> out.change(new Change.AttemptRang(attempt.id, now));
            case CallEffect.Answered a -> {
                attempt.run.predictive.answered(attempt.id, now);
                if (!attempt.fromAgent) {
                    attempt.run.answered(attempt.call);
                }
                out.change(new Change.AttemptAnswered(attempt.id, now));
            }
            case CallEffect.WantsTarget w -> wantsTarget(attempt, now);
            case CallEffect.CancelInvite c -> {
                freeKept(attempt, "the call was not answered");
                attempt.run.predictive.ended(attempt.id, CallResult.NO_ANSWER, now);
                out.command(new Command.CancelDial(attempt.id));
            }
            case CallEffect.NeedsNobody needs -> {
                freeKept(attempt, "the call needs no agent");
                attempt.run.predictive.ended(attempt.id, needs.because().result(), now);
                out.change(
                        new Change.AttemptDecided(attempt.id, needs.because(), heard(attempt, needs.because(), now)));
            }
            case CallEffect.PlayAndHangUp play -> out.command(new Command.PlayAndHangUp(attempt.id, play.recording()));
            case CallEffect.Divert divert -> divert(attempt, divert.target(), now);
            case CallEffect.Diverted diverted -> out.change(connected(attempt, diverted.target(), now));
            case CallEffect.HangUp h -> out.command(new Command.HangUp(attempt.id));
            case CallEffect.Forget f -> out.command(new Command.Forget(attempt.id));
            case CallEffect.Bridge bridge -> {
                if (!attempt.fromAgent) {
                    out.command(new Command.Bridge(attempt.id, bridge.target().uri(), attempt.targetCallId()));
                }
            }
            case CallEffect.Connected connected -> {
                attempt.connectedAt = Optional.of(now);
                attempt.run.predictive.connected(attempt.id, connected.target(), now);
                out.change(connected(attempt, connected.target(), now));
            }
            case CallEffect.TargetFailed failed -> targetFailed(attempt.run, failed, now);
            case CallEffect.TargetFreed freed -> targetFreed(attempt.run, freed.target(), now);
            case CallEffect.TargetDone done -> targetDone(attempt, done.target(), now);
            case CallEffect.Ended ended -> ended(attempt, ended.termination(), cause, now);
        }
    }

    private void wantsTarget(Attempt attempt, Instant now) {
        Target.Agent kept = takeKept(attempt);
        if (kept != null) {
            step(attempt, new CallEvent.TargetFound(kept), now);
            return;
        }
        attempt.run.predictive.live(attempt.id, now);
        if (attempt.call.targetsTried() == 0) {
            attempt.run.waiting.addLast(attempt.id);
        } else {
            attempt.run.waiting.addFirst(attempt.id);
        }
        serveWaiting(attempt.run, now);
    }

    private static Target.@Nullable Agent takeKept(Attempt attempt) {
        Target.Agent kept = attempt.kept;
        boolean counted = kept != null && attempt.call.unsettled();
        attempt.run.count(attempt, counted ? -1 : 0);
        attempt.kept = null;
        attempt.run.count(attempt, counted ? 1 : 0);
        return kept;
    }

    /** The agent who was reserved for this call is not needed for it: what he wished meanwhile comes into force. */
    private void freeKept(Attempt attempt, String reason) {
        Target.Agent kept = takeKept(attempt);
        if (kept == null) {
            return;
        }
        attempt.run.held.remove(kept.reservation());
        out.change(
                attempt.phoneRefused
                        ? new Change.AgentUnreachable(kept.agent(), kept.reservation(), reason)
                        : new Change.ReservationWithdrawn(kept.reservation(), reason));
    }

    private void divert(Attempt attempt, Target target, Instant now) {
        if (target instanceof Target.Ivr && !attempt.run.takePort()) {
            step(attempt, new CallEvent.BridgeFailed("none of its ports is free"), now);
        } else {
            out.command(new Command.Bridge(attempt.id, target.uri(), attempt.targetCallId()));
        }
    }

    private static Change connected(Attempt attempt, Target target, Instant now) {
        return switch (target) {
            case Target.Agent agent ->
                new Change.AttemptConnected(
                        attempt.id, agent.agent(), agent.reservation(), attempt.targetCallId(), now);
            case Target.Ivr _, Target.AbandonIvr _ ->
                new Change.AttemptConnected(attempt.id, null, null, attempt.targetCallId(), now);
        };
    }

    private void targetFailed(CampaignRun run, CallEffect.TargetFailed failed, Instant now) {
        switch (failed.target()) {
            case Target.Agent agent -> {
                run.held.remove(agent.reservation());
                run.predictive.left(agent.agent(), now);
                out.change(new Change.AgentUnreachable(agent.agent(), agent.reservation(), failed.reason()));
            }
            case Target.Ivr ivr -> run.ivrPortsBusy--;
            case Target.AbandonIvr ivr -> {}
        }
    }

    /** An agent stays reserved while a call under way may need him; else he goes back to ready. */
    private void targetFreed(CampaignRun run, Target target, Instant now) {
        switch (target) {
            case Target.Agent agent -> {
                if (run.needy() > run.idle.size()) {
                    run.idle.free(agent);
                } else {
                    run.held.remove(agent.reservation());
                    run.predictive.left(agent.agent(), now);
                    out.change(
                            new Change.ReservationWithdrawn(agent.reservation(), "the call ended before the transfer"));
                }
            }
            case Target.Ivr ivr -> run.ivrPortsBusy--;
            case Target.AbandonIvr ivr -> {}
        }
    }

    private void targetDone(Attempt attempt, Target target, Instant now) {
        CampaignRun run = attempt.run;
        run.predictive.done(attempt.id, target, run.campaign.staffing().wrapUp(), now);
        switch (target) {
            case Target.Agent agent -> {
                run.held.remove(agent.reservation());
                out.change(new Change.AgentWrapUp(
                        agent.agent(),
                        agent.reservation(),
                        now.plus(run.campaign.staffing().wrapUp())));
            }
            case Target.Ivr ivr -> run.ivrPortsBusy--;
            case Target.AbandonIvr ivr -> {}
        }
    }

    private void ended(Attempt attempt, Termination termination, CallEvent cause, Instant now) {
        live.remove(attempt.id);
        if (cause instanceof CallEvent.Withheld) {
            attempt.run.predictive.withheld(attempt.id, now);
        } else {
            attempt.run.predictive.ended(attempt.id, termination.result(), now);
        }
        if (cause instanceof CallEvent.CustomerHungUp || cause instanceof CallEvent.TargetHungUp) {
            learnTalk(attempt, now);
        }
        out.change(new Change.AttemptEnded(
                attempt.id, attempt.contact.id(), termination, outcome(attempt, termination, cause, now), now));
        freeKept(attempt, termination.reason());
    }

    private static ContactOutcome outcome(Attempt attempt, Termination termination, CallEvent cause, Instant now) {
        boolean nobodyHeard = cause instanceof CallEvent.Failed failed && !failed.heard();
        if (cause instanceof CallEvent.NotTaken) {
            return RetryRules.notTaken(attempt.contact, now);
        }
        if (cause instanceof CallEvent.Withheld) {
            return RetryRules.notDialed(attempt.contact, now);
        }
        boolean phoneRefused = cause instanceof CallEvent.Over;
        if ((nobodyHeard || phoneRefused) && termination.result() == CallResult.DIAL_ERROR) {
            return RetryRules.notTaken(attempt.contact, now);
        }
        return heard(attempt, termination, now);
    }

    private static ContactOutcome heard(Attempt attempt, Termination termination, Instant now) {
        return attempt.call.toneHeard()
                ? RetryRules.afterTone(attempt.run.campaign, attempt.contact, termination, now)
                : RetryRules.after(attempt.run.campaign, attempt.contact, termination, now);
    }

    private void learnTalk(Attempt attempt, Instant now) {
        attempt.connectedAt.ifPresent(since -> meanTalk =
                meanTalk.multipliedBy(9).plus(Duration.between(since, now)).dividedBy(10));
    }
}
