package releve.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class StoreErrandsTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    /** A process whose last word got lost would be taken for running, and could not be started again for seconds. */
    @Test
    void shouldHaveWrittenTheLastWordWhenItIsFinished() throws InterruptedException {
        int processes = 2_000;
        AtomicInteger written = new AtomicInteger();
        for (int i = 0; i < processes; i++) {
            StoreErrands errands = new StoreErrands();
            errands.start();
            errands.add("The end", () -> writes(written));
            // Looks at each moment of the way from the queue to the store.
            LockSupport.parkNanos(1_000L * (i % 100));
            errands.finish(LONG);
        }
        assertThat(written).hasValue(processes);
    }

    /** As the store's driver does, it gives up when it is interrupted. */
    private static void writes(AtomicInteger written) {
        LockSupport.parkNanos(100_000);
        if (!Thread.currentThread().isInterrupted()) {
            written.incrementAndGet();
        }
    }
}
