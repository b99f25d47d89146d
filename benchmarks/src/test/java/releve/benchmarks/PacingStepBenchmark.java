package releve.benchmarks;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.pacing.AbandonBudget;
import releve.core.pacing.Floor;
import releve.core.pacing.PredictivePacing;

/** One decision of the predictive policy with 500 agents, six of them idle, and 2,000 calls in flight. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PacingStepBenchmark {
    private static final int AGENTS = 500;
    private static final int CALLS = 2000;
    private static final int IDLE = 6;

    private Floor floor = floor();
    private PredictivePacing steady = policy();
    private long nowMs;

    /** The floor after an hour of dialing, and the calls and agents to decide about. */
    @Setup(Level.Trial)
    public void fill() {
        SplittableRandom random = new SplittableRandom(1);
        floor = floor();
        nowMs = 36_000_000;
        long calls = 0;
        for (int i = 0; i < AGENTS; i++) {
            floor.ready(agent(i), nowMs);
        }
        for (int i = 0; i < AGENTS; i++) {
            for (int missed = 0; missed < 3; missed++) {
                AttemptId call = AttemptId.of(1, 1, ++calls);
                floor.dialed(call, nowMs);
                floor.gone(call, nowMs + 8000 + random.nextInt(17_000));
            }
            AttemptId call = AttemptId.of(1, 1, ++calls);
            floor.dialed(call, nowMs);
            floor.live(call, nowMs + 5000 + random.nextInt(10_000));
            floor.served(call, agent(i), nowMs + 15_000);
            nowMs += 500;
            if (i % 3 == 0) {
                floor.talkEnded(agent(i), nowMs + 20_000);
                floor.ready(agent(i), nowMs + 25_000);
                AttemptId next = AttemptId.of(1, 1, ++calls);
                floor.dialed(next, nowMs + 25_000);
                floor.live(next, nowMs + 26_000);
                floor.served(next, agent(i), nowMs + 26_000);
            }
        }
        nowMs += 30_000;
        for (int i = 0; i < CALLS; i++) {
            floor.dialed(AttemptId.of(1, 1, ++calls), nowMs + i * 12L);
        }
        nowMs += CALLS * 12L;
        for (int i = 0; i < IDLE; i++) {
            floor.talkEnded(agent(i * 10 + 1), nowMs);
            floor.ready(agent(i * 10 + 1), nowMs);
        }
        steady = policy();
        steady.callsToStart(floor, nowMs);
    }

    /** As nearly every decision is: the tables of what hazards imply are at hand. */
    @Benchmark
    public int decision() {
        return steady.callsToStart(floor, nowMs);
    }

    /** As one decision in every 15 s is: the tables are worked out anew. */
    @Benchmark
    public int decisionWithFreshTables() {
        return policy().callsToStart(floor, nowMs);
    }

    private static AgentId agent(int number) {
        return new AgentId("agent" + number);
    }

    private static Floor floor() {
        return new Floor(new AbandonBudget(new AbandonBudget.Limit(0.03, AbandonBudget.Window.DAY, 0, 1)));
    }

    private static PredictivePacing policy() {
        return new PredictivePacing(new PredictivePacing.Bounds(2, 100), Optional.empty());
    }
}
