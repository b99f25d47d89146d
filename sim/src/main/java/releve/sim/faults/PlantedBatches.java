package releve.sim.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import releve.core.agent.AgentState;
import releve.core.common.CallResult;
import releve.core.common.EndedBy;
import releve.core.common.Termination;
import releve.core.engine.Command;
import releve.core.node.Batch;
import releve.core.pair.RoleState;
import releve.core.store.Change;

/** Bugs that change what a turn decided. */
final class PlantedBatches {
    /** Every how-manieth result or wrap-up gets lost, where it is now and then. */
    private static final int NOW_AND_THEN = 7;

    private PlantedBatches() {}

    static Optional<Batch> spoil(Bug bug, SimulatedNode node, Optional<Batch> right, RoleState before) {
        List<Change> changes = new ArrayList<>(right.map(Batch::changes).orElse(List.of()));
        List<Command.AfterCommit> commands =
                new ArrayList<>(right.map(Batch::commands).orElse(List.of()));
        RoleState now = node.dialer().role();
        boolean quiesces = now instanceof RoleState.Quiescing && before instanceof RoleState.Active;
        switch (bug) {
            case RESULT_WRITTEN_TWICE ->
                changes.stream()
                        .filter(Change.AttemptEnded.class::isInstance)
                        .findFirst()
                        .ifPresent(changes::add);
            case RESULT_LOST ->
                changes.removeIf(change -> change instanceof Change.AttemptEnded ended
                        && ended.attempt().sequence() % NOW_AND_THEN == 0);
            case ABANDONED_COUNTED_AS_GONE ->
                changes.replaceAll(change -> change instanceof Change.AttemptEnded ended
                                && ended.termination().result().isAbandoned()
                        ? new Change.AttemptEnded(
                                ended.attempt(),
                                ended.contact(),
                                new Termination(CallResult.CUSTOMER_ABANDON, EndedBy.CUSTOMER, "planted"),
                                ended.outcome(),
                                ended.at())
                        : change);
            case WRAP_UP_FORGOTTEN ->
                changes.removeIf(change -> change instanceof Change.AgentWrapUp wrapUp
                        && wrapUp.reservation().value() % NOW_AND_THEN == 0);
            case AGENT_RELEASED_EARLY -> {
                if (changes.stream().anyMatch(Change.AttemptAnswered.class::isInstance)) {
                    node.reservedAgents().stream()
                            .filter(agent -> agent.state() == AgentState.RESERVED && agent.reservation() != null)
                            .findFirst()
                            .ifPresent(agent -> changes.add(new Change.ReservationWithdrawn(
                                    java.util.Objects.requireNonNull(agent.reservation()), "planted")));
                }
            }
            case HANDS_OVER_WHILE_RINGING -> {
                if (quiesces && now instanceof RoleState.Quiescing quiescing) {
                    node.peerInstance().ifPresent(peer -> commands.add(new Command.HandOver(quiescing.epoch(), peer)));
                }
            }
            case KEEPS_RESERVING -> {
                if (now instanceof RoleState.Quiescing) {
                    changes.removeIf(Change.ReservationWithdrawn.class::isInstance);
                }
            }
            case MONITORING_ENDS_EARLY -> {
                if (now instanceof RoleState.Monitoring && !(before instanceof RoleState.Monitoring)) {
                    commands.add(new Command.StopProcess(0, "planted"));
                }
            }
            default -> {
                return right;
            }
        }
        return changes.isEmpty() && commands.isEmpty()
                ? Optional.empty()
                : Optional.of(new Batch(right.map(Batch::epoch).orElse(now.epochHeld()), changes, commands));
    }
}
