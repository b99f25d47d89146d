package releve.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code releve}, run as people run it, in a checkout of its own with a JDK and a Maven that only play one. */
class LauncherTest {
    private static final List<String> PLAIN_TOOLS = List.of(
            "bash",
            "env",
            "dirname",
            "readlink",
            "find",
            "head",
            "cat",
            "touch",
            "mkdir",
            "rm",
            "cp",
            "mv",
            "ls",
            "sort",
            "tail",
            "date",
            "grep",
            "tee",
            "id",
            "flock",
            "sleep");

    @TempDir
    private Path folder;

    private Path checkout;
    private Path tools;

    private record Ran(int exitCode, String out, String err) {}

    @BeforeEach
    void lay() throws IOException {
        checkout = Files.createDirectories(folder.resolve("a checkout"));
        tools = Files.createDirectories(folder.resolve("tools"));
        Files.copy(
                Path.of("..", "releve"), checkout.resolve("releve"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        Files.createDirectories(checkout.resolve(".mvn"));
        for (String module : List.of("core", "sip", "media", "server", "sim", "app")) {
            Files.createDirectories(checkout.resolve(module).resolve("src/main"));
            Files.writeString(checkout.resolve(module).resolve("pom.xml"), "<project/>");
        }
        for (String tool : PLAIN_TOOLS) {
            Path found = Stream.of("/usr/bin", "/bin")
                    .map(dir -> Path.of(dir, tool))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElse(null);
            if (found != null) {
                executable(tools.resolve(tool), "#!/bin/sh", "exec " + found + " \"$@\"");
            }
        }
    }

    @Test
    void shouldSayInOneSentenceThatNoJdkWasFound() throws Exception {
        Path old = jdk("old", "17.0.9");

        Ran ran = launch(Map.of("JAVA_HOME", old.toString()), "status");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err().lines())
                .singleElement()
                .asString()
                .contains("needs a JDK 25 or newer")
                .contains("JAVA_HOME");
    }

    @Test
    void shouldTakeTheJdkOfTheSystemWhenJavaHomeIsTooOld() throws Exception {
        Path old = jdk("old", "21");
        jdk("jvm/new", "25.0.1");
        jdk("jvm/newer", "26");
        maven(0);

        Ran ran = launch(Map.of("JAVA_HOME", old.toString()), "status");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains("ran by " + folder.resolve("jvm/new")).contains("releve.app.Releve status");
    }

    @Test
    void shouldSayInOneSentenceThatMavenIsMissing() throws Exception {
        jdk("jvm/new", "25");

        Ran ran = launch(Map.of(), "status");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err().lines())
                .singleElement()
                .asString()
                .contains("no 'mvn'")
                .contains("install Maven");
    }

    @Test
    void shouldRunAnInstallationFromItsJarsAndNeverBuildIt() throws Exception {
        jdk("jvm/new", "25");
        Files.createDirectories(checkout.resolve("lib"));
        Files.writeString(checkout.resolve("lib/releve-app.jar"), "");

        Ran ran = launch(Map.of(), "status");

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("-cp " + checkout + "/lib/* releve.app.Releve status");
        assertThat(checkout.resolve("target")).doesNotExist();
    }

    @Test
    void shouldPackEveryJarIntoAnInstallationThatRuns() throws Exception {
        jdk("jvm/new", "25");
        maven(0);
        Files.createDirectories(checkout.resolve("deploy"));
        Files.writeString(checkout.resolve("LICENSE"), "");
        Path installation = folder.resolve("releve-0.1.0");

        Ran packed = launch(Map.of(), "package", installation.toString());

        assertThat(packed.exitCode()).as(packed.err()).isZero();
        try (Stream<Path> jars = Files.list(installation.resolve("lib"))) {
            assertThat(jars.map(jar -> jar.getFileName().toString())).contains("releve-app.jar", "releve-core.jar");
        }
        Ran again = launch(Map.of(), "package", installation.toString());
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("is there already");
    }

