package releve.sim.faults;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What happened, a line each, for a person who looks for a cause: all of it, or the end. */
final class Trace {
    private static final int KEPT_MAX = 400;

    private final Supplier<Duration> time;
    private final @Nullable Consumer<String> all;
    private final Deque<String> last = new ArrayDeque<>();

    /** @param all takes every line; null keeps the last ones only */
    Trace(Supplier<Duration> time, @Nullable Consumer<String> all) {
        this.time = time;
        this.all = all;
    }

    void line(String who, String what) {
        Duration t = time.get();
        String line = "%02d:%02d:%02d.%03d  %-10s %s"
                .formatted(t.toHours(), t.toMinutesPart(), t.toSecondsPart(), t.toMillisPart(), who, what);
        if (all != null) {
            all.accept(line);
        }
        if (last.size() == KEPT_MAX) {
            last.remove();
        }
        last.add(line);
    }

    /** Whether somebody reads every line, so that details are worth their cost. */
    boolean takesAll() {
        return all != null;
    }

    List<String> last() {
        return List.copyOf(last);
    }
}
