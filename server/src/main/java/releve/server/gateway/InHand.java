package releve.server.gateway;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts what is under way, apart for before and after a turn: so one can wait for what had been begun, however much is begun
 * meanwhile.
 */
final class InHand {
    private volatile AtomicInteger current = new AtomicInteger();
    private volatile AtomicInteger before = new AtomicInteger();

    /** One piece of work; closed when it is done. */
    record Piece(AtomicInteger count) implements AutoCloseable {
        @Override
        public void close() {
            count.decrementAndGet();
        }
    }

    Piece begin() {
        while (true) {
            AtomicInteger now = current;
            now.incrementAndGet();
            if (now == current) {
                return new Piece(now);
            }
            now.decrementAndGet(); // a turn came in between: it belongs to what is begun after it
        }
    }

    /** From now on what is begun counts apart. */
    synchronized void turn() {
        before = current;
        current = new AtomicInteger();
    }

    /** What was begun before the last turn and is not done. */
    int ofBefore() {
        return before.get();
    }
}
