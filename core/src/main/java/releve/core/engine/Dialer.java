package releve.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import releve.core.call.CallEvent;
import releve.core.call.Target;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.EndedBy;
import releve.core.common.ReservationId;
import releve.core.common.Termination;
import releve.core.pacing.CallRate;
import releve.core.pair.DuplexRole;
import releve.core.pair.Peer;
import releve.core.pair.RoleState;
import releve.core.pair.RoleTransition;
import releve.core.store.Change;

/**
 * One side's dialer as a step function: an event and the time go in, facts and commands come out. It knows no clock, no
 * thread and no socket; one caller at a time.
 *
 * <p>What 'settled' means for a dialer: nothing dialing, ringing, analysing or transferring, no agent reserved and idle, no
 * claim on its way. A call whose CANCEL is out needs nobody and starts nothing, so it does not hold the handover up; it is
 * followed to its end like a connected one.
 */
public final class Dialer {
    private static final Duration HANDOVER_RETRY = Duration.ofMillis(500);
    private static final Duration TRUNK_PAUSE = Duration.ofSeconds(1);
    private static final Duration TRUNK_PAUSE_MAX = Duration.ofSeconds(60);

    private final DialerConfig config;
    private final Outbox out = new Outbox();
    private final DuplexRole role;
    private final Campaigns campaigns;
    private final Attempts attempts;
    private final CallRate rate;

    private Peer peer = new Peer.Unfit("the other side has not been seen yet");
    private @Nullable String trunkDown = "the trunk has not been probed yet";
    private Instant trunkPausedUntil = Instant.MIN;
    private Instant handoverNotBefore = Instant.MIN;
    private @Nullable Instant rateFreeAt;
    private String lastReason = "started";
    private long sequence;

    public Dialer(DialerConfig config, Instant now) {
        this.config = config;
        this.role = new DuplexRole(config.monitoringLimit(), now);
        this.campaigns = new Campaigns(config, out);
        this.attempts = new Attempts(config, out);
        this.rate = new CallRate(config.callsPerSecond(), now);
    }

    /** Applies one event. Time must not run backwards from one step to the next. */
    public Decision step(Event event, Instant now) {
        apply(event, now);
        onward(now);
        return out.drain();
    }

    /** When {@link Event.Tick} is wanted at the latest, if nothing else happens. */
    public Optional<Instant> nextDeadline(Instant now) {
        Stream<Instant> later = Stream.of(
                        Optional.of(trunkPausedUntil),
                        Optional.of(handoverNotBefore),
                        Optional.ofNullable(rateFreeAt),
                        role.state() instanceof RoleState.Monitoring m ? Optional.of(m.limitAt()) : nextClaim())
                .flatMap(Optional::stream)
                .filter(at -> at.isAfter(now));
        return Stream.concat(later, attempts.nextDeadline().stream()).min(Instant::compareTo);
    }

    /** Whether the INVITE of that attempt is still to be sent: a last look before it leaves. */
    public boolean stillToDial(AttemptId attempt) {
        return attempts.stillToDial(attempt);
    }

    public RoleState role() {
        return role.state();
    }

