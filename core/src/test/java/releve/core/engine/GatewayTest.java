package releve.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import releve.core.pair.Peer;
import releve.core.pair.Role;

/** A gateway's role: what it waits for, and that a pair is never left without one. */
class GatewayTest {
    private static final Instant NOW = Instant.parse("2030-01-01T09:00:00Z");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final GatewayLoad IDLE = new GatewayLoad(0, 0, false);
    private static final Peer HEALTHY = new Peer.Healthy("b1");
    private static final Peer UNFIT = new Peer.Unfit("the agent-gateway of side B is not running");

    private final Gateway gateway = new Gateway(Role.AGENT_GATEWAY, LIMIT, NOW);

    @Test
    void shouldHandTheRoleOverWhenWhatWasBegunHasEnded() {
        beActive(HEALTHY);

        List<Command> commands = step(new Event.MaintenanceAsked(7, false, "op"), new GatewayLoad(2, 40, false));

        assertThat(phase()).isEqualTo("quiescing");
        assertThat(commands).contains(new Command.Answer(7, true, "maintenance is under way"));
        assertThat(gateway.tick(new GatewayLoad(0, 40, false), NOW)).contains(new Command.HandOver(1, "b1"));
        assertThat(phase()).isEqualTo("handing over");
    }

    @Test
    void shouldStopWhenItsDesktopsHaveMovedAndTheOtherSideHasTheRole() {
        beMonitoring();

        assertThat(stops(gateway.tick(IDLE, NOW)))
                .as("the other side has not been seen")
                .isFalse();
        step(new Event.SuccessorSeen(), new GatewayLoad(0, 1, false));
        assertThat(phase()).as("a desktop is still here").isEqualTo("monitoring");

        assertThat(stops(gateway.tick(IDLE, NOW))).isTrue();
        assertThat(phase()).isEqualTo("stopped");
    }

    @Test
    void shouldStopAtTheLimitThoughDesktopsAreStillConnected() {
        beMonitoring();
        step(new Event.SuccessorSeen(), new GatewayLoad(0, 3, false));

        List<Command> commands = gateway.tick(new GatewayLoad(0, 3, false), NOW.plus(LIMIT));

        assertThat(commands)
                .contains(new Command.StopProcess(0, "the gateway limit has passed; 3 desktops were still connected"));
    }

    @Test
    void shouldStayAsAReserveWhileItsProcessGoesOnAndBeBackWhenNobodyElseUsesTheRole() {
        GatewayLoad reserve = new GatewayLoad(0, 0, true);
        beMonitoring();
        step(new Event.SuccessorSeen(), reserve);

        assertThat(stops(gateway.tick(reserve, NOW.plus(LIMIT).plusSeconds(1)))).isFalse();
        assertThat(gateway.isDone(reserve, NOW)).isTrue();
        assertThat(gateway.status(reserve, NOW).waitsFor()).contains("reserve");

        step(new Event.RightGranted(3, NOW.plusSeconds(2), "took over"), reserve);
        assertThat(phase()).isEqualTo("active");
    }

    @Test
    void shouldRefuseWithThePeersReasonAndReturnToServiceWhenThePeerFails() {
        beActive(UNFIT);
        assertThat(step(new Event.MaintenanceAsked(7, false, "op"), IDLE))
                .contains(new Command.Answer(7, false, "the agent-gateway of side B is not running"));
        assertThat(gateway.plan().possible()).isFalse();

        step(new Event.PeerSeen(HEALTHY), IDLE);
        step(new Event.MaintenanceAsked(8, false, "op"), new GatewayLoad(1, 0, false));
        step(new Event.PeerSeen(UNFIT), new GatewayLoad(1, 0, false));
        assertThat(phase()).isEqualTo("active");
    }

    @Test
    void shouldGiveTheRoleUpWithoutASuccessorWhenTheOtherSideServesWithoutHoldingIt() {
        beActive(new Peer.Healthy(""));

        List<Command> commands = step(new Event.MaintenanceAsked(7, false, "op"), IDLE);

        assertThat(commands).contains(new Command.GiveUpRight(1));
        step(new Event.HandedOver(1, "given up"), IDLE);
        assertThat(phase()).as("nobody has to be waited for").isEqualTo("stopped");
    }

    @Test
    void shouldGiveBackARoleThatComesTooLate() {
        beMonitoring();
        step(new Event.StopNow("SIGINT"), IDLE);

        assertThat(step(new Event.RightGranted(9, NOW.plusSeconds(2), "handed over"), IDLE))
                .contains(new Command.GiveUpRight(9));
    }

    @Test
    void shouldTryTheHandoverAgainAfterAWhileWhenTheStoreDidNotAnswer() {
        beActive(HEALTHY);
        step(new Event.MaintenanceAsked(7, false, "op"), IDLE);
        step(new Event.HandoverFailed(1, "the store did not answer"), IDLE);
        assertThat(phase()).isEqualTo("quiescing");

        assertThat(gateway.tick(IDLE, NOW.plusMillis(499))).isEmpty();
        assertThat(gateway.tick(IDLE, NOW.plusMillis(500))).contains(new Command.HandOver(1, "b1"));
    }

    private void beActive(Peer peer) {
        step(new Event.PeerSeen(peer), IDLE);
        step(new Event.RightGranted(1, NOW.plusSeconds(2), "nobody held it"), IDLE);
        assertThat(phase()).isEqualTo("active");
    }

    private void beMonitoring() {
        beActive(HEALTHY);
        step(new Event.MaintenanceAsked(7, false, "op"), IDLE);
        step(new Event.HandedOver(1, "handed over to side B, epoch 2"), new GatewayLoad(0, 5, false));
        assertThat(phase()).isEqualTo("monitoring");
    }

    private List<Command> step(Event.OfRole event, GatewayLoad load) {
        return gateway.step(event, load, NOW);
    }

    private static boolean stops(List<Command> commands) {
        return commands.stream().anyMatch(Command.StopProcess.class::isInstance);
    }

    private String phase() {
        return gateway.state().phase();
    }
}
