package releve.sim.simulate;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import releve.core.common.AgentId;
import releve.core.common.Handover;
import releve.core.common.Side;
import releve.core.engine.Event;
import releve.core.memory.MemoryDesks;
import releve.core.memory.MemoryStore;
import releve.core.memory.Notice;
import releve.core.node.LeaseTimes;
import releve.core.pacing.Foresight;
import releve.core.pacing.PacingPolicy;
import releve.core.pacing.PredictivePacing;
import releve.core.store.DialerStore.NodeId;
import releve.sim.world.Agenda;

/**
 * One run of a scenario: a pair of the product's dialers with a store, routing, customers and agents on virtual time. The campaign
 * is predictive; which policy paces it is what runs are compared by. Each call's and each agent's fate is drawn for itself, so
 * that all policies meet the same world.
 */
public final class Centre implements Foresight {
    static final long CUSTOMER = 0xca11;
    static final long AGENT = 0x5a17;
    private static final int PAIR = 1;
    private static final long ROUND_MS = 1_000;
    private static final long UPGRADE_MS = 60_000;
    private static final long HOUR_MS = 3_600_000;
    /** The longest that a last call is waited for after everything has closed. */
    private static final long LAST_CALL_MS = 3 * HOUR_MS;

    /** Where nobody would take the right over, it need not be renewed twice a second. */
    private static final LeaseTimes UNCONTESTED = LeaseTimes.of(Duration.ofSeconds(60));

    private static final Duration SILENT_FOR = Duration.ofSeconds(4);

    private final Scenario scenario;
    private final long seed;
    private final BiFunction<Scenario, Foresight, PacingPolicy> policies;
    private final ScenarioCampaign campaign;
    private final Conditions conditions;
    private final Agenda agenda = new Agenda();
    private final Score score = new Score();
    private final MemoryStore store = new MemoryStore(this::now, this::noticed);
    private final MemoryDesks desks = store.desks();
    private final Customers customers;
    private final Workforce workforce;
    private final EndlessList list;
    private final Map<Side, DialerProcess> running = new EnumMap<>(Side.class);
    private int starts;
    private boolean routes;
    private boolean over;

    private Centre(Scenario scenario, long seed, BiFunction<Scenario, Foresight, PacingPolicy> policies) {
        this.scenario = scenario;
        this.seed = seed;
        this.policies = policies;
        this.campaign = new ScenarioCampaign(scenario);
        this.conditions = new Conditions(scenario, seed);
        this.customers = new Customers(this, scenario);
        this.workforce = new Workforce(this, scenario);
        desks.put(campaign.campaign());
        this.list = new EndlessList(desks, campaign.campaign().id(), 40 * scenario.agents());
    }

    /** Runs the scenario once. */
    public static Score run(Scenario scenario, long seed, BiFunction<Scenario, Foresight, PacingPolicy> policies) {
        return new Centre(scenario, seed, policies).run();
    }

    private Score run() {
        start(Side.A);
        if (isPair()) {
            start(Side.B);
        }
        round();
        workforce.plan();
        long closes = (scenario.days() - 1) * Scenario.DAY_MS + scenario.closesAtMs();
        if (scenario.aroundTheClock()) {
            agenda.at(closes, () -> desks.put(campaign.campaign().withRunning(false)));
        }
        agenda.at(closes, workforce::allLeave);
        agenda.at(closes, this::endsWhenAllHaveLeft);
        agenda.at(closes + LAST_CALL_MS, () -> over = true);
        for (Scenario.Fault fault : scenario.faults()) {
            agenda.at((fault.day() - 1) * Scenario.DAY_MS + fault.atMs(), () -> fails(fault));
        }
        while (!over && agenda.step()) {
            // What is to be done stands in the agenda.
        }
        return score;
    }

    private void endsWhenAllHaveLeft() {
        over = !workforce.anyThere() && !customers.anyTalks();
        in(ROUND_MS, this::endsWhenAllHaveLeft);
    }

    /** What gateways do by the clock: wrap-ups end, requests are looked at again, lists and ledgers are kept up. */
    private void round() {
        desks.endWrapUps();
        desks.route();
        list.keepUp();
        if (agenda.nowMs() % HOUR_MS == 0) {
            desks.forget(now().minusMillis(HOUR_MS));
        }
        in(ROUND_MS, this::round);
    }

    // ---------------------------------------------------------------------------------------------- its parts

    long nowMs() {
        return agenda.nowMs();
    }

    Instant now() {
        return Instant.ofEpochMilli(agenda.nowMs());
    }

    void at(long atMs, Runnable what) {
        agenda.at(atMs, what);
    }

