package releve.server.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import releve.core.common.CampaignId;
import releve.core.store.DialerStore.StoreUnavailable;

/**
 * Brings lists of contacts into a campaign, millions of rows in one transaction: all good rows or none. A row whose
 * phones, or whose external key, the campaign has already, in the store or on an earlier line, is a duplicate and left out.
 */
public final class ContactImportStore {
    private static final int STATEMENT_TIMEOUT_MS = 600_000;
    private static final int ROWS_AT_ONCE = 1_000;
    private static final int FLUSH_CHARS = 64 * 1024;

    private final StoreAddress address;

    public ContactImportStore(StoreAddress address) {
        this.address = address;
    }

    /** A row left out: its line in the file, and why. */
    public record Duplicate(long line, String why) {}

    /** What came of an import; all duplicates by line. */
    public record Imported(long imported, List<Duplicate> duplicates) {
        public Imported {
            duplicates = List.copyOf(duplicates);
        }
    }

    /**
     * Begins an import; nothing is in the campaign before {@link Import#finish}.
     *
     * @throws StoreUnavailable when the store does not answer
     */
    public Import begin(CampaignId campaign) {
        try {
            Connection connection = StoreConnections.patient(address, "releve import", STATEMENT_TIMEOUT_MS);
            try {
                return new Import(connection, campaign);
            } catch (SQLException failed) {
                connection.close();
                throw failed;
            }
        } catch (SQLException failed) {
            throw translated(failed);
        }
    }

    private static RuntimeException translated(SQLException failed) {
        return switch (SqlFailure.of(failed)) {
            case AGAIN, UNAVAILABLE -> new StoreUnavailable("the store did not answer: " + failed.getMessage(), failed);
            case WRONG -> new IllegalStateException("the store refused an import", failed);
        };
    }

    /** One list on its way in; for one thread. */
    public static final class Import implements AutoCloseable {
        private final Connection connection;
        private final CampaignId campaign;
        private final CopyIn copy;
        private final StringBuilder rows = new StringBuilder(FLUSH_CHARS + 1024);

        private Import(Connection connection, CampaignId campaign) throws SQLException {
            this.connection = connection;
            this.campaign = campaign;
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("set local work_mem = '64MB'");
                statement.execute("""
                        create temporary table incoming (
                            line bigint, external_key text, name text, phones text[],
                            phones_key text generated always as (public.phones_key(phones)) stored, why text
                        ) on commit drop""");
            }
            this.copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy incoming (line, external_key, name, phones) from stdin");
        }

        /**
         * Adds a row.
         *
         * @param line where it stands in the file, for telling duplicates
         * @param externalKey the list owner's own key, if the list has one
         * @param phones one to ten numbers in E.164, best first
         */
        public void add(long line, @Nullable String externalKey, String name, List<String> phones) {
            rows.append(line).append('\t');
            if (externalKey == null) {
                rows.append("\\N");
            } else {
                escape(externalKey);
            }
            rows.append('\t');
            escape(name);
            rows.append("\t{");
            for (int i = 0; i < phones.size(); i++) {
                rows.append(i == 0 ? "" : ",");
                escape(checked(phones.get(i)));
            }
            rows.append("}\n");
            if (rows.length() >= FLUSH_CHARS) {
                flush();
            }
        }

        // Digits only, so no number can mean something inside an array.
        private static String checked(String phone) {
            releve.core.common.Invariants.check(
                    !phone.isEmpty() && phone.chars().allMatch(c -> c == '+' || (c >= '0' && c <= '9')),
                    "%s is no phone number in E.164",
                    phone);
            return phone;
        }

        private void escape(String text) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                switch (c) {
                    case '\\' -> rows.append("\\\\");
                    case '\t' -> rows.append("\\t");
                    case '\n' -> rows.append("\\n");
                    case '\r' -> rows.append("\\r");
                    case '\0' -> {} // PostgreSQL keeps none in a text
                    default -> rows.append(c);
                }
            }
        }

        private void flush() {
            try {
                byte[] bytes = rows.toString().getBytes(StandardCharsets.UTF_8);
                copy.writeToCopy(bytes, 0, bytes.length);
                rows.setLength(0);
            } catch (SQLException failed) {
                throw translated(failed);
            }
        }

        /** Brings all rows that are no duplicates into the campaign; the duplicates are kept in memory. */
        public Imported finish() {
            List<Duplicate> duplicates = new ArrayList<>();
            return new Imported(finish(duplicates::add), duplicates);
        }

        /**
         * Brings all rows that are no duplicates into the campaign.
         *
         * @param duplicates told each duplicate in the order of lines, before anything is committed; if it throws, nothing is
         * @return how many were imported
         */
        public long finish(Consumer<Duplicate> duplicates) {
            flush();
            try {
                copy.endCopy();
                mark("the same phones", "phones_key");
                mark("the same key", "external_key");
                long imported = insert();
                tell(duplicates);
                connection.commit();
                analyze();
                return imported;
            } catch (SQLException failed) {
                throw translated(failed);
            }
        }

        private void mark(String what, String column) throws SQLException {
            try (PreparedStatement earlier = connection.prepareStatement("""
                            update incoming i set why = '%1$s as line ' || d.first_line
                            from (select line, first_value(line) over (partition by %2$s order by line) as first_line
                                  from incoming where %2$s is not null and why is null) d
                            where i.line = d.line and d.first_line < d.line""".formatted(what, column));
                    PreparedStatement present = connection.prepareStatement("""
                            update incoming i set why = '%1$s as a contact of the campaign'
                            from contact c where c.campaign = ? and c.%2$s = i.%2$s and i.why is null""".formatted(what, column))) {
                earlier.executeUpdate();
                present.setLong(1, campaign.value());
                present.executeUpdate();
            }
        }

        // Another import may be at it at the same moment: then the first to come has the row.
        private long insert() throws SQLException {
            try (PreparedStatement insert = connection.prepareStatement("""
                            insert into contact (campaign, external_key, name, phones)
                            select ?, external_key, name, phones from incoming where why is null order by line
                            on conflict do nothing""")) {
                insert.setLong(1, campaign.value());
                return insert.executeLargeUpdate();
            }
        }

        // In portions: a list imported again is nothing but duplicates.
        private void tell(Consumer<Duplicate> duplicates) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(ROWS_AT_ONCE);
                try (ResultSet rowsLeftOut =
                        statement.executeQuery("select line, why from incoming where why is not null order by line")) {
                    while (rowsLeftOut.next()) {
                        duplicates.accept(new Duplicate(rowsLeftOut.getLong(1), rowsLeftOut.getString(2)));
                    }
                }
            }
        }

        // Without fresh statistics the first claims after a large import may scan the whole list.
        private void analyze() throws SQLException {
            connection.setAutoCommit(true);
            try (Statement statement = connection.createStatement()) {
                statement.execute("analyze contact");
            }
        }

        /** Without {@link #finish} before, nothing was imported. */
        @Override
        public void close() {
            try {
                if (copy.isActive()) {
                    copy.cancelCopy();
                }
                connection.close();
            } catch (SQLException failed) {
                org.slf4j.LoggerFactory.getLogger(ContactImportStore.class).debug("an import did not close", failed);
            }
        }
    }
}
