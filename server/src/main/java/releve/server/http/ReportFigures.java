package releve.server.http;

import static releve.core.common.CallResult.BUSY;
import static releve.core.common.CallResult.CUSTOMER_ABANDON;
import static releve.core.common.CallResult.DIALER_ABANDON;
import static releve.core.common.CallResult.INVALID_NUMBER;
import static releve.core.common.CallResult.NOT_IN_SERVICE;
import static releve.core.common.CallResult.NO_ANSWER;
import static releve.core.common.CallResult.UNKNOWN_DIALER_FAILED;
import static releve.core.common.CallResult.VOICE;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import releve.core.agent.AgentState;
import releve.core.campaign.Abandonment;
import releve.core.campaign.Campaign;
import releve.core.common.CampaignId;
import releve.server.store.Reports;

/** The store's figures as an {@link Overview} shows them. */
public final class ReportFigures {
    private ReportFigures() {}

    /** The figures of these campaigns, in their order. */
    public static List<Overview.CampaignFigures> campaigns(List<Campaign> campaigns, Reports reports) {
        Map<CampaignId, Reports.CampaignFigures> figures = reports.campaigns();
        Function<Campaign, Overview.AbandonFigures> abandonment = abandonment(reports);
        Map<String, Map<AgentState, Integer>> agents = reports.agents();
        return campaigns.stream()
                .map(campaign -> of(
                        campaign,
                        abandonment.apply(campaign),
                        figures.getOrDefault(campaign.id(), Reports.CampaignFigures.NONE),
                        // The group "" stands for all agents; a campaign without a skill group has none.
                        campaign.staffing().skillGroup().isEmpty()
                                ? Overview.AgentFigures.NONE
                                : Overview.AgentFigures.of(
                                        agents.getOrDefault(campaign.staffing().skillGroup(), Map.of()))))
                .toList();
    }

    /** What a campaign has abandoned, against its own limit; counted once for all. */
    public static Function<Campaign, Overview.AbandonFigures> abandonment(Reports reports) {
        Map<CampaignId, Abandonment> counted = reports.abandonment();
        return campaign -> Overview.AbandonFigures.of(campaign.pacing(), counted.get(campaign.id()));
    }

    /** All agents, each once. */
    public static Overview.AgentFigures agents(Reports reports) {
        return Overview.AgentFigures.of(reports.agents().getOrDefault("", Map.of()));
    }

    private static Overview.CampaignFigures of(
            Campaign campaign,
            Overview.AbandonFigures abandonment,
            Reports.CampaignFigures figures,
            Overview.AgentFigures agents) {
        Reports.Attempts attempts = figures.attempts();
        Map<String, Long> results = new TreeMap<>();
        attempts.byResult().forEach((result, count) -> results.put(result.meaning(), count));
        return new Overview.CampaignFigures(
                campaign.name(),
                campaign.mode().name(),
                campaign.running(),
                campaign.staffing().skillGroup(),
                attempts.total(),
                attempts.live(),
                attempts.of(VOICE),
                attempts.of(BUSY),
                attempts.of(NO_ANSWER),
                attempts.of(INVALID_NUMBER) + attempts.of(NOT_IN_SERVICE),
                attempts.of(DIALER_ABANDON),
                attempts.abandonPercent(),
                abandonment,
                attempts.of(CUSTOMER_ABANDON),
                attempts.of(UNKNOWN_DIALER_FAILED),
                results,
                figures.contacts().total(),
                figures.contacts().left(),
                figures.contacts().penetrationPercent(),
                attempts.hitRatePercent(),
                agents);
    }
}
