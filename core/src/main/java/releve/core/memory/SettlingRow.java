package releve.core.memory;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import releve.core.store.DialerStore.NodeId;

/** Who may dial what its agents had been offered when it handed over. */
final class SettlingRow {
    private @Nullable NodeId node;
    private long epoch;
    private Instant expiresAt = Instant.MIN;

    void grant(NodeId to, long underEpoch, Instant until) {
        node = to;
        epoch = underEpoch;
        expiresAt = until;
    }

    boolean isHeldBy(NodeId by, long underEpoch) {
        return by.equals(node) && epoch == underEpoch;
    }

    boolean isInForceFor(NodeId by, Instant now) {
        return by.equals(node) && now.isBefore(expiresAt);
    }

    void extend(Instant until) {
        expiresAt = until;
    }

    /** Nothing if it is another's. */
    void end(NodeId of) {
        if (of.equals(node)) {
            node = null;
        }
    }
}
