package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import releve.server.config.FreePorts;

/** One SIPp process that plays one call of one of our scenarios. */
final class SippPeer implements AutoCloseable {
    private static final int WAIT_SECONDS = 20;

    private final Process process;
    private final InetSocketAddress address;
    private final Path errors;

    private SippPeer(Process process, InetSocketAddress address, Path errors) {
        this.process = process;
        this.address = address;
        this.errors = errors;
    }

    /** SIPp waits to be called. */
    static SippPeer callee(Path directory, String scenario) throws Exception {
        SippPeer peer = start(directory, scenario, List.of());
        Thread.sleep(300);
        return peer;
    }

    /** SIPp calls. */
    static SippPeer caller(Path directory, String scenario, InetSocketAddress to) throws Exception {
        return start(
                directory, scenario, List.of(to.getAddress().getHostAddress() + ":" + to.getPort(), "-s", "releve"));
    }

    private static SippPeer start(Path directory, String scenario, List<String> more) throws Exception {
        Path file = directory.resolve(scenario);
        try (var in = SippPeer.class.getResourceAsStream("/sipp/" + scenario)) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        Path errors = directory.resolve(scenario + ".errors");
        InetSocketAddress address = FreePorts.address();
        List<String> command = new ArrayList<>(List.of(
                "sipp",
                "-sf",
                file.toString(),
                "-i",
                address.getAddress().getHostAddress(),
                "-p",
                Integer.toString(address.getPort()),
                "-m",
                "1",
                "-timeout",
                WAIT_SECONDS + "s",
                "-timeout_error",
                "-nostdin",
                "-trace_err",
                "-error_file",
                errors.toString()));
        command.addAll(more);
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(new File(directory.toFile(), scenario + ".log"))
                .start();
        return new SippPeer(process, address, errors);
    }

    InetSocketAddress address() {
        return address;
    }

    /** The one call went as the scenario says: that is SIPp's exit code 0. */
    void succeeded() throws Exception {
        assertThat(process.waitFor(WAIT_SECONDS + 5, TimeUnit.SECONDS))
                .as("SIPp ends")
                .isTrue();
        assertThat(process.exitValue())
                .as("SIPp's exit code; it said: %s", Files.exists(errors) ? Files.readString(errors) : "nothing")
                .isZero();
    }

    @Override
    public void close() throws Exception {
        process.destroyForcibly();
        process.waitFor();
    }
}
