package releve.sip.transport;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where the costly part of TLS handshakes runs, so that a storm of them delays no call: one thread, there only while there
 * is something to do. A task for which there is no room is not run; its connection ends by its time-out.
 */
final class SideThread {
    private static final int TASKS_MAX = 2_048;
    private static final int IDLE_SECONDS = 5;

    private final ThreadPoolExecutor executor;

    SideThread(String name) {
        executor = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(TASKS_MAX),
                Thread.ofPlatform().name(name).daemon(true).factory());
        executor.allowCoreThreadTimeOut(true);
    }

    /** Runs the task there and then {@code after}, also there, whatever became of the task. */
    void run(Runnable task, Runnable after) {
        try {
            executor.execute(() -> {
                try {
                    task.run();
                } finally {
                    after.run();
                }
            });
        } catch (RejectedExecutionException _) {
            // The connection ends by its time-out.
        }
    }

    void close() {
        executor.shutdownNow();
    }
}
