package releve.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import releve.core.common.Side;
import releve.server.store.OperatorStore.Answer;
import releve.server.store.OperatorStore.Verb;

/** The order of a rolling upgrade, and where it ends when something is not as it should be. */
class RollingUpgradeTest {
    private final ScriptedPair pair = new ScriptedPair();
    private final List<String> said = new ArrayList<>();

    @Test
    void shouldTakeTheStandbyFirstAndTheActiveSideOnlyWhenTheNewOneIsFit() throws Exception {
        upgrade("0.2.0").run();

        assertThat(pair.done)
                .containsExactly(
                        "maintenance B",
                        "exchange B",
                        "fit for 2000 ms",
                        "maintenance A",
                        "exchange A",
                        "fit for 2000 ms");
        assertThat(pair.side(Side.A).version()).isEqualTo("0.2.0");
        assertThat(pair.side(Side.B).phase()).isEqualTo("active");
    }

    @Test
    void shouldGoOnWithTheSideThatIsLeftWhenBegunAgain() throws Exception {
        pair.put(Side.B, "standby", true, "0.2.0");

        upgrade("0.2.0").run();

        assertThat(pair.done).containsExactly("maintenance A", "exchange A", "fit for 2000 ms");
        assertThat(said.getFirst()).isEqualTo("side B runs 0.2.0 already");
    }

    @Test
    void shouldNotBeginWithoutFitStandby() {
        pair.put(Side.B, "standby", false, "0.1.0");

        assertThatThrownBy(() -> upgrade("").run())
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("side B is standby, but not ready: its trunk is down");
        assertThat(pair.done).isEmpty();
    }

    @Test
    void shouldLeaveTheActiveSideAloneWhenTheExchangeFails() {
        pair.exchangeStatus = 3;

        assertThatThrownBy(() -> upgrade("").run())
                .hasMessage(
                        "the upgrade ends at side B: the command that exchanges and starts its program ended with status"
                                + " 3; side A is active with 0.1.0. Mend side B and begin the upgrade again.");
        assertThat(pair.done).containsExactly("maintenance B", "exchange B");
    }

    @Test
    void shouldLeaveTheActiveSideAloneWhenTheNewProgramNeverGetsFit() {
        pair.startsFit = false;

        assertThatThrownBy(() -> upgrade("").run())
                .hasMessageContaining("it was no fit standby 30 s after its start: standby, but not ready")
                .hasMessageContaining("side A is active with 0.1.0");
        assertThat(pair.done).doesNotContain("maintenance A");
    }

    @Test
    void shouldEndWhenTheExchangedSideRunsAnotherVersionThanItShould() {
        assertThatThrownBy(() -> upgrade("0.3.0").run())
                .hasMessageContaining("it runs 0.2.0 after the exchange, not 0.3.0");
        assertThat(pair.done).doesNotContain("maintenance A");
    }

    @Test
    void shouldWaitForTheExitStatusOfSideThatSaysThatItHasStopped() throws Exception {
        pair.statusComesLate = true;

        upgrade("0.2.0").run();

        assertThat(pair.done).contains("exchange B", "exchange A");
    }

    @Test
    void shouldEndWhenMaintenanceIsRefusedOrCancelled() {
        pair.refusal = "side A is not running";
        assertThatThrownBy(() -> upgrade("").run())
                .hasMessageContaining("its maintenance is refused: side A is not running");

        pair.refusal = null;
        pair.cancelled = true;
        assertThatThrownBy(() -> upgrade("").run()).hasMessageContaining("its maintenance did not end in a stop");
    }

    @Test
    void shouldSayWhatItWouldDoAndDoNothing() throws Exception {
        upgrade("0.2.0").plan();

        assertThat(said)
                .containsExactly(
                        "1. side B, standby with 0.1.0: maintenance until it has stopped, exchange, start, fit standby for 2 s.",
                        "2. side A, active with 0.1.0: maintenance until it has stopped, exchange, start, fit standby for 2 s.");
        assertThat(pair.done).isEmpty();
    }

    private RollingUpgrade upgrade(String version) {
        return new RollingUpgrade(pair, version, Duration.ofSeconds(30), Duration.ofSeconds(2), said::add);
    }

    /** A pair that does at once what it is asked to. */
    private static final class ScriptedPair implements RollingUpgrade.Pair {
        final List<String> done = new ArrayList<>();
        private final Map<Side, SideReport> sides = new EnumMap<>(Side.class);
        int exchangeStatus;
        boolean startsFit = true;
        boolean cancelled;
        boolean statusComesLate;

        @Nullable
        String refusal;

        private int instances;
        private Duration paused = Duration.ZERO;
        private @Nullable Side maintained;

        ScriptedPair() {
            put(Side.A, "active", false, "0.1.0");
            put(Side.B, "standby", true, "0.1.0");
        }

        SideReport side(Side side) {
            return sides.get(side);
        }

        void put(Side side, String phase, boolean ready, String version) {
            put(side, phase, ready, version, "i" + instances++);
        }

        private void put(Side side, String phase, boolean ready, String version, String instance) {
            put(side, phase, ready, version, instance, phase.equals("stopped"));
        }

        private void put(Side side, String phase, boolean ready, String version, String instance, boolean stopped) {
            sides.put(
                    side,
                    new SideReport(
                            side,
                            !stopped,
                            phase,
                            Instant.EPOCH,
                            "as the script says",
                            "",
                            ready,
                            ready ? null : "its trunk is down",
                            Map.of(),
                            "",
                            null,
                            null,
                            List.of(),
                            instance,
                            stopped ? 0 : null,
                            version,
                            "",
                            Duration.ZERO,
                            List.of()));
        }

        @Override
        public List<SideReport> sides() {
            return List.copyOf(sides.values());
        }

        @Override
        public Answer ask(Side side, Verb verb) {
            if (verb == Verb.MAINTENANCE_DRY_RUN) {
                return new Answer(true, "");
            }
            if (refusal != null) {
                return new Answer(false, refusal);
            }
            flush();
            done.add("maintenance " + side);
            SideReport now = side(side);
            put(side, "monitoring", false, now.version(), now.instance());
            put(
                    side.other(),
                    "active",
                    false,
                    side(side.other()).version(),
                    side(side.other()).instance());
            maintained = side;
            return new Answer(true, "");
        }

        @Override
        public int exchange(Side side) {
            done.add("exchange " + side);
            if (exchangeStatus == 0) {
                put(side, "standby", startsFit, "0.2.0");
            }
            paused = Duration.ZERO;
            return exchangeStatus;
        }

        @Override
        public void pause(Duration length) {
            paused = paused.plus(length);
            if (maintained != null) {
                SideReport now = side(maintained);
                if (statusComesLate && !now.phase().equals("stopped")) {
                    put(maintained, "stopped", false, now.version(), now.instance(), false);
                    return;
                }
                put(maintained, cancelled ? "standby" : "stopped", cancelled, now.version(), now.instance());
                maintained = null;
            } else if (startsFit && paused.equals(Duration.ofSeconds(2))) {
                done.add("fit for 2000 ms");
            }
        }

        private void flush() {
            paused = Duration.ZERO;
        }
    }
}
