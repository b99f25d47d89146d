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
 * upgraded.
 */
public final class Schema {
    private Schema() {}

    /**
     * Brings the store's tables up to this program's version. Both sides may do so at once: one works, the other waits.
     *
     * @return the schema's version
     * @throws StoreRefused when the store's tables are of a newer version, or not Relève's
     * @throws StoreUnavailable when the store does not answer
     */
    public static String migrate(DataSource dataSource) {
        try {
            Flyway flyway = Flyway.configure()
                    .dataSource(dataSource)
                    .locations("classpath:db/migration")
                    .load();
            refuseNewer(flyway);
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

    private static void refuseNewer(Flyway flyway) {
        MigrationInfo current = flyway.info().current();
        if (current == null || !isFuture(current)) {
            return;
        }
        String known = Arrays.stream(flyway.info().all())
                .filter(info -> !isFuture(info))
                .reduce((older, newer) -> newer)
                .map(info -> String.valueOf(info.getVersion()))
                .orElse("none");
        throw new StoreRefused(
                "the store's tables are of version %s and this program knows them up to %s; start the newer program"
                        .formatted(current.getVersion(), known));
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
