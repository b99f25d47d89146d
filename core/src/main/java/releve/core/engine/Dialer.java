package releve.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import releve.core.call.CallEvent;
import releve.core.call.Target;
import releve.core.campaign.Contact;
import releve.core.campaign.DialingMode;
import releve.core.campaign.OfferKind;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.ContactId;
import releve.core.common.EndedBy;
import releve.core.common.Handover;
import releve.core.common.ReservationId;
import releve.core.common.Termination;
import releve.core.pair.DuplexRole;
import releve.core.pair.Peer;
import releve.core.pair.RoleState;
import releve.core.pair.RoleTransition;
import releve.core.pair.Succession;
import releve.core.store.Change;
import releve.core.store.DialerStore.Elsewhere;

/**
 * One side's dialer as a step function: an event and the time go in, facts and commands come out. It knows no clock, no
 * thread and no socket; one caller at a time.
 *
 * <p>What 'settled' means for a dialer: nothing dialing, ringing, analysing or transferring, no contact offered to an agent
 * or accepted by one, no agent reserved and idle, no claim on its way. A call whose CANCEL is out needs nobody and starts nothing, so it does not hold the handover up; it is
 * followed to its end like a connected one.
 */
public final class Dialer {
    private static final Duration HANDOVER_RETRY = Duration.ofMillis(500);

    /** Of the trunk's calls a second, for a side that settles: it only dials what its agents accept. */
    private static final double SETTLING_SHARE = 0.25;

    private final DialerConfig config;
    private final Outbox out = new Outbox();
    private final DuplexRole role;
    private final Campaigns campaigns;
    private final Attempts attempts;
    private final Offers offers;
    private final PersonalCallbacks callbacks;
    private final Trunk trunk;

    private Peer peer = new Peer.Unfit("the other side has not been seen yet");
    private Instant handoverNotBefore = Instant.MIN;
    private Elsewhere elsewhere = Elsewhere.NOTHING;
    private String lastReason = "started";
    private long sequence;

    public Dialer(DialerConfig config, Instant now) {
        this(config, PacingChoice.RELEVE, now);
    }

    /** With another policy for its predictive campaigns than the product's: to compare them. */
    public Dialer(DialerConfig config, PacingChoice pacing, Instant now) {
        this.config = config;
        this.role = new DuplexRole(config.monitoringLimit(), now);
        this.callbacks = new PersonalCallbacks(out);
        this.campaigns = new Campaigns(config, pacing, out, callbacks);
        this.attempts = new Attempts(config, out);
        this.offers = new Offers(out);
        this.trunk = new Trunk(config.callsPerSecond(), now);
    }

    /** Applies one event. Time must not run backwards from one step to the next. */
    public Decision step(Event event, Instant now) {
        apply(event, now);
        onward(now);
        return out.drain();
    }

