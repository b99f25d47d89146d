package releve.server.cli;

import java.io.Console;
import java.io.PrintWriter;

/** Whether a person watches, and lines that are overwritten for him. */
public final class Terminal {
    private Terminal() {}

    /** Whether input and output are a terminal. */
    public static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** Replaces the current line. */
    public static void overwrite(PrintWriter to, String line) {
        to.print("\r\033[K" + line);
        to.flush();
    }
}
