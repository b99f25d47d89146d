package releve.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import releve.server.cli.Refusal;

/** Stands in the list of commands; the launcher script carries it out, because it builds what is tested. */
@Command(name = "verify", mixinStandardHelpOptions = true, description = "Runs the whole test suite of this checkout.")
final class VerifyCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new Refusal("verify is carried out by the script 'releve' in the root of the checkout: run it there.");
    }
}