    /** When {@link Event.Tick} is wanted at the latest, if nothing else happens. */
    public Optional<Instant> nextDeadline(Instant now) {
        Optional<Instant> roles = role.state() instanceof RoleState.Monitoring m
                ? Optional.of(m.limitAt())
                : Optional.of(handoverNotBefore).filter(at -> at.isAfter(now));
        return Stream.of(
                        roles,
                        trunk.nextDeadline(now),
                        campaigns.nextClaim(now),
                        campaigns.nextPacing(),
                        offers.nextDeadline(),
                        callbacks.nextDeadline(now),
                        attempts.nextDeadline())
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    /** Whether the INVITE of that attempt is still to be sent: a last look before it leaves. */
    public boolean stillToDial(AttemptId attempt) {
        return attempts.stillToDial(attempt);
    }

    /** The INVITE of that attempt leaves now. */
    public void left(AttemptId attempt) {
        attempts.left(attempt);
    }

    /**
     * Why that attempt's INVITE must not leave at this moment; empty when it may. Between its fact and its leaving the right to
     * dial may have run out, the campaign's hours may have ended, or maintenance may have begun, which lets only contacts leave
     * that agents have accepted.
     */
    public Optional<String> keptBack(AttemptId attempt, Instant now) {
        if (!role.mayStart(now) && !(role.mayFinish(now) && attempts.accepted(attempt))) {
            return Optional.of("the right to dial was no longer sure");
        }
        return attempts.hindrance(attempt, now);
    }

    public RoleState role() {
        return role.state();
    }

    /** How many deadlines are in store, for tests of their bound. */
    int deadlinesKept() {
        return attempts.deadlinesKept();
    }

    /** Recounts what is kept by increments; too slow for each step in service, so only tests ask for it. */
    void audit() {
        campaigns.runs().forEach(attempts::audit);
    }

    private void apply(Event event, Instant now) {
        switch (event) {
            case Event.RightGranted granted -> rightGranted(granted, now);
            case Event.RightRenewed renewed -> role.renewed(renewed.epoch(), renewed.until());
            case Event.RightLost lost -> rightLost(lost.reason(), now);
            case Event.HandedOver handedOver -> {
                if (role.handedOver(handedOver.epoch(), handedOver.how(), now)) {
                    campaigns.forgetCaches();
                }
            }
            case Event.AgentsLeaving leaving -> campaigns.leaving(leaving.agents());
            case Event.ElsewhereCounted counted -> seeElsewhere(counted.elsewhere(), now);
            case Event.HandoverFailed failed -> {
                if (role.handoverFailed(failed.epoch(), failed.reason(), now)) {
                    handoverNotBefore = now.plus(HANDOVER_RETRY);
                    role.peerSeen(peer, now);
                }
            }
            case Event.SuccessorSeen seen -> role.successorSeen();
            case Event.PeerSeen seen -> {
                peer = seen.peer();
                role.peerSeen(peer, now);
            }
            case Event.MaintenanceAsked asked -> {
                String refusal = role.maintenance(peer, asked.force(), asked.how(), asked.who(), now);
                answer(asked.command(), refusal, "maintenance is under way");
                if (refusal.isEmpty() && role.state() instanceof RoleState.HandingOver passing) {
                    passOn(passing.epoch(), Handover.OVERLAP);
                }
            }
            case Event.MaintenanceCancelled cancelled ->
                answer(cancelled.command(), role.cancel(cancelled.who(), now), "the maintenance is cancelled");
            case Event.DryRunAsked asked ->
                out.command(new Command.AnswerDryRun(asked.command(), plan(asked.how(), now)));
            case Event.StopNow stop -> stopNow(stop.reason(), now);
            case Event.CampaignsRead read -> campaigns.read(read.campaigns(), now);
            case Event.ContactsClaimed claimed -> {
                if (role.state().holdsRight()) {
                    campaigns.claimed(claimed.campaign(), claimed.contacts(), underWay(), now);
                } else {
                    campaigns.claimFailed(claimed.campaign(), now);
                }
            }
            case Event.PersonalCallbacksClaimed claimed ->
                campaigns.promisesClaimed(
                        claimed.campaign(), claimed.contacts(), role.state().holdsRight(), now);
            case Event.PersonalCallbacksNotClaimed failed -> campaigns.promisesNotClaimed(failed.campaign(), now);
            case Event.OfferAnswered answered -> offers.answered(answered.offer(), answered.answer(), now);
            case Event.AbandonmentCounted counted -> campaigns.abandonment(counted.campaigns(), now);
            case Event.ClaimFailed failed -> campaigns.claimFailed(failed.campaign(), now);
            case Event.StartRefused refused -> startRefused(refused.attempt(), now);
            case Event.ReservationGranted granted -> {
                Target.Agent agent = new Target.Agent(granted.agent(), granted.reservation(), granted.phoneUri());
                campaigns.granted(
                        granted.reservation(), agent, granted.skillGroups(), attempts.talksOtherwise(agent), now);
            }
            case Event.TrunkUp up -> trunk.up();
            case Event.TrunkDown down -> trunk.down(down.reason());
            case Event.TrunkPaused paused -> trunk.pause(paused.pause(), paused.reason(), now);
            case Event.CallReported reported -> callReported(reported, now);
            case Event.Tick tick -> {
                attempts.tick(now);
                offers.tick(now);
            }
        }
    }

    /** After each event: go on with whatever the new state allows. */
    private void onward(Instant now) {
        for (CampaignRun run : campaigns.runs()) {
            attempts.serveWaiting(run, now);
            if (run.offers > 0 && !run.hindrance(now).isEmpty()) {
                offers.withdraw(run, now);
            }
        }
        campaigns.lookForAwaited();
        campaigns.pace(run -> dials(run, now), now);
        campaigns.letLeave(now);
        offerPromised(now);
        startCalls(now);
        offerContacts(now);
        for (CampaignRun run : campaigns.runs()) {
            keepSupplied(run, now);
        }
        settle(now);
        follow(now);
        for (RoleTransition transition : role.drainTransitions()) {
            lastReason = transition.reason();
            out.command(new Command.Journal(transition));
        }
    }

    /** Agents and contacts for a campaign that dials; none for one that does not. */
    private void keepSupplied(CampaignRun run, Instant now) {
        if (role.mayStart(now)) {
            campaigns.makeCertain(run, now);
        }
        String hindrance = hindrance(run, now);
        if (!hindrance.isEmpty()) {
            campaigns.windDown(run, hindrance, now);
            callbacks.windDown(run, hindrance);
            if (role.state() instanceof RoleState.Active && !run.hindrance(now).isEmpty()) {
                campaigns.returnCache(run);
            }
            return;
        }
        if (!role.mayStart(now)) {
            return;
        }
        callbacks.claim(run, now);
        callbacks.onward(run, this::nextReservation, now);
        campaigns.claimAhead(run, now);
        boolean listDry = run.cache.isEmpty();
        if (run.toIvr() || (listDry && run.needy() == 0 && !run.claiming)) {
            campaigns.windDown(run, run.toIvr() ? "the campaign uses the IVR" : "no contact to dial", now);
        } else if (!listDry) {
            campaigns.askForAgents(run, this::nextReservation, now);
        }
    }

    private ReservationId nextReservation() {
        return ReservationId.of(config.node().pair(), epoch(), ++sequence);
    }

    private AttemptId nextAttempt() {
        return AttemptId.of(config.node().pair(), epoch(), ++sequence);
    }

    private boolean dials(CampaignRun run, Instant now) {
        return role.mayStart(now) && hindrance(run, now).isEmpty();
    }

    /** Why this campaign winds down now; empty when it dials. A right whose deadline has passed only pauses it. */
    private String hindrance(CampaignRun run, Instant now) {
        if (!(role.state() instanceof RoleState.Active)) {
            return "the dialer is " + role.state().phase();
        }
        String own = run.hindrance(now);
        return own.isEmpty() ? trunk.downReason() : own;
    }

    /**
     * Accepted contacts come first, also while quiescing: their agents wait. Of the others campaigns take turns, so that none
     * starves when ports or the rate are short.
     */
    private void startCalls(Instant now) {
        trunk.nobodyWaits();
        if (!role.mayFinish(now) || !trunk.downReason().isEmpty() || trunk.paused(now)) {
            return;
        }
        trunk.share(share(), now);
        for (Optional<Offer> accepted = offers.nextAccepted(); accepted.isPresent(); accepted = offers.nextAccepted()) {
            if (attempts.size() >= ports() || !trunk.take(now)) {
                return;
            }
            offers.dialed(accepted.get(), now);
            attempts.start(accepted.get(), now);
        }
        if (!role.mayStart(now)) {
            return;
        }
        while (attempts.size() < ports()) {
            Optional<CampaignRun> next = campaigns.nextToDial(now);
            if (next.isEmpty() || !trunk.take(now)) {
                return;
            }
            CampaignRun run = next.get();
            AttemptId id = nextAttempt();
            run.lastStarted = id.sequence();
            attempts.start(id, run, run.takeNext(now), now);
        }
    }

    /** Before calls start, which would need those who are to keep a promise. */
    private void offerPromised(Instant now) {
        if (!callbacks.any()) {
            return;
        }
        campaigns.runs().stream().filter(run -> dials(run, now)).forEach(callbacks::matchIdle);
        for (PersonalCallbacks.Kept kept : callbacks.takeReady()) {
            if (dials(kept.run(), now)) {
                offers.offer(nextAttempt(), OfferKind.PERSONAL_CALLBACK, kept.run(), kept.contact(), kept.agent(), now);
            } else {
                callbacks.notNow(kept);
            }
        }
    }

    /** Shows contacts of the list to agents who are free, as many as there are ports for. */
    private void offerContacts(Instant now) {
        for (CampaignRun run : campaigns.runs()) {
            if (!run.campaign.mode().offersContacts() || !dials(run, now)) {
                continue;
            }
            for (Contact first = run.cache.first();
                    first != null && run.idle.staying() > 0 && attempts.size() + offers.size() < ports();
                    first = run.cache.first()) {
                run.cache.remove(first);
                OfferKind kind =
                        run.campaign.mode() == DialingMode.PREVIEW ? OfferKind.PREVIEW : OfferKind.DIRECT_PREVIEW;
                offers.offer(nextAttempt(), kind, run, first, run.idle.take().orElseThrow(), now);
            }
        }
    }

    /** How many calls may be under way here: what others of the pair have, or may yet have of what agents see, has its ports. */
    private int ports() {
        return role.state().holdsRight()
                ? Math.max(0, config.ports() - elsewhere.calls() - elsewhere.offers())
                : config.ports();
    }

    /** Of the calls a second, while both sides may start some. */
    private double share() {
        return role.state() instanceof RoleState.Settling
                ? SETTLING_SHARE
                : elsewhere.offers() > 0 ? 1 - SETTLING_SHARE : 1;
    }

    private void seeElsewhere(Elsewhere seen, Instant now) {
        elsewhere = seen;
        campaigns.othersSettle(seen.unsettled() + seen.offers() > 0, now);
    }

    /** Only a maintenance asks what is settled: this comes after every step. */
    private void settle(Instant now) {
        if (role.state() instanceof RoleState.Settling && everythingIsSettled()) {
            role.settled(now);
        } else if (role.state() instanceof RoleState.Quiescing quiescing
                && !now.isBefore(handoverNotBefore)
                && !campaigns.claiming()
                && everythingIsSettled()) {
            role.settled(now);
            passOn(quiescing.epoch(), Handover.SEQUENTIAL);
        }
    }

    private boolean everythingIsSettled() {
        return !campaigns.anyUnsettled() && offers.isEmpty() && campaigns.reserved() == 0;
    }

    private void passOn(long epoch, Handover how) {
        switch (peer) {
            case Peer.Healthy healthy -> out.command(new Command.HandOver(epoch, healthy.instance(), how));
            case Peer.Unfit unfit -> out.command(new Command.GiveUpRight(epoch));
        }
    }

    /** In maintenance without the role: follow what is still connected, then stop; but not before another has the role. */
    private void follow(Instant now) {
        if (!(role.state() instanceof RoleState.Monitoring monitoring)) {
            return;
        }
        if (!now.isBefore(monitoring.limitAt())) {
            letGo("the monitoring limit of " + length(config.monitoringLimit()) + " has passed", now);
            stop(0, "the monitoring limit has passed", now);
        } else if (attempts.isEmpty() && monitoring.succession() != Succession.AWAITED) {
            stop(0, "nothing is under way any more", now);
        }
    }

    private static String length(Duration limit) {
        return limit.toSecondsPart() == 0 ? limit.toMinutes() + " min" : limit.toSeconds() + " s";
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
        Counts cut = counts();
        letGo(reason, now);
        offers.withdrawAll(now);
        role.stopNow(reason, now);
        for (CampaignRun run : campaigns.runs()) {
            campaigns.windDown(run, reason, now);
            callbacks.windDown(run, reason);
        }
        switch (before) {
            case RoleState.Active a -> out.command(new Command.GiveUpRight(a.epoch()));
            case RoleState.Quiescing q -> out.command(new Command.GiveUpRight(q.epoch()));
            case RoleState.HandingOver h -> {}
            case RoleState.Settling s -> {}
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

    /** A right that this role cannot use any more, or not yet, is given back at once, so that the peer can take it. */
    private void rightGranted(Event.RightGranted granted, Instant now) {
        long held = role.state().epochHeld();
        if (granted.epoch() <= held) {
            role.renewed(granted.epoch(), granted.until());
            return;
        }
        if (role.state().holdsRight()) {
            rightLost("epoch " + held + " had run out before it came anew", now);
        }
        Inheritance inheritance = granted.inheritance();
        trunk.spent(inheritance.usedUntil());
        seeElsewhere(inheritance.elsewhere(), now);
        role.granted(granted.epoch(), granted.until(), granted.how(), now);
        campaigns.rightGranted(now);
        campaigns.inherit(inheritance.contacts(), underWay(), now);
        if (role.state().epochHeld() != granted.epoch()) {
            out.command(new Command.GiveUpRight(granted.epoch()));
        }
    }

    /** Under another's epoch nothing may ring for us any more; who is connected stays connected. */
    private void rightLost(String reason, Instant now) {
        role.lost(reason, now);
        campaigns.forgetCaches();
        offers.withdrawAll(now);
        attempts.all(
                new CallEvent.GiveUp(new Termination(
                        CallResult.CANCELLED_BY_DIALER, EndedBy.DIALER, "the right to dial is another's: " + reason)),
                now);
    }

    private Set<ContactId> underWay() {
        Set<ContactId> contacts = new HashSet<>();
        attempts.addContacts(contacts);
        offers.addContacts(contacts);
        return contacts;
    }

    private void startRefused(AttemptId id, Instant now) {
        attempts.refused(id, now)
                .filter(attempt -> role.state().epochHeld() > 0)
                .ifPresent(attempt ->
                        out.change(new Change.ContactReturned(attempt.contact.id(), attempt.contact.formerStatus())));
    }

    private void callReported(Event.CallReported reported, Instant now) {
        attempts.report(reported.attempt(), reported.event(), now);
    }

    private void answer(long command, String refusal, String done) {
        if (command != 0) {
            out.command(new Command.Answer(command, refusal.isEmpty(), refusal.isEmpty() ? done : refusal));
        }
    }

    private long epoch() {
        return switch (role.state()) {
            case RoleState.Active a -> a.epoch();
            case RoleState state ->
                throw new IllegalStateException("only an active dialer starts anything, not " + state);
        };
    }

    /** What maintenance would do if it were started now. */
    public MaintenancePlan plan(Handover how, Instant now) {
        return StatusView.plan(how, role.state(), peer, attempts, offers, counts(), config.monitoringLimit(), now);
    }

    /** The dialer as status shows it now. */
    public DialerStatus status(Instant now) {
        return StatusView.status(role.state(), lastReason, dialing(now), attempts, offers, counts(), now);
    }

    private Counts counts() {
        return attempts.counts(offers.size(), campaigns.reserved(), campaigns.cached());
    }

    private String dialing(Instant now) {
        if (!(role.state() instanceof RoleState.Active)) {
            return "no: " + role.state().phase();
        }
        if (!role.mayStart(now)) {
            return "paused: the store has not confirmed the right to dial in time";
        }
        if (!trunk.downReason().isEmpty()) {
            return "paused: " + trunk.downReason();
        }
        if (trunk.paused(now)) {
            return "paused: " + trunk.pauseReason();
        }
        if (campaigns.runs().stream().noneMatch(CampaignRun::running)) {
            return "no campaign runs";
        }
        List<String> notes = campaigns.notes();
        return notes.isEmpty() ? "yes" : "yes; " + String.join("; ", notes);
    }
}
