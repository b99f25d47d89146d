package releve.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import releve.core.common.Side;
import releve.core.store.DialerStore;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.StoreUnavailable;
import releve.core.store.DialerStore.Takeover;

/** What callers see when the store is in trouble, and that a takeover waits for a batch in flight. */
class StoreFailureTest {
    private final NodeId a = new NodeId(1, Side.A, "a");
    private final NodeId b = new NodeId(1, Side.B, "b");
    private StoreAddress address;
    private HikariDataSource pool;
    private DialerStore store;

    @BeforeEach
    void open() {
        address = TestStore.fresh();
        pool = StoreConnections.pool(address, "failures", 4);
        store = new PostgresDialerStore(pool);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private Connection person() throws SQLException {
        Connection connection = DriverManager.getConnection(address.url(), address.user(), address.password());
        connection.setAutoCommit(false);
        return connection;
    }

    @Test
    void shouldLetATakeoverWaitForABatchInFlightWhileRenewalsGoOn() throws SQLException, InterruptedException {
        long epoch = store.acquire(a, Duration.ZERO).orElseThrow().epoch();
        try (Connection batch = person();
                Statement statement = batch.createStatement()) {
            statement
                    .executeQuery("select epoch from lease where pair = 1 for key share")
                    .close();
            assertThat(store.renew(a, epoch, Duration.ZERO))
                    .as("a renewal does not wait")
                    .isTrue();

            CompletableFuture<Optional<Takeover>> takeover =
                    CompletableFuture.supplyAsync(() -> store.acquire(b, Duration.ofHours(1)));
            while (waiting() == 0 && !takeover.isDone()) {
                Thread.sleep(5);
            }
            assertThat(takeover).isNotDone();
            batch.commit();
            assertThat(takeover.join()).contains(new Takeover(epoch + 1, 0, 0));
        }
    }

    private int waiting() {
        return new Transactions(pool)
                .run(tx -> tx.first(
                        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
                        row -> row.getInt(1)))
                .orElseThrow();
    }

    @Test
    void shouldSayUnavailableWhenALockIsNotGivenInTime() throws SQLException {
        store.acquire(a, Duration.ZERO);
        try (Connection hog = person();
                Statement statement = hog.createStatement()) {
            statement
                    .executeQuery("select epoch from lease where pair = 1 for update")
                    .close();
            assertThatThrownBy(() -> store.acquire(b, Duration.ofHours(1))).isInstanceOf(StoreUnavailable.class);
            hog.rollback();
        }
        assertThat(store.acquire(b, Duration.ofHours(1))).isPresent();
    }

    @Test
    void shouldSayUnavailableWhenCutOffAndWorkWhenItIsBack() {
        long epoch = store.acquire(a, Duration.ofHours(1)).orElseThrow().epoch();
        String name = address.url().replaceFirst(".*/", "");
        StoreAddress other = new StoreAddress(
                address.url().replaceFirst("/[^/]*$", "/postgres"), address.user(), address.password());
        TestStore.execute(other, "alter database " + name + " with allow_connections false");
        TestStore.execute(
                other, "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
        assertThatThrownBy(() -> store.renew(a, epoch, Duration.ofHours(1))).isInstanceOf(StoreUnavailable.class);
        TestStore.execute(other, "alter database " + name + " with allow_connections true");
        boolean renewed = false;
        while (!renewed) {
            try {
                renewed = store.renew(a, epoch, Duration.ofHours(1));
            } catch (StoreUnavailable stillAway) {
                Thread.onSpinWait();
            }
        }
        assertThat(store.lease(1).epoch()).isEqualTo(epoch);
    }
}
