package releve.sim.faults;

import releve.core.engine.Command;
import releve.core.node.DialerTurns;

/** Carries the commands of a simulated node out: to the carrier, into the trace, and to its end. */
final class SimulatedEdges implements DialerTurns.Edges {
    private final PairWorld world;
    private final SimulatedNode node;

    SimulatedEdges(PairWorld world, SimulatedNode node) {
        this.world = world;
        this.node = node;
    }

    @Override
    public void carryOut(Command command) {
        switch (command) {
            case Command.Dial dial -> {
                world.rules().leaves(node, dial.attempt());
                world.carrier().dial(node, dial);
            }
            case Command.DialFromAgent dial -> {
                world.rules().leaves(node, dial.attempt());
                world.carrier().dial(node, dial);
            }
            case Command.PlayAndHangUp play -> world.carrier().play(play.attempt());
            case Command.CancelDial cancel -> {
                if (!world.flaws().forgetsCancels()) {
                    world.carrier().cancel(cancel.attempt());
                }
            }
            case Command.Bridge bridge -> world.carrier().bridge(bridge);
            case Command.HangUp hangUp -> world.carrier().hangUp(hangUp.attempt());
            case Command.Forget forget -> {
                if (world.flaws().hangsUpAtTheLimit()) {
                    world.carrier().hangUp(forget.attempt());
                } else {
                    world.carrier().forget(forget.attempt());
                }
            }
            case Command.Answer answer -> {
                world.trace()
                        .line(node.id().toString(), (answer.accepted() ? "answers: " : "refuses: ") + answer.text());
                node.gateways().maintenance().answered(answer);
            }
            case Command.AnswerDryRun answer -> {}
            case Command.Journal journal -> {
                world.trace().line(node.id().toString(), journal.transition().toString());
                node.gateways().maintenance().dialerMoved(journal.transition());
                if (journal.transition().endsMaintenance()) {
                    node.gateways().dialerBackInService(journal.transition().reason());
                }
            }
            case Command.StopProcess stop -> node.dialerEnds(stop);
            case Command.ClaimContacts claim -> {}
            case Command.ClaimPersonalCallbacks claim -> {}
            case Command.HandOver handOver -> {}
            case Command.GiveUpRight giveUp -> {}
        }
    }
}
