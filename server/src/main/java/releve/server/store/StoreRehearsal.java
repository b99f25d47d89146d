package releve.server.store;

import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import releve.core.common.Handover;
import releve.core.node.Rehearsal;
import releve.core.pair.Role;
import releve.core.store.Change;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.StoreUnavailable;

/** Has the database do once what a dialer's first calls and its handover will ask of it, in one transaction that is rolled back. */
public final class StoreRehearsal {
    private static final Duration LONGEST = Duration.ofMillis(500);

    /** So that nothing is committed. */
    private static final class Forgotten extends RuntimeException {
        Forgotten() {
            super("a rehearsal", null, false, false);
        }
    }

    private StoreRehearsal() {}

    /**
     * Plays it, for half a second at most.
     *
     * @throws StoreUnavailable when the store does not answer; a rehearsal more or less changes nothing
     */
    public static void play(DataSource dataSource, List<List<Change>> batches) {
        NodeId node = Rehearsal.NOBODY;
        try {
            new Transactions(dataSource).run(tx -> {
                long endNs = System.nanoTime() + LONGEST.toNanos();
                LeaseRow.take(tx, node.pair());
                LeaseRow.hold(tx, Role.DIALER, node, LONGEST, "takeover");
                for (List<Change> batch : batches) {
                    if (System.nanoTime() - endNs > 0) {
                        break;
                    }
                    new Batch(tx, node, Rehearsal.EPOCH).apply(batch);
                }
                PostgresDialerStore.handOver(
                        tx, node, Rehearsal.EPOCH, Rehearsal.NOBODY_ELSE, LONGEST, Handover.OVERLAP);
                throw new Forgotten();
            });
        } catch (Forgotten forgotten) {
            return;
        }
    }
}
