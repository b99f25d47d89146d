package releve.core.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import releve.core.store.DialerStore.LeaseView;
import releve.core.store.DialerStore.NodeId;

/** Who may dial for a pair. */
final class LeaseRow {
    private long epoch;
    private @Nullable NodeId holder;
    private Instant expiresAt = Instant.MIN;
    private boolean byHandover;

    long epoch() {
        return epoch;
    }

    Optional<NodeId> holder() {
        return Optional.ofNullable(holder);
    }

    boolean isHeldBy(NodeId node, long underEpoch) {
        return epoch == underEpoch && node.equals(holder);
    }

    boolean isHeldByAnother(NodeId node, Instant now) {
        return holder != null && now.isBefore(expiresAt) && !holder.equals(node);
    }

    /** Whether this very handover has been made before. */
    boolean wasHandedTo(NodeId to, long underEpoch) {
        return byHandover && isHeldBy(to, underEpoch);
    }

    void take(NodeId node, Instant until, boolean handover) {
        epoch++;
        holder = node;
        expiresAt = until;
        byHandover = handover;
    }

    /** @return false when the epoch is no longer the one in force, or the holder another */
    boolean extend(NodeId node, long underEpoch, Instant until) {
        if (isHeldBy(node, underEpoch)) {
            expiresAt = until;
            return true;
        }
        return false;
    }

    void giveUp(Instant now) {
        holder = null;
        expiresAt = now;
    }

    LeaseView view(Instant now) {
        Duration left = expiresAt.equals(Instant.MIN) ? Duration.ZERO : Duration.between(now, expiresAt);
        return new LeaseView(epoch, holder(), left);
    }

    String inWords() {
        return "epoch %d is in force, held by %s"
                .formatted(epoch, holder().map(NodeId::toString).orElse("nobody"));
    }
}