    private void apply(Event event, Instant now) {
        switch (event) {
            case Event.RightGranted granted -> role.granted(granted.epoch(), granted.until(), granted.how(), now);
            case Event.RightRenewed renewed -> role.renewed(renewed.epoch(), renewed.until());
            case Event.RightLost lost -> rightLost(lost.reason(), now);
            case Event.HandedOver handedOver -> {
                role.handedOver(handedOver.how(), now);
                campaigns.forgetCaches();
            }
            case Event.HandoverFailed failed -> {
                handoverNotBefore = now.plus(HANDOVER_RETRY);
                role.handoverFailed(failed.reason(), now);
            }
            case Event.PeerSeen seen -> {
                peer = seen.peer();
                role.peerSeen(peer, now);
            }
            case Event.MaintenanceAsked asked -> {
                String refusal = role.maintenance(peer, asked.force(), asked.who(), now);
                answer(asked.command(), refusal, "maintenance is under way");
            }
            case Event.MaintenanceCancelled cancelled ->
                answer(cancelled.command(), role.cancel(cancelled.who(), now), "the maintenance is cancelled");
            case Event.DryRunAsked asked -> out.command(new Command.AnswerDryRun(asked.command(), plan(now)));
            case Event.StopNow stop -> stopNow(stop.reason(), now);
            case Event.CampaignsRead read -> campaigns.read(read.campaigns());
            case Event.ContactsClaimed claimed -> {
                if (holdsRight()) {
                    campaigns.claimed(claimed.campaign(), claimed.contacts(), now);
                } else {
                    campaigns.claimFailed(claimed.campaign(), now);
                }
            }
            case Event.ClaimFailed failed -> campaigns.claimFailed(failed.campaign(), now);
            case Event.StartRefused refused -> startRefused(refused.attempt());
            case Event.ReservationGranted granted ->
                campaigns.granted(
                        granted.reservation(),
                        new Target.Agent(granted.agent(), granted.reservation(), granted.phoneUri()));
            case Event.TrunkUp up -> trunkDown = null;
            case Event.TrunkDown down -> trunkDown = down.reason();
            case Event.CallReported reported -> callReported(reported, now);
            case Event.Tick tick -> attempts.tick(now);
        }
    }

    /** After each event: go on with whatever the new state allows. */
    private void onward(Instant now) {
        rateFreeAt = null;
        for (CampaignRun run : campaigns.runs()) {
            attempts.serveWaiting(run, now);
            pace(run, now);
        }
        settle(now);
        follow(now);
        for (RoleTransition transition : role.drainTransitions()) {
            lastReason = transition.reason();
            out.command(new Command.Journal(transition));
        }
    }

    private void pace(CampaignRun run, Instant now) {
        String hindrance = hindrance(run);
        if (!hindrance.isEmpty()) {
            campaigns.windDown(run, hindrance);
            if (role.state() instanceof RoleState.Active && !run.campaign.running()) {
                campaigns.returnCache(run);
            }
            return;
        }
        if (!role.mayStart(now)) {
            return;
        }
        startCalls(run, now);
        campaigns.claimAhead(run, now);
        boolean listDry = run.cache.isEmpty();
        if (listDry && run.wanting == 0) {
            campaigns.windDown(run, "no contact to dial");
        } else if (!run.toIvr() && !listDry) {
            campaigns.askForAgents(run, () -> ReservationId.of(config.node().pair(), epoch(), ++sequence), now);
        }
    }

    /** Why this campaign winds down now; empty when it dials. A right whose deadline has passed only pauses it. */
    private String hindrance(CampaignRun run) {
        if (!(role.state() instanceof RoleState.Active)) {
            return "the dialer is " + role.state().phase();
        }
        if (!run.campaign.running()) {
            return "the campaign is stopped";
        }
        return trunkDown == null ? "" : trunkDown;
    }

    private void startCalls(CampaignRun run, Instant now) {
        if (now.isBefore(trunkPausedUntil)) {
            return;
        }
        int start = Math.min(run.linesWanted() - run.wanting, config.ports() - attempts.size());
        while (start > 0 && !run.cache.isEmpty()) {
            if (!rate.take(now)) {
                rateFreeAt = rate.nextAt(now);
                return;
            }
            AttemptId id = AttemptId.of(config.node().pair(), epoch(), ++sequence);
            attempts.start(id, run, run.cache.remove(), now);
            start--;
        }
    }

