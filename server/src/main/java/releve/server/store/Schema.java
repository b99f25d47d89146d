package releve.server.store;

import java.sql.SQLException;
import java.util.Arrays;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.jspecify.annotations.Nullable;
import releve.core.store.DialerStore.StoreUnavailable;

/**
 * The store's tables. Migrations only add, so that a side of the former version goes on working while its peer is
 * upgraded, and can be started again, too: tables newer than a program say in {@code schema_compatibility} which programs they
 * still serve.
 */
public final class Schema {
    private Schema() {}

    /**
     * Brings the store's tables up to this program's version; newer ones that serve it stay as they are. Both sides may do so
     * at once: one works, the other waits.
     *
     * @return the schema's version
     * @throws StoreRefused when the store's tables are of a newer version that does not serve this program, or not Relève's
     * @throws StoreUnavailable when the store does not answer
     */
    public static String migrate(DataSource dataSource) {
        try {
            Flyway flyway = Flyway.configure()
                    .dataSource(dataSource)
                    .locations("classpath:db/migration")
                    .load();
            MigrationInfo before = flyway.info().current();
            if (before != null && isFuture(before)) {
                return served(dataSource, flyway, before);
            }
            flyway.migrate();
            MigrationInfo current = flyway.info().current();
            if (current == null) {
                throw new StoreRefused("this program carries no tables for the store; its build is incomplete");
            }
            return current.getVersion().toString();
        } catch (FlywayException failed) {
            SQLException sql = sqlCause(failed);
            if (sql != null && SqlFailure.of(sql) != SqlFailure.WRONG) {
                throw new StoreUnavailable("the store did not answer: " + sql.getMessage(), failed);
            }
            throw new StoreRefused("the store's tables could not be brought up to date: " + firstLine(failed), failed);
        }
    }

    /** @return the version of tables that are newer than this program and serve it */
    private static String served(DataSource dataSource, Flyway flyway, MigrationInfo current) {
        int known = Arrays.stream(flyway.info().all())
                .filter(info -> !isFuture(info))
                .mapToInt(info -> Integer.parseInt(info.getVersion().toString()))
                .max()
                .orElse(0);
        int oldest = new Transactions(dataSource)
                .run(tx -> tx.first("select oldest_program from schema_compatibility", row -> row.getInt(1)))
                .orElse(Integer.MAX_VALUE);
        if (known < oldest || current.getState() == MigrationState.FUTURE_FAILED) {
            throw new StoreRefused(
                    "the store's tables are of version %s and this program knows them up to %d; start the newer program"
                            .formatted(current.getVersion(), known));
        }
        return current.getVersion().toString();
    }

    private static boolean isFuture(MigrationInfo info) {
        return info.getState() == MigrationState.FUTURE_SUCCESS || info.getState() == MigrationState.FUTURE_FAILED;
    }

    private static @Nullable SQLException sqlCause(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    private static String firstLine(Throwable failed) {
        return String.valueOf(failed.getMessage()).lines().findFirst().orElse("");
    }
}
