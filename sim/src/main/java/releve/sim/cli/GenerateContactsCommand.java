package releve.sim.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import releve.sim.list.ContactLists;
import releve.sim.list.FictionalContact;

/** Makes a contact list of people who do not exist. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Make a contact list with numbers from the ranges reserved for fiction, as CSV in UTF-8.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class GenerateContactsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "COUNT", description = "How many contacts.")
    private int count;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "The same seed, the same list.")
    private long seed;

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write it. Default: standard output.")
    private @Nullable Path file;

    @Option(names = "--debug", description = "Show logs, and the stack trace of a failure.")
    private boolean debug;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            List<FictionalContact> contacts = ContactLists.generate(seed, count);
            if (file == null) {
                ContactLists.write(contacts, out);
            } else {
                try (Writer writer = Files.newBufferedWriter(file)) {
                    ContactLists.write(contacts, writer);
                }
            }
            out.flush();
            return 0;
        } catch (IllegalArgumentException e) {
            return refused(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return refused("The list cannot be written to " + file + ": " + e.getMessage() + ".");
        }
    }

    private int refused(String sentence) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(sentence);
        err.flush();
        return 1;
    }
}
