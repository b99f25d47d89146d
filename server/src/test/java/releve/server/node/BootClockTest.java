package releve.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootClockTest {
    @TempDir
    Path directory;

    @Test
    void shouldReadSecondsSinceTheStartAndReadThemAnew() throws Exception {
        Path file = Files.writeString(directory.resolve("uptime"), "4394.54 3701.90\n");
        BootClock clock = new BootClock(file);
        assertThat(clock.getAsLong()).isEqualTo(4_394_540);
        Files.writeString(file, "4399.07 3701.90\n");
        assertThat(clock.getAsLong()).isEqualTo(4_399_070);
    }

    @Test
    void shouldGoOnWithTheMonotonicClockWhereNothingIsToldAnyMore() throws Exception {
        Path file = Files.writeString(directory.resolve("uptime"), "4394.54 3701.90\n");
        BootClock clock = new BootClock(file);
        clock.getAsLong();
        Files.writeString(file, "out of order");
        long first = clock.getAsLong();
        assertThat(first).isGreaterThanOrEqualTo(4_394_540);
        Files.writeString(file, "9999.00 3701.90\n");
        assertThat(clock.getAsLong()).as("it is not believed again").isBetween(first, first + 1_000_000);
    }

    @Test
    void shouldDoWithoutTheFile() {
        BootClock clock = new BootClock(directory.resolve("none"));
        long first = clock.getAsLong();
        assertThat(clock.getAsLong()).isGreaterThanOrEqualTo(first);
    }

    @Test
    void shouldSurviveAnInterruptOfWhoeverReads() throws Exception {
        Path file = Files.writeString(directory.resolve("uptime"), "4394.54 3701.90\n");
        BootClock clock = new BootClock(file);
        Thread.currentThread().interrupt();
        assertThat(clock.getAsLong()).isEqualTo(4_394_540);
        assertThat(Thread.interrupted()).isTrue();
        Files.writeString(file, "4400.00 3701.90\n");
        assertThat(clock.getAsLong()).isEqualTo(4_400_000);
    }
}
