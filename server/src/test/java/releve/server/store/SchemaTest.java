package releve.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import releve.core.store.DialerStore.StoreUnavailable;

class SchemaTest {
    @Test
    void shouldMigrateOnceWhenBothSidesStartAtOnce() {
        StoreAddress address = TestStore.empty();
        try (HikariDataSource a = StoreConnections.pool(address, "A", 4);
                HikariDataSource b = StoreConnections.pool(address, "B", 4)) {
            CompletableFuture<String> other = CompletableFuture.supplyAsync(() -> Schema.migrate(a));
            String version = Schema.migrate(b);
            assertThat(other.join()).isEqualTo(version);
        }
    }

    @Test
    void shouldRefuseStoreOfNewerVersion() {
        StoreAddress address = TestStore.fresh();
        TestStore.execute(
                address,
                "insert into flyway_schema_history (installed_rank, version, description, type, script, installed_by,"
                        + " execution_time, success) values (99, '999', 'future', 'SQL', 'V999__future.sql', 'x', 1, true)");
        try (HikariDataSource pool = StoreConnections.pool(address, "old", 2)) {
            assertThatThrownBy(() -> Schema.migrate(pool))
                    .isInstanceOf(StoreRefused.class)
                    .hasMessageContaining("version 999");
        }
    }

    @Test
    void shouldSayUnavailableWhenNobodyAnswers() {
        StoreAddress nowhere = new StoreAddress("jdbc:postgresql://127.0.0.1:1/releve", "releve", "x");
        try (HikariDataSource pool = StoreConnections.pool(nowhere, "nowhere", 2)) {
            assertThatThrownBy(() -> Schema.migrate(pool)).isInstanceOf(StoreUnavailable.class);
        }
    }
}
