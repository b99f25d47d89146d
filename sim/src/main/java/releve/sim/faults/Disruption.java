package releve.sim.faults;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import releve.core.campaign.Campaign;
import releve.core.common.Handover;
import releve.core.common.Side;
import releve.core.engine.Event;
import releve.core.memory.MemoryDesks;
import releve.core.pair.Role;

/** Everything that goes wrong, and operators, who choose the worst moments. */
final class Disruption {
    private static final long TOLD_WITHIN_MS = 600;
    private static final long TIDY_EVERY_MS = 5_000;

    private final PairWorld world;
    private boolean over;
    private long commands;

    Disruption(PairWorld world) {
        this.world = world;
    }

    void start() {
        FaultRates rates = world.rates();
        every(rates.processes().crashEveryS(), this::crash);
        every(rates.processes().freezeEveryS(), this::freeze);
        every(rates.processes().leapEveryS(), this::clockJumps);
        every(rates.store().downEveryS(), this::storeDown);
        every(rates.store().cutEveryS(), this::cut);
        every(rates.sip().trunkEveryS(), this::trunkTrouble);
        every(rates.operators().maintenanceEveryS(), this::maintenance);
        every(rates.operators().listsEveryS(), this::numberIsListed);
        every(200, this::campaignChanges);
        world.in(TIDY_EVERY_MS, this::tidy);
        world.whenEnded(side -> world.in(
                over ? 3_000 : world.chance().about(world.rates().processes().restartS() * 1000),
                () -> world.start(side)));
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
                    world.chance().about(world.rates().processes().freezeS() * 1000),
                    world.chance().below(2) == 0);
        });
    }

    private void storeDown() {
        world.tally().fault("store gone");
        world.trace().line("store", "is GONE");
        world.storeDown(true);
        world.in(world.chance().about(world.rates().store().downS() * 1000), () -> {
            world.trace().line("store", "is back");
            world.storeDown(false);
        });
    }

    private void cut() {
        some().ifPresent(node -> {
            world.tally().fault("store cut off");
            world.trace().line(node.id().toString(), "is CUT OFF from the store");
            node.link().cut(true);
            world.in(world.chance().about(world.rates().store().downS() * 1000), () -> {
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
            FaultRates.Operators operators = world.rates().operators();
            Chance chance = world.chance();
            Optional<Role> role = chance.is(operators.ofOneRole())
                    ? Optional.of(Role.values()[chance.below(Role.values().length)])
                    : Optional.empty();
            boolean force = chance.is(operators.forced());
            Handover how = chance.is(operators.overlapped()) ? Handover.OVERLAP : Handover.SEQUENTIAL;
            world.tally()
                    .fault(role.map(one -> "maintenance of the " + one.written())
                            .orElse(how == Handover.OVERLAP ? "maintenance with an overlap" : "maintenance"));
            world.trace()
                    .line(
                            "operator",
                            "asks for maintenance of %s of %s%s%s, whose dialer is %s"
                                    .formatted(
                                            role.map(Role::written).orElse("all roles"),
                                            node.id(),
                                            force ? " with force" : "",
                                            how == Handover.OVERLAP ? " with an overlap" : "",
                                            node.dialer().role().phase()));
            Event.MaintenanceAsked asked = new Event.MaintenanceAsked(++commands, force, how, "an operator");
            told(
                    node,
                    () -> role.ifPresentOrElse(
                            one -> toOne(node, one, asked),
                            () -> node.gateways().maintenance().start(asked)));
            if (chance.is(operators.cancelled())) {
                world.in(chance.about(8_000), () -> cancels(node, role));
            } else if (chance.is(operators.impatient())) {
                world.in(chance.about(15_000), () -> stopsAtOnce(node));
            }
        });
    }

    private static void toOne(SimulatedNode node, Role role, Event.OfRole command) {
        if (role == Role.DIALER) {
            node.happened(command);
        } else {
            node.gateways().of(role).happened(command);
        }
    }

    private void cancels(SimulatedNode node, Optional<Role> role) {
        world.trace()
                .line(
                        "operator",
                        "cancels the maintenance of " + role.map(Role::written).orElse("all roles") + " of "
                                + node.id());
        Event.MaintenanceCancelled cancelled = new Event.MaintenanceCancelled(++commands, "an operator");
        told(
                node,
                () -> role.ifPresentOrElse(
                        one -> toOne(node, one, cancelled),
                        () -> node.gateways().maintenance().cancel(cancelled)));
    }

    private void stopsAtOnce(SimulatedNode node) {
        if (node.alive() && node.dialer().role().inMaintenance()) {
            world.tally().fault("stopped at once");
            world.trace().line("operator", "stops " + node.id() + " at once");
            told(node, () -> node.stopNow("a second SIGTERM"));
        }
    }

    /** Operators end what they have begun: a process whose dialer has ended, a gateway that was to rest for a while. */
    private void tidy() {
        for (SimulatedNode node : world.nodes()) {
            if (node.gateways().dialerHasEnded() && node.gateways().anyGatewayInService()) {
                told(
                        node,
                        () -> node.gateways()
                                .maintenance()
                                .start(new Event.MaintenanceAsked(
                                        ++commands, over, "an operator who exchanges the program")));
            }
            boolean rests = over || world.chance().below(4) == 0;
            if (rests
                    && !node.dialer().role().inMaintenance()
                    && node.gateways().anyGatewayInMaintenance()) {
                told(node, () -> node.gateways().cancelGateways("an operator who has rested it"));
            }
        }
        world.in(TIDY_EVERY_MS, this::tidy);
    }

    private void numberIsListed() {
        List<MemoryDesks.ContactRow> contacts = world.desks().contacts();
        String phone =
                contacts.get(world.chance().below(contacts.size())).phones().getFirst();
        if (world.chance().below(3) == 0) {
            world.desks().mayCall(phone);
        } else {
            world.tally().fault("number listed");
            world.trace().line("operator", "lists " + phone + " as not to be called");
            world.desks().doNotCall(phone);
        }
    }

    private void campaignChanges() {
        List<Campaign> all = world.allCampaigns();
        Campaign campaign = all.get(world.chance().below(all.size()));
        world.trace().line("operator", (campaign.running() ? "stops " : "starts ") + campaign.name());
        world.put(campaign.withRunning(!campaign.running()));
    }

    private void tell(SimulatedNode node, Event event) {
        told(node, () -> node.happened(event));
    }

    private void told(SimulatedNode node, Runnable what) {
        node.after(world.chance().between(1, TOLD_WITHIN_MS), what);
    }
}
