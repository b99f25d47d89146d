package releve.app.demo;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import releve.core.common.Side;
import releve.core.pair.Role;
import releve.server.cli.Refusal;
import releve.server.store.NodeRegistry;

/** Maintenance of side A in mid-campaign, its return as standby, and the proof that nothing was lost. */
final class HandoverScript {
    private static final int CONNECTED_MIN = 20;
    private static final int RINGING_MIN = 10;
    private static final Duration RING_LIMIT = Duration.ofSeconds(15);
    private static final Duration MARGIN = Duration.ofSeconds(1);
    private static final Duration BUSY_WITHIN = Duration.ofSeconds(120);
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(600);

    private final Demo demo;
    private final Terminal terminal;
    private final boolean brief;
    private boolean asPromised = true;

    HandoverScript(Demo demo, Terminal terminal, boolean brief) {
        this.demo = demo;
        this.terminal = terminal;
        this.brief = brief;
    }

    /** @return 0 when everything went as promised */
    int play() throws IOException, InterruptedException {
        terminal.say(
                "waiting until at least %d calls are connected and %d ring …".formatted(CONNECTED_MIN, RINGING_MIN));
        await(
                "the campaign to be in full swing",
                BUSY_WITHIN,
                () -> count("connected") >= CONNECTED_MIN && count("ringing") >= RINGING_MIN);
        demo.releve("maintenance", "start", "--side", "A", "--dry-run");
        Instant asked = Instant.now();
        int connected = count("connected");
        int ringing = count("ringing");
        demo.releve("maintenance", "start", "--side", "A");
        promise(
                connected >= CONNECTED_MIN && ringing >= RINGING_MIN,
                "at that moment %d calls were connected and %d were ringing".formatted(connected, ringing));
        handover(asked);
        stoppedByItself();
        comeBack();
        carryOn();
        int reconciled = demo.finish();
        promise(reconciled == 0, "the ledger agrees with the carrier's journal");
        terminal.say((asPromised ? "all as promised, " : "NOT as promised, ") + demo.elapsedSeconds() + " s in all");
        return asPromised ? 0 : 1;
    }

    private void handover(Instant asked) throws InterruptedException {
        await(
                "side B to be active",
                RING_LIMIT.plusSeconds(30),
                () -> phase(Side.B).equals("active"));
        Instant quiescing = transition(Side.A, "quiescing", asked);
        Instant active = transition(Side.B, "active", asked);
        Duration took = Duration.between(quiescing, active);
        promise(
                took.compareTo(RING_LIMIT.plus(MARGIN)) <= 0,
                "the handover took %.1f s; the longest ring is %d s"
                        .formatted(took.toMillis() / 1000.0, RING_LIMIT.toSeconds()));
    }

    private void stoppedByItself() throws InterruptedException {
        ChildProcess a = demo.ensemble().node(Side.A);
        terminal.say("side A follows its connected calls to their end");
        await("side A to stop by itself", STOPPED_WITHIN, () -> !a.isAlive());
        OptionalInt status = a.exitStatus();
        promise(status.orElse(-1) == 0, "side A stopped by itself with status " + status.orElse(-1));
    }

    private void comeBack() throws IOException, InterruptedException {
        terminal.say("side A is patched and comes back …");
        demo.ensemble().startNode(Side.A);
        await(
                "side A to be standby",
                Duration.ofSeconds(30),
                () -> phase(Side.A).equals("standby"));
        promise(phase(Side.B).equals("active"), "side A is standby, side B goes on dialing");
    }

    private void carryOn() throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(brief ? 3 : 10).toNanos();
        while (System.nanoTime() < until && !demo.isInterrupted()) {
            demo.showProgress();
            Thread.sleep(Duration.ofSeconds(1));
        }
    }

    private void promise(boolean kept, String what) {
        terminal.say((kept ? "✓ " : "✗ ") + what);
        asPromised &= kept;
    }

    private void await(String what, Duration limit, BooleanSupplier reached) throws InterruptedException {
        long giveUpNs = System.nanoTime() + limit.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > giveUpNs || demo.isInterrupted()) {
                throw new Refusal("waited %d s for %s in vain.".formatted(limit.toSeconds(), what));
            }
            demo.showProgress();
            Thread.sleep(Duration.ofMillis(500));
        }
    }

    private String phase(Side side) {
        return entry(side).map(entry -> entry.heartbeat().phase()).orElse("absent");
    }

    private int count(String name) {
        Map<String, Integer> counts =
                entry(Side.A).map(entry -> entry.heartbeat().counts()).orElse(Map.of());
        return counts.getOrDefault(name, 0);
    }

    private Optional<NodeRegistry.Entry> entry(Side side) {
        return demo.ensemble().registry().latest(1, side);
    }

    private Instant transition(Side side, String to, Instant since) {
        return demo.ensemble().registry().journal(1, Role.DIALER, 100).stream()
                .filter(entry -> entry.side() == side && entry.transition().to().equals(to))
                .map(entry -> entry.transition().at())
                .filter(at -> !at.isBefore(since.minusSeconds(2)))
                .max(Comparator.naturalOrder())
                .orElseThrow(() -> new Refusal("the journal has no transition of side " + side + " to " + to + "."));
    }
}
