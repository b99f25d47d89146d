package releve.sim.faults;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import releve.core.campaign.Campaign;
import releve.core.common.Handover;
import releve.core.common.Side;
import releve.core.engine.Event;
import releve.core.pair.RoleState;

/** Everything that goes wrong, and operators, who choose the worst moments. */
final class Disruption {
    private static final long TOLD_WITHIN_MS = 600;

    private final PairWorld world;
    private boolean over;

    Disruption(PairWorld world) {
        this.world = world;
    }

    void start() {
        FaultRates rates = world.rates();
        every(rates.crashEveryS(), this::crash);
        every(rates.freezeEveryS(), this::freeze);
        every(rates.storeDownEveryS(), this::storeDown);
        every(rates.cutEveryS(), this::cut);
        every(rates.clockJumpEveryS(), this::clockJumps);
        every(rates.trunkTroubleEveryS(), this::trunkTrouble);
        every(rates.maintenanceEveryS(), this::maintenance);
        every(200, this::campaignChanges);
        world.whenEnded(side -> world.in(
                over ? 3_000 : world.chance().about(world.rates().restartS() * 1000), () -> world.start(side)));
    }

    /** Nothing fails any more. */
    void end() {
        over = true;
    }

    private void every(double seconds, Runnable what) {
        if (seconds > 0) {
            world.in(world.chance().about(seconds * 1000), () -> {
                if (!over) {
                    what.run();
                    every(seconds, what);
                }
            });
        }
    }

    private Optional<SimulatedNode> some() {
        return world.node(Side.values()[world.chance().below(2)]);
    }

    private void crash() {
        some().ifPresent(node -> {
            world.tally().fault("crash");
            node.crash();
        });
    }

    private void freeze() {
        some().filter(node -> !node.frozen()).ifPresent(node -> {
            world.tally().fault("freeze");
            node.freeze(
                    world.chance().about(world.rates().freezeS() * 1000),
                    world.chance().below(2) == 0);
        });
    }

    private void storeDown() {
        world.tally().fault("store gone");
        world.trace().line("store", "is GONE");
        world.storeDown(true);
        world.in(world.chance().about(world.rates().storeDownS() * 1000), () -> {
            world.trace().line("store", "is back");
            world.storeDown(false);
        });
    }

    private void cut() {
        some().ifPresent(node -> {
            world.tally().fault("store cut off");
            world.trace().line(node.id().toString(), "is CUT OFF from the store");
            node.link().cut(true);
            world.in(world.chance().about(world.rates().storeDownS() * 1000), () -> {
                world.trace().line(node.id().toString(), "reaches the store again");
                node.link().cut(false);
            });
        });
    }

    private void clockJumps() {
        some().ifPresent(node -> {
            world.tally().fault("clock jump");
            Duration by = Duration.ofMillis(world.chance().between(-5_000, 5_000));
            world.trace().line(node.id().toString(), "its wall clock LEAPS by " + by.toMillis() + " ms");
            node.clocks().wallLeaps(by);
        });
    }

    private void trunkTrouble() {
        world.tally().fault("trunk");
        boolean down = world.chance().below(2) == 0;
        long lengthMs = world.chance().about(10_000);
        for (SimulatedNode node : world.nodes()) {
            if (down) {
                tell(node, new Event.TrunkDown("no gateway answers"));
                // One telephony tells both, so the second never comes before the first.
                world.in(TOLD_WITHIN_MS + lengthMs, () -> tell(node, new Event.TrunkUp()));
            } else {
                tell(node, new Event.TrunkPaused(Duration.ofMillis(lengthMs), "503"));
            }
        }
    }

    /** Also in the middle of another maintenance, of a start, of a failure. */
    private void maintenance() {
        some().ifPresent(node -> {
            boolean force = world.chance().is(world.rates().forced());
            Handover how = world.chance().is(world.rates().overlapped()) ? Handover.OVERLAP : Handover.SEQUENTIAL;
            world.tally().fault(how == Handover.OVERLAP ? "maintenance with an overlap" : "maintenance");
            world.trace()
                    .line(
                            "operator",
                            "asks for maintenance of " + node.id() + (force ? " with force" : "")
                                    + (how == Handover.OVERLAP ? " with an overlap" : "") + ", which is "
                                    + node.dialer().role().phase());
            tell(node, new Event.MaintenanceAsked(1, force, how, "an operator"));
            if (world.chance().is(world.rates().cancelled())) {
                world.in(world.chance().about(8_000), () -> {
                    world.trace().line("operator", "cancels the maintenance of " + node.id());
                    tell(node, new Event.MaintenanceCancelled(2, "an operator"));
                });
            } else if (world.chance().is(world.rates().impatient())) {
                world.in(world.chance().about(15_000), () -> {
                    if (node.dialer().role() instanceof RoleState.Monitoring
                            || node.dialer().role() instanceof RoleState.Quiescing
                            || node.dialer().role() instanceof RoleState.Settling) {
                        world.tally().fault("stopped at once");
                        world.trace().line("operator", "stops " + node.id() + " at once");
                        tell(node, new Event.StopNow("a second SIGTERM"));
                    }
                });
            }
        });
    }

    private void campaignChanges() {
        List<Campaign> all = world.allCampaigns();
        Campaign campaign = all.get(world.chance().below(all.size()));
        world.trace().line("operator", (campaign.running() ? "stops " : "starts ") + campaign.name());
        world.put(campaign.withRunning(!campaign.running()));
    }

    private void tell(SimulatedNode node, Event event) {
        node.after(world.chance().between(1, TOLD_WITHIN_MS), () -> node.happened(event));
    }
}
