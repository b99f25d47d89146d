package releve.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.Disposition;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.server.gateway.CallCard;
import releve.server.store.Tx.Column;

/**
 * What agents made of calls. A contact moves when both are there, the call's end and the disposition, whichever came last;
 * one that has gone on meanwhile, to a dialer or to another attempt, is left alone.
 */
final class Dispositions {
    // What was tried is counted by attempts: each phone in turn.
    private static final String DECIDE = """
            update contact c
            set status = d.status,
                not_before = case d.status when 'B' then a.callback_at
                                           when 'S' then a.callback_at
                                           when 'R' then a.ended_at + d.delay end,
                callback_agent = case d.status when 'S' then a.callback_agent end
            from attempt a
            join campaign k on k.id = a.campaign
            join contact o on o.id = a.contact
            cross join lateral (
                select case when a.disposition in (14, 15) and a.callback_agent is not null then 'S'
                            when a.disposition in (14, 15) then 'B'
                            when a.disposition = 18 then 'J'
                            when a.disposition = 23 and o.attempts < cardinality(o.phones)
                                 and o.attempts < k.maximum_attempts then 'R'
                            when a.disposition in (12, 24) and o.attempts < k.maximum_attempts then 'R'
                            when a.disposition in (12, 24) then 'M'
                            else 'C' end as status,
                       case a.disposition when 12 then k.retry_answering_machine_ms
                                          when 24 then k.retry_not_home_ms
                                          else 0 end * interval '1 ms' as delay) d
            where a.id = any (?::bigint[]) and a.disposition is not null and a.ended_at is not null
              and c.id = a.contact and c.last_attempt = a.id and c.status not in ('A', 'D')""";

    /** Call-IDs of legs to targets begin with their attempt, so the ledger need not be searched. */
    private static final Pattern OF_TARGET = Pattern.compile("([0-9]+-[0-9]+-[0-9]+)-.{1,64}");

    private final Tx tx;

    Dispositions(Tx tx) {
        this.tx = tx;
    }

    /** Keeps what the agent says, if it is his call; said again, the last word counts. */
    boolean say(AgentId agent, AttemptId attempt, Disposition disposition) throws SQLException {
        int said = tx.update(
                """
                update attempt
                set disposition = ?, callback_at = ?, callback_agent = ?, note = ?, disposed_at = clock_timestamp()
                where id = ? and agent = ?""",
                disposition.result().code(),
                disposition.callbackAt(),
                disposition.personal() ? agent.value() : null,
                disposition.note(),
                attempt.value(),
                agent.value());
        if (said > 0) {
            if (disposition.result() == CallResult.DO_NOT_CALL) {
                DoNotCall.enter(tx, attempt.value(), "AGENT");
            } else {
                DoNotCall.takeBack(tx, attempt.value());
            }
            decide(new Column("bigint", List.of(attempt.value())));
        }
        return said > 0;
    }

    /** Keeps that the customer whose call an IVR has, or had, wants no more calls (26), and lists his number. @return whether there is such a call */
    boolean optOut(String ivrCallId) throws SQLException {
        Matcher named = OF_TARGET.matcher(ivrCallId);
        Optional<AttemptId> attempt = named.matches() ? AttemptId.parse(named.group(1)) : Optional.empty();
        if (attempt.isEmpty()) {
            return false;
        }
        List<Long> attempts =
                tx.list("""
                update attempt set disposition = 26, note = 'opted out in the IVR', disposed_at = clock_timestamp()
                where id = ? and agent_call_id = ? and agent is null
                returning id""", row -> row.getLong("id"), attempt.get().value(), ivrCallId);
        for (long opted : attempts) {
            DoNotCall.enter(tx, opted, "IVR");
        }
        decide(new Column("bigint", attempts));
        return !attempts.isEmpty();
    }

    /** Moves the contacts of these attempts where both the end and the disposition are known. */
    void decide(Column attempts) throws SQLException {
        tx.update(DECIDE, attempts);
    }

    /** The call as its agent sees it; empty when the ledger does not have it yet. */
    Optional<CallCard> card(AttemptId attempt) throws SQLException {
        return tx.first("""
                select k.name as campaign, k.personal_callbacks, c.name as contact, a.phone, c.phones, a.number,
                       a.disposition, a.callback_at, a.callback_agent, coalesce(a.note, '') as note
                from attempt a join campaign k on k.id = a.campaign join contact c on c.id = a.contact
                where a.id = ?""", Dispositions::read, attempt.value());
    }

    private static CallCard read(ResultSet row) throws SQLException {
        @Nullable Integer said = row.getObject("disposition", Integer.class);
        return new CallCard(
                row.getString("campaign"),
                row.getString("contact"),
                row.getString("phone"),
                Tx.texts(row, "phones"),
                row.getInt("number") - 1,
                row.getBoolean("personal_callbacks"),
                said == null
                        ? null
                        : new Disposition(
                                CallResult.ofCode(said),
                                Tx.instant(row, "callback_at"),
                                row.getString("callback_agent") != null,
                                row.getString("note")));
    }
}
