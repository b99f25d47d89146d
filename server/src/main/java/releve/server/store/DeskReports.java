package releve.server.store;

import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import releve.core.campaign.OfferAnswer;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;

/** What agents decided about offers and calls, read only. */
public final class DeskReports {
    private final Transactions transactions;

    public DeskReports(DataSource dataSource) {
        this.transactions = new Transactions(dataSource);
    }

    /**
     * A campaign's figures of some time.
     *
     * @param offers contacts offered in that time that were decided about, by answer
     * @param dispositions calls begun in that time, by what the agent made of them
     * @param callbacksLeft promises that are still to be kept, whenever they were given
     */
    public record Desk(Map<OfferAnswer, Long> offers, Map<CallResult, Long> dispositions, long callbacksLeft) {
        public static final Desk NONE = new Desk(Map.of(), Map.of(), 0);

        public long of(OfferAnswer answer) {
            return offers.getOrDefault(answer, 0L);
        }

        public long of(CallResult result) {
            return dispositions.getOrDefault(result, 0L);
        }

        /** All contacts that were offered and decided about. */
        public long offered() {
            return offers.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** The figures of each campaign that has any. */
    public Map<CampaignId, Desk> desks(Instant from, Instant to) {
        return transactions.run(tx -> {
            Map<CampaignId, Map<OfferAnswer, Long>> offers = new HashMap<>();
            Map<CampaignId, Map<CallResult, Long>> dispositions = new HashMap<>();
            Map<CampaignId, Long> callbacks = new HashMap<>();
            tx.list(
                    """
                    select campaign, answer, count(*) as offers from offer
                    where answer is not null and offered_at >= ? and offered_at < ? group by campaign, answer""",
                    row -> offers.computeIfAbsent(
                                    new CampaignId(row.getLong("campaign")), id -> new EnumMap<>(OfferAnswer.class))
                            .put(OfferAnswer.valueOf(row.getString("answer")), row.getLong("offers")),
                    from,
                    to);
            tx.list(
                    """
                    select campaign, disposition, count(*) as calls from attempt
                    where disposition is not null and started_at >= ? and started_at < ? group by campaign, disposition""",
                    row -> dispositions
                            .computeIfAbsent(
                                    new CampaignId(row.getLong("campaign")), id -> new EnumMap<>(CallResult.class))
                            .put(CallResult.ofCode(row.getInt("disposition")), row.getLong("calls")),
                    from,
                    to);
            tx.list(
                    "select campaign, count(*) as left_over from contact where status in ('B', 'S') group by campaign",
                    row -> callbacks.put(new CampaignId(row.getLong("campaign")), row.getLong("left_over")));
            Map<CampaignId, Desk> desks = new HashMap<>();
            offers.forEach((id, of) -> desks.put(id, Desk.NONE));
            dispositions.forEach((id, of) -> desks.put(id, Desk.NONE));
            callbacks.forEach((id, of) -> desks.put(id, Desk.NONE));
            desks.replaceAll((id, none) -> new Desk(
                    offers.getOrDefault(id, Map.of()),
                    dispositions.getOrDefault(id, Map.of()),
                    callbacks.getOrDefault(id, 0L)));
            return desks;
        });
    }
}
