package releve.server.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import releve.server.config.FreePorts;

/**
 * The default store: a PostgreSQL of Relève's own, on this machine only, as a process that outlives every node. Everything
 * it keeps is below one directory: {@code postgres} (the data), {@code postgres.port}, {@code postgres.password} (readable
 * by the owner only), {@code postgres.log} and the unpacked programs. Nothing is lost in a power failure: it writes
 * through to the disk like a production server.
 *
 * <p>Calls may come from several processes at once; a lock file in the directory makes them take turns.
 */
public final class EmbeddedStore {
    /** Data of another major version is refused. */
    static final String MAJOR_VERSION = "17";

    private static final String USER = "releve";
    private static final String DATABASE = "releve";

    private EmbeddedStore() {}

    /** What the embedded store is doing; {@code pid} and {@code port} only while it runs. */
    public record Status(boolean running, OptionalInt pid, OptionalInt port, Path dataDir) {}

    /** Starts the store on a free port chosen once and kept, or joins the one that runs. */
    public static StoreAddress startOrJoin(Path dataDir) {
        return startOrJoin(dataDir, OptionalInt.empty());
    }

    /**
     * Starts the store, or joins the one that runs, and waits until it answers.
     *
     * @param dataDir created when missing
     * @param port empty to keep the one chosen at the first start
     * @throws StoreRefused when it cannot run: port in use, data of another version, no programs for this machine
     */
    public static StoreAddress startOrJoin(Path dataDir, OptionalInt port) {
        return locked(dataDir, directory -> {
            Path data = directory.resolve("postgres");
            PostgresCluster.refuseOtherVersion(data);
            if (PostgresCluster.running(data).isEmpty()) {
                int chosen = port(directory, port);
                PostgresCluster cluster = cluster(directory);
                cluster.createIfMissing(USER, password(directory));
                cluster.start(chosen);
            }
            int running = PostgresCluster.running(data)
                    .orElseThrow(() -> new StoreRefused("the embedded store stopped right after its start; see "
                            + directory.resolve("postgres.log")))
                    .port();
            StoreAddress address = address(directory, running);
            createDatabase(address, directory);
            return address;
        });
    }

    /** Stops the store in order, ending the sessions of whoever uses it; nothing when it does not run. */
    public static void stop(Path dataDir) {
        if (Files.isDirectory(dataDir)) {
            locked(dataDir, directory -> {
                if (status(directory).running()) {
                    cluster(directory).stop();
                }
                return dataDir;
            });
        }
    }

    /** Whether it runs, and where. */
    public static Status status(Path dataDir) {
        Path directory = dataDir.toAbsolutePath().normalize();
        Optional<PostgresCluster.Running> running = PostgresCluster.running(directory.resolve("postgres"));
        return new Status(
                running.isPresent(),
                running.map(process -> OptionalInt.of(process.pid())).orElse(OptionalInt.empty()),
                running.map(process -> OptionalInt.of(process.port())).orElse(OptionalInt.empty()),
                directory);
    }

    private static PostgresCluster cluster(Path directory) throws IOException {
        return new PostgresCluster(
                PostgresBinaries.unpack(directory), directory.resolve("postgres"), directory.resolve("postgres.log"));
    }

    private interface Work<T> {
        T apply(Path directory) throws IOException;
    }

    private static synchronized <T> T locked(Path dataDir, Work<T> work) {
        Path directory = dataDir.toAbsolutePath().normalize();
        try {
            Files.createDirectories(directory);
            try (FileChannel channel = FileChannel.open(
                            directory.resolve("store.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (!lock.isValid()) {
                    throw new IOException("the lock of " + directory + " was lost");
                }
                return work.apply(directory);
            }
        } catch (IOException failed) {
            throw new StoreRefused(
                    "the store's directory %s cannot be used: %s; check its owner and the free space"
                            .formatted(directory, failed.getMessage()),
                    failed);
        }
    }

    private static StoreAddress address(Path directory, int port) throws IOException {
        return new StoreAddress(
                "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, DATABASE), USER, password(directory));
    }

    private static String password(Path directory) throws IOException {
        Path file = directory.resolve("postgres.password");
        if (!Files.exists(file)) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            Path unfinished = directory.resolve("postgres.password.unfinished");
            Files.deleteIfExists(unfinished);
            Files.createFile(
                    unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(unfinished, HexFormat.of().formatHex(random));
            Files.move(unfinished, file);
        }
        return Files.readString(file).strip();
    }

    private static int port(Path directory, OptionalInt wanted) throws IOException {
        Path file = directory.resolve("postgres.port");
        if (wanted.isEmpty() && Files.exists(file)) {
            int kept = Integer.parseInt(Files.readString(file).strip());
            refusePortInUse(kept, "end that program, or delete " + file + " to have another port chosen");
            return kept;
        }
        int port;
        if (wanted.isPresent()) {
            port = wanted.getAsInt();
            refusePortInUse(port, "end that program, or give another port");
        } else {
            port = FreePorts.draw();
        }
        Files.writeString(file, Integer.toString(port));
        return port;
    }

    private static void refusePortInUse(int port, String remedy) {
        try (ServerSocket probe = new ServerSocket()) {
            // As PostgreSQL itself does: connections that are closing do not hold the port.
            probe.setReuseAddress(true);
            probe.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
        } catch (IOException inUse) {
            throw new StoreRefused(
                    "the store's port %d is in use by another program; %s".formatted(port, remedy), inUse);
        }
    }

    private static void createDatabase(StoreAddress address, Path directory) {
        StoreAddress maintenance = new StoreAddress(
                address.url().replaceFirst("/" + DATABASE + "$", "/postgres"), address.user(), address.password());
        try (Connection connection = StoreConnections.patient(maintenance, "releve start", 30_000);
                Statement statement = connection.createStatement()) {
            try (ResultSet found =
                    statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")) {
                if (found.next()) {
                    return;
                }
            }
            statement.execute("create database " + DATABASE);
        } catch (SQLException failed) {
            throw new StoreRefused(
                    "the embedded store runs but does not let us in: %s; see %s"
                            .formatted(failed.getMessage(), directory.resolve("postgres.log")),
                    failed);
        }
    }

    /** The settings that make it as careful as a production server, and reachable from this machine only. */
    static List<String> settings(int port) {
        return List.of(
                "listen_addresses = '127.0.0.1'",
                "port = " + port,
                "unix_socket_directories = ''",
                "max_connections = 200",
                "fsync = on",
                "synchronous_commit = on",
                "full_page_writes = on",
                "shared_buffers = '128MB'",
                "max_wal_size = '1GB'",
                "checkpoint_completion_target = 0.9",
                "password_encryption = 'scram-sha-256'",
                "logging_collector = off",
                "log_line_prefix = '%m [%p] %a '",
                "log_min_duration_statement = '1s'",
                "timezone = 'UTC'",
                "log_timezone = 'UTC'");
    }
}