    void in(long ms, Runnable what) {
        agenda.in(ms, what);
    }

    /** A random of its own for each customer's call and for each agent. */
    SplittableRandom random(long kind, long number) {
        return new SplittableRandom(
                (seed * 0x9e3779b97f4a7c15L + kind) * 0xbf58476d1ce4e5b9L + number * 0x94d049bb133111ebL);
    }

    Scenario.Delays delays() {
        return scenario.delays();
    }

    /** Whether there is another side: where no dialer fails or hands over, it would do nothing. */
    boolean isPair() {
        return scenario.faults().stream().anyMatch(fault -> fault.kind() != Scenario.Fault.Kind.AGENTS_LEAVE);
    }

    LeaseTimes leaseTimes() {
        return isPair() ? LeaseTimes.DEFAULT : UNCONTESTED;
    }

    ScenarioCampaign campaign() {
        return campaign;
    }

    PacingPolicy policy(PredictivePacing.Bounds bounds) {
        return policies.apply(scenario, this);
    }

    Score score() {
        return score;
    }

    /** A person has found an agent, or was abandoned; the last calls of a day around the clock are that day's. */
    void answered(boolean abandoned) {
        score.live(Math.min(agenda.nowMs(), scenario.days() * Scenario.DAY_MS - 1), abandoned);
    }

    MemoryStore store() {
        return store;
    }

    MemoryDesks desks() {
        return desks;
    }

    EndlessList list() {
        return list;
    }

    Customers customers() {
        return customers;
    }

    Workforce workforce() {
        return workforce;
    }

    boolean isOpen() {
        long ofDay = agenda.nowMs() % Scenario.DAY_MS;
        return agenda.nowMs() < scenario.days() * Scenario.DAY_MS
                && ofDay >= scenario.opensAtMs()
                && ofDay < scenario.closesAtMs();
    }

    // ---------------------------------------------------------------------------------------------- its pair

    private void start(Side side) {
        NodeId id = new NodeId(PAIR, side, side.name().toLowerCase(Locale.ROOT) + ++starts);
        if (running.containsKey(side) || !desks.register(id, DialerProcess.VERSION, SILENT_FOR)) {
            in(ROUND_MS, () -> start(side));
            return;
        }
        DialerProcess process = new DialerProcess(this, id);
        running.put(side, process);
        process.start();
    }

    private Optional<DialerProcess> active() {
        return running.values().stream().filter(DialerProcess::isActive).findFirst();
    }

    /** It has followed its last call; after its upgrade it comes back as standby. */
    void stopped(DialerProcess process) {
        score.handovers++;
        gone(process, UPGRADE_MS);
    }

    private void gone(DialerProcess process, long forMs) {
        Side side = process.id().side();
        running.remove(side, process);
        customers.lost(process);
        in(forMs, () -> start(side));
    }

    private void noticed(Notice notice) {
        switch (notice) {
            case Notice.OfPair pair -> in(0, () -> List.copyOf(running.values()).forEach(DialerProcess::wakeLease));
            case Notice.Granted granted -> {
                DialerProcess process = running.get(granted.node().side());
                if (process != null && process.id().equals(granted.node())) {
                    process.grantsSoon();
                }
            }
            case Notice.Routing routing -> routesSoon();
            case Notice.Answered answered -> {}
            case Notice.OfAgent of -> {
                if (workforce.waitsFor(of.agent())) {
                    in(0, () -> workforce.changed(of.agent()));
                }
            }
        }
    }

    private void routesSoon() {
        if (!routes) {
            routes = true;
            in(delays().storeMs(), () -> {
                routes = false;
                desks.route();
            });
        }
    }

    private void fails(Scenario.Fault fault) {
        long forMs = Math.round(fault.seconds() * 1000);
        switch (fault.kind()) {
            case CRASH ->
                active().ifPresent(process -> {
                    process.crash();
                    gone(process, forMs);
                });
            case HANDOVER -> maintenance(Handover.SEQUENTIAL);
            case OVERLAP -> maintenance(Handover.OVERLAP);
            case AGENTS_LEAVE -> workforce.someLeave(fault.share(), forMs);
        }
    }

    private void maintenance(Handover how) {
        active().ifPresent(process -> process.happened(new Event.MaintenanceAsked(0, false, how, "the scenario")));
    }

    // ------------------------------------------------------------------------------- what only an oracle knows

    @Override
    public double answerRate() {
        return conditions.rateAt(agenda.nowMs());
    }

    @Override
    public long readyAtMs(AgentId agent) {
        return workforce.readyAtMs(agent);
    }
}
