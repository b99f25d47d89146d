package releve.app.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import releve.app.demo.ChildProcess;
import releve.app.demo.Ensemble;
import releve.core.agent.AgentState;
import releve.core.campaign.CallSettings;
import releve.core.campaign.Campaign;
import releve.core.campaign.DialingMode;
import releve.core.campaign.IvrSettings;
import releve.core.campaign.PacingSettings;
import releve.core.campaign.Staffing;
import releve.core.common.Side;
import releve.server.cli.Refusal;
import releve.server.store.NodeRegistry;
import releve.server.store.Reports;
import releve.sim.journal.JournalCall;
import releve.sim.journal.JournalReader;

/**
 * Moves the right to dial from side to side, round after round, and measures what it costs. A campaign to an IVR dials as fast as
 * the limit of calls per second lets it, so that there is always work: the INVITEs that the carrier saw tell how long nobody
 * dialed. A campaign to agents beside it tells how long these had nothing to do.
 */
final class HandoverBench {
    private static final int AGENTS = 30;
    private static final int CALLS_PER_SECOND = 40;

    /** A list has no more numbers than are reserved for fiction, and ten rounds dial twice as many. */
    private static final int IVR_LISTS = 4;

    private static final Duration WINDOW = Duration.ofSeconds(20);
    private static final Duration SAMPLE_EVERY = Duration.ofMillis(250);
    private static final Duration FIT_WITHIN = Duration.ofSeconds(120);
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(300);

    private final Path data;
    private final Handover handover;

    /**
     * What one handover cost.
     *
     * @param withoutDialing from the last INVITE of the old side to the first of the new one
     * @param idleBefore share of agents who were ready or reserved, 0 to 1, in the 20 s before
     * @param idleAfter the same in the 20 s from its beginning
     */
    record Round(Duration withoutDialing, double idleBefore, double idleAfter) {
        /** Share of the agents' time that it cost, within those 20 s; nothing when they had more to do than before. */
        double lost() {
            return Math.max(0, idleAfter - idleBefore);
        }
    }

    HandoverBench(Path data, Handover handover) {
        this.data = data;
        this.handover = handover;
    }

    List<Round> measure(int rounds) throws IOException, SQLException, InterruptedException {
        try (Ensemble ensemble = Ensemble.prepare(cast())) {
            ensemble.startAll();
            campaigns(ensemble);
            List<Round> measured = new ArrayList<>();
            Side active = Side.A;
            for (int round = 0; round < rounds; round++) {
                measured.add(round(ensemble, active));
                comeBack(ensemble, active);
                active = active.other();
            }
            return measured;
        }
    }

    private Ensemble.Cast cast() {
        return new Ensemble.Cast(
                data.resolve("bench"),
                data,
                "releve_bench",
                List.of("--talk", "20", "--ring", "4"),
                Optional.of(List.of(
                        "--count", Integer.toString(AGENTS), "--talk", "20", "--wrap-up", "3", "--ivr-talk", "3")),
                List.of("--calls-per-second", Integer.toString(CALLS_PER_SECOND), "--monitoring-limit", "120"));
    }

    private static void campaigns(Ensemble ensemble) {
        CallSettings calls = CallSettings.from("+12025550199").withRingLimit(Handover.RING_LIMIT);
        BenchCampaign.start(
                ensemble,
                Campaign.named("agents", DialingMode.PROGRESSIVE_AGENT, "+12025550199")
                        .withStaffing(Staffing.by("demo").withWrapUp(Duration.ofSeconds(10)))
                        .withPacing(PacingSettings.DEFAULT.withLines(2))
                        .withCalls(calls),
                1);
        for (int list = 1; list <= IVR_LISTS; list++) {
            BenchCampaign.start(
                    ensemble,
                    Campaign.named("ivr-" + list, DialingMode.PROGRESSIVE_IVR, "+12025550199")
                            .withIvr(new IvrSettings(2_000, ensemble.ivr()))
                            .withPacing(PacingSettings.DEFAULT.withLines(1))
                            .withCalls(calls),
                    1 + list);
        }
    }

    private Round round(Ensemble ensemble, Side old) throws IOException, InterruptedException {
        await(
                "side %s to dial and side %s to be fit".formatted(old, old.other()),
                FIT_WITHIN,
                () -> phase(ensemble, old).equals("active") && isFit(ensemble, old.other()) && inSwing(ensemble, old));
        double before = idleShare(ensemble);
        Instant begun = Instant.now();
        begin(ensemble, old);
        double after = idleShare(ensemble);
        await(
                "side %s to dial".formatted(old.other()),
                FIT_WITHIN,
                () -> phase(ensemble, old.other()).equals("active"));
        Thread.sleep(Duration.ofSeconds(2));
        return new Round(withoutDialing(ensemble, old, begun), before, after);
    }