    private void settle(Instant now) {
        if (!(role.state() instanceof RoleState.Quiescing quiescing)
                || now.isBefore(handoverNotBefore)
                || attempts.anyUnsettled()
                || campaigns.reserved() > 0
                || campaigns.claiming()) {
            return;
        }
        role.settled(now);
        switch (peer) {
            case Peer.Healthy healthy -> out.command(new Command.HandOver(quiescing.epoch(), healthy.instance()));
            case Peer.Unfit unfit -> out.command(new Command.GiveUpRight(quiescing.epoch()));
        }
    }

    /** In maintenance without the role: follow what is still connected, then stop. */
    private void follow(Instant now) {
        if (!(role.state() instanceof RoleState.Monitoring monitoring)) {
            return;
        }
        if (!attempts.isEmpty() && !now.isBefore(monitoring.limitAt())) {
            letGo("the monitoring limit of " + config.monitoringLimit().toMinutes() + " min has passed", now);
            stop(0, "the monitoring limit has passed", now);
        } else if (attempts.isEmpty()) {
            stop(0, "nothing is under way any more", now);
        }
    }

    private void stop(int exitStatus, String how, Instant now) {
        role.followedToTheEnd(how, now);
        out.command(new Command.StopProcess(exitStatus, how));
    }

    /** Connected calls go on between their parties; whatever else there is ends. */
    private void letGo(String reason, Instant now) {
        attempts.all(new CallEvent.Unfollow(reason + "; the call goes on"), now);
        attempts.all(
                new CallEvent.GiveUp(new Termination(CallResult.CANCELLED_BY_DIALER, EndedBy.DIALER, reason)), now);
        attempts.cutCancelling(now);
    }

    private void stopNow(String reason, Instant now) {
        if (role.state() instanceof RoleState.Stopped) {
            return;
        }
        RoleState before = role.state();
        Counts cut = attempts.counts(campaigns.reserved(), campaigns.cached());
        letGo(reason, now);
        role.stopNow(reason, now);
        for (CampaignRun run : campaigns.runs()) {
            campaigns.windDown(run, reason);
        }
        switch (before) {
            case RoleState.Active a -> out.command(new Command.GiveUpRight(a.epoch()));
            case RoleState.Quiescing q -> out.command(new Command.GiveUpRight(q.epoch()));
            case RoleState.HandingOver h -> {}
            case RoleState.Standby s -> {}
            case RoleState.Monitoring m -> {}
            case RoleState.Stopped s -> {}
        }
        int unfinished = cut.dialing() + cut.ringing() + cut.analysing() + cut.transferring();
        out.command(new Command.StopProcess(
                unfinished == 0 ? 0 : 1,
                "%s: cut %d dialing, %d ringing, %d transferring; left %d connected calls to their parties"
                        .formatted(reason, cut.dialing(), cut.ringing(), cut.transferring(), cut.connected())));
    }

    /** Under another's epoch nothing may ring for us any more; who is connected stays connected. */
    private void rightLost(String reason, Instant now) {
        role.lost(reason, now);
        campaigns.forgetCaches();
        attempts.all(
                new CallEvent.GiveUp(new Termination(
                        CallResult.STORE_LOST, EndedBy.DIALER, "the right to dial is another's: " + reason)),
                now);
    }

    private void startRefused(AttemptId id) {
        Attempt attempt = attempts.refused(id);
        if (attempt != null && holdsRight()) {
            out.change(new Change.ContactReturned(attempt.contact.id(), attempt.contact.formerStatus()));
        }
    }

    private void callReported(Event.CallReported reported, Instant now) {
        if (reported.event() instanceof CallEvent.Failed failed && failed.status() == 503 && failed.heard()) {
            Duration pause =
                    failed.retryAfterSeconds() > 0 ? Duration.ofSeconds(failed.retryAfterSeconds()) : TRUNK_PAUSE;
            trunkPausedUntil = now.plus(pause.compareTo(TRUNK_PAUSE_MAX) > 0 ? TRUNK_PAUSE_MAX : pause);
        }
        attempts.report(reported.attempt(), reported.event(), now);
    }

