package releve.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreTest {
    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        EmbeddedStore.stop(directory);
    }

    @Test
    void shouldKeepDataAndPortWhenStoppedAndStartedAgain() throws SQLException {
        StoreAddress first = EmbeddedStore.startOrJoin(directory);
        TestStore.execute(first, "create table kept as select 42 as answer");
        assertThat(EmbeddedStore.startOrJoin(directory)).isEqualTo(first);
        EmbeddedStore.stop(directory);
        assertThat(EmbeddedStore.status(directory).running()).isFalse();

        StoreAddress second = EmbeddedStore.startOrJoin(directory);

        assertThat(second).isEqualTo(first);
        assertThat(value(second, "select answer from kept")).isEqualTo("42");
        assertThat(value(second, "show fsync")).isEqualTo("on");
        assertThat(value(second, "show synchronous_commit")).isEqualTo("on");
        assertThat(value(second, "show full_page_writes")).isEqualTo("on");
        assertThat(value(second, "show listen_addresses")).isEqualTo("127.0.0.1");
    }

    @Test
    void shouldListenWhereNoConnectionCanTakeItsPlaceWhileItIsDown() throws IOException {
        EmbeddedStore.startOrJoin(directory);
        int port = Integer.parseInt(
                Files.readString(directory.resolve("postgres.port")).strip());
        assertThat(port).as("below 32768, where systems begin to choose").isBetween(20_000, 29_999);
    }

    @Test
    void shouldRecoverCommittedDataWhenKilled() throws SQLException {
        StoreAddress address = EmbeddedStore.startOrJoin(directory);
        TestStore.execute(address, "create table kept as select 42 as answer");
        ProcessHandle server = ProcessHandle.of(
                        EmbeddedStore.status(directory).pid().orElseThrow())
                .orElseThrow();
        server.destroyForcibly();
        server.onExit().join();

        assertThat(value(EmbeddedStore.startOrJoin(directory), "select answer from kept"))
                .isEqualTo("42");
    }

    @Test
    void shouldKeepThePasswordFromOthers() throws IOException {
        StoreAddress address = EmbeddedStore.startOrJoin(directory);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("postgres.password"))))
                .isEqualTo("rw-------");
        assertThat(address.toString()).doesNotContain(address.password());
        assertThatThrownBy(() -> DriverManager.getConnection(address.url(), address.user(), "guessed"))
                .hasMessageContaining("password");
    }

    @Test
    void shouldSayInOneSentenceThatItsPortIsInUse() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedStore.startOrJoin(directory, OptionalInt.of(other.getLocalPort())))
                    .isInstanceOf(StoreRefused.class)
                    .hasMessageContaining("port " + other.getLocalPort() + " is in use");
        }
    }

    @Test
    void shouldRefuseDataOfAnotherMajorVersion() throws IOException {
        Files.createDirectories(directory.resolve("postgres"));
        Files.writeString(directory.resolve("postgres/PG_VERSION"), "16\n");
        assertThatThrownBy(() -> EmbeddedStore.startOrJoin(directory))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("PostgreSQL 16");
    }

    private static String value(StoreAddress address, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(address.url(), address.user(), address.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
