package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import releve.app.demo.ChildProcess;
import releve.app.demo.Ensemble;
import releve.core.common.Side;
import releve.core.pair.Role;

/** What an operator may do to a pair at work, and what is refused; one working day, each test goes on where the last ended. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MaintenanceTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration DRAINED = Duration.ofSeconds(150);
    private static Scene scene;

    @BeforeAll
    static void begin() throws Exception {
        scene = Scene.prepare(
                "maintenance",
                List.of("--seed", "15", "--talk", "12", "--ring", "5"),
                Optional.of(List.of("--seed", "15", "--count", "40", "--talk", "12", "--wrap-up", "2")),
                List.of("--monitoring-limit", "120"));
        scene.ensemble.startCarrier();
        scene.ensemble.startNode(Side.A);
        scene.ensemble.startAgents();
        scene.campaign("--ring-limit", "12");
    }

    @AfterAll
    static void end() {
        scene.close();
    }

    @Test
    @Order(1)
    void shouldRefuseMaintenanceWithoutStandby() {
        scene.awaitPhase(Side.A, "active", SOON);
        Ensemble.Printed refused = scene.run("maintenance", "start", "--side", "A");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.text()).contains("refused", "side B is not running").hasLineCount(1);
        Ensemble.Printed dryRun = scene.run("maintenance", "start", "--side", "A", "--dry-run");
        assertThat(dryRun.status()).isEqualTo(1);
        assertThat(dryRun.text()).contains("would be refused: side B is not running");
        assertThat(scene.phase(Side.A)).isEqualTo("active");
    }

    @Test
    @Order(2)
    void shouldRefuseSecondNodeOfSameSide() throws Exception {
        refusedAtStart("second-node", "A", "127.0.0.1:0", "127.0.0.1:0", "side A of pair 1 is already running");
    }

    @Test
    @Order(3)
    void shouldRefuseToStartWhenSipPortIsInUse() throws Exception {
        refusedAtStart("sip-port-taken", "B", text(scene.ensemble.sip(Side.A)), "127.0.0.1:0", "in use");
    }

    @Test
    @Order(4)
    void shouldRefuseToStartWhenConsolePortIsInUse() throws Exception {
        String taken = scene.ensemble.url(Side.A).replace("http://", "");
        refusedAtStart("http-port-taken", "B", "127.0.0.1:0", taken, "in use");
    }

    @Test
    @Order(5)
    void shouldSayWhatMaintenanceWouldDo() throws Exception {
        // At once, although a node of this side has just failed to start.
        scene.ensemble.startNode(Side.B);
        scene.awaitStandbyOf(Side.A, SOON);
        scene.awaitSwing(Side.A, 5, 5);
        String plan = scene.releve("maintenance", "start", "--side", "A", "--dry-run");
        assertThat(plan)
                .contains("ringing", "connected", "Maintenance of side A would be accepted")
                .containsPattern("the other side dials within \\S+");
        assertThat(scene.phase(Side.A)).isEqualTo("active");
        assertThat(scene.phase(Side.B)).isEqualTo("standby");
    }

    @Test
    @Order(6)
    void shouldReturnToServiceWhenCancelledBeforeHandover() throws Exception {
        scene.awaitSwing(Side.A, 5, 5);
        scene.releve("maintenance", "start", "--side", "A");
        scene.releve("maintenance", "cancel", "--side", "A");
        Instant cancelled = Instant.now();
        scene.awaitPhase(Side.A, "active", SOON);
        scene.awaitInvite(Side.A, cancelled, SOON);
        assertThat(scene.phase(Side.B)).isEqualTo("standby");
        assertThat(scene.dialedBy(Side.B)).isEmpty();
    }

    @Test
    @Order(7)
    void shouldReturnToServiceByItselfWhenStandbyDiesDuringQuiescing() throws Exception {
        scene.awaitStandbyOf(Side.A, SOON);
        scene.awaitSwing(Side.A, 5, 8);
        scene.releve("maintenance", "start", "--side", "A");
        scene.ensemble.node(Side.B).kill();
        Instant died = Instant.now();
        Scene.await(
                "side A back in service",
                SOON,
                () -> scene.node(Side.A).heartbeat().phaseReason().startsWith("back in service by itself"));
        scene.awaitPhase(Side.A, "active", SOON);
        scene.awaitInvite(Side.A, died.plusSeconds(2), SOON);
    }

    @Test
    @Order(8)
    void shouldLetTheOtherSideDialWhileItSettlesAndBecomeStandbyWhenCancelledMeanwhile() throws Exception {
        scene.restart(Side.B);
        scene.awaitStandbyOf(Side.A, SOON);
        scene.awaitSwing(Side.A, 12, 5);
        scene.releve("maintenance", "start", "--side", "A", "--handover", "overlap");
        Instant asked = Instant.now();
        scene.awaitPhase(Side.B, "active", SOON);
        scene.releve("maintenance", "cancel", "--side", "A");
        Instant dialed = scene.awaitInvite(Side.B, asked, SOON);
        scene.awaitPhase(Side.A, "standby", SOON);
        assertThat(dialed).as("before side A had settled").isBefore(scene.became(Side.A, "standby"));
        assertThat(scene.dialedBy(Side.A))
                .allSatisfy(call -> assertThat(call.invitedAt())
                        .as("what side A dialed")
                        .isBefore(scene.became(Side.A, "settling")));
        assertThat(scene.became(Side.A, Role.AGENT_GATEWAY, "quiescing"))
                .as("desktops move when somebody dials again")
                .isAfterOrEqualTo(scene.became(Side.A, "settling"));
        assertThat(scene.ensemble.node(Side.A).isAlive()).isTrue();
        assertThat(scene.phase(Side.B)).isEqualTo("active");
    }

    @Test
    @Order(9)
    void shouldReturnToServiceByItselfWhenTheOtherSideDiesAfterTheHandover() throws Exception {
        scene.awaitStandbyOf(Side.B, SOON);
        scene.awaitSwing(Side.B, 12, 3);
        scene.releve("maintenance", "start", "--side", "B");
        scene.awaitPhase(Side.A, "active", SOON);
        scene.awaitPhase(Side.B, "monitoring", SOON);
        scene.ensemble.node(Side.A).kill();
        Instant died = Instant.now();
        scene.awaitPhase(Side.B, "active", SOON);
        assertThat(scene.ensemble
                        .registry()
                        .journal(1, Role.DIALER, 2)
                        .getLast()
                        .transition()
                        .toString())
                .startsWith("monitoring → standby: back in service by itself");
        scene.awaitInvite(Side.B, died, SOON);
        scene.restart(Side.A);
    }

    @Test
    @Order(10)
    void shouldDrainAndStopOnSigterm() throws Exception {
        scene.awaitStandbyOf(Side.B, SOON);
        scene.awaitSwing(Side.B, 5, 3);
        ChildProcess b = scene.ensemble.node(Side.B);
        b.terminate();
        scene.awaitPhase(Side.A, "active", SOON);
        Scene.assertStopped(b, 0, DRAINED);
        assertThat(scene.node(Side.B).stop())
                .hasValueSatisfying(stop -> assertThat(stop.exitStatus()).isZero());
        assertThat(scene.phase(Side.A)).isEqualTo("active");
    }

    @Test
    @Order(11)
    void shouldStopAtOnceOnSecondSigterm() throws Exception {
        scene.restart(Side.B);
        scene.awaitSwing(Side.A, 5, 3);
        ChildProcess a = scene.ensemble.node(Side.A);
        a.terminate();
        scene.awaitPhase(Side.A, "quiescing", SOON);
        a.terminate();
        assertThat(a.await(Duration.ofSeconds(15))).as("side A stopped").isPresent();
        assertThat(Files.readString(a.log()))
                .containsPattern("second SIGTERM: cut \\d+ dialing, \\d+ ringing, .* left \\d+ connected calls");
        scene.awaitPhase(Side.B, "active", SOON);
    }

    @Test
    @Order(12)
    void shouldHaveLostNothingInAllThat() throws Exception {
        scene.reconcileAllZero();
    }

    /** Starts a node that must end with status 1 and, as its last word, one sentence. */
    private static void refusedAtStart(String name, String side, String sip, String http, String reason)
            throws Exception {
        ChildProcess node = ChildProcess.start(
                name + "-" + System.nanoTime(),
                scene.directory,
                scene.ensemble.environment(),
                List.of("node", "--side", side, "--sip", sip, "--trunk", text(scene.ensemble.trunk()), "--http", http));
        Scene.assertStopped(node, 1, SOON);
        List<String> said = Files.readAllLines(node.log());
        assertThat(said.getLast()).contains(reason).endsWith(".");
        assertThat(said).noneMatch(line -> line.startsWith("\tat ") || line.contains(" ERROR "));
    }

    private static String text(InetSocketAddress at) {
        return at.getAddress().getHostAddress() + ":" + at.getPort();
    }
}
