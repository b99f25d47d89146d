package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import releve.app.demo.ChildProcess;
import releve.app.demo.Ensemble;
import releve.core.common.Side;

/**
 * A pair is upgraded under load, and the right to dial crosses from the old version to the new one and back. The old version is
 * the build in the folder {@code RELEVE_PREVIOUS}, an installation made by {@code releve package}; without it, this same build
 * under another number.
 */
class UpgradeTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String SESSIONS =
            "select id || ' ' || encode(session_hash, 'hex') from agent where state <> 'LOGGED_OUT' order by id";

    @Test
    void shouldUpgradeBothSidesUnderLoadWithTheRightCrossingInBothDirections() throws Exception {
        try (Scene scene = Scene.busyWithoutTables("upgrade", 21)) {
            scene.ensemble.letNodesRun(previous(scene));
            scene.play();
            scene.awaitSwing(Side.A, 5, 3);
            List<String> sessions = scene.query(SESSIONS);
            String old = version(scene, Side.A);

            // One side is new: the right goes from the old version to the new one, and back.
            scene.ensemble.letNodesRun(present(scene));
            scene.releve("maintenance", "start", "--side", "B", "--wait");
            scene.ensemble.startNode(Side.B);
            crossOver(scene, Side.A);
            assertThat(version(scene, Side.A)).isEqualTo(old);
            String now = version(scene, Side.B);
            crossOver(scene, Side.B);
            grow(scene);

            Ensemble.Printed printed = upgrade(scene);

            assertThat(printed.status()).as(printed.text()).isZero();
            assertThat(printed.text())
                    .contains("side A: stopped with status 0", "side A is standby with " + now, "side B is active");
            assertThat(version(scene, Side.A)).isEqualTo(now);
            assertThat(scene.query(SESSIONS)).as("sessions of the agents").isEqualTo(sessions);
            assertThat(scene.dialedBy(Side.A)).isNotEmpty();
            assertThat(scene.dialedBy(Side.B)).isNotEmpty();
            scene.reconcileAllZero();
        }
    }

    /** Hands the right over from that side, which stays, as standby. */
    private static void crossOver(Scene scene, Side from) throws Exception {
        scene.awaitStandbyOf(from, SOON);
        scene.awaitSwing(from, 5, 3);
        Instant asked = Instant.now();
        scene.releve("maintenance", "start", "--side", from.name());
        scene.awaitPhase(from.other(), "active", SOON);
        scene.releve("maintenance", "cancel", "--side", from.name());
        scene.awaitPhase(from, "standby", SOON);
        scene.awaitInvite(from.other(), asked, SOON);
    }

    /** A version that is still to come has been here: whatever starts from now on is the former program of newer tables. */
    private static void grow(Scene scene) throws Exception {
        scene.change("alter table attempt add column weather text not null default 'fair'");
        scene.change("""
                insert into flyway_schema_history
                    (installed_rank, version, description, type, script, installed_by, execution_time, success)
                values (999, '999', 'weather', 'SQL', 'V999__weather.sql', 'x', 1, true)""");
    }

    /** Runs the upgrade; its exchange leaves a file for this test, which starts the side and takes the file away. */
    private static Ensemble.Printed upgrade(Scene scene) throws Exception {
        Path wanted = scene.directory.resolve("exchange.wanted");
        Files.deleteIfExists(wanted);
        CompletableFuture<Ensemble.Printed> upgrade = CompletableFuture.supplyAsync(() -> scene.run(
                "upgrade",
                "--settle",
                "2s",
                "--exchange",
                "echo $RELEVE_SIDE > '%1$s.new'; mv '%1$s.new' '%1$s'; while [ -e '%1$s' ]; do sleep 0.1; done"
                        .formatted(wanted)));
        while (!upgrade.isDone()) {
            Scene.await("the exchange", Duration.ofSeconds(150), () -> Files.exists(wanted) || upgrade.isDone());
            if (Files.exists(wanted)) {
                scene.ensemble.startNode(Side.valueOf(Files.readString(wanted).strip()));
                Files.delete(wanted);
            }
        }
        return upgrade.get();
    }

    private static String version(Scene scene, Side side) {
        return scene.node(side).start().version();
    }

    private static String previous(Scene scene) throws Exception {
        String folder = System.getenv("RELEVE_PREVIOUS");
        if (folder == null) {
            return numbered(scene, "0.1.0");
        }
        Path lib = Path.of(folder, "lib");
        assertThat(lib).as("RELEVE_PREVIOUS is an installation").isDirectory();
        try (Stream<Path> jars = Files.list(lib)) {
            return String.join(
                    File.pathSeparator, jars.map(Path::toString).sorted().toList());
        }
    }

    private static String present(Scene scene) throws Exception {
        return System.getenv("RELEVE_PREVIOUS") == null ? numbered(scene, "0.2.0") : ChildProcess.ownClassPath();
    }

    /** This build, which says that it is of that version. */
    private static String numbered(Scene scene, String version) throws Exception {
        Path folder = Files.createDirectories(scene.directory.resolve("version-" + version));
        Files.writeString(folder.resolve("releve-version.properties"), "version=" + version + "\n");
        return folder + File.pathSeparator + ChildProcess.ownClassPath();
    }
}
