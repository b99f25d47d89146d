package releve.server.node;

import java.util.Optional;
import releve.core.common.Side;
import releve.core.pair.Peer;
import releve.core.pair.PeerHealth;
import releve.core.pair.Role;
import releve.core.store.DialerStore.NodeId;
import releve.server.store.GatewayRegistry;
import releve.server.store.NodeRegistry;

/** The other side's gateway, as the store shows it: whether it could take the role, and where its desktops connect. */
final class GatewayPeer {
    private final NodeId self;
    private final Role role;
    private final GatewayRegistry gateways;
    private final NodeRegistry nodes;
    private volatile String url = "";

    GatewayPeer(NodeId self, Role role, GatewayRegistry gateways, NodeRegistry nodes) {
        this.self = self;
        this.role = role;
        this.gateways = gateways;
        this.nodes = nodes;
    }

    /** Where it serves; empty when it does not, as of the last look. */
    String url() {
        return url;
    }

    /** Looks. @throws releve.core.store.DialerStore.StoreUnavailable when the store does not answer */
    Peer look() {
        Side other = self.side().other();
        Optional<GatewayRegistry.Entry> entry = gateways.latest(self.pair(), other, role)
                .filter(found -> found.stop().isEmpty());
        Optional<Peer> former = entry.filter(found -> found.age().compareTo(PeerHealth.SILENT_MAX) <= 0)
                        .isPresent()
                ? Optional.empty()
                : former(other);
        if (former.isPresent()) {
            return former.get();
        }
        Peer peer = PeerHealth.judge(
                "the %s of side %s".formatted(role.written(), other),
                entry.map(found -> new PeerHealth.Heartbeat(
                        found.node().instance(), found.version(), found.phase(), true, "", found.age())),
                ReleveVersion.get());
        boolean serves = entry.isPresent()
                && entry.get().age().compareTo(PeerHealth.SILENT_MAX) <= 0
                && (entry.get().phase().equals("active") || entry.get().phase().equals("standby"));
        url = serves ? entry.get().httpUrl() : "";
        return peer;
    }

    /** A node of a former version runs both gateways, and they serve without holding a role. */
    private Optional<Peer> former(Side other) {
        Optional<NodeRegistry.Entry> node = nodes.latest(self.pair(), other)
                .filter(found -> found.start().roles().isEmpty()
                        && found.stop().isEmpty()
                        && found.age().compareTo(PeerHealth.SILENT_MAX) <= 0);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        url = node.get().start().httpUrl();
        return Optional.of(new Peer.Healthy(""));
    }
}