    private void begin(Ensemble ensemble, Side old) {
        switch (handover) {
            case SEQUENTIAL -> releve(ensemble, "maintenance", "start", "--side", old.name());
            case OVERLAP -> releve(ensemble, "maintenance", "start", "--side", old.name(), "--handover", "overlap");
            case CRASH -> ensemble.node(old).kill();
        }
    }

    private void comeBack(Ensemble ensemble, Side old) throws IOException, InterruptedException {
        ChildProcess process = ensemble.node(old);
        if (handover != Handover.CRASH && process.await(STOPPED_WITHIN).isEmpty()) {
            throw new Refusal("side %s did not stop within %d s.".formatted(old, STOPPED_WITHIN.toSeconds()));
        }
        await("the heartbeat of side " + old + " to be forgotten", FIT_WITHIN, () -> {
            NodeRegistry.Entry last = ensemble.registry().latest(1, old).orElseThrow();
            return last.stop().isPresent() || last.age().toMillis() > 4_500;
        });
        ensemble.startNode(old);
    }

    private static Duration withoutDialing(Ensemble ensemble, Side old, Instant begun) throws IOException {
        List<JournalCall> calls = JournalReader.read(ensemble.journal()).calls().stream()
                .filter(call -> call.to().startsWith("+"))
                .toList();
        Instant first = by(ensemble, calls, old.other())
                .filter(at -> at.isAfter(begun))
                .min(Instant::compareTo)
                .orElseThrow(() -> new Refusal("side %s did not dial; the logs say why.".formatted(old.other())));
        Instant last = by(ensemble, calls, old)
                .filter(at -> at.isBefore(first))
                .max(Instant::compareTo)
                .orElseThrow(() -> new Refusal("side %s had not dialed; the logs say why.".formatted(old)));
        return Duration.between(last, first);
    }

    private static Stream<Instant> by(Ensemble ensemble, List<JournalCall> calls, Side side) {
        String port = ":" + ensemble.sip(side).getPort();
        return calls.stream().filter(call -> call.source().endsWith(port)).map(JournalCall::invitedAt);
    }

    /** Looks for 20 s. @return the share of agents logged in who had nothing to do */
    private static double idleShare(Ensemble ensemble) throws InterruptedException {
        Reports reports = new Reports(ensemble.pool());
        long endNs = System.nanoTime() + WINDOW.toNanos();
        long idle = 0;
        long all = 0;
        while (System.nanoTime() < endNs) {
            Map<AgentState, Integer> states = reports.agents().getOrDefault("", Map.of());
            idle += states.getOrDefault(AgentState.READY, 0) + states.getOrDefault(AgentState.RESERVED, 0);
            all += states.values().stream().mapToInt(n -> n).sum() - states.getOrDefault(AgentState.LOGGED_OUT, 0);
            Thread.sleep(SAMPLE_EVERY);
        }
        return all == 0 ? 0 : (double) idle / all;
    }

    private static boolean inSwing(Ensemble ensemble, Side side) {
        Map<String, Integer> counts =
                ensemble.registry().latest(1, side).orElseThrow().heartbeat().counts();
        return counts.getOrDefault("connected", 0) >= AGENTS / 2
                && counts.getOrDefault("ringing", 0) >= CALLS_PER_SECOND;
    }

    private static String phase(Ensemble ensemble, Side side) {
        return ensemble.registry()
                .latest(1, side)
                .filter(entry -> entry.stop().isEmpty())
                .map(entry -> entry.heartbeat().phase())
                .orElse("absent");
    }

    private static boolean isFit(Ensemble ensemble, Side side) {
        return phase(ensemble, side).equals("standby")
                && ensemble.registry().latest(1, side).orElseThrow().heartbeat().ready();
    }

    private static void await(String what, Duration limit, BooleanSupplier reached) throws InterruptedException {
        long giveUpNs = System.nanoTime() + limit.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > giveUpNs) {
                throw new Refusal("waited %d s for %s in vain; the logs say why.".formatted(limit.toSeconds(), what));
            }
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    private static void releve(Ensemble ensemble, String... arguments) {
        Ensemble.Printed printed = ensemble.run(arguments);
        if (printed.status() != 0) {
            throw new Refusal("releve %s ended with status %d: %s"
                    .formatted(
                            String.join(" ", arguments),
                            printed.status(),
                            printed.text().lines().findFirst().orElse("it said nothing.")));
        }
    }
}
