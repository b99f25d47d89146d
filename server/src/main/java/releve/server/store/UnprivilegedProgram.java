package releve.server.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * PostgreSQL refuses to run as root. In a container one often is: then it runs in a user name space of its own, where the
 * same files belong to nobody in particular, or, where the kernel forbids that, as the user nobody.
 */
final class UnprivilegedProgram {
    private static final boolean ROOT = isRoot();
    private static final boolean NAME_SPACE = ROOT && succeeds(List.of("unshare", "--user", "true"));
    private static final String NOBODY = "65534";

    private UnprivilegedProgram() {}

    /** What to put before a command. */
    static List<String> prefix() {
        if (!ROOT) {
            return List.of();
        }
        return NAME_SPACE
                ? List.of("unshare", "--user")
                : List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    }

    /** Gives files to the user under whom commands run, with all below them. */
    static void own(Path... roots) throws IOException {
        if (!ROOT || NAME_SPACE) {
            return;
        }
        for (Path root : roots) {
            List<Path> files;
            try (Stream<Path> walk = Files.walk(root)) {
                files = walk.toList();
            }
            for (Path file : files) {
                Files.setAttribute(file, "unix:uid", Integer.valueOf(NOBODY));
            }
        }
    }

    private static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException notLinux) {
            return "root".equals(System.getProperty("user.name"));
        }
    }

    private static boolean succeeds(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
