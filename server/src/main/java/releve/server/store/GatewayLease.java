package releve.server.store;

import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import releve.core.pair.Role;
import releve.core.store.DialerStore.LeaseView;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.Takeover;
import releve.core.store.GatewayRights;

/** The lease of a gateway's role, in the table of all leases. */
public final class GatewayLease implements GatewayRights {
    private final Transactions transactions;
    private final Role role;

    public GatewayLease(DataSource dataSource, Role role) {
        this.transactions = new Transactions(dataSource);
        this.role = role;
    }

    @Override
    public LeaseView lease(int pair) {
        return transactions.run(tx -> LeaseRow.read(tx, pair, role).view());
    }

    @Override
    public Optional<Takeover> acquire(NodeId node, Duration ttl) {
        return transactions.run(tx -> {
            // A look without a lock first: a standby that asks again and again must not disturb the holder.
            if (LeaseRow.read(tx, node.pair(), role).isHeldByAnother(node)) {
                return Optional.empty();
            }
            LeaseRow lease = LeaseRow.take(tx, node.pair(), role);
            if (lease.isHeldByAnother(node)) {
                return Optional.empty();
            }
            LeaseRow.hold(tx, role, node, ttl, "takeover");
            return Optional.of(new Takeover(lease.epoch() + 1, 0, 0));
        });
    }

    @Override
    public boolean renew(NodeId node, long epoch, Duration ttl) {
        return transactions.run(tx -> LeaseRow.renew(tx, role, node, epoch, ttl));
    }

    @Override
    public Optional<Long> handOver(NodeId from, long epoch, NodeId to, Duration ttl) {
        return transactions.run(tx -> {
            LeaseRow lease = LeaseRow.take(tx, from.pair(), role);
            if (lease.isHeldBy(to, epoch + 1) && lease.takenBy().equals("handover")) {
                return Optional.of(epoch + 1); // this call was made before, and its answer was lost
            }
            if (!lease.isHeldBy(from, epoch)) {
                return Optional.empty();
            }
            LeaseRow.hold(tx, role, to, ttl, "handover");
            return Optional.of(epoch + 1);
        });
    }

    @Override
    public void release(NodeId node, long epoch) {
        transactions.run(tx -> {
            if (LeaseRow.take(tx, node.pair(), role).isHeldBy(node, epoch)) {
                LeaseRow.giveUp(tx, role, node.pair());
            }
            return true;
        });
    }
}
