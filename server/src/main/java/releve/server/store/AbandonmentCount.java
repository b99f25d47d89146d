package releve.server.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import releve.core.campaign.Abandonment;
import releve.core.common.CampaignId;
import releve.server.store.Tx.Column;

/**
 * Counts live answers, and the abandoned ones among them, from the ledger: by campaign, over its window, in parts of it.
 *
 * <p>A dialer counts every few seconds, in one turn with what its agents wait for. So a count takes a bounded time, however long the
 * ledger is. Windows that are counted by quarters of an hour are read whole each time, by the index on when live answers ended. Of
 * longer ones the first day, yesterday and today are; each day between is kept, and read again after a while, in case an end was
 * written late. As long as some day of its window has not been read yet, a campaign is left out.
 */
final class AbandonmentCount {
    /** How old what is known of a day may be: ends are written within seconds, or when a store that was away is back. */
    static final Duration KEPT = Duration.ofMinutes(10);

    /** Kept days are read for so long at one count, and one at least. */
    static final Duration AT_ONCE = Duration.ofMillis(250);

    private static final Duration DAY = Duration.ofDays(1);

    // Both bounds are values: with an expression of a window's length the whole ledger would be read.
    static final String COUNT = """
            select campaign, date_bin(? * interval '1 second', ended_at, 'epoch') as part,
                   count(*) as live, count(*) filter (where result in (16, 20)) as abandoned
            from attempt
            where campaign = any (?) and result in (10, 16, 20, 21, 33) and ended_at >= ? and ended_at < ?
            group by campaign, part order by part""";

    private final Duration kept;
    private final Duration atOnce;
    private final Map<Place, Day> days = new HashMap<>();

    AbandonmentCount() {
        this(KEPT, AT_ONCE);
    }

    AbandonmentCount(Duration kept, Duration atOnce) {
        this.kept = kept;
        this.atOnce = atOnce;
    }

    /** The campaigns whose windows have that length, as of now. */
    private record Windows(Duration length, List<CampaignId> campaigns, Instant now) {
        boolean byDays() {
            return Abandonment.partOf(length).equals(DAY);
        }

        Instant from() {
            return now.minus(length);
        }

        Instant firstWholeDay() {
            return from().truncatedTo(ChronoUnit.DAYS).plus(DAY);
        }

        Instant yesterday() {
            return now.truncatedTo(ChronoUnit.DAYS).minus(DAY);
        }

        /** Whole days before yesterday, the oldest first. */
        List<Place> keptDays() {
            return Stream.iterate(firstWholeDay(), day -> day.isBefore(yesterday()), day -> day.plus(DAY))
                    .map(day -> new Place(length, day))
                    .toList();
        }

        /** Later than any dialer's clock. */
        Instant end() {
            return now.plus(DAY);
        }

        List<Abandonment> of(Map<CampaignId, List<Abandonment.Part>> parts, List<CampaignId> known) {
            return known.stream()
                    .map(campaign -> new Abandonment(campaign, length, parts.getOrDefault(campaign, List.of())))
                    .toList();
        }
    }

    /** A day in windows of one length. */
    private record Place(Duration window, Instant day) {}

    /** What was known of a day, for those campaigns, at a time. */
    private record Day(Instant readAt, Set<CampaignId> campaigns, Map<CampaignId, List<Abandonment.Part>> parts) {
        static final Day UNKNOWN = new Day(Instant.EPOCH, Set.of(), Map.of());
    }

    /**
     * What a count has found.
     *
     * @param known of every campaign whose window is known whole
     * @param whole whether no campaign was left out
     */
    record Counted(List<Abandonment> known, boolean whole) {}

    synchronized Counted count(Tx tx) throws SQLException {
        Instant now = tx.first("select clock_timestamp() as now", row -> Tx.time(row, "now"))
                .orElseThrow();
        long startNanos = System.nanoTime();
        Map<Duration, List<CampaignId>> byLength = new TreeMap<>();
        tx.list(
                "select id, abandon_window_ms from campaign order by id",
                row -> byLength.computeIfAbsent(
                                Duration.ofMillis(row.getLong("abandon_window_ms")), unused -> new ArrayList<>())
                        .add(new CampaignId(row.getLong("id"))));
        List<Windows> all = byLength.entrySet().stream()
                .map(each -> new Windows(each.getKey(), each.getValue(), now))
                .toList();
        days.keySet()
                .retainAll(all.stream()
                        .filter(Windows::byDays)
                        .flatMap(windows -> windows.keptDays().stream())
                        .collect(Collectors.toSet()));
        List<Abandonment> known = new ArrayList<>();
        int campaigns = 0;
        for (Windows windows : all) {
            known.addAll(windows.byDays() ? byDays(tx, windows, startNanos) : byQuarters(tx, windows));
            campaigns += windows.campaigns().size();
        }
        return new Counted(known, known.size() == campaigns);
    }

    private static List<Abandonment> byQuarters(Tx tx, Windows windows) throws SQLException {
        return windows.of(read(tx, windows, windows.from(), windows.end()), windows.campaigns());
    }

    private List<Abandonment> byDays(Tx tx, Windows windows, long startNanos) throws SQLException {
        readKeptDays(tx, windows, startNanos);
        var parts = read(tx, windows, windows.from(), windows.firstWholeDay());
        Set<CampaignId> known = new HashSet<>(windows.campaigns());
        for (Place place : windows.keptDays()) {
            Day day = days.getOrDefault(place, Day.UNKNOWN);
            known.retainAll(day.campaigns());
            append(parts, day.parts());
        }
        append(parts, read(tx, windows, windows.yesterday(), windows.end()));
        return windows.of(
                parts, windows.campaigns().stream().filter(known::contains).toList());
    }

    private static void append(
            Map<CampaignId, List<Abandonment.Part>> parts, Map<CampaignId, List<Abandonment.Part>> later) {
        later.forEach((campaign, more) ->
                parts.computeIfAbsent(campaign, unused -> new ArrayList<>()).addAll(more));
    }

    /** Reads days that are not known, or not of late, until the time is up: never read first, then longest ago. */
    private void readKeptDays(Tx tx, Windows windows, long startNanos) throws SQLException {
        List<Place> due = windows.keptDays().stream()
                .filter(place -> readAt(place, windows).plus(kept).isBefore(windows.now()))
                .sorted(Comparator.comparing(place -> readAt(place, windows)))
                .toList();
        for (Place place : due) {
            var parts = read(tx, windows, place.day(), place.day().plus(DAY));
            days.put(place, new Day(windows.now(), Set.copyOf(windows.campaigns()), parts));
            if (System.nanoTime() - startNanos > atOnce.toNanos()) {
                return;
            }
        }
    }

    private Instant readAt(Place place, Windows windows) {
        Day day = days.getOrDefault(place, Day.UNKNOWN);
        return day.campaigns().containsAll(windows.campaigns()) ? day.readAt() : Instant.EPOCH;
    }

    private static Map<CampaignId, List<Abandonment.Part>> read(Tx tx, Windows windows, Instant from, Instant before)
            throws SQLException {
        Map<CampaignId, List<Abandonment.Part>> parts = new HashMap<>();
        tx.list(
                COUNT,
                row -> parts.computeIfAbsent(new CampaignId(row.getLong("campaign")), unused -> new ArrayList<>())
                        .add(new Abandonment.Part(Tx.time(row, "part"), row.getLong("live"), row.getLong("abandoned"))),
                Abandonment.partOf(windows.length()).toSeconds(),
                Column.of("bigint", windows.campaigns(), CampaignId::value),
                from,
                before);
        return parts;
    }
}
