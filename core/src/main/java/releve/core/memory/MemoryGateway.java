package releve.core.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import releve.core.common.Side;
import releve.core.pair.PeerHealth;
import releve.core.store.DialerStore.LeaseView;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.Takeover;
import releve.core.store.GatewayRights;

/** Leases and heartbeats of one kind of gateway, in memory. */
public final class MemoryGateway implements GatewayRights {
    private final MemoryStore store;
    private final Supplier<Instant> time;
    private final Map<Integer, LeaseRow> leases = new LinkedHashMap<>();
    private final Nodes nodes = new Nodes();

    MemoryGateway(MemoryStore store, Supplier<Instant> time) {
        this.store = store;
        this.time = time;
    }

    private LeaseRow row(int pair) {
        return leases.computeIfAbsent(pair, unused -> new LeaseRow());
    }

    @Override
    public synchronized LeaseView lease(int pair) {
        return row(pair).view(time.get());
    }

    @Override
    public synchronized Optional<Takeover> acquire(NodeId node, Duration ttl) {
        LeaseRow lease = row(node.pair());
        if (lease.isHeldByAnother(node, time.get())) {
            return Optional.empty();
        }
        hold(lease, node, ttl, false);
        return Optional.of(new Takeover(lease.epoch(), 0, 0));
    }

    @Override
    public synchronized boolean renew(NodeId node, long epoch, Duration ttl) {
        return row(node.pair()).extend(node, epoch, time.get().plus(ttl));
    }

    @Override
    public synchronized Optional<Long> handOver(NodeId from, long epoch, NodeId to, Duration ttl) {
        LeaseRow lease = row(from.pair());
        if (!lease.wasHandedTo(to, epoch + 1)) {
            if (!lease.isHeldBy(from, epoch)) {
                return Optional.empty();
            }
            hold(lease, to, ttl, true);
        }
        return Optional.of(epoch + 1);
    }

    private void hold(LeaseRow lease, NodeId node, Duration ttl, boolean handover) {
        lease.take(node, time.get().plus(ttl), handover);
        store.tell(new Notice.OfPair(node.pair()));
    }

    @Override
    public synchronized void release(NodeId node, long epoch) {
        LeaseRow lease = row(node.pair());
        if (lease.isHeldBy(node, epoch)) {
            lease.giveUp(time.get());
            store.tell(new Notice.OfPair(node.pair()));
        }
    }

    /** Enters a gateway that starts; false when another of its side lives. */
    public synchronized boolean register(NodeId node, String version, Duration silentFor) {
        return nodes.register(node, version, silentFor, time.get());
    }

    /** A heartbeat. @return why the gateway should stop, when it has been superseded */
    public synchronized Optional<String> beat(NodeId node, String phase) {
        return nodes.beat(node, phase, true, "", time.get());
    }

    /** The gateway has ended in order. */
    public synchronized void stopped(NodeId node, String reason) {
        nodes.stopped(node, reason);
    }

    /** The last heartbeat of a side; empty when no such gateway runs there. */
    public synchronized Optional<PeerHealth.Heartbeat> heartbeat(int pair, Side side) {
        return nodes.latest(pair, side, time.get());
    }
}
