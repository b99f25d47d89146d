package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import releve.core.common.EndedBy;
import releve.core.common.Side;
import releve.server.store.Reports;
import releve.sim.journal.JournalCall;
import releve.sim.journal.Party;

/** Both dialers lose the store in mid-campaign and get it back. */
class StoreCutTest {
    private static final Duration CUT = Duration.ofSeconds(10);
    /** Two thirds of the lease of 3 s, and time for what had been committed before to reach the carrier. */
    private static final Duration STILL_IN_FLIGHT = Duration.ofMillis(2_500);

    @Test
    void shouldNeitherDialNorDropNorForgetWhileStoreRefuses() throws Exception {
        cut("store-refuses", 13, StoreLink.Cut.RESET);
    }

    @Test
    void shouldNeitherDialNorDropNorForgetWhileStoreIsSilent() throws Exception {
        cut("store-silent", 14, StoreLink.Cut.BLACK_HOLE);
    }

    private static void cut(String name, long seed, StoreLink.Cut how) throws Exception {
        try (Scene scene = Scene.busy(name, seed);
                StoreLink link = new StoreLink(scene.ensemble.address())) {
            scene.ensemble.letNodesSee(link.address());
            scene.play();
            scene.awaitSwing(Side.A, 8, 3);
            Instant cut = Instant.now();
            link.cut(how);
            Thread.sleep(CUT);
            Instant restored = Instant.now();
            link.restore();
            Scene.await(
                    "dialing again",
                    Duration.ofSeconds(30),
                    () -> scene.firstInvite(Side.A, restored).isPresent()
                            || scene.firstInvite(Side.B, restored).isPresent());
            for (Side side : Side.values()) {
                assertThat(scene.ensemble.node(side).isAlive())
                        .as("side %s alive", side)
                        .isTrue();
            }
            Scene.await(
                    "one side active and one standby, and every result written",
                    Duration.ofSeconds(30),
                    () -> List.of(scene.phase(Side.A), scene.phase(Side.B)).containsAll(List.of("active", "standby"))
                            && scene.count(Side.A, "changesWaiting") == 0
                            && scene.count(Side.B, "changesWaiting") == 0);
            nobodyDialedBetween(scene, cut.plus(STILL_IN_FLIGHT), restored);
            scene.reconcileAllZero();
            connectedWereLeftAlone(scene, cut, restored);
        }
    }

    private static void nobodyDialedBetween(Scene scene, Instant from, Instant to) throws Exception {
        assertThat(scene.journal().stream()
                        .filter(call -> call.to().startsWith("+")
                                && call.invitedAt().isAfter(from)
                                && call.invitedAt().isBefore(to)))
                .as("INVITEs without a store, %s to %s", from, to)
                .isEmpty();
    }

    /** Whoever was connected when the store went talked on until customer or agent hung up. */
    private static void connectedWereLeftAlone(Scene scene, Instant cut, Instant restored) throws Exception {
        Map<String, Reports.LedgerRow> rows = new HashMap<>();
        scene.ledger().forEach(row -> rows.put(row.callId(), row));
        int connected = 0;
        for (JournalCall call : scene.journal()) {
            Reports.LedgerRow row = rows.get(call.callId());
            JournalCall.End end = call.end();
            if (row == null || end == null || row.connectedAt() == null) {
                continue;
            }
            if (row.connectedAt().isBefore(cut) && end.at().isAfter(cut)) {
                connected++;
                if (end.endedBy() == Party.DIALER && end.at().isBefore(restored)) {
                    assertThat(row.endedBy())
                            .as("who ended the call of attempt %s at %s", row.attempt(), end.at())
                            .isEqualTo(EndedBy.AGENT);
                }
            }
        }
        assertThat(connected).as("calls connected when the store went").isPositive();
    }
}
