package releve.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
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

    /** A store whose tables a later program has brought to its version. */
    private static StoreAddress newer(boolean success) {
        StoreAddress address = TestStore.fresh();
        TestStore.execute(
                address,
                "insert into flyway_schema_history (installed_rank, version, description, type, script, installed_by,"
                        + " execution_time, success) values (99, '999', 'future', 'SQL', 'V999__future.sql', 'x', 1, "
                        + success + ")");
        return address;
    }

    @Test
    void shouldServeAFormerProgramOnNewerTablesThatOnlyGrew() {
        StoreAddress address = newer(true);
        TestStore.execute(address, "alter table attempt add column weather text not null default 'fair'");
        try (HikariDataSource pool = StoreConnections.pool(address, "old", 2)) {
            assertThat(Schema.migrate(pool)).isEqualTo("999");
        }
    }

    @Test
    void shouldRefuseAFormerProgramThatNewerTablesDoNotServe() {
        StoreAddress address = newer(true);
        TestStore.execute(address, "update schema_compatibility set oldest_program = 999");
        try (HikariDataSource pool = StoreConnections.pool(address, "old", 2)) {
            assertThatThrownBy(() -> Schema.migrate(pool))
                    .isInstanceOf(StoreRefused.class)
                    .hasMessageContaining("version 999");
        }
    }

    @Test
    void shouldRefuseNewerTablesThatAreHalfMade() {
        try (HikariDataSource pool = StoreConnections.pool(newer(false), "old", 2)) {
            assertThatThrownBy(() -> Schema.migrate(pool)).isInstanceOf(StoreRefused.class);
        }
    }

    /** Words of SQL that take something away from programs that are there; a look at the text is all that can be had. */
    @Test
    void shouldRaiseTheOldestProgramInEveryMigrationThatTakesSomethingAway() throws Exception {
        Path folder = Path.of("src", "main", "resources", "db", "migration");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(SchemaTest::isAfterTheTable).toList()) {
                String sql = Files.readString(file).toLowerCase(Locale.ROOT);
                boolean takes = Stream.of("drop table", "drop column", "rename", "set not null", "alter type")
                        .anyMatch(sql::contains);
                assertThat(!takes || sql.contains("update schema_compatibility"))
                        .as("%s takes something away from former programs, and says so", file.getFileName())
                        .isTrue();
            }
        }
    }

    private static boolean isAfterTheTable(Path file) {
        String name = file.getFileName().toString();
        return Integer.parseInt(name.substring(1, name.indexOf("__"))) > 10;
    }

    @Test
    void shouldSayUnavailableWhenNobodyAnswers() {
        StoreAddress nowhere = new StoreAddress("jdbc:postgresql://127.0.0.1:1/releve", "releve", "x");
        try (HikariDataSource pool = StoreConnections.pool(nowhere, "nowhere", 2)) {
            assertThatThrownBy(() -> Schema.migrate(pool)).isInstanceOf(StoreUnavailable.class);
        }
    }
}
