package releve.server.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import releve.core.store.DialerStore.StoreUnavailable;
import releve.server.contacts.UnreadableList;
import releve.server.store.StoreRefused;

/** How every command of the product behaves: exit codes, and one sentence instead of a stack trace. */
public final class CommandLines {
    public static final int DONE = 0;
    public static final int REFUSED = 1;
    public static final int USAGE = 2;
    private static final int HELP_WIDTH = 110;

    private CommandLines() {}

    /** Gives a command line, with all its subcommands already added, the common behaviour. */
    public static CommandLine behave(CommandLine root) {
        root.setExecutionStrategy(new CommandLine.RunLast());
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setAbbreviatedOptionsAllowed(false);
        root.setUsageHelpWidth(HELP_WIDTH);
        root.setParameterExceptionHandler(usage());
        root.setExecutionExceptionHandler((failure, command, parsed) -> {
            PrintWriter err = command.getErr();
            boolean debug = parsed.originalArgs().contains("--debug");
            if (debug && !(failure instanceof Refusal && failure.getCause() == null)) {
                failure.printStackTrace(err);
            }
            err.println(sentence(failure, debug));
            err.flush();
            return REFUSED;
        });
        return root;
    }

    private static IParameterExceptionHandler usage() {
        return (ParameterException wrong, String[] arguments) -> {
            CommandLine command = wrong.getCommandLine();
            PrintWriter err = command.getErr();
            err.println(wrong.getMessage());
            if (!CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err)) {
                err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
            }
            err.flush();
            return USAGE;
        };
    }

    private static String sentence(Throwable failure, boolean debug) {
        return switch (failure) {
            case Refusal refusal -> String.valueOf(refusal.getMessage());
            case UnreadableList unreadable -> unreadable.getMessage() + ".";
            case StoreRefused refused -> refused.getMessage() + ".";
            case StoreUnavailable lost ->
                "the store does not answer: " + root(lost) + "; is it running, and is its address right?";
            case SQLException sql -> "the store refused: " + root(sql);
            case UncheckedIOException io -> "reading or writing failed: " + root(io);
            default ->
                "this should not have happened: %s: %s%s"
                        .formatted(
                                failure.getClass().getSimpleName().toLowerCase(Locale.ROOT),
                                failure.getMessage(),
                                debug ? "" : " (--debug shows where)");
        };
    }

    private static @Nullable String root(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null
                ? cause.getClass().getSimpleName()
                : message.lines().findFirst().orElse(message);
    }
}
