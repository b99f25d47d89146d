package releve.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * How connections to the store are made: every wait has a limit, so that a store that hangs looks like one that is
 * absent, within seconds.
 */
public final class StoreConnections {
    static final int CONNECT_TIMEOUT_MS = 2_000;
    static final int STATEMENT_TIMEOUT_MS = 2_000;
    private static final int PATIENT_CONNECT_TIMEOUT_MS = 20_000;
    static final int SOCKET_TIMEOUT_MS = 3_000;
    private static final int REPORT_TIMEOUT_MS = 30_000;

    private StoreConnections() {}

    /**
     * A pool. Opening it does not connect, so that a node can start while its store is away.
     *
     * @param name shown in the store's list of sessions
     * @param size connections at most
     */
    public static HikariDataSource pool(StoreAddress address, String name, int size) {
        return pool(address, name, size, STATEMENT_TIMEOUT_MS, SOCKET_TIMEOUT_MS);
    }

    /** A pool for questions over much data, such as {@link Reports}: a statement may take half a minute. */
    public static HikariDataSource reportPool(StoreAddress address, String name, int size) {
        return pool(address, name, size, REPORT_TIMEOUT_MS, REPORT_TIMEOUT_MS + 5_000);
    }

    private static HikariDataSource pool(
            StoreAddress address, String name, int size, int statementTimeoutMs, int socketTimeoutMs) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(address.url());
        config.setUsername(address.user());
        config.setPassword(address.password());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setAutoCommit(false);
        config.setConnectionTimeout(CONNECT_TIMEOUT_MS);
        config.setValidationTimeout(1_000);
        config.setInitializationFailTimeout(-1);
        config.setKeepaliveTime(30_000);
        limits(name, statementTimeoutMs, socketTimeoutMs)
                .forEach((key, value) -> config.addDataSourceProperty((String) key, value));
        return new HikariDataSource(config);
    }

    /** A single connection for work that may take long, such as migrations, imports and reports. */
    static Connection patient(StoreAddress address, String name, int statementTimeoutMs) throws SQLException {
        Properties properties = limits(name, statementTimeoutMs, statementTimeoutMs + 5_000);
        // A store that has just been started on a busy machine takes its time over its first session.
        properties.setProperty("connectTimeout", Integer.toString(PATIENT_CONNECT_TIMEOUT_MS / 1000));
        properties.setProperty("loginTimeout", Integer.toString(PATIENT_CONNECT_TIMEOUT_MS / 1000));
        properties.setProperty("user", address.user());
        properties.setProperty("password", address.password());
        return DriverManager.getConnection(address.url(), properties);
    }

    private static Properties limits(String name, int statementTimeoutMs, int socketTimeoutMs) {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", name);
        properties.setProperty("connectTimeout", Integer.toString(CONNECT_TIMEOUT_MS / 1000));
        properties.setProperty("loginTimeout", Integer.toString(CONNECT_TIMEOUT_MS / 1000));
        properties.setProperty("socketTimeout", Integer.toString(socketTimeoutMs / 1000));
        properties.setProperty("cancelSignalTimeout", "2");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("reWriteBatchedInserts", "true");
        properties.setProperty(
                "options",
                "-c statement_timeout=%d -c lock_timeout=%d -c idle_in_transaction_session_timeout=10000 -c timezone=UTC"
                        .formatted(statementTimeoutMs, statementTimeoutMs));
        return properties;
    }
}
