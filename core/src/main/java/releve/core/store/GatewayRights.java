package releve.core.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import releve.core.campaign.Contact;
import releve.core.store.DialerStore.Elsewhere;
import releve.core.store.DialerStore.NodeId;

/**
 * The lease of a gateway's role. Unlike the right to dial it leaves nothing behind that would have to be settled: what a gateway
 * does is done when its transaction has committed.
 */
public interface GatewayRights extends RoleLease {

    /** Hands the role to the peer; repeated, it answers as the first time. @return empty when this node no longer held it */
    Optional<Long> handOver(NodeId from, long epoch, NodeId to, Duration ttl);

    @Override
    default boolean renewSettling(NodeId node, long epoch, Duration ttl) {
        return false;
    }

    @Override
    default Elsewhere elsewhere(NodeId node) {
        return Elsewhere.NOTHING;
    }

    @Override
    default List<Contact> held(NodeId node, long epoch) {
        return List.of();
    }
}
