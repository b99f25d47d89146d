package releve.app.demo;

import java.io.PrintWriter;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** What the demonstration prints: lines with the time, and on a terminal one line that is drawn over and over. */
final class Terminal {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final int QUIET_EVERY = 5;

    private final PrintWriter out;
    private final boolean interactive =
            System.console() != null && System.console().isTerminal();
    private boolean drawn;
    private int skipped;

    Terminal(PrintWriter out) {
        this.out = out;
    }

    void say(String text) {
        clear();
        for (String line : text.split("\n", -1)) {
            out.println(LocalTime.now().truncatedTo(ChronoUnit.SECONDS).format(TIME) + "  " + line);
        }
        out.flush();
    }

    void plain(String text) {
        clear();
        out.println(text);
        out.flush();
    }

    /** Progress: redrawn on a terminal; in a file every fifth one is a line. */
    void progress(String text) {
        if (interactive) {
            clear();
            out.print("          " + text);
            drawn = true;
            out.flush();
        } else if (skipped++ % QUIET_EVERY == 0) {
            say(text);
        }
    }

    private void clear() {
        if (drawn) {
            out.print("\r\033[K");
            drawn = false;
        }
    }
}
