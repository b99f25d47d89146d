package releve.server.cli;

import picocli.CommandLine.Option;

/** Options that every command has. */
public final class OutputOptions {
    @Option(names = "--json", description = "Print the result as JSON, for programs.")
    private boolean json;

    @Option(names = "--debug", description = "Show logs, and the stack trace of a failure.")
    private boolean debug;

    public boolean json() {
        return json;
    }

    public boolean debug() {
        return debug;
    }
}
