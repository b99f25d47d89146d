package releve.sim.faults;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.core.common.Side;

/** One seed's world from its beginning to its end: first everything may fail, then nothing does and all must heal. */
public final class FaultRun {
    private static final long HEALING_MS = 120_000;
    private static final long DIALING_MS = 60_000;
    /** The longest talk, monitoring and ring are over by then, and what a dead process left is closed. */
    private static final long ENDING_MS = 900_000;

    private FaultRun() {}

    /**
     * What became of a world.
     *
     * @param broken the rule that did not hold; null when all did
     * @param what how
     * @param lastLines of the trace, when a rule was broken
     */
    public record Outcome(
            long seed,
            @Nullable Rule broken,
            String what,
            List<String> lastLines,
            Duration simulated,
            long events,
            long attempts,
            long talks,
            long unknown,
            Map<String, Long> faults) {}

    /**
     * Lives through one world.
     *
     * @param faulty how long things may fail
     * @param bug a planted one, or null
     * @param everyLine takes the whole trace, or null
     */
    public static Outcome of(long seed, Duration faulty, @Nullable Bug bug, @Nullable Consumer<String> everyLine) {
        PairWorld world = new PairWorld(seed, bug, everyLine);
        try {
            live(world, faulty);
            return outcome(world, seed, null, "");
        } catch (Violation violation) {
            world.trace().line("RULE", violation.rule().words() + ": " + violation.getMessage());
            return outcome(world, seed, violation.rule(), String.valueOf(violation.getMessage()));
        } catch (RuntimeException failed) {
            world.trace().line("RULE", Rule.NO_PANIC.words() + ": " + failed);
            return outcome(world, seed, Rule.NO_PANIC, String.valueOf(failed));
        }
    }

    private static void live(PairWorld world, Duration faulty) {
        Disruption disruption = new Disruption(world);
        everySecond(world);
        world.start(Side.A);
        world.in(world.chance().between(0, 3_000), () -> world.start(Side.B));
        disruption.start();
        world.liveUntil(faulty.toMillis());

        world.trace().line("world", "nothing fails any more");
        disruption.end();
        world.heal();
        world.allCampaigns().forEach(campaign -> world.put(campaign.withRunning(true)));
        long healed = world.thawedMs();
        world.liveUntil(healed + HEALING_MS);
        long invites = world.carrier().legs().size();
        Set<CampaignId> couldDial = world.rules().couldDial();
        world.liveUntil(healed + HEALING_MS + DIALING_MS);
        world.rules().oneDials(invites, couldDial);

        world.trace().line("world", "all campaigns stop");
        world.allCampaigns().forEach(campaign -> world.put(campaign.withRunning(false)));
        long end = world.nowMs() + ENDING_MS;
        while (world.nowMs() < end && world.rules().somebodyIsLeft().isPresent()) {
            world.liveUntil(world.nowMs() + 10_000);
        }
        world.rules().somebodyIsLeft().ifPresent(what -> {
            throw new Violation(Rule.NOBODY_LEFT, what);
        });
        new Account(world).compare();
    }

    private static void everySecond(PairWorld world) {
        world.rules().everySecond();
        world.in(1_000, () -> everySecond(world));
    }

    private static Outcome outcome(PairWorld world, long seed, @Nullable Rule broken, String what) {
        var attempts = world.desks().attempts();
        return new Outcome(
                seed,
                broken,
                what,
                broken == null ? List.of() : world.trace().last(),
                Duration.ofMillis(world.nowMs()),
                world.tally().events,
                attempts.size(),
                attempts.stream().filter(row -> row.connectedAt() != null).count(),
                attempts.stream()
                        .filter(row -> row.termination()
                                .filter(end -> end.result() == CallResult.UNKNOWN_DIALER_FAILED)
                                .isPresent())
                        .count(),
                Map.copyOf(world.tally().byKind()));
    }
}
