package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import releve.app.demo.ChildProcess;
import releve.core.common.Side;
import releve.core.pair.Role;

/**
 * Gateways in processes of their own, taken into maintenance, killed and frozen in mid-campaign: calls go on, agents stay logged
 * in, no reservation is lost or doubled. The measurement, with {@code RELEVE_ROUNDS} above 1, repeats it and freezes them too.
 */
class GatewaysTest {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String SESSIONS =
            "select id || ' ' || encode(session_hash, 'hex') from agent where state <> 'LOGGED_OUT' order by id";

    @Test
    void shouldServeThroughMaintenanceAndFailureOfGatewaysInMidCampaign() throws Exception {
        try (Scene scene = Scene.prepare(
                "gateways",
                List.of("--seed", "31", "--talk", "4", "--ring", "2"),
                Optional.of(List.of("--seed", "31", "--count", "20", "--talk", "4", "--wrap-up", "1")),
                List.of("--monitoring-limit", "60"))) {
            scene.ensemble.startCarrier();
            for (Side side : Side.values()) {
                scene.ensemble.startDialer(side);
                scene.ensemble.startGateways(side);
            }
            scene.ensemble.startAgents();
            scene.campaign("--ring-limit", "10");
            scene.awaitSwing(Side.A, 3, 1);
            List<String> sessions = scene.query(SESSIONS);
            List<Duration> killed = new ArrayList<>();
            List<Duration> frozen = new ArrayList<>();

            for (int round = 0; round < Scene.rounds(1); round++) {
                maintain(scene, Side.A);
                killed.add(kill(scene, Side.B));
                if (Scene.rounds(1) > 1) {
                    frozen.add(freeze(scene, Side.A));
                }
            }

            Scene.figure("longest wait of a ready agent after a kill of gateways ms: " + Scene.spread(killed));
            if (!frozen.isEmpty()) {
                Scene.figure("longest wait of a ready agent after a freeze of gateways ms: " + Scene.spread(frozen));
            }
            assertThat(scene.query(SESSIONS)).as("sessions of the agents").isEqualTo(sessions);
            assertThat(scene.query("select agent from agent_event where to_state = 'LOGGED_OUT'"))
                    .isEmpty();
            assertThat(scene.phase(Side.A))
                    .as("the dialer, which nothing happened to")
                    .isEqualTo("active");
            scene.reconcileAllZero();
        }
    }

    /** The gateways of that side, which are active, go in order; their process ends, and comes back as standby. */
    private static void maintain(Scene scene, Side side) throws Exception {
        scene.await("active gateways", SOON, () -> active(scene, side) == 2 && standby(scene, side.other()) == 2);
        maintain(scene, side, "routing-gateway", "--wait");
        maintain(scene, side, "agent-gateway", "--wait");
        Scene.assertStopped(scene.ensemble.gateways(side), 0, SOON);
        assertThat(active(scene, side.other())).isEqualTo(2);
        awaitReservation(scene, now(scene));
        scene.ensemble.startGateways(side);
        scene.await("standby gateways", SOON, () -> standby(scene, side) == 2);
    }

    /** @return the longest that a ready agent waited for a reservation meanwhile */
    private static Duration kill(Scene scene, Side side) throws Exception {
        ChildProcess gateways = scene.ensemble.gateways(side);
        Instant at = now(scene);
        gateways.kill();
        scene.await("the other side's gateways", SOON, () -> active(scene, side.other()) == 2);
        Thread.sleep(4_500); // until the store takes the side's gateways anew
        scene.ensemble.startGateways(side);
        scene.await("standby gateways", SOON, () -> standby(scene, side) == 2);
        return longestWait(scene, at);
    }

    /** @return the longest that a ready agent waited for a reservation meanwhile */
    private static Duration freeze(Scene scene, Side side) throws Exception {
        Instant at = now(scene);
        ChildProcess gateways = scene.ensemble.gateways(side);
        gateways.signal("STOP");
        try {
            scene.await("the other side's gateways", SOON, () -> active(scene, side.other()) == 2);
            Thread.sleep(1_000);
        } finally {
            gateways.signal("CONT");
        }
        scene.await("standby by itself", SOON, () -> standby(scene, side) == 2);
        Duration longest = longestWait(scene, at);
        handBack(scene, side);
        return longest;
    }

    /** The next round begins with the same side. */
    private static void handBack(Scene scene, Side to) throws Exception {
        maintain(scene, to.other(), "routing-gateway");
        maintain(scene, to.other(), "agent-gateway");
        scene.await("both handed back", SOON, () -> active(scene, to) == 2);
        Scene.assertStopped(scene.ensemble.gateways(to.other()), 0, SOON);
        scene.ensemble.startGateways(to.other());
    }

    /** As soon as the gateway sees that the other side's is standby. */
    private static void maintain(Scene scene, Side side, String role, String... more) throws Exception {
        List<String> start = new ArrayList<>(List.of("maintenance", "start", "--side", side.name(), "--role", role));
        List<String> dryRun =
                Stream.concat(start.stream(), Stream.of("--dry-run")).toList();
        Scene.await(
                "a standby of the " + role,
                SOON,
                () -> scene.run(dryRun.toArray(String[]::new)).status() == 0);
        start.addAll(List.of(more));
        scene.releve(start.toArray(String[]::new));
    }

    private static void awaitReservation(Scene scene, Instant after) throws Exception {
        scene.await(
                "a reservation",
                SOON,
                () -> !scene.query("select id from agent_event where to_state = 'RESERVED' and at > '%s' limit 1"
                                .formatted(after))
                        .isEmpty());
    }

    /** Of the agents who became ready, or were, at that moment or in the five seconds after it. */
    private static Duration longestWait(Scene scene, Instant from) throws Exception {
        return Duration.ofMillis(Long.parseLong(scene.query("""
                        with change as (
                            select at, to_state, lead(at) over own as next_at, lead(to_state) over own as next_state
                            from agent_event window own as (partition by agent order by id))
                        select coalesce((extract(epoch from max(next_at - greatest(at, timestamptz '%1$s'))) * 1000)::bigint, 0)
                        from change
                        where to_state = 'READY' and next_state = 'RESERVED' and next_at > '%1$s'
                          and at < timestamptz '%1$s' + interval '5 seconds'""".formatted(from)).getFirst()));
    }

    /** By the store's clock. */
    private static Instant now(Scene scene) throws Exception {
        return Instant.ofEpochMilli(
                Long.parseLong(scene.query("select (extract(epoch from clock_timestamp()) * 1000)::bigint")
                        .getFirst()));
    }

    private static long active(Scene scene, Side side) {
        return in(scene, side, "active");
    }

    private static long standby(Scene scene, Side side) {
        return in(scene, side, "standby");
    }

    private static long in(Scene scene, Side side, String phase) {
        return List.of(Role.AGENT_GATEWAY, Role.ROUTING_GATEWAY).stream()
                .flatMap(role -> scene.ensemble.gatewayRoles().latest(1, side, role).stream())
                .filter(entry -> entry.stop().isEmpty()
                        && entry.age().toMillis() < 1_500
                        && entry.phase().equals(phase))
                .count();
    }
}
