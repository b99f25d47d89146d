package releve.server.http;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import releve.core.common.Side;
import releve.core.engine.Counts;
import releve.server.http.Overview.AgentFigures;
import releve.server.http.Overview.CampaignFigures;
import releve.server.http.Overview.GatewayView;
import releve.server.http.Overview.SideView;
import releve.server.http.Overview.Transition;
import releve.server.store.CampaignStore;
import releve.server.store.GatewayRegistry;
import releve.server.store.NodeRegistry;
import releve.server.store.Reports;

/**
 * Puts the overview together from the store. Sides and journal are read every time; the counts over lists and ledger, which
 * cost more the longer these are, never take more than a tenth of the time.
 */
final class OverviewReader {
    /** A side whose heartbeat is older has failed or lost the store. */
    static final Duration SILENT_AFTER = Duration.ofSeconds(3);

    private static final int JOURNAL_ENTRIES = 20;
    private static final int COST_SHARE = 10;

    private final int pair;
    private final Side self;
    private final NodeRegistry registry;
    private final GatewayRegistry gateways;
    private final CampaignStore campaigns;
    private final Reports reports;
    private @Nullable Figures figures;
    private long figuresDueNanos;

    private record Figures(AgentFigures agents, List<CampaignFigures> campaigns) {}

    OverviewReader(
            int pair,
            Side self,
            NodeRegistry registry,
            GatewayRegistry gateways,
            CampaignStore campaigns,
            Reports reports) {
        this.gateways = gateways;
        this.pair = pair;
        this.self = self;
        this.registry = registry;
        this.campaigns = campaigns;
        this.reports = reports;
    }

    /** What is shown until the store has answered for the first time. */
    Overview nothingYet() {
        Instant now = Instant.now();
        return new Overview(
                now,
                pair,
                self,
                "The store has not answered yet.",
                Stream.of(Side.values()).map(side -> SideView.absent(side, now)).toList(),
                AgentFigures.NONE,
                List.of(),
                List.of());
    }

    /** Reads; throws {@code StoreUnavailable} when the store does not answer. */
    synchronized Overview read() {
        List<NodeRegistry.Entry> nodes = registry.latest(pair);
        List<Transition> journal = registry.journal(pair, JOURNAL_ENTRIES).stream()
                .map(entry -> new Transition(
                        entry.transition().at(),
                        entry.side(),
                        entry.role(),
                        entry.transition().from(),
                        entry.transition().to(),
                        entry.transition().reason()))
                .toList();
        Figures counted = figures();
        List<GatewayRegistry.Entry> running = gateways.latest(pair);
        Instant now = Instant.now();
        List<SideView> sides = Stream.of(Side.values())
                .map(side -> nodes.stream()
                        .filter(entry -> entry.start().node().side() == side)
                        .findFirst()
                        .map(entry -> view(entry, now))
                        .orElseGet(() -> SideView.absent(side, now)))
                .map(view -> view.with(running.stream()
                        .filter(entry -> entry.node().side() == view.side())
                        .map(entry -> gateway(entry, view))
                        .toList()))
                .toList();
        return new Overview(now, pair, self, "", sides, counted.agents(), counted.campaigns(), journal);
    }

    private Figures figures() {
        Figures last = figures;
        long startNanos = System.nanoTime();
        if (last != null && startNanos < figuresDueNanos) {
            return last;
        }
        Figures fresh = new Figures(ReportFigures.agents(reports), ReportFigures.campaigns(campaigns.list(), reports));
        figures = fresh;
        figuresDueNanos = startNanos + COST_SHARE * (System.nanoTime() - startNanos);
        return fresh;
    }

    private static SideView view(NodeRegistry.Entry entry, Instant now) {
        NodeRegistry.Heartbeat beat = entry.heartbeat();
        boolean stopped = entry.stop().isPresent();
        boolean healthy = !stopped && entry.age().compareTo(SILENT_AFTER) < 0;
        String notReady = beat.notReadyReason();
        return new SideView(
                entry.start().node().side(),
                true,
                healthy,
                entry.start().node().instance(),
                role(beat.phase()),
                beat.phase(),
                beat.phaseSince(),
                beat.phaseReason(),
                beat.counts().getOrDefault("epoch", 0),
                beat.dialing().startsWith("yes"),
                beat.dialing(),
                beat.ready(),
                beat.ready() || notReady == null ? "" : notReady,
                calls(beat.counts()),
                beat.waitsFor(),
                beat.expectedAt(),
                beat.limitAt(),
                healthy ? beat.trunks() : List.of(),
                entry.start().version(),
                entry.start().httpUrl(),
                now.minus(entry.age()),
                stopped,
                entry.stop().map(NodeRegistry.Stop::exitStatus).orElse(null),
                List.of());
    }

    private static GatewayView gateway(GatewayRegistry.Entry entry, SideView side) {
        boolean stopped = entry.stop().isPresent();
        return new GatewayView(
                entry.role().written(),
                !stopped && entry.age().compareTo(SILENT_AFTER) < 0,
                entry.phase(),
                entry.since(),
                entry.reason(),
                entry.epoch(),
                entry.attached(),
                entry.waitsFor(),
                entry.limitAt(),
                entry.httpUrl(),
                entry.node().instance().equals(side.instance()),
                stopped);
    }

    private static String role(String phase) {
        return switch (phase) {
            case "active", "standby", "stopped" -> phase;
            case "quiescing", "handing over", "settling", "monitoring" -> SideView.IN_MAINTENANCE;
            default -> phase;
        };
    }

    private static Counts calls(Map<String, Integer> counts) {
        return new Counts(
                counts.getOrDefault("dialing", 0),
                counts.getOrDefault("ringing", 0),
                counts.getOrDefault("cancelling", 0),
                counts.getOrDefault("analysing", 0),
                counts.getOrDefault("transferring", 0),
                counts.getOrDefault("offered", 0),
                counts.getOrDefault("connected", 0),
                counts.getOrDefault("reserved", 0),
                counts.getOrDefault("cached", 0));
    }
}
