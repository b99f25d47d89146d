package releve.sim.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import releve.sim.agents.AgentHabits;
import releve.sim.agents.Agents;
import releve.sim.agents.AgentsConfig;

/** Runs simulated agents and an IVR until they are told to stop. */
@Command(
        name = "agents",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Run simulated agents with SIP phones and desktops, and an IVR at sip:ivr@ADDRESS:PORT.",
            "The first SIGTERM or Ctrl-C lets calls end and logs the agents out; a second one stops at once.",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class AgentsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Running running;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS:PORT",
            defaultValue = "127.0.0.1:5080",
            converter = Running.Address.class,
            description = "Where the phones listen, UDP.")
    private InetSocketAddress listen;

    @Option(
            names = "--gateways",
            paramLabel = "URL",
            split = ",",
            defaultValue = "http://127.0.0.1:8080,http://127.0.0.1:8081",
            description = "The product's sides; desktops turn to the next when one does not answer.")
    private List<URI> gateways;

    @Option(
            names = "--agent-key",
            paramLabel = "KEY",
            defaultValue = "${env:RELEVE_AGENT_KEY:-}",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "What the product wants to see at log-in. Default: the variable RELEVE_AGENT_KEY.")
    private String agentKey;

    @Option(names = "--count", paramLabel = "N", defaultValue = "20", description = "Agents: agent1, agent2 and so on.")
    private int count;

    @Option(
            names = "--skill-groups",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "demo",
            description = "The skill groups of each agent.")
    private List<String> skillGroups;

    @Option(
            names = "--journal",
            paramLabel = "FILE",
            defaultValue = "var/agents.jsonl",
            description = "Where the phones write what they saw, one JSON line a fact; appended to.")
    private Path journal;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "The same seed, the same decisions.")
    private long seed;

    @Option(names = "--wrap-up", paramLabel = "SECONDS", defaultValue = "5", description = "Mean wrap-up time.")
    private double wrapUpSeconds;

    @Option(names = "--talk", paramLabel = "SECONDS", defaultValue = "20", description = "Mean talk time.")
    private double talkSeconds;

    @Option(
            names = "--agent-ends",
            paramLabel = "SHARE",
            defaultValue = "0.5",
            description = "Calls that the agent ends after a talk of his own; in the others he waits for the customer.")
    private double agentEnds;

    @Option(names = "--ivr-talk", paramLabel = "SECONDS", defaultValue = "15", description = "Mean time in the IVR.")
    private double ivrTalkSeconds;

    @Option(
            names = "--busy-faults",
            paramLabel = "SHARE",
            defaultValue = "0",
            description = "Free phones that say busy.")
    private double busyFaults;

    @Option(
            names = "--silent-faults",
            paramLabel = "SHARE",
            defaultValue = "0",
            description = "Free phones that ring unanswered.")
    private double silentFaults;

    @Mixin
    private DeskOptions desk;

    @Option(names = "--speed", paramLabel = "FACTOR", defaultValue = "1", description = "2 works twice as fast.")
    private double speed;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        AgentsConfig config;
        try {
            config = config().withDesk(desk.habits().times(1 / speed), desk.script());
        } catch (IOException e) {
            return refused(String.valueOf(e.getMessage()));
        }
        running.checkReach(listen, spec.commandLine());
        List<String> violations = config.violations();
        if (!violations.isEmpty()) {
            throw new CommandLine.ParameterException(spec.commandLine(), violations.getFirst());
        }
        running.catchSignals();
        try (Agents agents = Agents.start(config)) {
            running.ready("agents", agents.address(), out);
            running.progress(out, agents::isHealthy, () -> status(agents));
            agents.stop();
            running.progress(out, () -> agents.isHealthy() && !stopped(agents), () -> status(agents));
            running.stopped(out, status(agents));
            if (!agents.isHealthy()) {
                return refused("The agents stopped: their socket or their journal failed.");
            }
            return 0;
        } catch (IOException e) {
            return refused(String.valueOf(e.getMessage()));
        }
    }

    private static boolean stopped(Agents agents) {
        try {
            return agents.awaitStopped(Duration.ofMillis(1));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private int refused(String sentence) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(sentence);
        err.flush();
        return 1;
    }

    private AgentsConfig config() {
        if (!(speed >= 0.01 && speed <= 1_000)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "The speed is 0.01 to 1000, not " + speed + ".");
        }
        AgentHabits usual = AgentHabits.DEFAULT;
        AgentHabits habits = usual.withWrapUp(CarrierCommand.spread(usual.wrapUp(), wrapUpSeconds))
                .withTalk(CarrierCommand.spread(usual.talk(), talkSeconds))
                .withIvrTalk(CarrierCommand.spread(usual.ivrTalk(), ivrTalkSeconds))
                .withAgentEnds(agentEnds)
                .withFaults(busyFaults, silentFaults)
                .times(1 / speed);
        return AgentsConfig.defaults(gateways, journal)
                .withListen(listen)
                .withAgentKey(agentKey)
                .withCount(count)
                .withSkillGroups(skillGroups)
                .withSeed(seed)
                .withHabits(habits);
    }

    private static ObjectNode status(Agents agents) {
        return new ObjectMapper().valueToTree(agents.status());
    }
}