    @Test
    void shouldBuildOnceAndAgainOnlyWhenASourceIsNewer() throws Exception {
        jdk("jvm/new", "25");
        maven(0);

        assertThat(launch(Map.of(), "status").err()).contains("building (once)");
        assertThat(launch(Map.of(), "status").err()).isEmpty();
        Path source = checkout.resolve("core/src/main/Changed.java");
        Files.writeString(source, "changed");
        Files.setLastModifiedTime(
                source, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 60_000));
        assertThat(launch(Map.of(), "status").err()).contains("building (once)");

        assertThat(Files.readAllLines(folder.resolve("maven-runs"))).hasSize(2);
    }

    @Test
    void shouldBuildOnceWhenManyStartAtOnce() throws Exception {
        jdk("jvm/new", "25");
        maven(0);

        List<Process> starts =
                Stream.generate(() -> start(Map.of(), "status")).limit(5).toList();
        for (Process start : starts) {
            assertThat(finish(start).exitCode()).isZero();
        }

        assertThat(Files.readAllLines(folder.resolve("maven-runs"))).hasSize(1);
    }

    @Test
    void shouldPrintWhyTheBuildFailed() throws Exception {
        jdk("jvm/new", "25");
        maven(1);

        Ran ran = launch(Map.of(), "status");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).contains("[ERROR] Wrong.java:[1,1] ';' expected").contains("the build failed");
    }

    @Test
    void shouldSayWhatVerifyIsMissing() throws Exception {
        jdk("jvm/new", "25");
        maven(0);

        Ran ran = launch(Map.of(), "verify");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).contains("the tests need").contains("sipp").contains("sip-tester");
    }

    @Test
    void shouldEndWithTheExitCodeOfTheTests() throws Exception {
        jdk("jvm/new", "25");
        maven(0);
        launch(Map.of(), "status");
        for (String need : List.of("sipp", "kamailio", "baresip", "chromium", "chromedriver")) {
            script(need, "exit 0");
        }

        assertThat(launch(Map.of(), "verify").exitCode()).isZero();
        maven(1);
        assertThat(launch(Map.of(), "verify").exitCode()).isNotZero();
    }

    private Path jdk(String name, String version) throws IOException {
        Path jdk = folder.resolve(name);
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"test\"\nJAVA_VERSION=\"" + version + "\"\n");
        executable(jdk.resolve("bin/java"), "echo \"ran by " + jdk + ": $*\"");
        executable(jdk.resolve("bin/javac"), "exit 0");
        return jdk;
    }

    /** A Maven that counts its runs and leaves what a build leaves, or fails. */
    private void maven(int exitCode) throws IOException {
        script("mvn", """
                echo run >> '%1$s/maven-runs'
                echo "[INFO] Building Releve core [1/7]"
                for module in core sip media server sim app; do
                  mkdir -p "$module/target"; echo jar > "$module/target/releve-$module-1.jar"
                done
                echo jar > '%1$s/library.jar'; echo '%1$s/library.jar' > app/target/classpath
                if [ %2$d -ne 0 ]; then echo "[ERROR] Wrong.java:[1,1] ';' expected"; fi
                exit %2$d
                """.formatted(folder, exitCode));
    }

    private void script(String name, String body) throws IOException {
        executable(tools.resolve(name), body);
    }

    private static void executable(Path path, String body) throws IOException {
        executable(path, "#!/usr/bin/env bash", body);
    }

    private static void executable(Path path, String interpreter, String body) throws IOException {
        Files.writeString(path, interpreter + "\n" + body + "\n");
        assertThat(path.toFile().setExecutable(true)).isTrue();
    }

    private Ran launch(Map<String, String> environment, String... arguments) throws Exception {
        return finish(start(environment, arguments));
    }

    private Process start(Map<String, String> environment, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(
                Stream.concat(Stream.of(checkout.resolve("releve").toString()), Stream.of(arguments))
                        .toList());
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("RELEVE_JVM_DIRS", folder.resolve("jvm").toString());
        // No apt-get on that PATH: a verify of this test installs nothing.
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Ran finish(Process process) throws Exception {
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), out, err);
    }
}
