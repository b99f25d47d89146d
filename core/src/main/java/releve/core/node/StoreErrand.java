package releve.core.node;

import java.util.List;
import java.util.Optional;
import releve.core.campaign.Contact;
import releve.core.common.CampaignId;
import releve.core.common.Handover;
import releve.core.engine.Command;
import releve.core.engine.Event;
import releve.core.store.DialerStore;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.StoreUnavailable;

/**
 * A command of the engine that the store carries out by itself after the changes decided before it, and what its answer, or
 * the lack of one, means to the engine.
 */
public sealed interface StoreErrand {

    record Claim(Command.ClaimContacts command) implements StoreErrand {}

    record ClaimPersonal(Command.ClaimPersonalCallbacks command) implements StoreErrand {}

    record HandOver(Command.HandOver command) implements StoreErrand {}

    record GiveUp(Command.GiveUpRight command) implements StoreErrand {}

    /** The errand of a command; empty when it is not the store's. */
    static Optional<StoreErrand> of(Command.AfterCommit command) {
        return switch (command) {
            case Command.ClaimContacts claim -> Optional.of(new Claim(claim));
            case Command.ClaimPersonalCallbacks claim -> Optional.of(new ClaimPersonal(claim));
            case Command.HandOver handOver -> Optional.of(new HandOver(handOver));
            case Command.GiveUpRight giveUp -> Optional.of(new GiveUp(giveUp));
            case Command.Dial dial -> Optional.empty();
            case Command.DialFromAgent dial -> Optional.empty();
            case Command.StopProcess stop -> Optional.empty();
        };
    }

    /** Whether it moves the right to dial: the lease is neither renewed nor looked at meanwhile. */
    default boolean movesTheRight() {
        return switch (this) {
            case Claim claim -> false;
            case ClaimPersonal claim -> false;
            case HandOver handOver -> true;
            case GiveUp giveUp -> true;
        };
    }

    /**
     * Whether it is repeated until the store answers. After a handover with an overlap whose answer is lost a node could not
     * tell whether it dials under the right itself or only settles.
     */
    default boolean untilAnswered() {
        return this instanceof HandOver handOver && handOver.command().how() == Handover.OVERLAP;
    }

    /** What this node has of the right to dial after such an outcome of an errand that moves it. */
    default LeaseKeeper.Kept kept(Event outcome) {
        return !(outcome instanceof Event.HandedOver)
                ? LeaseKeeper.Kept.ALL
                : untilAnswered() ? LeaseKeeper.Kept.SETTLING : LeaseKeeper.Kept.NOTHING;
    }

    /**
     * Has the store carry it out.
     *
     * @param epoch under which it was decided
     * @throws StoreUnavailable when the store does not answer; {@link #unanswered} is the answer then
     */
    default Event carryOut(DialerStore store, NodeId node, long epoch, LeaseTimes times) {
        return switch (this) {
            case Claim claim -> claim(claim.command(), store, node, epoch);
            case ClaimPersonal claim -> {
                CampaignId campaign = claim.command().campaign();
                yield store.claimPersonalCallbacks(
                                node, epoch, campaign, claim.command().count())
                        .<Event>map(contacts -> new Event.PersonalCallbacksClaimed(campaign, contacts))
                        .orElseGet(() -> new Event.PersonalCallbacksNotClaimed(campaign, "the epoch is over"));
            }
            case HandOver handOver -> {
                NodeId peer = new NodeId(
                        node.pair(), node.side().other(), handOver.command().toInstance());
                yield store.handOver(
                                node,
                                handOver.command().epoch(),
                                peer,
                                times.ttl(),
                                handOver.command().how())
                        .<Event>map(now -> new Event.HandedOver(
                                handOver.command().epoch(), "handed over to side " + peer.side() + ", epoch " + now))
                        .orElseGet(() -> new Event.HandoverFailed(
                                handOver.command().epoch(), "the right was no longer this side's"));
            }
            case GiveUp giveUp -> {
                store.release(node, giveUp.command().epoch());
                yield new Event.HandedOver(giveUp.command().epoch(), "the right to dial is given up");
            }
        };
    }

    private static Event claim(Command.ClaimContacts command, DialerStore store, NodeId node, long epoch) {
        CampaignId campaign = command.campaign();
        Optional<List<Contact>> claimed = store.claim(node, epoch, campaign, command.count());
        if (claimed.isEmpty()) {
            return new Event.ClaimFailed(campaign, "the epoch is over");
        }
        List<Contact> contacts = command.heldToo()
                ? store.held(node, epoch).stream()
                        .filter(contact -> contact.campaign().equals(campaign))
                        .toList()
                : claimed.get();
        return new Event.ContactsClaimed(campaign, contacts);
    }

    /** What it means that the store did not answer. */
    default Event unanswered(StoreUnavailable why) {
        return switch (this) {
            case Claim claim -> new Event.ClaimFailed(claim.command().campaign(), String.valueOf(why.getMessage()));
            case ClaimPersonal claim ->
                new Event.PersonalCallbacksNotClaimed(claim.command().campaign(), String.valueOf(why.getMessage()));
            case HandOver handOver ->
                new Event.HandoverFailed(handOver.command().epoch(), "the store is absent: " + why.getMessage());
            case GiveUp giveUp ->
                new Event.HandoverFailed(giveUp.command().epoch(), "the store is absent: " + why.getMessage());
        };
    }
}
