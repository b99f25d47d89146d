package releve.sim.agents;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * What agents decide about single contacts: one contact a line, by the first number of its list; then the answers to its
 * first offer, its second and so on, and what they make of its first call, its second and so on. Of both the last holds for
 * all that follow; a hyphen leaves it to their habits. Lines that begin with {@code #} are comments.
 *
 * <pre>
 * +12025550101 accept done
 * +12025550102 skip,accept personal-callback:10s
 * +12025550103 - callback:20s+leave
 * </pre>
 */
public final class DeskScript {
    /** Nothing is written down. */
    public static final DeskScript EMPTY = new DeskScript(Map.of());

    private static final int LINES_MAX = 100_000;
    private static final String BY_HABIT = "-";

    private record Line(List<OfferAnswer> offers, List<Verdict> calls) {}

    private final Map<String, Line> lines;
    private final Map<String, AtomicInteger> offersSeen = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> callsSeen = new ConcurrentHashMap<>();

    private DeskScript(Map<String, Line> lines) {
        this.lines = lines;
    }

    /**
     * Reads a script.
     *
     * @throws IOException with one sentence when the file cannot be read or a line means nothing
     */
    public static DeskScript read(Path file) throws IOException {
        return of(Files.readAllLines(file));
    }

    /** @throws IOException with one sentence when a line means nothing */
    public static DeskScript of(List<String> text) throws IOException {
        if (text.size() > LINES_MAX) {
            throw new IOException("The script has %d lines; it may have %d.".formatted(text.size(), LINES_MAX));
        }
        Map<String, Line> lines = new HashMap<>();
        for (int i = 0; i < text.size(); i++) {
            String line = text.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split("\\s+", -1);
            if (words.length != 3) {
                throw new IOException(
                        "Line %d of the script is no number with answers and results: %s".formatted(i + 1, line));
            }
            try {
                lines.put(
                        words[0],
                        new Line(
                                each(words[1]).map(OfferAnswer::of).toList(),
                                each(words[2]).map(Verdict::of).toList()));
            } catch (IllegalArgumentException e) {
                throw new IOException("Line %d of the script: %s".formatted(i + 1, e.getMessage()), e);
            }
        }
        return new DeskScript(Map.copyOf(lines));
    }

    private static Stream<String> each(String words) {
        return words.equals(BY_HABIT) ? Stream.empty() : Stream.of(words.split(",", -1));
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** What is written about the next offer of a contact; empty when nothing is. */
    Optional<OfferAnswer> nextOffer(String firstPhone) {
        Line line = lines.get(firstPhone);
        return line == null ? Optional.empty() : next(line.offers(), offersSeen, firstPhone);
    }

    /** What is written about the next call of a contact; empty when nothing is. */
    Optional<Verdict> nextCall(String firstPhone) {
        Line line = lines.get(firstPhone);
        return line == null ? Optional.empty() : next(line.calls(), callsSeen, firstPhone);
    }

    private static <T> Optional<T> next(List<T> all, Map<String, AtomicInteger> seen, String phone) {
        if (all.isEmpty()) {
            return Optional.empty();
        }
        int number = seen.computeIfAbsent(phone, key -> new AtomicInteger()).getAndIncrement();
        return Optional.of(all.get(Math.min(number, all.size() - 1)));
    }
}
