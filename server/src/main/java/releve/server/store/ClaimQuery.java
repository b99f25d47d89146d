package releve.server.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import releve.core.campaign.SelectionOrder;

/**
 * The statement that claims contacts to dial, one for each order of selection: callbacks and retries whose time has come, and
 * pending contacts; each kind gets what the kinds before it have left of the count.
 *
 * <p>Its parameters: campaign and count, three times; then pair, epoch, side and instance.
 */
final class ClaimQuery {
    // Few contacts were dialed before; those are looked up by contact, one by one.
    static final String AGENT_OWED = """
            c.attempts > 0 and exists (
                select from attempt a join campaign k on k.id = c.campaign
                where a.contact = c.id and a.result in (16, 20)
                  and a.ended_at > clock_timestamp() - k.abandon_guarantee_ms * interval '1 millisecond') as agent_owed""";

    // The phones are probed one by one, so the live attempts are never read through.
    private static final String IDLE = """
            not exists (select from unnest(c.phones) as number (phone)
                        join attempt a on a.phone = number.phone and a.ended_at is null)""";

    // "id + 0" names the index of pending contacts, see the migration.
    private static final String KIND = """
            kind_%1$s as (
                select c.id from contact c
                where c.campaign = ? and c.status = '%1$s'%2$s and %3$s
                order by %4$s limit ?%5$s
                for update of c skip locked
            )""";

    // The array keeps the planner from joining the whole list.
    private static final String CLAIM = """
            with %1$s, claimed as (
                update contact c
                set former_status = c.status, status = 'A',
                    claimed_pair = ?, claimed_epoch = ?, claimed_side = ?, claimed_instance = ?
                where c.id = any (array(%2$s))
                returning c.id, c.campaign, c.phones, c.attempts, c.former_status, c.not_before, c.callback_agent
            )
            select c.*, %3$s from claimed c
            order by array_position('{%4$s}', c.former_status),
                     case when c.former_status <> 'P' then c.not_before end, c.id""";

    private static final Map<SelectionOrder, String> STATEMENTS = new ConcurrentHashMap<>();

    private ClaimQuery() {}

    static String in(SelectionOrder order) {
        return STATEMENTS.computeIfAbsent(order, ClaimQuery::write);
    }

    private static String write(SelectionOrder order) {
        List<String> kinds = List.of(order.letters().split(""));
        List<String> parts = new ArrayList<>();
        StringBuilder taken = new StringBuilder();
        for (String kind : kinds) {
            boolean pending = kind.equals("P");
            parts.add(KIND.formatted(
                    kind,
                    pending ? "" : " and c.not_before <= statement_timestamp()",
                    IDLE,
                    pending ? "c.id + 0" : "c.not_before, c.id",
                    taken));
            taken.append(" - (select count(*) from kind_").append(kind).append(')');
        }
        String claimed = String.join(
                " union all ",
                kinds.stream().map(kind -> "select id from kind_" + kind).toList());
        return CLAIM.formatted(String.join(", ", parts), claimed, AGENT_OWED, String.join(",", kinds));
    }
}
