package releve.server.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Command;
import releve.core.agent.AgentState;
import releve.core.campaign.Campaign;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.server.http.Overview;
import releve.server.http.Overview.AbandonFigures;
import releve.server.http.ReportFigures;
import releve.server.store.CampaignStore;
import releve.server.store.Reports;
import releve.server.store.Reports.CampaignFigures;
import releve.server.trunk.TrunkReport;

/** Everything at a glance. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows who dials, in which phase both sides are and what they wait for, agents and campaigns.",
        footer = {"", "Examples:", "  releve status", "  releve status --json --pair 2"})
public final class StatusCommand extends CommandOnStore {
    @Override
    protected int run(OpenStore store) {
        List<SideReport> sides = SideReport.both(store.pool(), pair());
        List<Campaign> campaigns = new CampaignStore(store.pool()).list();
        Reports reports = new Reports(store.pool());
        Map<CampaignId, CampaignFigures> figures = reports.campaigns();
        Function<Campaign, AbandonFigures> abandonment = ReportFigures.abandonment(reports);
        Map<AgentState, Integer> agents = reports.agents().getOrDefault("", Map.of());
        print(
                JsonOutput.object(
                        "pair",
                        pair(),
                        "sides",
                        sides,
                        "agents",
                        agents,
                        "campaigns",
                        campaigns.stream()
                                .map(each -> json(
                                        each,
                                        figures.getOrDefault(each.id(), CampaignFigures.NONE),
                                        abandonment.apply(each)))
                                .toList()),
                String.join(
                        System.lineSeparator(),
                        sides(sides).toString(),
                        "",
                        gateways(sides).toString(),
                        "",
                        trunks(sides).toString(),
                        "",
                        agents(agents),
                        "",
                        campaigns.isEmpty()
                                ? "There are no campaigns."
                                : campaigns(campaigns, figures, abandonment).toString()));
        return CommandLines.DONE;
    }

    static Table sides(List<SideReport> sides) {
        Instant now = Instant.now();
        Table table = new Table("SIDE", "PHASE", "FOR", "DIALING", "IN FLIGHT", "WAITS FOR", "REASON");
        for (SideReport side : sides) {
            Instant since = side.since();
            String outlook = side.outlook(now);
            table.row(
                    side.side(),
                    side.phase(),
                    since == null ? "-" : Times.length(Duration.between(since, now)),
                    side.dialing().isEmpty() ? "-" : side.dialing(),
                    side.running() ? side.inFlight() : "-",
                    outlook.isEmpty() ? "-" : outlook,
                    side.phase().equals("standby") && !side.ready() && side.notReadyReason() != null
                            ? "not ready: " + side.notReadyReason()
                            : side.reason());
        }
        return table;
    }

    /** The agent gateways and routing gateways of both sides. */
    static Table gateways(List<SideReport> sides) {
        Instant now = Instant.now();
        Table table = new Table("GATEWAY", "SIDE", "PHASE", "FOR", "DESKTOPS", "WAITS FOR", "REASON");
        for (SideReport side : sides) {
            for (RoleReport gateway : side.gateways()) {
                String outlook = gateway.outlook(now);
                table.row(
                        gateway.role(),
                        side.side(),
                        gateway.phase(),
                        Times.length(Duration.between(gateway.since(), now)),
                        gateway.desktops(),
                        outlook.isEmpty() ? "-" : outlook,
                        gateway.reason());
            }
        }
        return table;
    }

    /** Each side's own view of its trunks' gateways. */
    static Table trunks(List<SideReport> sides) {
        Instant now = Instant.now();
        Table table =
                new Table("TRUNK", "SIDE", "GATEWAY", "STATE", "FOR", "CALLS", "PORTS", "LAST S", "PER S", "REASON");
        for (SideReport side : sides) {
            for (TrunkReport trunk : side.trunks()) {
                for (TrunkReport.GatewayReport gateway : trunk.gateways()) {
                    table.row(
                            trunk.name(),
                            side.side(),
                            gateway.name(),
                            gateway.state(),
                            Times.length(Duration.between(gateway.since(), now)),
                            gateway.calls(),
                            gateway.ports(),
                            gateway.startedLastSecond(),
                            gateway.callsPerSecond(),
                            gateway.reason());
                }
            }
        }
        return table;
    }

    private static String agents(Map<AgentState, Integer> states) {
        Overview.AgentFigures agents = Overview.AgentFigures.of(states);
        return "Agents: %d ready, %d in preview, %d reserved, %d talking, %d in wrap-up, %d not ready"
                .formatted(
                        agents.ready(),
                        agents.preview(),
                        agents.reserved(),
                        agents.talking(),
                        agents.wrapUp(),
                        agents.notReady());
    }

    private static Table campaigns(
            List<Campaign> campaigns,
            Map<CampaignId, CampaignFigures> figures,
            Function<Campaign, AbandonFigures> abandonment) {
        Table table = new Table(
                "CAMPAIGN", "STATE", "CONTACTS", "LEFT", "ATTEMPTS", "LIVE", "VOICE", "NO ANSWER", "BUSY", "ABANDON");
        for (Campaign each : campaigns) {
            CampaignFigures of = figures.getOrDefault(each.id(), CampaignFigures.NONE);
            table.row(
                    each.name(),
                    each.running() ? "running" : "stopped",
                    of.contacts().total(),
                    of.contacts().left(),
                    of.attempts().total(),
                    of.attempts().live(),
                    of.attempts().of(CallResult.VOICE),
                    of.attempts().of(CallResult.NO_ANSWER),
                    of.attempts().of(CallResult.BUSY),
                    ReportCommand.againstLimit(abandonment.apply(each)));
        }
        return table;
    }

    private static Object json(Campaign campaign, CampaignFigures figures, AbandonFigures abandoned) {
        return JsonOutput.object(
                "name", campaign.name(),
                "mode", CampaignCommand.Mode.written(campaign.mode()),
                "running", campaign.running(),
                "contacts", figures.contacts().total(),
                "contactsLeft", figures.contacts().left(),
                "attempts", figures.attempts().total(),
                "live", figures.attempts().live(),
                "abandonment", abandoned,
                "results", ReportCommand.byCode(figures.attempts()));
    }
}
