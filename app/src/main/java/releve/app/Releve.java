package releve.app;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import releve.app.bench.BenchCommand;
import releve.app.demo.DemoCommand;
import releve.server.cli.CommandGroup;
import releve.server.cli.CommandLines;
import releve.server.cli.ServerCommands;
import releve.sim.cli.AgentsCommand;
import releve.sim.cli.CarrierCommand;
import releve.sim.cli.GenerateContactsCommand;
import releve.sim.cli.SimulateCommand;
import releve.sim.cli.SimulateFaultsCommand;

/** The root command. Exit codes: 0 done, 1 refused or failed with one sentence, 2 wrong usage. */
@Command(
        name = "releve",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Relève, an outbound dialer for contact centres that never needs a maintenance window.",
            "",
        },
        footer = {
            "",
            "Examples:",
            "  releve demo                                     watch a whole contact centre dial on this machine",
            "  releve status                                   who dials, in which phase, what it waits for",
            "  releve maintenance start --side A --dry-run     what a maintenance of side A would do now",
            "  releve maintenance start --side A --wait        do it, and come back when side A has stopped",
            "",
            "Exit codes: 0 done, 1 refused or failed (one sentence says why), 2 wrong usage.",
            "'releve COMMAND --help' explains a command.",
        })
public final class Releve extends CommandGroup {
    /** Commands that run for long: their logs are worth reading. */
    private static final Set<String> LONG_RUNNING = Set.of("node", "carrier", "agents");

    private Releve() {}

    /** All commands of this module and of {@code sim}; those of the product are {@link ServerCommands#all()}. */
    private static List<Object> ownCommands() {
        return List.of(
                new DemoCommand(),
                new BenchCommand(),
                new ReconcileCommand(),
                new CarrierCommand(),
                new AgentsCommand(),
                new SimulateCommand(),
                new SimulateFaultsCommand(),
                new ScriptCommand.Jmh(),
                new ScriptCommand.Verify());
    }

    public static void main(String[] arguments) {
        boolean debug = Arrays.asList(arguments).contains("--debug");
        boolean longRunning = arguments.length > 0 && LONG_RUNNING.contains(arguments[0]);
        if (System.getProperty("releve.log") == null) {
            System.setProperty("releve.log", debug ? "DEBUG" : longRunning ? "INFO" : "OFF");
            System.setProperty("releve.log.libraries", debug ? "INFO" : longRunning ? "WARN" : "OFF");
        }
        System.exit(commandLine().execute(arguments));
    }

    /** The whole command line, ready to execute. */
    public static CommandLine commandLine() {
        CommandLine root = new CommandLine(new Releve());
        ServerCommands.all().forEach(root::addSubcommand);
        ownCommands().forEach(root::addSubcommand);
        Objects.requireNonNull(root.getSubcommands().get("contacts")).addSubcommand(new GenerateContactsCommand());
        return CommandLines.behave(root);
    }
}
