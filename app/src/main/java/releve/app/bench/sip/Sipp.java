package releve.app.bench.sip;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import releve.server.cli.Refusal;

/** One SIPp process that runs a scenario of ours and counts in a file. */
final class Sipp implements AutoCloseable {
    /** The buffers of its socket: a stall of a tenth of a second at full rate fits in. */
    private static final int BUFFER_BYTES = 4 * 1024 * 1024;

    private final Process process;
    private final Path counts;

    private Sipp(Process process, Path counts) {
        this.process = process;
        this.counts = counts;
    }

    /**
     * What it counted from its start.
     *
     * @param failed calls that ended otherwise than the scenario wants
     * @param repeated messages that it sent again because no answer came
     */
    record Counts(long succeeded, long failed, long repeated) {}

    /** The called side, until it is closed. */
    static Sipp called(Path directory, String scenario, InetSocketAddress at) throws IOException, InterruptedException {
        Sipp sipp = start(directory, scenario, at, List.of());
        Thread.sleep(Duration.ofMillis(500));
        if (!sipp.process.isAlive()) {
            throw new Refusal("SIPp ended at once; " + directory.resolve(scenario + ".log") + " says why.");
        }
        return sipp;
    }

    /** The calling side, which ends by itself after so many calls. */
    static Sipp calling(
            Path directory, String scenario, InetSocketAddress at, InetSocketAddress to, int perSecond, long calls)
            throws IOException {
        return start(
                directory,
                scenario,
                at,
                List.of(
                        "-s",
                        "bench",
                        "-r",
                        Integer.toString(perSecond),
                        "-m",
                        Long.toString(calls),
                        "-l",
                        Integer.toString(20 * perSecond + 1_000),
                        to.getAddress().getHostAddress() + ":" + to.getPort()));
    }

    private static Sipp start(Path directory, String scenario, InetSocketAddress at, List<String> more)
            throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve(scenario);
        try (InputStream in = Sipp.class.getResourceAsStream(scenario)) {
            if (in == null) {
                throw new Refusal("this build carries no scenario " + scenario + " for SIPp.");
            }
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        Path counts = directory.resolve(scenario + ".csv");
        Files.deleteIfExists(counts);
        List<String> command = new ArrayList<>(List.of("sipp", "-sf", file.toString(), "-nostdin"));
        command.addAll(List.of("-i", at.getAddress().getHostAddress(), "-p", Integer.toString(at.getPort())));
        command.addAll(List.of("-buff_size", Integer.toString(BUFFER_BYTES)));
        command.addAll(List.of("-trace_stat", "-stf", counts.toString(), "-fd", "1"));
        command.addAll(more);
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(new File(directory.toFile(), scenario + ".log"))
                    .start();
            return new Sipp(process, counts);
        } catch (IOException missing) {
            throw new Refusal("sipp cannot be started; install it (Debian: apt install sip-tester).", missing);
        }
    }

    /** @return whether it has ended within that time */
    boolean await(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Its counts of at most a second ago. */
    Counts counts() throws IOException {
        List<String> lines = Files.exists(counts) ? Files.readAllLines(counts) : List.of();
        if (lines.size() < 2) {
            return new Counts(0, 0, 0);
        }
        List<String> names = List.of(lines.getFirst().split(";"));
        // The last line may be half written.
        String[] values = lines.getLast().split(";");
        values = values.length < names.size() - 1 ? lines.get(lines.size() - 2).split(";") : values;
        return new Counts(
                number(names, values, "SuccessfulCall(C)"),
                number(names, values, "FailedCall(C)"),
                number(names, values, "Retransmissions(C)"));
    }

    private static long number(List<String> names, String[] values, String name) {
        int column = names.indexOf(name);
        return column < 0 || column >= values.length ? 0 : Long.parseLong(values[column]);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
