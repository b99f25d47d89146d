package releve.core.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import releve.core.campaign.Contact;
import releve.core.store.DialerStore.Elsewhere;
import releve.core.store.DialerStore.LeaseView;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.StoreUnavailable;
import releve.core.store.DialerStore.Takeover;

/**
 * The lease of one role of a pair: who is active. Every call is one transaction and blocks; every call may throw
 * {@link StoreUnavailable}, after which it may be repeated. Time is the store's.
 */
public interface RoleLease {

    /** The lease as it stands. */
    LeaseView lease(int pair);

    /** Takes the role if nobody holds it: never held, given up, or expired. @return empty when another holds it */
    Optional<Takeover> acquire(NodeId node, Duration ttl);

    /** Extends the holder's lease. @return false when the epoch is no longer the one in force, or the holder another */
    boolean renew(NodeId node, long epoch, Duration ttl);

    /** Gives the role up without a successor. Nothing if not held. */
    void release(NodeId node, long epoch);

    /** Extends the right to settle after a handover that overlapped; only the right to dial knows such. */
    boolean renewSettling(NodeId node, long epoch, Duration ttl);

    /** What other processes of the pair have under way; only dialers have anything. */
    Elsewhere elsewhere(NodeId node);

    /** Contacts that came with the right to dial; no other role has any. */
    List<Contact> held(NodeId node, long epoch);
}
