package releve.sim.faults;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.AbandonSettings;
import releve.core.campaign.AbsentAgentRule;
import releve.core.campaign.CallSettings;
import releve.core.campaign.CallbackSettings;
import releve.core.campaign.Campaign;
import releve.core.campaign.CpaSettings;
import releve.core.campaign.DialingMode;
import releve.core.campaign.IvrSettings;
import releve.core.campaign.PacingSettings;
import releve.core.campaign.PreviewSettings;
import releve.core.campaign.RetryDelays;
import releve.core.campaign.RetrySettings;
import releve.core.campaign.Schedule;
import releve.core.campaign.SelectionOrder;
import releve.core.campaign.Staffing;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.Side;
import releve.core.engine.DialerConfig;
import releve.core.memory.MemoryDesks;
import releve.core.memory.MemoryStore;
import releve.core.memory.Notice;
import releve.core.pair.Role;
import releve.core.store.DialerStore.NodeId;
import releve.sim.world.Agenda;

/** Everything there is in one seed's world. */
final class PairWorld {
    static final Instant START = Instant.parse("2030-01-07T09:00:00Z");
    static final int PAIR = 1;
    private static final String IVR = "sip:ivr@192.0.2.30";
    private static final String SORRY = "sip:sorry@192.0.2.30";
    private static final Duration RING_MAX = Duration.ofSeconds(20);
    private static final Duration PREVIEW = Duration.ofSeconds(8);
    private static final Duration TRANSFER = Duration.ofSeconds(3);

    private final Agenda agenda = new Agenda();
    private final Chance chance;
    private final Flaws flaws;
    private final Trace trace;
    private final MemoryStore store;
    private final MemoryDesks desks;
    private final SimulatedCarrier carrier;
    private final SimulatedAgents agents;
    private final Rules rules;
    private final Map<CampaignId, Campaign> campaigns = new LinkedHashMap<>();
    private final Map<Side, SimulatedNode> running = new LinkedHashMap<>();
    private final Tally tally = new Tally();
    private final Duration monitoringLimit;
    private FaultRates rates;
    private Consumer<Side> whenEnded = side -> {};
    private boolean storeDown;
    private long storeUpSinceMs;
    private int starts;

    PairWorld(long seed, @Nullable Bug bug, @Nullable Consumer<String> everyLine) {
        this.chance = new Chance(seed);
        this.flaws = new Flaws(bug);
        this.rates = FaultRates.draw(chance.random());
        this.trace = new Trace(() -> Duration.ofMillis(agenda.nowMs()), everyLine);
        this.store = new FlawedStore(flaws, this::now, this::noticed);
        this.desks = store.desks();
        this.carrier = new SimulatedCarrier(this);
        this.agents = new SimulatedAgents(this);
        this.rules = new Rules(this);
        this.monitoringLimit = Duration.ofSeconds(chance.between(30, 300));
        trace.line("world", rates.toString());
        campaigns();
        agents.start(3 + chance.below(8));
    }

    // ------------------------------------------------------------------------------------------------------ time

    Instant now() {
        return START.plusMillis(agenda.nowMs());
    }

    long nowMs() {
        return agenda.nowMs();
    }

    void in(long ms, Runnable what) {
        agenda.in(Math.max(0, ms), what);
    }

    /** Lives on until that time. */
    void liveUntil(long atMs) {
        boolean[] over = {false};
        agenda.at(atMs, () -> over[0] = true);
        while (!over[0] && agenda.step()) {
            tally.events++;
        }
    }

    // ---------------------------------------------------------------------------------------------------- its parts

    Chance chance() {
        return chance;
    }

    FaultRates rates() {
        return rates;
    }

    Flaws flaws() {
        return flaws;
    }

    Trace trace() {
        return trace;
    }

    Tally tally() {
        return tally;
    }

    MemoryStore store() {
        return store;
    }

    MemoryDesks desks() {
        return desks;
    }

    SimulatedCarrier carrier() {
        return carrier;
    }

    SimulatedAgents agents() {
        return agents;
    }

    Rules rules() {
        return rules;
    }

    Campaign campaign(CampaignId id) {
        return Objects.requireNonNull(campaigns.get(id));
    }

