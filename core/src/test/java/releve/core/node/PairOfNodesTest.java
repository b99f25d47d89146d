package releve.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import releve.core.common.Side;
import releve.core.engine.Command;
import releve.core.engine.Dialer;
import releve.core.engine.DialerConfig;
import releve.core.engine.Event;
import releve.core.memory.MemoryStore;
import releve.core.node.DialerTurns.Input;
import releve.core.pair.Peer;
import releve.core.store.DialerStore.NodeId;

/** Both sides of a pair that has nothing to dial, around one store, on virtual time: who has the right to dial, and when. */
class PairOfNodesTest {
    private static final Instant START = Instant.parse("2030-01-01T09:00:00Z");
    private static final Duration STEP = Duration.ofMillis(5);
    /** The lease runs out, a standby goes first for a second, looks take a quarter of one. */
    private static final Duration BACK_WITHIN = Duration.ofMillis(4_600);

    private Instant now = START;
    private Duration storeAhead = Duration.ZERO;
    private final MemoryStore store = new MemoryStore(() -> now.plus(storeAhead), notice -> {});
    private final Node a = new Node(Side.A);
    private final Node b = new Node(Side.B);

    /** A process's own part: turns, commits, lease. */
    private final class Node implements DialerTurns.NodeTime, DialerTurns.Edges {
        private final NodeId id;
        private final DialerTurns turns;
        private final LeaseKeeper keeper;
        private final Queue<Input> inbox = new ArrayDeque<>();
        private final Queue<Batch> waiting = new ArrayDeque<>();
        private final List<String> journal = new ArrayList<>();
        private boolean alive = true;

        Node(Side side) {
            this.id = new NodeId(1, side, side.name().toLowerCase(java.util.Locale.ROOT) + "1");
            this.turns = new DialerTurns(new Dialer(DialerConfig.defaults(id), START), this, this);
            this.keeper = new LeaseKeeper(id, LeaseTimes.DEFAULT, START);
        }

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public boolean suspectedSuspension() {
            return false;
        }

        @Override
        public void carryOut(Command command) {
            switch (command) {
                case Command.Journal written -> journal.add(written.transition().toString());
                case Command.StopProcess stop -> alive = false;
                case Command other -> {}
            }
        }

        void told(Event event) {
            inbox.add(new Input.Happened(event));
        }

        String phase() {
            return alive ? turns.dialer().role().phase() : "gone";
        }

        void step() {
            if (!alive) {
                return;
            }
            keeper.next(turns.dialer().role(), now)
                    .ifPresent(request -> keeper.answered(keeper.ask(request, store), now, now)
                            .forEach(this::told));
            List<Input> inputs = List.copyOf(inbox);
            inbox.clear();
            turns.turn(inputs).ifPresent(waiting::add);
            Commit.next(waiting).ifPresent(this::commit);
        }

        private void commit(Commit commit) {
            var result = store.commit(id, commit.epoch(), commit.changes());
            commit.batches().forEach(batch -> inbox.add(new Input.Committed(batch, result)));
            for (StoreErrand errand : commit.errands()) {
                if (errand.movesTheRight()) {
                    keeper.pause();
                }
                Event outcome = errand.carryOut(store, id, commit.epoch(), LeaseTimes.DEFAULT);
                if (errand.movesTheRight()) {
                    keeper.resume(errand.kept(outcome), now);
                }
                told(outcome);
            }
        }
    }

