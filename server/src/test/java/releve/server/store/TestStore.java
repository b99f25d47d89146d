package releve.server.store;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** One embedded PostgreSQL for the whole test JVM, and a fresh database for whoever asks. */
public final class TestStore {
    private static final Path DIRECTORY = Path.of("target", "test-store");
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final StoreAddress SERVER = start();

    private TestStore() {}

    private static StoreAddress start() {
        StoreAddress address = EmbeddedStore.startOrJoin(DIRECTORY);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> EmbeddedStore.stop(DIRECTORY)));
        return address;
    }

    /** A database with the store's tables and nothing in them. */
    public static StoreAddress fresh() {
        StoreAddress address = empty();
        try (HikariDataSource pool = StoreConnections.pool(address, "test migration", 2)) {
            Schema.migrate(pool);
        }
        return address;
    }

    /** A database without tables. */
    public static StoreAddress empty() {
        String name = "test_%d_%d".formatted(ProcessHandle.current().pid(), NUMBER.incrementAndGet());
        execute(SERVER, "drop database if exists " + name);
        execute(SERVER, "create database " + name);
        return new StoreAddress(SERVER.url().replaceFirst("/[^/]*$", "/" + name), SERVER.user(), SERVER.password());
    }

    /** Runs statements as a person with a SQL prompt would. */
    public static void execute(StoreAddress address, String sql) {
        try (Connection connection = DriverManager.getConnection(address.url(), address.user(), address.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }

    /** The first column of the first row, as a text. */
    public static String query(StoreAddress address, String sql) {
        try (Connection connection = DriverManager.getConnection(address.url(), address.user(), address.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            if (!rows.next()) {
                throw new IllegalStateException("no row: " + sql);
            }
            return rows.getString(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }
}