    Optional<SimulatedNode> node(Side side) {
        return Optional.ofNullable(running.get(side));
    }

    List<SimulatedNode> nodes() {
        return List.copyOf(running.values());
    }

    boolean isIvr(String uri) {
        return uri.equals(IVR) || isForTheAbandoned(uri);
    }

    /** The IVR that says that nobody was free. */
    boolean isForTheAbandoned(String uri) {
        return uri.equals(SORRY);
    }

    DialerConfig dialerConfig(NodeId node) {
        return new DialerConfig(node, 25, 8, monitoringLimit, TRANSFER, 12);
    }

    Duration longestRing() {
        return RING_MAX;
    }

    /** By when a maintenance has handed over at the latest, when nothing fails. */
    Duration handoverLimit() {
        return RING_MAX.plus(CpaSettings.DEFAULT.maximumTime())
                .plus(AbandonSettings.DEFAULT.after())
                .plus(TRANSFER.multipliedBy(3))
                .plus(PREVIEW)
                .plusSeconds(25)
                .plusMillis((long) (40 * rates.store().slowMs()));
    }

    // ---------------------------------------------------------------------------------------------------- processes

    /** Starts a process of a side, unless one lives. */
    void start(Side side) {
        if (running.containsKey(side)) {
            return;
        }
        String version = chance.below(2) == 0 ? SimulatedNode.FORMER_VERSION : SimulatedNode.VERSION;
        NodeId id = new NodeId(PAIR, side, side.name().toLowerCase(java.util.Locale.ROOT) + ++starts);
        if (storeDown || !register(id, version)) {
            in(2_000, () -> start(side));
            return;
        }
        double drift =
                (chance.random().nextDouble() * 2 - 1) * rates.processes().drift();
        SimulatedNode node = new SimulatedNode(this, id, version, drift);
        running.put(side, node);
        node.start();
    }

    private boolean register(NodeId id, String version) {
        Duration silentFor = Duration.ofSeconds(4);
        return desks.register(id, version, silentFor)
                && store.gateways(Role.ROUTING_GATEWAY).register(id, version, silentFor)
                && store.gateways(Role.AGENT_GATEWAY).register(id, version, silentFor);
    }

    /** A process has ended, by itself or not. */
    void ended(SimulatedNode node) {
        running.remove(node.id().side(), node);
        carrier.lost(node);
        whenEnded.accept(node.id().side());
    }

    void whenEnded(Consumer<Side> what) {
        whenEnded = what;
    }

    // ---------------------------------------------------------------------------------------------------- the store

    void storeDown(boolean down) {
        storeDown = down;
        storeUpSinceMs = nowMs();
    }

    boolean storeDown() {
        return storeDown;
    }

    long storeUpForMs() {
        return storeDown ? 0 : nowMs() - storeUpSinceMs;
    }

    long storeDelayMs() {
        return Math.min(1_500, chance.about(rates.store().slowMs()));
    }

    /** Wake-ups come late, or not at all. */
    private void noticed(Notice notice) {
        if (chance.is(rates.store().wakeLost())) {
            return;
        }
        in(chance.between(1, 20), () -> {
            switch (notice) {
                case Notice.OfPair pair -> nodes().forEach(SimulatedNode::wakeLeases);
                case Notice.Granted granted -> wakeWatch(granted.node());
                case Notice.Answered answered -> nodes().forEach(SimulatedNode::wakeWatch);
                case Notice.Routing routing ->
                    nodes().forEach(node ->
                            node.gateways().of(Role.ROUTING_GATEWAY).work());
                case Notice.OfAgent agent -> {}
            }
        });
    }

    private void wakeWatch(NodeId node) {
        nodes().stream().filter(one -> one.id().equals(node)).forEach(SimulatedNode::wakeWatch);
    }

    /** Whether the store has the agent of that phone bound by that process. */
    boolean isReservedBy(SimulatedNode node, String uri) {
        return node.reservedAgents().stream()
                .anyMatch(agent -> SimulatedAgents.phone(agent.agent()).equals(uri));
    }

    /** Whether the store knows that the customer talks. */
    boolean isConnectedInTheLedger(AttemptId attempt) {
        return desks.attempt(attempt)
                .filter(row -> row.connectedAt() != null && row.termination().isEmpty())
                .isPresent();
    }

