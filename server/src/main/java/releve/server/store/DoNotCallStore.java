package releve.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import releve.core.common.AttemptId;
import releve.server.store.Tx.Column;

/** The list of numbers that no campaign dials, as operators handle it. Dialers look at it by themselves before each dial. */
public final class DoNotCallStore {
    private final Transactions transactions;

    public DoNotCallStore(DataSource dataSource) {
        this.transactions = new Transactions(dataSource);
    }

    /**
     * A number that is listed.
     *
     * @param phone in E.164
     * @param source LIST by an operator, AGENT by a disposition, IVR by an opt-out
     * @param attempt the call in which its customer said so; null for LIST
     */
    public record Entry(
            String phone, String source, @Nullable AttemptId attempt, Instant addedAt) {}

    /**
     * Lists these numbers.
     *
     * @param phones in E.164
     * @return how many were not listed before
     */
    public int add(List<String> phones) {
        return transactions.run(tx -> tx.update("""
                insert into do_not_call (phone, source) select distinct phone, 'LIST' from unnest(?::text[]) as n (phone)
                on conflict do nothing""", new Column("text", phones)));
    }

    /** Takes a number off the list. @return whether it was on it */
    public boolean remove(String phone) {
        return transactions.run(tx -> tx.update("delete from do_not_call where phone = ?", phone)) > 0;
    }

    /** How the number came onto the list; empty when it may be dialed. */
    public Optional<Entry> find(String phone) {
        return transactions.run(
                tx -> tx.first("select * from do_not_call where phone = ?", DoNotCallStore::read, phone));
    }

    /**
     * Some of the list, by number.
     *
     * @param after the last number seen; empty for the beginning
     * @param count how many at most
     */
    public List<Entry> page(String after, int count) {
        return transactions.run(tx -> tx.list(
                "select * from do_not_call where phone > ? order by phone limit ?",
                DoNotCallStore::read,
                after,
                count));
    }

    private static Entry read(ResultSet row) throws SQLException {
        @Nullable Long attempt = row.getObject("attempt", Long.class);
        return new Entry(
                row.getString("phone"),
                row.getString("source"),
                attempt == null ? null : new AttemptId(attempt),
                Objects.requireNonNull(Tx.instant(row, "added_at")));
    }
}
