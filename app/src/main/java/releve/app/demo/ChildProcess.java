package releve.app.demo;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import releve.server.cli.Refusal;

/** A {@code releve} command as a process of its own, with its output in a file. */
public final class ChildProcess {
    private static final Duration POLL = Duration.ofMillis(50);

    private final String name;
    private final Path log;
    private final Process process;

    private ChildProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /**
     * Starts {@code releve arguments…} with this Java and class path.
     *
     * @param environment added to this process's own: secrets go this way, not on the command line
     */
    public static ChildProcess start(String name, Path logs, Map<String, String> environment, List<String> arguments)
            throws IOException {
        return start(name, logs, environment, arguments, ownClassPath());
    }

    /** The class path of this program, which its processes have too. */
    public static String ownClassPath() {
        return System.getProperty("releve.classpath", System.getProperty("java.class.path"));
    }

    /** The same with the class path of another build. */
    static ChildProcess start(
            String name, Path logs, Map<String, String> environment, List<String> arguments, String classPath)
            throws IOException {
        Files.createDirectories(logs);
        Path log = logs.resolve(name + ".log");
        List<String> command = new ArrayList<>(ownSession());
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:TieredStopAtLevel=1",
                "-Xms32m",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                "releve.app.Releve"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return new ChildProcess(name, log, builder.start());
    }

    /** A terminal's Ctrl-C goes to a whole process group; it is meant for the demonstration, not for its processes. */
    private static List<String> ownSession() {
        Path setsid = Path.of("/usr/bin/setsid");
        return Files.isExecutable(setsid) ? List.of(setsid.toString()) : List.of();
    }

    public String name() {
        return name;
    }

    public Path log() {
        return log;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The exit status, while it has ended. */
    public OptionalInt exitStatus() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /**
     * Waits until its output has a line that contains the text.
     *
     * @throws Refusal when it ends before, or takes longer; with what it said last
     */
    public void awaitLine(String text, Duration limit) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < deadlineNs) {
            if (Files.exists(log) && Files.readString(log).contains(text)) {
                return;
            }
            if (!process.isAlive()) {
                throw new Refusal("%s ended with status %d: %s".formatted(name, process.exitValue(), lastLine()));
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
        throw new Refusal("%s was not ready within %d s; its log is %s".formatted(name, limit.toSeconds(), log));
    }

    /** SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
    }

    /** Sends any signal by its name, such as STOP or CONT. */
    public void signal(String signal) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -" + signal + " " + pid() + " failed with status " + status);
        }
    }

    /** Waits for its end. */
    public OptionalInt await(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
                ? OptionalInt.of(process.exitValue())
                : OptionalInt.empty();
    }

    private String lastLine() throws IOException {
        List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
        return lines.stream()
                .filter(line -> !line.isBlank())
                .reduce((a, b) -> b)
                .orElse("it said nothing");
    }
}
