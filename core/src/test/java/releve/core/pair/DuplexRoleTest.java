package releve.core.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static releve.core.common.Handover.OVERLAP;
import static releve.core.common.Handover.SEQUENTIAL;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every event in every state: the picture of {@link DuplexRole}, and that nothing else is in it. */
class DuplexRoleTest {
    private static final Instant NOW = Instant.parse("2030-01-01T09:00:00Z");
    private static final Peer HEALTHY = new Peer.Healthy("b1");
    private static final Peer UNFIT = new Peer.Unfit("side B is absent");

    @ParameterizedTest
    @CsvSource({
        // event,               standby,    active,       quiescing,    handing over, settling,   monitoring, stopped
        "granted,               active,     active,       quiescing,    handing over, active,     active,     stopped",
        "renewed,               standby,    active,       quiescing,    handing over, settling,   monitoring, stopped",
        "lost,                  standby,    standby,      monitoring,   monitoring,   monitoring, monitoring, stopped",
        "maintenance,           monitoring, quiescing,    quiescing,    handing over, settling,   monitoring, stopped",
        "maintenance alone,     monitoring, active,       quiescing,    handing over, settling,   monitoring, stopped",
        "maintenance forced,    monitoring, quiescing,    quiescing,    handing over, settling,   monitoring, stopped",
        "maintenance overlap,   monitoring, handing over, quiescing,    handing over, settling,   monitoring, stopped",
        "overlap forced,        monitoring, quiescing,    quiescing,    handing over, settling,   monitoring, stopped",
        "settled,               standby,    active,       handing over, handing over, monitoring, monitoring, stopped",
        "handed over,           standby,    active,       quiescing,    monitoring,   settling,   monitoring, stopped",
        "handover failed,       standby,    active,       quiescing,    quiescing,    settling,   monitoring, stopped",
        "handed over before,    standby,    active,       quiescing,    handing over, settling,   monitoring, stopped",
        "failed before,         standby,    active,       quiescing,    handing over, settling,   monitoring, stopped",
        "successor seen,        standby,    active,       quiescing,    handing over, settling,   monitoring, stopped",
        "peer fit,              standby,    active,       quiescing,    handing over, settling,   monitoring, stopped",
        "peer unfit,            standby,    active,       active,       handing over, settling,   monitoring, stopped",
        "cancel,                standby,    active,       active,       handing over, settling,   standby,    stopped",
        "followed to the end,   standby,    active,       quiescing,    handing over, settling,   stopped,    stopped",
        "stop now,              stopped,    stopped,      stopped,      stopped,      stopped,    stopped,    stopped"
    })
    void shouldGoWhereThePictureSays(
            String event,
            String standby,
            String active,
            String quiescing,
            String handingOver,
            String settling,
            String monitoring,
            String stopped) {
        List<String> expected = List.of(standby, active, quiescing, handingOver, settling, monitoring, stopped);
        List<String> from =
                List.of("standby", "active", "quiescing", "handing over", "settling", "monitoring", "stopped");
        for (int i = 0; i < from.size(); i++) {
            DuplexRole role = in(from.get(i), false);
            role.drainTransitions();
            event(event).accept(role);
            assertThat(role.state().phase())
                    .as("%s while %s", event, from.get(i))
                    .isEqualTo(expected.get(i));
            assertThat(role.drainTransitions())
                    .as("%s while %s", event, from.get(i))
                    .hasSize(steps(from.get(i), expected.get(i)))
                    .allSatisfy(transition -> assertThat(transition.reason()).isNotBlank());
        }
    }

    private static int steps(String from, String to) {
        return from.equals(to)
                ? 0
                : to.equals("active") && (from.equals("monitoring") || from.equals("settling")) ? 2 : 1;
    }

