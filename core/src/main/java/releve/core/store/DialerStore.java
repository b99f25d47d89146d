package releve.core.store;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import releve.core.campaign.Abandonment;
import releve.core.campaign.Campaign;
import releve.core.campaign.Contact;
import releve.core.campaign.OfferAnswer;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.Handover;
import releve.core.common.ReservationId;

/**
 * What a dialer asks of the store. Every call is one transaction and blocks; every call may throw
 * {@link StoreUnavailable}, after which nothing is known of whether it was applied, so every call may be repeated.
 *
 * <p>The real store and the simulated one pass the same contract tests.
 */
public interface DialerStore extends RoleLease {
    /** So long {@link #leaving} names an agent who is away. */
    Duration AWAY_REMEMBERED = Duration.ofMinutes(5);

    /** The lease of the dialer role as it stands, in the store's own time. */
    @Override
    LeaseView lease(int pair);

    /**
     * Takes the right to dial if nobody holds it (never held, given up, or expired): epoch + 1, holder = this node, expiry =
     * the store's now + TTL. In the same transaction everything that the former holder left is settled: its live attempts
     * end with result 100 and their contacts are closed, or as was decided of them
     * ({@link Change.AttemptDecided}); contacts it had only cached go back to their former status; its
     * open reservation requests and offers go; agents it had reserved or offered a contact are ready again, and agents who were talking through it go to
     * wrap-up. What a holder that handed over in order still has under way is untouched: it stays that node's own.
     * When the former holder is this very node, its calls and agents stay its own; only cached contacts go back. A node that
     * settles takes what it settles with it under the new epoch.
     *
     * @return the epoch now held, or empty when another holds a lease that has not expired
     */
    @Override
    Optional<Takeover> acquire(NodeId node, Duration ttl);

    /**
     * Extends the holder's lease to the store's now + TTL, also when it had expired but nobody had taken it.
     *
     * @return false when the epoch is no longer the one in force, or the holder another
     */
    @Override
    boolean renew(NodeId node, long epoch, Duration ttl);

    /**
     * Hands the right to dial to the peer in one transaction: epoch + 1, holder = peer, expiry = the store's now + TTL;
     * cached contacts (A) become the peer's under the new epoch. Repeated, it answers as the first time.
     *
     * <p>With an overlap, contacts that agents have been offered stay this node's under the old epoch, and for the same TTL it
     * keeps the right to start attempts with those, and nothing else ({@link #renewSettling}).
     *
     * @return the new epoch, or empty when this node no longer held the old one
     */
    Optional<Long> handOver(NodeId from, long epoch, NodeId to, Duration ttl, Handover how);

    /**
     * Extends the right to settle, to dial what agents accept that this node had offered them before it handed over, to the
     * store's now + TTL, also when it had expired.
     *
     * @return false when it is no longer this node's: it has the right to dial again, or was thought dead, and what it left is
     *     settled
     */
    @Override
    boolean renewSettling(NodeId node, long epoch, Duration ttl);

    /** What other processes of the pair have under way. */
    @Override
    Elsewhere elsewhere(NodeId node);

    /** Gives the right up without a successor: the lease expires at once; cached contacts go back. Nothing if not held. */
    @Override
    void release(NodeId node, long epoch);

    /**
     * Applies the changes in order in one transaction, sharing the lease row's lock when any of them uses the right to
     * dial. Repeating a batch after {@link StoreUnavailable} is harmless. A node that settles may start attempts with contacts
     * that it has offered.
     *
     * @return what was refused
     */
    CommitResult commit(NodeId node, long epoch, List<Change> changes);

    /**
     * Claims up to {@code count} contacts that may be dialed now (callbacks and retries whose time has come, and pending
     * ones, in the campaign's order of selection), in one statement that skips rows locked by others, and stamps them A with pair, epoch and node.
     * Contacts any of whose phones has a live attempt are passed over; those any of whose phones is on the do-not-call list are
     * closed as do not call (26).
     *
     * @return empty when the epoch is over; the claimed contacts otherwise, none when there are none
     */
    Optional<List<Contact>> claim(NodeId node, long epoch, CampaignId campaign, int count);

    /**
     * Claims up to {@code count} personal callbacks that are due, in one statement as {@link #claim} does, the longest due
     * first; those on the do-not-call list are closed as there.
     *
     * @return empty when the epoch is over
     */
    Optional<List<Contact>> claimPersonalCallbacks(NodeId node, long epoch, CampaignId campaign, int count);

    /** Contacts (A) that this node holds under this epoch: what a handover brought. */
    @Override
    List<Contact> held(NodeId node, long epoch);

    /** The campaigns of the pair. */
    List<Campaign> campaigns();

    /** Offers of this node that are open and that their agents have answered. */
    Map<AttemptId, OfferAnswer> answered(NodeId node);

    /**
     * Agents nobody need count on: who have asked to be away after their call, or are not ready or logged out since no longer than
     * {@link #AWAY_REMEMBERED}.
     */
    Set<AgentId> leaving();

    /** The live answers of each campaign of the pair over its window, counted from the ledger. */
    List<Abandonment> abandonment();

    /** Reservations of this node that have been granted, by request: the agent and the URI of his phone. */
    Map<ReservationId, Granted> granted(NodeId node);

    /**
     * Who a node is: one start of one side's process.
     *
     * @param instance unique per start
     */
    record NodeId(int pair, releve.core.common.Side side, String instance) {
        @Override
        public String toString() {
            return side + "/" + instance;
        }
    }

    /**
     * The lease as read.
     *
     * @param epoch 0 when never held
     * @param expiresIn by the store's clock; negative when it has expired
     */
    record LeaseView(long epoch, Optional<NodeId> holder, Duration expiresIn) {}

    /**
     * What a takeover found.
     *
     * @param closedAsUnknown live attempts of the former holder
     * @param returned contacts that were only cached
     */
    record Takeover(long epoch, int closedAsUnknown, int returned) {}

    /**
     * What other processes of a pair have under way, by the ledger.
     *
     * @param calls live attempts
     * @param unsettled those of them that are not connected, and may yet be abandoned
     * @param offers contacts that agents see, or have accepted
     */
    record Elsewhere(int calls, int unsettled, int offers) {
        public static final Elsewhere NOTHING = new Elsewhere(0, 0, 0);
    }

    /** A reserved agent, where his phone is, and which skill groups he serves. */
    record Granted(AgentId agent, String phoneUri, Set<String> skillGroups) {}

    /**
     * What a commit refused.
     *
     * @param epochOver the writer no longer has the right to dial: all its changes that use it were refused
     * @param refused attempts that were not started, with the reason
     */
    record CommitResult(boolean epochOver, Map<AttemptId, String> refused) {
        public static final CommitResult ALL_APPLIED = new CommitResult(false, Map.of());
    }

    /** The store did not answer, or said that it cannot now. */
    final class StoreUnavailable extends RuntimeException {
        public StoreUnavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
