package releve.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import releve.server.cli.Refusal;

/** Stands in the list of commands; the launcher script carries it out, because it builds first what it runs. */
@Command(mixinStandardHelpOptions = true)
abstract class ScriptCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before any call
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new Refusal(
                spec.name() + " is carried out by the script 'releve' in the root of the checkout: run it there.");
    }

    /** The test suite. */
    @Command(name = "verify", description = "Runs the whole test suite of this checkout.")
    static final class Verify extends ScriptCommand {}

    /** The micro benchmarks. */
    @Command(name = "jmh", description = "Measures the pure parts of this checkout one by one, with JMH.")
    static final class Jmh extends ScriptCommand {}
}
