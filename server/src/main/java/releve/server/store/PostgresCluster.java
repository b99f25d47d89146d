package releve.server.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One PostgreSQL data directory and the server process on it. The server is started through {@code pg_ctl}, which puts it
 * into a session of its own: no signal meant for a node reaches it.
 *
 * @param binaries the programs
 * @param data the data directory
 * @param log what the server writes
 */
record PostgresCluster(PostgresBinaries binaries, Path data, Path log) {
    private static final int START_SECONDS_MAX = 60;
    private static final int PROGRAM_SECONDS_MAX = START_SECONDS_MAX + 30;

    /** A server process, as its own file says. */
    record Running(int pid, int port) {}

    static void refuseOtherVersion(Path data) throws IOException {
        Path file = data.resolve("PG_VERSION");
        if (Files.exists(file)) {
            String version = Files.readString(file).strip();
            if (!version.equals(EmbeddedStore.MAJOR_VERSION)) {
                throw new StoreRefused(
                        "the data in %s is of PostgreSQL %s and this program carries %s; dump it with the old version and restore it"
                                .formatted(data, version, EmbeddedStore.MAJOR_VERSION));
            }
        }
    }

    void createIfMissing(String user, String password) throws IOException {
        if (Files.exists(data.resolve("PG_VERSION"))) {
            return;
        }
        Path unfinished = data.resolveSibling("postgres.unfinished");
        DirectoryTree.delete(unfinished);
        Path passwordFile = data.resolveSibling("postgres.initial-password");
        Files.deleteIfExists(passwordFile);
        Files.createFile(
                passwordFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(passwordFile, password);
            Files.createDirectory(
                    unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            UnprivilegedProgram.own(unfinished, passwordFile);
            run(List.of(
                    binaries.program("initdb").toString(),
                    "--pgdata=" + unfinished,
                    "--username=" + user,
                    "--pwfile=" + passwordFile,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--data-checksums"));
        } finally {
            Files.deleteIfExists(passwordFile);
        }
        Files.move(unfinished, data);
    }

    void start(int port) throws IOException {
        Files.writeString(
                data.resolve("postgresql.auto.conf"),
                String.join("\n", EmbeddedStore.settings(port)) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING);
        if (!Files.exists(log)) {
            Files.createFile(log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        UnprivilegedProgram.own(data, log);
        run(List.of(
                binaries.program("pg_ctl").toString(),
                "start",
                "--pgdata=" + data,
                "--log=" + log,
                "--wait",
                "--timeout=" + START_SECONDS_MAX,
                "--silent"));
    }

    void stop() throws IOException {
        run(List.of(
                binaries.program("pg_ctl").toString(),
                "stop",
                "--pgdata=" + data,
                "--mode=fast",
                "--wait",
                "--timeout=" + START_SECONDS_MAX,
                "--silent"));
    }

    /** The server of that data directory, if it is alive. */
    static Optional<Running> running(Path data) {
        try {
            List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
            if (lines.size() < 4) {
                return Optional.empty();
            }
            int pid = Integer.parseInt(lines.get(0).strip());
            boolean alive = ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    // After a restart of the machine the number may be another program's.
                    .filter(process -> process.info()
                            .command()
                            .map(command -> command.contains("postgres"))
                            .orElse(true))
                    .isPresent();
            return alive
                    ? Optional.of(new Running(pid, Integer.parseInt(lines.get(3).strip())))
                    : Optional.empty();
        } catch (IOException | NumberFormatException absent) {
            return Optional.empty();
        }
    }

    private void run(List<String> command) throws IOException {
        Path output = data.resolveSibling("postgres-program.out");
        try {
            List<String> full = new ArrayList<>(UnprivilegedProgram.prefix());
            full.addAll(command);
            // Output goes to a file: a pipe would be inherited by the server and never end.
            Process process = new ProcessBuilder(full)
                    .directory(binaries.home().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(PROGRAM_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw refused(command, "it took too long");
            }
            if (process.exitValue() != 0) {
                throw refused(command, lastLine(output));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw refused(command, "interrupted");
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private StoreRefused refused(List<String> command, String why) throws IOException {
        String detail = Files.exists(log) && command.contains("start") ? lastLine(log) : why;
        return new StoreRefused("PostgreSQL could not %s: %s; see %s"
                .formatted(command.contains("stop") ? "stop" : "start", detail, log));
    }

    private static String lastLine(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return lines.reversed().stream()
                .filter(line -> !line.isBlank())
                .filter(line -> line.contains("FATAL") || line.contains("rror"))
                .findFirst()
                .or(() -> lines.reversed().stream()
                        .filter(line -> !line.isBlank())
                        .findFirst())
                .orElse("no reason given");
    }
}
