package releve.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code deploy/exchange-side}, with an SSH that runs commands here and a systemd that only notes them. */
class ExchangeSideTest {
    @TempDir
    private Path folder;

    private Path tools;
    private Path opt;

    @BeforeEach
    void lay() throws IOException {
        tools = Files.createDirectories(folder.resolve("tools"));
        opt = Files.createDirectories(folder.resolve("opt"));
        Path host = Files.createDirectories(folder.resolve("host"));
        // The host has the same paths, below a folder of its own.
        executable(
                tools.resolve("ssh"),
                "while [ \"$1\" = -o ]; do shift 2; done; shift",
                "exec sh -c \"$(printf '%s' \"$*\" | sed 's#" + opt + "#" + host + "#g')\"");
        executable(tools.resolve("systemctl"), "echo \"$*\" >> " + folder.resolve("systemctl.log"));
    }

    @Test
    void shouldCopyTheInstallationPointTheLinkToItAndStartTheSide() throws Exception {
        installation("0.1.0");
        installation("0.2.0");

        assertThat(exchange("0.1.0").status()).isZero();
        Ran ran = exchange("0.2.0");

        assertThat(ran.status()).as(ran.said()).isZero();
        Path link = folder.resolve("host/releve");
        assertThat(Files.readSymbolicLink(link).getFileName()).hasToString("releve-0.2.0");
        assertThat(folder.resolve("host/releve-0.2.0/releve")).isExecutable();
        assertThat(folder.resolve("host/releve-0.1.0")).as("to go back to").isDirectory();
        assertThat(Files.readAllLines(folder.resolve("systemctl.log")))
                .containsExactly("start releve@B", "start releve@B");
    }

    @Test
    void shouldSayInOneSentenceThatThereIsNoInstallation() throws Exception {
        Ran ran = exchange("0.9.0");

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.said().lines()).singleElement().asString().contains("no installation", "releve package");
    }

    private record Ran(int status, String said) {}

    private Ran exchange(String version) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("../deploy/exchange-side", version, "dialer-B");
        builder.environment()
                .putAll(Map.of(
                        "PATH",
                        tools + ":/usr/bin:/bin",
                        "RELEVE_SIDE",
                        "B",
                        "SUDO",
                        "",
                        "INSTALLATIONS",
                        opt.toString()));
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), said);
    }

    private void installation(String version) throws IOException {
        Path installation = Files.createDirectories(opt.resolve("releve-" + version));
        executable(installation.resolve("releve"), "exit 0");
    }

    private static void executable(Path path, String... lines) throws IOException {
        Files.write(path, List.of("#!/bin/sh", String.join("\n", lines)));
        assertThat(path.toFile().setExecutable(true)).isTrue();
    }
}
