package releve.app.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The demonstration. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Shows a whole contact centre dial on this machine: PostgreSQL, both sides of a pair, a carrier with customers and"
                    + " agents with phones, all as processes of their own that speak real SIP.",
            "",
            "Open the console at the address it prints, and put the active side into maintenance. Ctrl-C lets the calls end and"
                    + " compares the ledger with the carrier's journal; a second Ctrl-C stops at once.",
            "",
        },
        footer = {
            "",
            "Examples:",
            "  releve demo                              until you stop it",
            "  releve demo --script handover --seed 7   does a maintenance in mid-campaign by itself, and proves it",
        })
public final class DemoCommand implements Callable<Integer> {
    /** What the demonstration does by itself. */
    enum Script {
        NONE,
        HANDOVER
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before any call
    private CommandSpec spec;

    @Option(
            names = "--script",
            defaultValue = "none",
            paramLabel = "NAME",
            description =
                    "handover: maintenance of side A in mid-campaign, its return as standby, and the reconciliation.")
    @SuppressWarnings("NullAway.Init")
    private Script script;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description = "The same seed, the same customers and agents. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--short", description = "People talk for seconds only, and there are fewer of them.")
    private boolean brief;

    @Option(
            names = "--agents",
            defaultValue = "60",
            paramLabel = "N",
            description = "Agents, 1 to 500. Default: ${DEFAULT-VALUE}.")
    private int agents;

    @Option(
            names = "--directory",
            defaultValue = "var/demo",
            paramLabel = "DIR",
            description = "Where logs and journals go. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Option(
            names = "--data",
            defaultValue = "var",
            paramLabel = "DIR",
            description = "Where the embedded PostgreSQL keeps its data. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Path data;

    @Override
    public Integer call() throws Exception {
        if (agents < 1 || agents > 500) {
            throw new ParameterException(spec.commandLine(), "--agents is 1 to 500.");
        }
        Terminal terminal = new Terminal(spec.commandLine().getOut());
        try (Demo demo = new Demo(cast(), seed, terminal)) {
            demo.start();
            return switch (script) {
                case NONE -> demo.untilInterrupted();
                case HANDOVER -> new HandoverScript(demo, terminal, brief).play();
            };
        }
    }

    private Ensemble.Cast cast() {
        String talk = brief ? "8" : "25";
        return new Ensemble.Cast(
                directory,
                data,
                "releve_demo",
                List.of("--seed", Long.toString(seed), "--talk", talk, "--ring", brief ? "5" : "7"),
                Optional.of(new ArrayList<>(List.of(
                        "--seed",
                        Long.toString(seed),
                        "--count",
                        Integer.toString(agents),
                        "--talk",
                        talk,
                        "--wrap-up",
                        "3"))),
                List.of("--monitoring-limit", "600"));
    }

    @Override
    public String toString() {
        return "demo " + script.name().toLowerCase(Locale.ROOT);
    }
}