    private void answer(long command, String refusal, String done) {
        if (command != 0) {
            out.command(new Command.Answer(command, refusal.isEmpty(), refusal.isEmpty() ? done : refusal));
        }
    }

    private boolean holdsRight() {
        return switch (role.state()) {
            case RoleState.Active a -> true;
            case RoleState.Quiescing q -> true;
            case RoleState.HandingOver h -> true;
            case RoleState.Standby s -> false;
            case RoleState.Monitoring m -> false;
            case RoleState.Stopped s -> false;
        };
    }

    private long epoch() {
        return switch (role.state()) {
            case RoleState.Active a -> a.epoch();
            case RoleState state ->
                throw new IllegalStateException("only an active dialer starts anything, not " + state);
        };
    }

    private Optional<Instant> nextClaim() {
        return campaigns.runs().stream()
                .filter(run -> run.campaign.running())
                .map(run -> run.claimNotBefore)
                .min(Instant::compareTo);
    }

    /** What maintenance would do if it were started now. */
    public MaintenancePlan plan(Instant now) {
        String blockedBy = role.state() instanceof RoleState.Active && peer instanceof Peer.Unfit unfit
                ? unfit.reason()
                : role.state().inMaintenance() ? "maintenance is under way already" : "";
        Duration handover = attempts.settledBy()
                .map(at -> Duration.between(now, at))
                .filter(left -> !left.isNegative())
                .orElse(Duration.ZERO);
        return new MaintenancePlan(
                blockedBy.isEmpty(),
                blockedBy,
                attempts.counts(campaigns.reserved(), campaigns.cached()),
                handover,
                config.monitoringLimit());
    }

    /** The dialer as status shows it now. */
    public DialerStatus status(Instant now) {
        Counts counts = attempts.counts(campaigns.reserved(), campaigns.cached());
        RoleState state = role.state();
        Optional<Instant> expected = switch (state) {
            case RoleState.Quiescing q -> Optional.of(attempts.settledBy().orElse(now));
            case RoleState.Monitoring m -> Optional.of(now.plus(attempts.expectedToFollow()));
            case RoleState other -> Optional.empty();
        };
        Optional<Instant> limit = state instanceof RoleState.Monitoring m ? Optional.of(m.limitAt()) : expected;
        return new DialerStatus(
                state.phase(),
                state.since(),
                lastReason,
                holdsRight() ? epochHeld(state) : 0,
                dialing(now),
                waitsFor(state, counts),
                expected.orElse(null),
                limit.orElse(null),
                counts);
    }

    private static long epochHeld(RoleState state) {
        return switch (state) {
            case RoleState.Active a -> a.epoch();
            case RoleState.Quiescing q -> q.epoch();
            case RoleState.HandingOver h -> h.epoch();
            case RoleState other -> 0;
        };
    }

    private String dialing(Instant now) {
        if (!(role.state() instanceof RoleState.Active)) {
            return "no: " + role.state().phase();
        }
        if (!role.mayStart(now)) {
            return "paused: the store has not confirmed the right to dial in time";
        }
        if (trunkDown != null) {
            return "paused: " + trunkDown;
        }
        if (now.isBefore(trunkPausedUntil)) {
            return "paused: the trunk asked to wait";
        }
        return campaigns.runs().stream().anyMatch(run -> run.campaign.running()) ? "yes" : "no campaign runs";
    }

    private static String waitsFor(RoleState state, Counts c) {
        return switch (state) {
            case RoleState.Quiescing q ->
                "%d dialing, %d ringing, %d analysing, %d transferring, %d reserved agents"
                        .formatted(c.dialing(), c.ringing(), c.analysing(), c.transferring(), c.reserved());
            case RoleState.HandingOver h -> "the store to pass the right on";
            case RoleState.Monitoring m -> "%d connected calls".formatted(c.connected() + c.cancelling());
            case RoleState other -> "";
        };
    }
}
