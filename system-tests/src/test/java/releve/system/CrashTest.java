package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import releve.core.common.CallResult;
import releve.core.common.Side;
import releve.server.store.Reports;
import releve.sim.journal.JournalCall;

/** The active dialer dies without a word, in mid-campaign. */
class CrashTest {
    private static final Duration TAKEOVER_LIMIT = Duration.ofSeconds(30);

    @Test
    void shouldTakeOverFromKilledDialerAndDialNobodyTwice() throws Exception {
        int rounds = Scene.rounds(1);
        Random moments = new Random(11);
        List<Duration> takeovers = new ArrayList<>();
        List<String> dead = new ArrayList<>();
        int cached = 0;
        try (Scene scene = Scene.busy("crash", 11)) {
            scene.play();
            Side active = Side.A;
            for (int round = 0; round < rounds; round++) {
                scene.awaitSwing(active, 5, 3);
                scene.awaitPhase(active.other(), "standby", Duration.ofSeconds(30));
                Thread.sleep(moments.nextInt(3_000));
                String instance = scene.node(active).start().node().instance();
                cached += scene.count(active, "cached");
                takeovers.add(kill(scene, active));
                dead.add(instance);
                assertThat(heldBy(scene, instance))
                        .as("contacts left with the dead " + instance)
                        .isZero();
                scene.restart(active);
                active = active.other();
            }
            Scene.figure("crash takeover ms: " + Scene.spread(takeovers));
            assertThat(takeovers).allSatisfy(took -> assertThat(took).isLessThan(TAKEOVER_LIMIT));
            assertThat(cached)
                    .as("contacts that were only cached when a dialer died")
                    .isPositive();
            unknownIsClosedForGood(scene, dead);
            scene.reconcileAllZero();
        }
    }

    /** @return from the kill to the first INVITE of the other side */
    private static Duration kill(Scene scene, Side active) throws Exception {
        Instant killed = Instant.now();
        scene.ensemble.node(active).kill();
        return Duration.between(killed, scene.awaitInvite(active.other(), killed, TAKEOVER_LIMIT.multipliedBy(2)));
    }

    /** Attempts under way at a death are closed as unknown, and their customers are never called again. */
    private static void unknownIsClosedForGood(Scene scene, List<String> dead) throws Exception {
        List<JournalCall> journal = scene.journal();
        Map<String, JournalCall> byCallId = new HashMap<>();
        journal.forEach(call -> byCallId.put(call.callId(), call));
        Map<String, Integer> unknownOf = new HashMap<>();
        for (Reports.LedgerRow row : scene.ledger()) {
            if (dead.contains(row.instance())) {
                assertThat(row.endedAt())
                        .as("end of attempt %s of the dead %s", row.attempt(), row.instance())
                        .isNotNull();
            }
            if (row.result() == CallResult.UNKNOWN_DIALER_FAILED) {
                unknownOf.merge(row.instance(), 1, Integer::sum);
                JournalCall unknown = byCallId.get(row.callId());
                assertThat(journal.stream()
                                .filter(call -> call.to().equals(row.phone())
                                        && call != unknown
                                        && call.invitedAt().isAfter(row.startedAt())))
                        .as("further calls to %s, whose attempt %s ended as unknown", row.phone(), row.attempt())
                        .isEmpty();
            }
        }
        assertThat(unknownOf).containsOnlyKeys(dead);
    }

    private static int heldBy(Scene scene, String instance) throws Exception {
        try (Connection connection = scene.ensemble.pool().getConnection();
                PreparedStatement count = connection.prepareStatement(
                        "select count(*) from contact where claimed_instance = ? and status in ('A', 'D')")) {
            count.setString(1, instance);
            try (ResultSet row = count.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }
}
