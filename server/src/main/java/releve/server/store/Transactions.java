package releve.server.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import releve.core.store.DialerStore.StoreUnavailable;

/**
 * Runs pieces of work as one transaction each, at read committed. Work that got into another transaction's way is done
 * again; work that the store does not answer fails within {@link #LIMIT} and the time of one statement.
 */
final class Transactions {
    /** After this no further statement of a transaction is sent. */
    static final Duration LIMIT = Duration.ofSeconds(4);

    private static final int TRIES_MAX = 5;
    private final DataSource dataSource;

    Transactions(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Statements that belong together. */
    interface Work<T> {
        T in(Tx tx) throws SQLException;
    }

    /**
     * Commits the work, or nothing of it.
     *
     * @throws StoreUnavailable when it is not known whether it was committed, or certain that it was not
     * @throws IllegalStateException when a statement is wrong, which is a defect
     */
    <T> T run(Work<T> work) {
        long giveUpAtNanos = System.nanoTime() + LIMIT.toNanos();
        for (int tries = 1; ; tries++) {
            try {
                return once(work, giveUpAtNanos);
            } catch (SQLException failed) {
                switch (SqlFailure.of(failed)) {
                    case AGAIN -> {
                        if (tries == TRIES_MAX || System.nanoTime() - giveUpAtNanos > 0) {
                            throw new StoreUnavailable("the store is too busy: " + failed.getMessage(), failed);
                        }
                    }
                    case UNAVAILABLE ->
                        throw new StoreUnavailable("the store did not answer: " + failed.getMessage(), failed);
                    case WRONG -> throw new IllegalStateException("the store refused a statement", failed);
                }
            }
        }
    }

    private <T> T once(Work<T> work, long giveUpAtNanos) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean done = false;
            try {
                T result = work.in(new Tx(connection, giveUpAtNanos));
                connection.commit();
                done = true;
                return result;
            } finally {
                if (!done) {
                    rollback(connection);
                }
            }
        }
    }

    // The first failure is the one to tell; a connection that cannot even roll back is thrown away by the pool.
    private static void rollback(Connection connection) {
        try {
            if (!connection.isClosed()) {
                connection.rollback();
            }
        } catch (SQLException secondary) {
            org.slf4j.LoggerFactory.getLogger(Transactions.class).debug("could not roll back", secondary);
        }
    }
}
