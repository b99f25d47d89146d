package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import releve.core.common.Side;
import releve.sim.journal.JournalCall;

/** The active dialer freezes for longer than its lease, and wakes up believing that nothing has happened. */
class FreezeTest {
    /** Longer than the lease of 3 s by far; a measurement takes 20 s. */
    private static final Duration FROZEN = Duration.ofSeconds(System.getenv("RELEVE_ROUNDS") == null ? 8 : 20);

    @Test
    void shouldNotDialUnderOldRightAfterFreeze() throws Exception {
        List<Duration> takeovers = new ArrayList<>();
        try (Scene scene = Scene.busy("freeze", 12)) {
            scene.play();
            Side active = Side.A;
            for (int round = 0; round < Scene.rounds(1); round++) {
                scene.awaitSwing(active, 5, 3);
                scene.awaitPhase(active.other(), "standby", Duration.ofSeconds(30));
                takeovers.add(freeze(scene, active));
                active = active.other();
            }
            Scene.figure("freeze takeover ms: " + Scene.spread(takeovers));
            scene.reconcileAllZero();
        }
    }

    /** @return from the freeze to the first INVITE of the other side */
    private static Duration freeze(Scene scene, Side active) throws Exception {
        Instant frozen = Instant.now();
        scene.ensemble.node(active).signal("STOP");
        Instant first;
        try {
            first = scene.awaitInvite(active.other(), frozen, Duration.ofSeconds(60));
            Duration left = FROZEN.minus(Duration.between(frozen, Instant.now()));
            Thread.sleep(Math.max(0, left.toMillis()));
        } finally {
            scene.ensemble.node(active).signal("CONT");
        }
        Instant awake = Instant.now();
        Scene.await(
                "side " + active + " standby by itself",
                Duration.ofSeconds(30),
                () -> scene.node(active).heartbeat().ready()
                        && scene.node(active).heartbeat().phaseSince().isAfter(awake.minusSeconds(1)));
        // Time enough for whatever it might still have in hand.
        Thread.sleep(3_000);
        assertThat(scene.ensemble.node(active).isAlive()).isTrue();
        assertThat(scene.phase(active.other())).isEqualTo("active");
        assertThat(scene.dialedBy(active).stream().map(JournalCall::invitedAt).filter(at -> at.isAfter(first)))
                .as("INVITEs of the frozen side %s after the first of the other one at %s", active, first)
                .isEmpty();
        return Duration.between(frozen, first);
    }
}