    // --------------------------------------------------------------------------------------------- faults and healing

    /** How many faults there have been so far. */
    long faults() {
        return tally.faults();
    }

    /** From now on nothing fails any more. */
    void heal() {
        rates = FaultRates.NONE;
        storeDown(false);
        nodes().forEach(node -> node.link().cut(false));
        agents.heal();
    }

    /** When the last process that is frozen now goes on, or now. */
    long thawedMs() {
        return nodes().stream().mapToLong(SimulatedNode::thawsAtMs).reduce(nowMs(), Math::max);
    }

    void put(Campaign campaign) {
        campaigns.put(campaign.id(), campaign);
        desks.put(flaws.told(campaign));
    }

    List<Campaign> allCampaigns() {
        return List.copyOf(campaigns.values());
    }

    // ---------------------------------------------------------------------------------------------------- the lists

    /** All modes at once, over agents that they share. */
    private void campaigns() {
        List<Campaign> made = new ArrayList<>();
        for (DialingMode mode : DialingMode.values()) {
            if (chance.below(3) > 0) {
                made.add(campaign(mode, made.size() + 1));
            }
        }
        if (chance.below(2) == 0) {
            made.add(campaign(DialingMode.PREDICTIVE_AGENT, made.size() + 1)); // two may share their agents
        }
        if (made.isEmpty()) {
            made.add(campaign(DialingMode.PROGRESSIVE_AGENT, 1));
        }
        int phones = 0;
        for (Campaign campaign : made) {
            put(campaign);
            int contacts = 20 + chance.below(200);
            for (int i = 0; i < contacts; i++) {
                // Some people are on two lists, with the same phone.
                int phone = chance.below(20) == 0 && phones > 0 ? chance.below(phones) : ++phones;
                desks.add(campaign.id(), List.of("+1202555%04d".formatted(phone)));
            }
        }
    }

    private Campaign campaign(DialingMode mode, long id) {
        Duration retry = Duration.ofSeconds(20 + chance.below(100));
        Campaign campaign = Campaign.named(mode.name().toLowerCase(java.util.Locale.ROOT), mode, "+12025550100")
                .withId(new CampaignId(id))
                .withRunning(true)
                .withStaffing(
                        mode.toIvr()
                                ? Staffing.NOBODY
                                : Staffing.by(chance.below(3) == 0 ? "care" : "sales")
                                        .withWrapUp(Duration.ofSeconds(chance.between(1, 10)))
                                        .withShare(chance.below(3) == 0 ? 60 : 100, 0))
                .withPacing(new PacingSettings(1 + chance.below(20) / 10.0, 3, 3, Duration.ofHours(24)))
                .withCalls(CallSettings.from("+12025550100")
                        .withRingLimit(Duration.ofSeconds(chance.between(10, RING_MAX.toSeconds()))))
                .withRetry(new RetrySettings(
                        1 + chance.below(4),
                        new RetryDelays(retry, retry, retry, retry, retry, retry),
                        SelectionOrder.DEFAULT))
                .withPreview(new PreviewSettings(PREVIEW, Duration.ofSeconds(30)))
                .withCallbacks(
                        new CallbackSettings(true, AbsentAgentRule.values()[chance.below(3)], Duration.ofSeconds(60)))
                .withCpa(chance.below(2) == 0 ? CpaSettings.DEFAULT : CpaSettings.OFF)
                .withAbandon(abandon());
        if (mode.toIvr()) {
            campaign = campaign.withIvr(new IvrSettings(1 + chance.below(6), IVR));
        }
        return chance.below(4) == 0 ? campaign.withSchedule(hours()) : campaign;
    }

    private AbandonSettings abandon() {
        AbandonSettings settings = AbandonSettings.DEFAULT.withGuarantee(Duration.ofMinutes(5));
        return switch (chance.below(3)) {
            case 0 -> settings;
            case 1 -> settings.withMessage("sorry");
            default -> settings.withIvr(SORRY);
        };
    }

    private Schedule hours() {
        Schedule always = Schedule.ALWAYS;
        return new Schedule(
                always.zone(), always.days(), LocalTime.of(9, 0), LocalTime.of(9, 5 + chance.below(30)), null, null);
    }
}
