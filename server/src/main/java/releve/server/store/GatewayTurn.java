package releve.server.store;

import java.sql.SQLException;
import java.time.Duration;
import releve.core.node.LeaseTimes;
import releve.core.pair.Role;
import releve.core.store.DialerStore.NodeId;

/**
 * Whose turn it is to do a gateway's duties: the holder's of the role; and while his renewal is overdue whoever asks. Doing them
 * twice would harm nobody, so those who wait need not wait for a takeover.
 *
 * @param overdueBelow what is left of a lease when its holder has missed a renewal or two
 */
public record GatewayTurn(NodeId node, Role role, Duration overdueBelow) {

    /** With two renewals missed. */
    public static GatewayTurn of(NodeId node, Role role, LeaseTimes times) {
        return new GatewayTurn(node, role, times.ttl().minus(times.renewEvery().multipliedBy(2)));
    }

    boolean isOurs(Tx tx) throws SQLException {
        LeaseRow lease = LeaseRow.read(tx, node.pair(), role);
        boolean others = lease.isHeldByAnother(node);
        return !others || lease.expiresIn().compareTo(overdueBelow) < 0;
    }
}