    @Test
    void shouldKnowWhetherAnotherIsSeenToHaveTheRoleWhileMonitoring() {
        DuplexRole role = in("monitoring", false);
        assertThat(succession(role)).isEqualTo(Succession.AWAITED);
        role.successorSeen();
        assertThat(succession(role)).isEqualTo(Succession.SEEN);

        DuplexRole forced = in("monitoring", true);
        forced.successorSeen();
        assertThat(succession(forced)).isEqualTo(Succession.FORGONE);
        granted(forced);
        assertThat(forced.state().phase()).isEqualTo("monitoring");
    }

    private static Succession succession(DuplexRole role) {
        return ((RoleState.Monitoring) role.state()).succession();
    }

    @Test
    void shouldKeepQuiescingWithoutStandbyWhenForced() {
        DuplexRole role = in("quiescing", true);
        role.peerSeen(UNFIT, NOW);
        assertThat(role.state().phase()).isEqualTo("quiescing");
    }

    @Test
    void shouldRefuseWithThePeersReasonAndSayWhatIsForced() {
        DuplexRole role = in("active", false);
        assertThat(role.maintenance(UNFIT, false, SEQUENTIAL, "op", NOW)).isEqualTo("side B is absent");
        assertThat(role.maintenance(UNFIT, true, SEQUENTIAL, "op", NOW)).isEmpty();
        assertThat(role.drainTransitions().getLast().reason()).contains("op", "forced", "side B is absent");
    }

    @Test
    void shouldRefuseMaintenanceOnMaintenanceAndCancelWithout() {
        for (String phase : List.of("quiescing", "handing over", "settling", "monitoring", "stopped")) {
            assertThat(in(phase, false).maintenance(HEALTHY, true, SEQUENTIAL, "op", NOW))
                    .as(phase)
                    .isNotEmpty();
        }
        for (String phase : List.of("standby", "active", "handing over", "stopped")) {
            assertThat(in(phase, false).cancel("op", NOW)).as(phase).isNotEmpty();
        }
    }

    @Test
    void shouldUseTheRightOnlyWhenActiveAndBeforeItsDeadline() {
        DuplexRole role = in("active", false);
        assertThat(role.mayStart(NOW)).isTrue();
        assertThat(role.mayStart(NOW.plusMillis(1999))).isTrue();
        assertThat(role.mayStart(NOW.plusSeconds(2))).isFalse();
        role.renewed(7, NOW.plusSeconds(4));
        assertThat(role.mayStart(NOW.plusSeconds(3))).isTrue();
        role.renewed(6, NOW.plusSeconds(60));
        assertThat(role.mayStart(NOW.plusSeconds(5))).isFalse();
        for (String phase : List.of("standby", "quiescing", "handing over", "settling", "monitoring", "stopped")) {
            assertThat(in(phase, false).mayStart(NOW)).as(phase).isFalse();
        }
    }

    @Test
    void shouldKeepTheEpochAndItsDeadlineThroughACancelledMaintenance() {
        DuplexRole role = in("quiescing", false);
        role.renewed(7, NOW.plusSeconds(9));
        role.cancel("op", NOW.plusSeconds(1));
        assertThat(role.state()).isEqualTo(new RoleState.Active(NOW.plusSeconds(1), 7, NOW.plusSeconds(9)));
    }

    @Test
    void shouldFollowCallsUntilTheLimitFromWhenTheRoleWent() {
        DuplexRole role = in("handing over", false);
        role.handedOver(7, "to B", NOW.plusSeconds(30));
        assertThat(role.state())
                .isEqualTo(new RoleState.Monitoring(
                        NOW.plusSeconds(30), NOW.plusSeconds(30).plus(Duration.ofMinutes(90)), Succession.AWAITED));
    }

    @Test
    void shouldFinishWhatItOfferedWhileItSettlesAndBeforeItsDeadline() {
        DuplexRole role = in("settling", false);
        assertThat(role.mayStart(NOW)).isFalse();
        assertThat(role.mayFinish(NOW)).isTrue();
        assertThat(role.mayFinish(NOW.plusSeconds(2))).isFalse();
        role.renewed(7, NOW.plusSeconds(4));
        assertThat(role.mayFinish(NOW.plusSeconds(3))).isTrue();
        assertThat(role.state().epochHeld()).isEqualTo(7);
        assertThat(role.state().holdsRight()).isFalse();
    }

