package releve.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The unit in {@code deploy/systemd}: that systemd understands it, and that a stop is maintenance. */
class SystemdUnitTest {
    private static final Path UNIT = Path.of("..", "deploy", "systemd", "releve@.service");
    private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");
    private static final int MONITORING_LIMIT_S = 5_400;

    static boolean systemdIsHere() {
        return Files.isExecutable(ANALYZE);
    }

    @Test
    void shouldMakeOfStopAMaintenanceWithTheTimeThatItMayTake() throws IOException {
        Map<String, List<String>> settings = settings();

        assertThat(settings.get("KillSignal")).containsExactly("SIGTERM");
        assertThat(settings.get("KillMode"))
                .as("only the dialer is told: a second SIGTERM would cut its calls")
                .containsExactly("mixed");
        assertThat(Integer.parseInt(settings.get("TimeoutStopSec").getFirst()))
                .isGreaterThanOrEqualTo(MONITORING_LIMIT_S + 60);
    }

    @Test
    void shouldComeBackAfterCrashAndStayEndedAfterMaintenance() throws IOException {
        assertThat(settings().get("Restart")).containsExactly("on-failure");
        assertThat(settings().get("SuccessExitStatus")).containsExactly("0");
    }

    @Test
    void shouldStartTheProgramItselfAndCallItStartedOnlyWhenItRuns() throws IOException {
        assertThat(settings().get("Type")).containsExactly("exec");
        assertThat(settings().get("ExecStart")).singleElement().asString().contains("releve node --side %i");
        assertThat(settings().get("User")).doesNotContain("root");
    }

    @Test
    @EnabledIf(value = "systemdIsHere", disabledReason = "there is no systemd-analyze on this machine")
    void shouldBeUnderstoodBySystemd(@TempDir Path folder) throws Exception {
        // It also looks whether the program is there: one that is, for the one that will be.
        Path unit = folder.resolve("releve@.service");
        Files.writeString(unit, Files.readString(UNIT).replace("/opt/releve/releve", "/bin/true"));

        Process analyze = new ProcessBuilder(ANALYZE.toString(), "verify", "--man=no", unit.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(analyze.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(analyze.waitFor()).as(said).isZero();
        assertThat(said.lines().filter(line -> line.contains("releve@"))).isEmpty();
    }

    private static Map<String, List<String>> settings() throws IOException {
        return Files.readAllLines(UNIT).stream()
                .filter(line -> line.matches("[A-Z][A-Za-z]*=.*"))
                .map(line -> line.split("=", 2))
                .collect(Collectors.groupingBy(
                        pair -> pair[0], Collectors.mapping(pair -> pair[1], Collectors.toList())));
    }
}
