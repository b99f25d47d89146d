package releve.sim.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import releve.sim.carrier.Carrier;
import releve.sim.carrier.CarrierConfig;
import releve.sim.world.FateScript;
import releve.sim.world.PopulationConfig;
import releve.sim.world.Shares;
import releve.sim.world.Spread;

/** Runs a simulated carrier until it is told to stop. */
@Command(
        name = "carrier",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Run a simulated trunk with people behind it, and write down every call it sees.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class CarrierCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Running running;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS:PORT",
            defaultValue = "127.0.0.1:5060",
            converter = Running.Address.class,
            description = "Where it takes calls, UDP.")
    private InetSocketAddress listen;

    @Option(
            names = "--journal",
            paramLabel = "FILE",
            defaultValue = "var/carrier.jsonl",
            description = "Where it writes what it saw, one JSON line a fact; appended to.")
    private Path journal;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "The same seed, the same people.")
    private long seed;

    @Option(names = "--answer-rate", paramLabel = "SHARE", defaultValue = "0.35", description = "Calls answered.")
    private double answerRate;

    @Option(names = "--busy-rate", paramLabel = "SHARE", defaultValue = "0.12", description = "Calls that get 486.")
    private double busyRate;

    @Option(
            names = "--invalid-rate",
            paramLabel = "SHARE",
            defaultValue = "0.04",
            description = "Numbers that get 404.")
    private double invalidRate;

    @Option(
            names = "--congestion-rate",
            paramLabel = "SHARE",
            defaultValue = "0.01",
            description = "Calls that get 503.")
    private double congestionRate;

    @Option(names = "--refused-rate", paramLabel = "SHARE", defaultValue = "0.01", description = "Calls that get 603.")
    private double refusedRate;

    @Option(
            names = "--unavailable-rate",
            paramLabel = "SHARE",
            defaultValue = "0.02",
            description = "Calls that get 480. What all rates leave of 1 rings unanswered.")
    private double unavailableRate;

    @Option(names = "--ring", paramLabel = "SECONDS", defaultValue = "8", description = "Mean ring time to an answer.")
    private double ringSeconds;

    @Option(names = "--talk", paramLabel = "SECONDS", defaultValue = "20", description = "Mean talk time.")
    private double talkSeconds;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "15",
            description = "Mean time that somebody who has answered waits for an agent.")
    private double patienceSeconds;

    @Option(
            names = "--customer-ends",
            paramLabel = "SHARE",
            defaultValue = "0.6",
            description = "Talks that the customer ends; in the others he waits for the agent to hang up.")
    private double customerEnds;

    @Option(
            names = "--early-media",
            paramLabel = "SHARE",
            defaultValue = "0.08",
            description = "Calls with 183, not 180.")
    private double earlyMedia;

    @Option(
            names = "--slow-ringing",
            paramLabel = "SHARE",
            defaultValue = "0.05",
            description = "Calls whose 180 comes seconds late.")
    private double slowRinging;

    @Option(
            names = "--script",
            paramLabel = "FILE",
            description = {
                "What becomes of calls to single numbers: a line for each, such as '+12025550101 busy answer:4s', for its",
                "first call, its second and all that follow. Fates: answer, answer:4s, hang-up, no-answer, busy, invalid,",
                "congestion, refused, unavailable."
            })
    private @Nullable Path script;

    @Option(names = "--speed", paramLabel = "FACTOR", defaultValue = "1", description = "2 lives twice as fast.")
    private double speed;

    @Option(
            names = "--talk-limit",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "The carrier ends an answered call that is older.")
    private double talkLimitSeconds;

    @Option(
            names = "--calls-per-second",
            paramLabel = "N",
            defaultValue = "0",
            description = "Calls beyond that get 503 with Retry-After; 0 is no limit.")
    private double callsPerSecond;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        CarrierConfig config;
        try {
            config = config().withScript(script == null ? FateScript.EMPTY : FateScript.read(script));
        } catch (IOException e) {
            return refused("The script '%s' cannot be used: %s".formatted(script, e.getMessage()));
        }
        running.checkReach(listen, spec.commandLine());
        List<String> violations = config.violations();
        if (!violations.isEmpty()) {
            throw new CommandLine.ParameterException(spec.commandLine(), violations.getFirst());
        }
        running.catchSignals();
        try (Carrier carrier = Carrier.start(config)) {
            running.ready("carrier", carrier.address(), out);
            running.progress(out, carrier::isHealthy, () -> status(carrier));
            running.stopped(out, status(carrier));
            if (!carrier.isHealthy()) {
                return refused("The carrier stopped: its socket or its journal failed.");
            }
            return 0;
        } catch (IOException e) {
            return refused(String.valueOf(e.getMessage()));
        }
    }

    private int refused(String sentence) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(sentence);
        err.flush();
        return 1;
    }

    private CarrierConfig config() {
        if (!(speed >= 0.01 && speed <= 1_000)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "The speed is 0.01 to 1000, not " + speed + ".");
        }
        Shares shares = new Shares(answerRate, busyRate, invalidRate, congestionRate, refusedRate, unavailableRate);
        PopulationConfig people = PopulationConfig.DEFAULT
                .with(shares)
                .withRing(spread(PopulationConfig.DEFAULT.ring(), ringSeconds))
                .withTalk(spread(PopulationConfig.DEFAULT.talk(), talkSeconds))
                .withPatience(spread(PopulationConfig.DEFAULT.patience(), patienceSeconds))
                .withCustomerEnds(customerEnds)
                .withEarlyMedia(earlyMedia)
                .withSlowRinging(slowRinging)
                .times(1 / speed);
        return CarrierConfig.defaults(journal)
                .withListen(listen)
                .withSeed(seed)
                .withPeople(people)
                .withCallsPerSecond(callsPerSecond)
                .withTalkLimitMs(Running.ms(talkLimitSeconds));
    }

    /** The default curve, stretched to that mean. */
    static Spread spread(Spread usual, double meanSeconds) {
        return usual.times(meanSeconds * 1_000 / usual.meanMs());
    }

    private static ObjectNode status(Carrier carrier) {
        return new ObjectMapper().valueToTree(carrier.status());
    }
}
