package releve.sim.faults;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.Campaign;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.Schedule;
import releve.core.engine.Event;
import releve.core.node.Batch;
import releve.core.node.DialerTurns;
import releve.core.node.NodeClock;
import releve.core.pair.Role;
import releve.core.pair.RoleState;
import releve.core.store.DialerStore.CommitResult;

/** The planted bug of a world, if it has one: each spoils one thing at a seam, and leaves all else as it is. */
final class Flaws {
    private final @Nullable Bug bug;

    Flaws(@Nullable Bug bug) {
        this.bug = bug;
    }

    boolean has(Bug one) {
        return bug == one;
    }

    Instant sentAt(Instant right, Instant answeredAt) {
        return has(Bug.DEADLINE_FROM_AFTER_THE_ANSWER) ? answeredAt : right;
    }

    boolean tells(Role role, Event event) {
        return switch (event) {
            case Event.RightLost lost -> role != Role.DIALER || !has(Bug.LOST_RIGHT_NOT_TOLD);
            case Event.RightGranted granted -> role == Role.DIALER || !has(Bug.GATEWAY_DOES_NOT_SUCCEED);
            case Event other -> true;
        };
    }

    OfferAnswer written(OfferAnswer said) {
        return has(Bug.SKIP_TAKEN_FOR_ACCEPTANCE) ? OfferAnswer.ACCEPT : said;
    }

    DialerTurns.NodeTime time(NodeClock right) {
        return !has(Bug.SUSPENSION_NOT_SUSPECTED)
                ? right
                : new DialerTurns.NodeTime() {
                    @Override
                    public Instant now() {
                        return right.now();
                    }

                    @Override
                    public boolean suspectedSuspension() {
                        return false;
                    }
                };
    }

    boolean suspects(NodeClock time) {
        return !has(Bug.SUSPENSION_NOT_SUSPECTED) && time.wouldSuspectSuspension();
    }

    boolean logsOutWhoeverLeaves() {
        return has(Bug.GATEWAY_LOGS_OUT_WHOEVER_LEAVES);
    }

    Campaign told(Campaign right) {
        return has(Bug.HOURS_NOT_KNOWN) ? right.withSchedule(Schedule.ALWAYS) : right;
    }

    CommitResult result(CommitResult right) {
        return has(Bug.REFUSALS_IGNORED) ? CommitResult.ALL_APPLIED : right;
    }

    boolean losesUnansweredCommits() {
        return has(Bug.UNANSWERED_COMMIT_NOT_REPEATED);
    }

    boolean forgetsCancels() {
        return has(Bug.CANCEL_FORGOTTEN);
    }

    boolean hangsUpAtTheLimit() {
        return has(Bug.HANGS_UP_AT_THE_LIMIT);
    }

    boolean dialsBeforeTheCommit() {
        return has(Bug.DIALS_BEFORE_THE_COMMIT);
    }

    Optional<Batch> batch(SimulatedNode node, Optional<Batch> right, RoleState before) {
        return bug == null ? right : PlantedBatches.spoil(bug, node, right, before);
    }
}