    @Test
    void shouldBeStandbyAfterSettlingWhenTheMaintenanceWasCancelledMeanwhile() {
        DuplexRole role = in("settling", false);
        assertThat(role.cancel("op", NOW)).isEmpty();
        assertThat(role.state().inMaintenance()).isFalse();
        role.settled(NOW);
        assertThat(role.state().phase()).isEqualTo("standby");
    }

    @Test
    void shouldGoOnWithTheMaintenanceWhenItIsAskedForAgainAfterItWasCancelledWhileSettling() {
        DuplexRole role = in("settling", false);
        role.cancel("op", NOW);
        assertThat(role.maintenance(HEALTHY, false, SEQUENTIAL, "op", NOW)).isEmpty();
        role.settled(NOW);
        assertThat(role.state().phase()).isEqualTo("monitoring");
    }

    private static DuplexRole in(String phase, boolean forced) {
        DuplexRole role = new DuplexRole(Duration.ofMinutes(90), NOW);
        switch (phase) {
            case "standby" -> {}
            case "active" -> granted(role);
            case "quiescing" -> {
                granted(role);
                role.maintenance(HEALTHY, forced, SEQUENTIAL, "op", NOW);
            }
            case "handing over" -> {
                granted(role);
                role.maintenance(HEALTHY, forced, SEQUENTIAL, "op", NOW);
                role.settled(NOW);
            }
            case "settling" -> {
                granted(role);
                role.maintenance(HEALTHY, forced, OVERLAP, "op", NOW);
                role.handedOver(7, "to B", NOW);
            }
            case "monitoring" -> role.maintenance(HEALTHY, forced, SEQUENTIAL, "op", NOW);
            case "stopped" -> role.stopNow("second SIGTERM", NOW);
            default -> throw new IllegalArgumentException(phase);
        }
        assertThat(role.state().phase()).isEqualTo(phase);
        return role;
    }

    private static void granted(DuplexRole role) {
        role.granted(7, NOW.plusSeconds(2), "nobody held it", NOW);
    }

    private static Consumer<DuplexRole> event(String name) {
        return switch (name) {
            case "granted" -> DuplexRoleTest::granted;
            case "renewed" -> role -> role.renewed(7, NOW.plusSeconds(4));
            case "lost" -> role -> role.lost("taken over", NOW);
            case "maintenance" -> role -> role.maintenance(HEALTHY, false, SEQUENTIAL, "op", NOW);
            case "maintenance alone" -> role -> role.maintenance(UNFIT, false, SEQUENTIAL, "op", NOW);
            case "maintenance forced" -> role -> role.maintenance(UNFIT, true, SEQUENTIAL, "op", NOW);
            case "maintenance overlap" -> role -> role.maintenance(HEALTHY, false, OVERLAP, "op", NOW);
            case "overlap forced" -> role -> role.maintenance(UNFIT, true, OVERLAP, "op", NOW);
            case "settled" -> role -> role.settled(NOW);
            case "handed over" -> role -> role.handedOver(7, "to B", NOW);
            case "handed over before" -> role -> role.handedOver(6, "to B", NOW);
            case "failed before" -> role -> role.handoverFailed(6, "the store did not answer", NOW);
            case "handover failed" -> role -> role.handoverFailed(7, "the store did not answer", NOW);
            case "successor seen" -> DuplexRole::successorSeen;
            case "peer fit" -> role -> role.peerSeen(HEALTHY, NOW);
            case "peer unfit" -> role -> role.peerSeen(UNFIT, NOW);
            case "cancel" -> role -> role.cancel("op", NOW);
            case "followed to the end" -> role -> role.followedToTheEnd("nothing is left", NOW);
            case "stop now" -> role -> role.stopNow("second SIGTERM", NOW);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
