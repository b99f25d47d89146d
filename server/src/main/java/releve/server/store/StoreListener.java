package releve.server.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on a connection of its own, and comes back by itself when that is lost. Wake-ups may be lost meanwhile: whoever needs
 * them polls as well.
 */
public final class StoreListener implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StoreListener.class);
    private static final Duration RECONNECT = Duration.ofMillis(500);
    private static final int WAIT_MS = 1_000;

    private final StoreAddress address;
    private final List<String> channels;
    private final BiConsumer<String, String> wake;
    private final Thread thread;
    private volatile boolean closed;

    private StoreListener(StoreAddress address, List<String> channels, BiConsumer<String, String> wake) {
        this.address = address;
        this.channels = List.copyOf(channels);
        this.wake = wake;
        this.thread = Thread.ofPlatform().name("store-listener").daemon().unstarted(this::run);
    }

    /**
     * Begins to listen.
     *
     * @param channels of {@link Channels}
     * @param wake called with channel and payload; also with an empty payload after each reconnection, when anything may have
     *     been missed; must not block
     */
    public static StoreListener start(StoreAddress address, List<String> channels, BiConsumer<String, String> wake) {
        StoreListener listener = new StoreListener(address, channels, wake);
        listener.thread.start();
        return listener;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        while (!closed) {
            try (Connection connection = StoreConnections.patient(address, "releve-listener", 5_000)) {
                connection.setAutoCommit(true);
                try (Statement statement = connection.createStatement()) {
                    for (String channel : channels) {
                        statement.execute("listen " + channel);
                    }
                }
                channels.forEach(channel -> wake.accept(channel, ""));
                listen(connection);
            } catch (SQLException e) {
                log.debug("The listener lost the store: {}", e.getMessage());
            }
            try {
                Thread.sleep(RECONNECT);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void listen(Connection connection) throws SQLException {
        PGConnection postgres = connection.unwrap(PGConnection.class);
        while (!closed) {
            PGNotification[] notifications = postgres.getNotifications(WAIT_MS);
            if (notifications == null || notifications.length == 0) {
                check(connection);
                continue;
            }
            for (PGNotification notification : notifications) {
                wake.accept(notification.getName(), notification.getParameter());
            }
        }
    }

    /** A connection that was cut in silence shows it only when it is used. */
    private static void check(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select 1");
        }
    }
}
