package releve.core.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import releve.core.campaign.Abandonment;

/** One campaign's live answers by the quarter of an hour in which they ended. */
final class LiveAnswers {
    private static final long QUARTER_SECONDS = 900;

    private record Ended(Instant at, boolean abandoned) {}

    private static final class Quarter {
        int abandoned;
        /** One by one, because a window may begin between them. */
        final List<Ended> all = new ArrayList<>();
    }

    private final NavigableMap<Long, Quarter> quarters = new TreeMap<>();

    void add(Instant at, boolean abandoned) {
        Quarter quarter = quarters.computeIfAbsent(number(at), unused -> new Quarter());
        quarter.all.add(new Ended(at, abandoned));
        quarter.abandoned += abandoned ? 1 : 0;
    }

    /** Another result takes the place of this one. */
    void remove(Instant at, boolean abandoned) {
        Quarter quarter = quarters.get(number(at));
        if (quarter != null && quarter.all.remove(new Ended(at, abandoned))) {
            quarter.abandoned -= abandoned ? 1 : 0;
        }
    }

    private static long number(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), QUARTER_SECONDS);
    }

    /** What ended after that moment, in parts of so long: a quarter of an hour or a whole number of them. */
    List<Abandonment.Part> since(Instant from, Duration part) {
        long first = number(from);
        NavigableMap<Long, long[]> parts = new TreeMap<>();
        quarters.tailMap(first, true).forEach((number, quarter) -> {
            long[] counts = parts.computeIfAbsent(
                    number * QUARTER_SECONDS / part.toSeconds() * part.toSeconds(), unused -> new long[2]);
            if (number > first) {
                counts[0] += quarter.all.size();
                counts[1] += quarter.abandoned;
                return;
            }
            for (Ended ended : quarter.all) {
                counts[0] += ended.at().isAfter(from) ? 1 : 0;
                counts[1] += ended.at().isAfter(from) && ended.abandoned() ? 1 : 0;
            }
        });
        return parts.entrySet().stream()
                .filter(counted -> counted.getValue()[0] > 0)
                .map(counted -> new Abandonment.Part(
                        Instant.ofEpochSecond(counted.getKey()), counted.getValue()[0], counted.getValue()[1]))
                .toList();
    }
}
