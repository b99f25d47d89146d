package releve.core.node;

import releve.core.engine.Command;
import releve.core.engine.Event;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.StoreUnavailable;
import releve.core.store.GatewayRights;

/** A command that moves a gateway's role, and what the store's answer, or the lack of one, means to the gateway. */
public sealed interface GatewayErrand {

    record HandOver(Command.HandOver command) implements GatewayErrand {}

    record GiveUp(Command.GiveUpRight command) implements GatewayErrand {}

    /**
     * Has the store carry it out.
     *
     * @throws StoreUnavailable when the store does not answer; {@link #unanswered} is the answer then
     */
    default Event.OfRole carryOut(GatewayRights store, NodeId node, LeaseTimes times) {
        return switch (this) {
            case HandOver handOver -> {
                NodeId to = new NodeId(
                        node.pair(), node.side().other(), handOver.command().toInstance());
                yield store.handOver(node, handOver.command().epoch(), to, times.ttl())
                        .<Event.OfRole>map(epoch -> new Event.HandedOver(
                                handOver.command().epoch(),
                                "handed over to side %s, epoch %d".formatted(to.side(), epoch)))
                        .orElseGet(() -> new Event.RightLost("another holds the role"));
            }
            case GiveUp giveUp -> {
                store.release(node, giveUp.command().epoch());
                yield new Event.HandedOver(giveUp.command().epoch(), "given up");
            }
        };
    }

    /** What it means that the store did not answer. */
    default Event.OfRole unanswered(StoreUnavailable why) {
        return switch (this) {
            case HandOver handOver ->
                new Event.HandoverFailed(
                        handOver.command().epoch(), "the store did not pass the role on: " + why.getMessage());
            case GiveUp giveUp ->
                new Event.HandoverFailed(
                        giveUp.command().epoch(), "the store did not take the role back: " + why.getMessage());
        };
    }

    /** What this node has of the role after such an outcome. */
    static LeaseKeeper.Kept kept(Event.OfRole outcome) {
        return outcome instanceof Event.HandoverFailed ? LeaseKeeper.Kept.ALL : LeaseKeeper.Kept.NOTHING;
    }
}
