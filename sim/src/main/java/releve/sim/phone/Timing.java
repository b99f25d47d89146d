package releve.sim.phone;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import releve.sip.transport.SipCommand;
import releve.sip.transport.SipEndpoint;

/**
 * Runs commands on an endpoint's loop after a time. A command that was cancelled when its time had just come may still run,
 * so it checks the state that it finds.
 */
public final class Timing implements AutoCloseable {
    private static final long RETRY_MS = 10;

    private final ScheduledThreadPoolExecutor clock;
    private volatile @Nullable SipEndpoint endpoint;

    public Timing(String name) {
        clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name(name).daemon().factory());
        clock.setRemoveOnCancelPolicy(true);
    }

    /** Where the commands run; until this is known they wait. */
    public void runOn(SipEndpoint loop) {
        endpoint = loop;
    }

    /** Has the command run after {@code delayMs}; {@code cancel(false)} on the result takes it back. */
    public @Nullable Future<?> after(long delayMs, SipCommand command) {
        try {
            return clock.schedule(() -> run(command), delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            return null; // closed
        }
    }

    /** A full inbox is waited for: a lost command would leave a customer on the line for ever. */
    private void run(SipCommand command) {
        SipEndpoint loop = endpoint;
        if (loop == null || (!loop.submit(command) && loop.isRunning())) {
            after(RETRY_MS, command);
        }
    }

    /** Drops what has not run. */
    @Override
    public void close() {
        clock.shutdownNow();
    }
}
