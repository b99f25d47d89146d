package releve.server.node;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import releve.core.node.NodeClock;

/**
 * Milliseconds since the machine was started, those of suspensions too, to 10 ms: the first number of {@code /proc/uptime} (proc(5)).
 * Where there is no such file, or as soon as it cannot be read any more, the JVM's monotonic clock goes on from there; it does not
 * tell of suspensions.
 */
final class BootClock implements LongSupplier {
    private static final Path UPTIME = Path.of("/proc/uptime");

    private static final Pattern SECONDS = Pattern.compile("(\\d{1,12})\\.(\\d\\d) .*", Pattern.DOTALL);
    private static final int LINE_BYTES = 64;

    private final byte[] line = new byte[LINE_BYTES];
    private @Nullable RandomAccessFile uptime;
    private long lastMs;
    private long lastMonotonicMs = monotonicMs();

    /** The node's time on this machine. */
    static NodeClock nodeTime() {
        return new NodeClock(Instant::now, System::nanoTime, new BootClock(UPTIME));
    }

    BootClock(Path file) {
        try {
            // A channel would be closed by an interrupt of whoever reads it.
            uptime = new RandomAccessFile(file.toFile(), "r");
        } catch (IOException _) {
            uptime = null;
        }
    }

    @Override
    public synchronized long getAsLong() {
        RandomAccessFile file = uptime;
        long nowMs = monotonicMs();
        long read = file == null ? -1 : read(file);
        lastMs = read >= 0 ? read : lastMs + nowMs - lastMonotonicMs;
        lastMonotonicMs = nowMs;
        return lastMs;
    }

    private static long monotonicMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** @return milliseconds, or -1 when the file does not tell them; then it is not asked again */
    private long read(RandomAccessFile file) {
        try {
            file.seek(0);
            int length = Math.max(0, file.read(line));
            Matcher seconds = SECONDS.matcher(new String(line, 0, length, StandardCharsets.US_ASCII));
            if (seconds.matches()) {
                return 1_000 * Long.parseLong(seconds.group(1)) + 10 * Long.parseLong(seconds.group(2));
            }
        } catch (IOException _) {
            // The monotonic clock goes on.
        }
        uptime = null;
        return -1;
    }
}
