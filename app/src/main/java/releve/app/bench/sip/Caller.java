package releve.app.bench.sip;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import releve.sip.agent.Counter;
import releve.sip.agent.InviteRequest;
import releve.sip.agent.SipEvent;
import releve.sip.agent.UserAgent;
import releve.sip.agent.UserAgentConfig;
import releve.sip.sdp.Sdp;
import releve.sip.transport.SipEndpoint;

/** Our user agent as the caller: starts calls at a rate, hangs up or cancels as the scenario wants, and measures. */
final class Caller implements AutoCloseable {
    private static final int CALLS_MAX = 400_000;
    /** A call's number, modulo this, is its place in the table of start times. */
    private static final int TABLE = 1 << 20;
    /** Latencies up to this many tenths of a millisecond are told apart. */
    private static final int TENTHS_MAX = 100_000;

    private static final Duration SETTLE = Duration.ofSeconds(3);

    private final Scenario scenario;
    private final boolean holds;
    private final InviteRequest invite;
    private final SipEndpoint endpoint;
    private final long[] startedNs = new long[TABLE];
    private final long[] ringTenths = new long[TENTHS_MAX + 1];
    private final ArrayDeque<long[]> toCancel = new ArrayDeque<>();
    private final AtomicLong started = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong over = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    /**
     * One measurement.
     *
     * @param callsPerSecond calls that ended as the scenario wants, for each second in which calls were started
     * @param failed calls that ended in any other way, or not at all
     * @param repeated messages of ours that were sent again
     * @param p50Ms from INVITE to 180
     * @param cpuSeconds of this process for 1,000 calls
     * @param allocatedBytes for each call
     */
    record Figures(
            double callsPerSecond,
            long failed,
            long repeated,
            double p50Ms,
            double p99Ms,
            double cpuSeconds,
            long allocatedBytes) {
        /** No failure and no retransmission of ours. */
        boolean clean() {
            return failed == 0 && repeated == 0;
        }
    }

    /** @param holds whether answered calls stay up */
    Caller(Scenario scenario, InetSocketAddress from, InetSocketAddress to, boolean holds) throws IOException {
        this.scenario = scenario;
        this.holds = holds;
        String host = to.getAddress().getHostAddress() + ":" + to.getPort();
        String own = from.getAddress().getHostAddress();
        this.invite = InviteRequest.of("sip:bench@" + host, to, "sip:releve@" + own, "sip:bench@" + host)
                .withSdp(Sdp.audio(own, 40_000, 1).toString());
        this.endpoint = SipEndpoint.open(
                UserAgentConfig.at(from).withLimits(CALLS_MAX, 8 * CALLS_MAX, 180_000),
                new SplittableRandom(1),
                this::told);
    }

    /** Starts calls at that rate for that time, waits for their ends, and measures. */
    Figures run(int perSecond, int seconds) throws InterruptedException {
        Arrays.fill(ringTenths, 0);
        long callsBefore = started.get();
        long overBefore = over.get();
        long failedBefore = failed.get();
        long repeatedBefore = repeated();
        long cpuBefore = cpuNs();
        long allocatedBefore = allocatedBytes();
        long beginNs = System.nanoTime();
        start(perSecond, perSecond * (long) seconds, beginNs);
        double tookSeconds = (System.nanoTime() - beginNs) / 1e9;
        long calls = started.get() - callsBefore;
        Duration limit = SETTLE.plusSeconds(holds ? 0 : scenario.lastsSeconds());
        long leftOver = callsBefore - overBefore; // of an earlier run; they end within this one, or never
        awaitOver(holds ? Long.MAX_VALUE : overBefore + leftOver + calls, limit);
        long ended = holds ? answered.get() : over.get() - overBefore;
        long wrong = failed.get() - failedBefore + Math.max(0, calls - ended);
        return new Figures(
                (ended - (failed.get() - failedBefore)) / tookSeconds,
                wrong,
                repeated() - repeatedBefore,
                percentileMs(0.5),
                percentileMs(0.99),
                (cpuNs() - cpuBefore) / 1e6 / Math.max(1, calls),
                (allocatedBytes() - allocatedBefore) / Math.max(1, calls));
    }

    private void start(int perSecond, long calls, long beginNs) {
        long asked = 0;
        while (asked < calls) {
            long due = Math.min(calls, (long) ((System.nanoTime() - beginNs) / 1e9 * perSecond));
            int now = (int) (due - asked);
            endpoint.submit((agent, nowMs) -> {
                for (int i = 0; i < now; i++) {
                    startOne(agent, nowMs);
                }
                cancelDue(agent, nowMs);
            });
            asked = due;
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void startOne(UserAgent agent, long nowMs) {
        long startNs = System.nanoTime();
        long call = agent.invite(invite, nowMs);
        startedNs[(int) (call & (TABLE - 1))] = startNs;
        started.incrementAndGet();
        if (scenario.cancelAfterMs() > 0) {
            toCancel.add(new long[] {call, nowMs + scenario.cancelAfterMs()});
        }
    }

    private void cancelDue(UserAgent agent, long nowMs) {
        while (!toCancel.isEmpty() && toCancel.peek()[1] <= nowMs) {
            agent.cancel(toCancel.remove()[0], null, nowMs);
        }
    }

    private void awaitOver(long count, Duration limit) throws InterruptedException {
        long endNs = System.nanoTime() + limit.toNanos();
        while (over.get() < count && System.nanoTime() < endNs) {
            endpoint.submit(this::cancelDue);
            Thread.sleep(Duration.ofMillis(20));
        }
    }

    private void told(SipEvent event, UserAgent agent, long nowMs) {
        switch (event) {
            case SipEvent.Provisional ringing -> {
                long ns = System.nanoTime() - startedNs[(int) (ringing.call() & (TABLE - 1))];
                ringTenths[(int) Math.min(TENTHS_MAX, ns / 100_000)]++;
            }
            case SipEvent.Answered up -> {
                answered.incrementAndGet();
                if (!holds) {
                    agent.bye(up.call(), null, nowMs);
                }
            }
            case SipEvent.CallEnded _ -> over.incrementAndGet();
            case SipEvent.InviteFailed end -> {
                over.incrementAndGet();
                boolean wanted = scenario == Scenario.CANCEL && end.cancelled() && !end.local();
                if (!wanted) {
                    failed.incrementAndGet();
                }
            }
            default -> {}
        }
    }

    private double percentileMs(double share) {
        long all = Arrays.stream(ringTenths).sum();
        long seen = 0;
        for (int i = 0; i <= TENTHS_MAX; i++) {
            seen += ringTenths[i];
            if (seen > 0 && seen >= Math.ceil(share * all)) {
                return (i + 1) / 10.0;
            }
        }
        return 0;
    }

    /** Asked on the loop, for the counters are its own. */
    private long repeated() throws InterruptedException {
        return ask(agent -> agent.count(Counter.RETRANSMISSIONS_SENT));
    }

    private interface Question {
        long of(UserAgent agent);
    }

    private long ask(Question question) throws InterruptedException {
        var answer = new java.util.concurrent.CompletableFuture<Long>();
        endpoint.submit((agent, _) -> answer.complete(question.of(agent)));
        try {
            return answer.get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    long calls() throws InterruptedException {
        return ask(UserAgent::calls);
    }

    long transactions() throws InterruptedException {
        return ask(UserAgent::transactions);
    }

    private static long cpuNs() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static long allocatedBytes() {
        return ManagementFactory.getPlatformMXBean(ThreadMXBean.class).getTotalThreadAllocatedBytes();
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
