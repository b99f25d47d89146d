package releve.server.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** What an SQL error means for the caller; by SQLSTATE, PostgreSQL appendix A. */
enum SqlFailure {
    /** Two transactions were in each other's way; the same one again will do. */
    AGAIN,
    /** The store is absent, hangs, or says that it cannot now. */
    UNAVAILABLE,
    /** The statement itself is wrong: a defect, or a store that is not ours. */
    WRONG;

    static SqlFailure of(SQLException failed) {
        if (failed instanceof SQLTransientConnectionException) {
            return UNAVAILABLE;
        }
        String state = failed.getSQLState();
        if (state == null || state.length() != 5) {
            return UNAVAILABLE;
        }
        return switch (state) {
            // serialization_failure, deadlock_detected
            case "40001", "40P01" -> AGAIN;
            // lock_not_available, query_canceled (time-outs), read_only_sql_transaction (a replica after a fail-over)
            case "55P03", "57014", "25006", "25P03", "25P04" -> UNAVAILABLE;
            default ->
                switch (state.substring(0, 2)) {
                    // connection, resources (connections, disk, memory), operator intervention, system error
                    case "08", "53", "57", "58" -> UNAVAILABLE;
                    default -> WRONG;
                };
        };
    }
}
