package releve.server.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL programs that this program carries for its machine, unpacked once. */
record PostgresBinaries(Path home) {

    Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    /**
     * Unpacks the programs below a directory unless they are there. One caller at a time.
     *
     * @throws StoreRefused when there are none for this machine
     */
    static PostgresBinaries unpack(Path below) throws IOException {
        Path home = below.resolve("postgresql-" + EmbeddedStore.MAJOR_VERSION);
        if (Files.isExecutable(home.resolve("bin/postgres"))) {
            return new PostgresBinaries(home);
        }
        Path unfinished = below.resolve(home.getFileName() + ".unfinished");
        DirectoryTree.delete(unfinished);
        try (InputStream archive = archive()) {
            if (archive == null) {
                throw new StoreRefused(
                        "no PostgreSQL is carried for %s on %s; start one yourself and give --database-url"
                                .formatted(System.getProperty("os.name"), System.getProperty("os.arch")));
            }
            unpack(archive, unfinished);
        }
        DirectoryTree.delete(home);
        Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
        return new PostgresBinaries(home);
    }

    private static @Nullable InputStream archive() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String machine = switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "arm_64";
            default -> "unknown";
        };
        return PostgresBinaries.class.getResourceAsStream("/postgres-%s-%s.txz".formatted(system, machine));
    }

    private static void unpack(InputStream archive, Path target) throws IOException {
        Files.createDirectories(target);
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("the archive of PostgreSQL points outside itself: " + entry.getName());
                }
                Files.createDirectories(entry.isDirectory() ? path : path.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else if (entry.isFile()) {
                    Files.copy(tar, path);
                    Files.setPosixFilePermissions(
                            path,
                            PosixFilePermissions.fromString((entry.getMode() & 0100) == 0 ? "rw-r--r--" : "rwxr-xr-x"));
                }
            }
        }
    }
}