    private void run(Duration time) {
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            now = now.plus(STEP);
            a.step();
            b.step();
        }
    }

    private void inService() {
        run(STEP);
        a.told(new Event.PeerSeen(new Peer.Healthy("b1")));
        b.told(new Event.PeerSeen(new Peer.Unfit("side A says that it is active itself")));
        run(Duration.ofSeconds(1));
        assertThat(a.phase()).isEqualTo("active");
        assertThat(b.phase()).isEqualTo("standby");
    }

    @Test
    void shouldStopOnceTheOtherSideHasBeenSeenToHoldTheRight() {
        inService();
        a.told(new Event.MaintenanceAsked(0, false, "ops"));
        run(Duration.ofMillis(300));
        assertThat(b.phase()).isEqualTo("active");
        run(Duration.ofMillis(900));
        assertThat(a.phase()).isEqualTo("gone");
        run(Duration.ofSeconds(10));
        assertThat(b.phase()).isEqualTo("active");
    }

    @Test
    void shouldTakeTheRightAgainWhenItWasHandedToASideThatHadDied() {
        inService();
        b.alive = false;
        a.told(new Event.MaintenanceAsked(0, false, "ops"));
        run(Duration.ofMillis(100));
        assertThat(a.phase()).as("the right is handed over").isEqualTo("monitoring");
        run(BACK_WITHIN);
        assertThat(a.phase()).isEqualTo("active");
        assertThat(a.journal)
                .anySatisfy(line ->
                        assertThat(line).startsWith("monitoring → standby: ").contains("by itself"))
                .anySatisfy(line -> assertThat(line).startsWith("standby → active: took over from B/b1"));
        run(Duration.ofSeconds(10));
        assertThat(a.phase()).isEqualTo("active");
    }

    @Test
    void shouldTakeTheRightAgainWhenTheOtherSideDiesBeforeItWasSeenToHoldIt() {
        inService();
        a.told(new Event.MaintenanceAsked(0, false, "ops"));
        while (!b.phase().equals("active")) {
            run(STEP);
        }
        b.alive = false;
        run(BACK_WITHIN);
        assertThat(a.phase()).isEqualTo("active");
    }

    @Test
    void shouldNotComeBackWhenMaintenanceWasForced() {
        inService();
        b.alive = false;
        a.told(new Event.MaintenanceAsked(0, true, "ops"));
        run(Duration.ofSeconds(20));
        assertThat(a.phase()).isEqualTo("gone");
    }

    @Test
    void shouldTakeTheRightWhenTheActiveSideDiesJustBeforeItsStandbyGoesIntoMaintenance() {
        inService();
        a.alive = false;
        b.told(new Event.MaintenanceAsked(0, false, "ops"));
        run(BACK_WITHIN);
        assertThat(b.phase()).isEqualTo("active");
    }

    @Test
    void shouldTakeTheRightWhenItIsHandedToAStandbyThatHasJustGoneIntoMaintenance() {
        inService();
        b.told(new Event.MaintenanceAsked(0, false, "ops"));
        a.told(new Event.MaintenanceAsked(0, false, "ops"));
        run(BACK_WITHIN);
        assertThat(List.of(a.phase(), b.phase())).contains("active");
    }

    @Test
    void shouldHaveOneActiveSideAgainWithinARenewalWhenTheStoresClockLeapsAhead() {
        inService();
        storeAhead = Duration.ofSeconds(10);
        run(Duration.ofMillis(510));
        assertThat(List.of(a.phase(), b.phase())).containsExactlyInAnyOrder("active", "standby");
        String active = a.phase();
        run(Duration.ofSeconds(20));
        assertThat(a.phase()).as("and it stays so").isEqualTo(active);
    }

    @Test
    void shouldTakeOverInTimeOnceTheRightWasRenewedByAClockThatWasSetBack() {
        inService();
        storeAhead = Duration.ofSeconds(-10);
        run(Duration.ofSeconds(1));
        assertThat(a.phase()).isEqualTo("active");
        a.alive = false;
        run(Duration.ofMillis(3_300));
        assertThat(b.phase()).isEqualTo("active");
    }

    @Test
    void shouldTakeOverTooLateRatherThanTooEarlyWhenTheHolderDiesAsTheStoresClockIsSetBack() {
        inService();
        a.alive = false;
        storeAhead = Duration.ofSeconds(-10);
        run(Duration.ofSeconds(10));
        assertThat(b.phase()).isEqualTo("standby");
        run(Duration.ofMillis(3_300));
        assertThat(b.phase()).isEqualTo("active");
    }

    @Test
    void shouldLeaveTheRightToARestartedSideBeforeItTakesItAgain() {
        inService();
        b.alive = false;
        a.told(new Event.MaintenanceAsked(0, false, "ops"));
        run(Duration.ofMillis(2_900));
        Node restarted = new Node(Side.B);
        for (int i = 0; i < 400; i++) {
            run(STEP);
            restarted.step();
        }
        assertThat(restarted.phase()).isEqualTo("active");
        assertThat(a.phase()).isIn("monitoring", "gone");
    }
}
