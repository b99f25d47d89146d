package releve.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import releve.core.campaign.Abandonment;
import releve.core.common.CampaignId;
import releve.server.store.Tx.Column;

/** Counts live answers, and the abandoned ones among them, from the ledger: by campaign, over its window, in parts of it. */
final class AbandonmentCount {
    private static final String COUNT = """
            select c.id, w.part_s * floor(extract(epoch from a.ended_at) / w.part_s) as from_s,
                   count(*) as live, count(*) filter (where a.result in (16, 20)) as abandoned
            from unnest(?::bigint[], ?::bigint[], ?::bigint[]) as w (id, window_ms, part_s)
            join campaign c on c.id = w.id
            join attempt a on a.campaign = c.id and a.result in (10, 16, 20, 21, 33)
                 and a.ended_at > clock_timestamp() - w.window_ms * interval '1 millisecond'
            group by c.id, from_s order by c.id, from_s""";

    private AbandonmentCount() {}

    private record Window(CampaignId campaign, Duration length) {}

    static List<Abandonment> all(Tx tx) throws SQLException {
        List<Window> windows = tx.list(
                "select id, abandon_window_ms from campaign order by id",
                row -> new Window(
                        new CampaignId(row.getLong("id")), Duration.ofMillis(row.getLong("abandon_window_ms"))));
        Map<CampaignId, List<Abandonment.Part>> parts = new LinkedHashMap<>();
        tx.list(
                COUNT,
                row -> parts.computeIfAbsent(new CampaignId(row.getLong("id")), unused -> new ArrayList<>())
                        .add(part(row)),
                Column.of("bigint", windows, window -> window.campaign().value()),
                Column.of("bigint", windows, window -> window.length().toMillis()),
                Column.of(
                        "bigint",
                        windows,
                        window -> Abandonment.partOf(window.length()).toSeconds()));
        return windows.stream()
                .map(window -> new Abandonment(
                        window.campaign(), window.length(), parts.getOrDefault(window.campaign(), List.of())))
                .toList();
    }

    private static Abandonment.Part part(ResultSet row) throws SQLException {
        return new Abandonment.Part(
                java.time.Instant.ofEpochSecond(row.getLong("from_s")), row.getLong("live"), row.getLong("abandoned"));
    }
}
