package releve.app.bench.sip;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import releve.app.bench.sip.Caller.Figures;
import releve.server.config.FreePorts;

/**
 * The measurements behind {@code bench sip}. Each run has a fresh SIPp as the called side; what bounds a rate is the core
 * that SIPp or the user agent's loop fills first, since each has one thread that does the work.
 */
final class SipBench {
    private static final int STEP_SECONDS = 6;
    private static final int WARM_UP_SECONDS = 4;
    private static final int OVERLOAD_SECONDS = 10;

    private final Path directory;
    private final Consumer<String> progress;

    SipBench(Path directory, Consumer<String> progress) {
        this.directory = directory;
        this.progress = progress;
    }

    /** Our user agent at that rate; the virtual machine is warmed up first. */
    Figures ours(Scenario scenario, int perSecond, int seconds) throws IOException, InterruptedException {
        InetSocketAddress to = FreePorts.address();
        try (Sipp called = Sipp.called(directory, scenario.calledSide(), to);
                Caller caller = new Caller(scenario, FreePorts.address(), to, false)) {
            caller.run(Math.max(100, perSecond / 4), WARM_UP_SECONDS);
            Figures figures = caller.run(perSecond, seconds);
            progress.accept(line("ours", perSecond, figures));
            return figures;
        }
    }

    /** SIPp at that rate: whether every call succeeded without a retransmission. */
    boolean sippIsClean(int perSecond, int seconds) throws IOException, InterruptedException {
        InetSocketAddress to = FreePorts.address();
        try (Sipp called = Sipp.called(directory, Scenario.PLAIN.calledSide(), to);
                Sipp calling = Sipp.calling(
                        directory, "uac-plain.xml", FreePorts.address(), to, perSecond, perSecond * (long) seconds)) {
            boolean ended = calling.await(Duration.ofSeconds(seconds + 5L));
            Sipp.Counts counts = calling.counts();
            boolean clean = ended && counts.failed() == 0 && counts.repeated() == 0;
            progress.accept("  SIPp  %,7d calls/s  %s%n"
                    .formatted(
                            perSecond,
                            clean
                                    ? "clean"
                                    : counts.failed() + " failed, " + counts.repeated() + " repeated"
                                            + (ended ? "" : ", not at that rate")));
            return clean;
        }
    }

    /** The answer to whether a rate is clean. */
    interface Trial {
        boolean isClean(int perSecond) throws IOException, InterruptedException;
    }

    /** The highest rate in steps that is clean; the next step was not, twice. 0 when not even the first is. */
    static int highestClean(int from, int step, int most, Trial trial) throws IOException, InterruptedException {
        int clean = 0;
        for (int rate = from; rate <= most; rate += step) {
            boolean isClean = false;
            for (int tries = 0; tries < 2 && !isClean; tries++) {
                isClean = trial.isClean(rate);
            }
            if (!isClean) {
                break;
            }
            clean = rate;
        }
        return clean;
    }

    int highestOurs(Scenario scenario, int from, int step, int most) throws IOException, InterruptedException {
        return highestClean(
                from, step, most, rate -> ours(scenario, rate, STEP_SECONDS).clean());
    }

    int highestSipp(int from, int step, int most) throws IOException, InterruptedException {
        return highestClean(from, step, most, rate -> sippIsClean(rate, STEP_SECONDS));
    }

    /**
     * Heap for each established dialog, bytes: used heap after full collections, with that many calls up and with none.
     * Transactions of the calls' set-up have ended before.
     */
    String memory(int dialogs) throws IOException, InterruptedException {
        InetSocketAddress to = FreePorts.address();
        try (Sipp called = Sipp.called(directory, Scenario.PLAIN.calledSide(), to);
                Caller caller = new Caller(Scenario.PLAIN, FreePorts.address(), to, true)) {
            caller.run(500, 1);
            long up = caller.calls();
            long before = usedBytes();
            caller.run(1_000, dialogs / 1_000);
            progress.accept("  waiting for the transactions to end%n".formatted());
            for (int i = 0; i < 60 && caller.transactions() > 0; i++) {
                Thread.sleep(Duration.ofSeconds(1));
            }
            long held = caller.calls() - up;
            long after = usedBytes();
            return "%,d bytes for each of %,d dialogs (%,d transactions left)"
                    .formatted((after - before) / Math.max(1, held), held, caller.transactions());
        }
    }

    private static long usedBytes() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(Duration.ofMillis(200));
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Twice the rate for ten seconds; then the rate again, five seconds after the overload's end. */
    void overload(int perSecond) throws IOException, InterruptedException {
        InetSocketAddress to = FreePorts.address();
        try (Sipp called = Sipp.called(directory, Scenario.PLAIN.calledSide(), to);
                Caller caller = new Caller(Scenario.PLAIN, FreePorts.address(), to, false)) {
            caller.run(perSecond / 4, WARM_UP_SECONDS);
            progress.accept(line("before", perSecond / 2, caller.run(perSecond / 2, STEP_SECONDS)));
            progress.accept(line("twice", 2 * perSecond, caller.run(2 * perSecond, OVERLOAD_SECONDS)));
            Thread.sleep(Duration.ofSeconds(2)); // with the three seconds for which a run settles: five
            progress.accept(line("after", perSecond / 2, caller.run(perSecond / 2, STEP_SECONDS)));
        }
    }

    static String line(String who, int offered, Figures figures) {
        return String.format(
                Locale.ROOT,
                "  %-6s %,7d calls/s offered  %,9.0f done  %,d failed  %,d repeated  180 after p50 %.1f p99 %.1f ms  %.3f CPU s per 1,000  %,d bytes a call%n",
                who,
                offered,
                figures.callsPerSecond(),
                figures.failed(),
                figures.repeated(),
                figures.p50Ms(),
                figures.p99Ms(),
                figures.cpuSeconds(),
                figures.allocatedBytes());
    }
}
