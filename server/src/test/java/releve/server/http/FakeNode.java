package releve.server.http;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import releve.core.common.Side;
import releve.core.pair.Role;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.StoreUnavailable;
import releve.server.store.NodeRegistry;
import releve.server.store.OperatorStore;
import releve.server.store.OperatorStore.Command;
import releve.server.trunk.TrunkReport;

/** A side's process as the store sees it: it sends heartbeats and answers operators' commands, and dials nobody. */
final class FakeNode implements AutoCloseable {
    private static final List<TrunkReport> TRUNKS = List.of(new TrunkReport(
            "acme",
            3,
            500,
            2,
            30,
            true,
            "it takes calls",
            List.of(
                    new TrunkReport.GatewayReport(
                            "north",
                            "sip:192.0.2.1",
                            "up",
                            true,
                            "it answers",
                            Instant.EPOCH,
                            3,
                            400,
                            2,
                            30,
                            List.of()),
                    new TrunkReport.GatewayReport(
                            "south",
                            "sip:192.0.2.2",
                            "down",
                            false,
                            "it does not answer",
                            Instant.EPOCH,
                            0,
                            100,
                            0,
                            10,
                            List.of()))));

    private final NodeId node;
    private final NodeRegistry registry;
    private final OperatorStore operators;
    private final Thread thread = Thread.ofPlatform().daemon().name("fake-node").unstarted(this::run);
    private volatile State state;
    private volatile boolean mute;
    private volatile boolean stopped;
    final List<Command> taken = new CopyOnWriteArrayList<>();

    /** What the heartbeats say. */
    record State(
            String phase,
            Instant since,
            String reason,
            Map<String, Integer> counts,
            String waitsFor,
            String dialing,
            @Nullable Duration expectedIn,
            @Nullable Duration limitIn,
            boolean possible) {

        static State standby() {
            return new State("standby", Instant.now(), "started", Map.of(), "", "no: standby", null, null, true);
        }

        /** The same, refusing maintenance unless forced. */
        State refusing() {
            return new State(phase, since, reason, counts, waitsFor, dialing, expectedIn, limitIn, false);
        }

        static State active() {
            return new State(
                    "active",
                    Instant.now(),
                    "nobody held the right to dial",
                    Map.of("dialing", 4, "ringing", 13, "connected", 21, "epoch", 7),
                    "",
                    "yes",
                    null,
                    null,
                    true);
        }
    }

    FakeNode(Side side, NodeRegistry registry, OperatorStore operators, State state) {
        this.node = new NodeId(1, side, "fake-" + side);
        this.registry = registry;
        this.operators = operators;
        this.state = state;
        registry.register(
                new NodeRegistry.Start(
                        node, "localhost", 1, "0.1.0", "2", "http://127.0.0.1:8081/", Set.of(Role.values())),
                Duration.ofSeconds(2));
        beat();
        thread.start();
    }

    void become(State next) {
        state = next;
    }

    /** Neither sends heartbeats nor answers. */
    void fallSilent() {
        mute = true;
    }

    @Override
    public void close() {
        stopped = true;
        thread.interrupt();
    }

    private void run() {
        while (!stopped) {
            try {
                if (!mute) {
                    beat();
                    operators
                            .take(node, Set.of(Role.values()), Duration.ofSeconds(30))
                            .forEach(this::answer);
                }
                Thread.sleep(100);
            } catch (InterruptedException e) {
                return;
            } catch (StoreUnavailable e) {
                mute = stopped;
            }
        }
    }

    private void beat() {
        State now = state;
        boolean standby = now.phase().equals("standby");
        registry.beat(
                node,
                new NodeRegistry.Heartbeat(
                        now.phase(),
                        now.since(),
                        now.reason(),
                        standby,
                        standby ? null : now.phase(),
                        now.counts(),
                        now.waitsFor(),
                        now.dialing(),
                        at(now.expectedIn(), now.since()),
                        at(now.limitIn(), now.since()),
                        TRUNKS));
    }

    private static @Nullable Instant at(@Nullable Duration in, Instant since) {
        return in == null ? null : since.plus(in);
    }

    private void answer(Command command) {
        taken.add(command);
        boolean possible = state.possible() || command.order().force();
        String text = switch (command.order().verb()) {
            case MAINTENANCE_START -> possible ? "maintenance has begun" : "side B has not been heard of for 12 s";
            case MAINTENANCE_CANCEL -> "back to active";
            case MAINTENANCE_DRY_RUN -> plan(possible);
        };
        operators.answer(command.id(), possible, text);
    }

    private String plan(boolean possible) {
        Map<String, Integer> counts = state.counts();
        return """
                {"possible": %s, "blockedBy": "%s", "handoverWithinMs": 33000, "settledWithinMs": 33000, "monitoringLimitMs": 5400000, "counts":
                 {"dialing": %d, "ringing": %d, "cancelling": 0, "analysing": %d, "transferring": %d, "connected": %d,
                  "reserved": 0, "cached": 0}}""".formatted(
                        possible,
                        possible ? "" : "side B has not been heard of for 12 s",
                        counts.getOrDefault("dialing", 0),
                        counts.getOrDefault("ringing", 0),
                        counts.getOrDefault("analysing", 0),
                        counts.getOrDefault("transferring", 0),
                        counts.getOrDefault("connected", 0));
    }
}
