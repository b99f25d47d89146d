package releve.server.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.Campaign;
import releve.core.campaign.OfferAnswer;
import releve.core.common.CallResult;
import releve.core.common.CampaignId;
import releve.server.store.DeskReports.Desk;

/** {@code report --desk}: what agents decided about offers and calls, a line for each campaign. */
final class DeskReport {
    private DeskReport() {}

    static Table table(List<Campaign> campaigns, Map<CampaignId, Desk> desks) {
        Table table = new Table(
                "CAMPAIGN",
                "OFFERED",
                "ACCEPTED",
                "SKIPPED",
                "REJECTED",
                "CLOSED",
                "TIMED OUT",
                "DONE",
                "CALLBACK",
                "NOT HOME",
                "WRONG NUMBER",
                "MACHINE",
                "DO NOT CALL",
                "CALLBACKS LEFT");
        for (Campaign each : campaigns) {
            Desk of = desks.getOrDefault(each.id(), Desk.NONE);
            table.row(
                    each.name(),
                    of.offered(),
                    of.of(OfferAnswer.ACCEPT),
                    of.of(OfferAnswer.SKIP),
                    of.of(OfferAnswer.REJECT),
                    of.of(OfferAnswer.SKIP_AND_CLOSE) + of.of(OfferAnswer.REJECT_AND_CLOSE),
                    of.of(OfferAnswer.TIMED_OUT),
                    of.of(CallResult.VOICE),
                    of.of(CallResult.CALLBACK_REQUESTED) + of.of(CallResult.CALLBACK_FROM_MACHINE),
                    of.of(CallResult.WRONG_PERSON),
                    of.of(CallResult.WRONG_NUMBER),
                    of.of(CallResult.ANSWERING_MACHINE),
                    of.of(CallResult.DO_NOT_CALL),
                    of.callbacksLeft());
        }
        return table;
    }

    static Map<String, @Nullable Object> json(Campaign campaign, Desk desk) {
        return JsonOutput.object(
                "campaign", campaign.name(),
                "offers", desk.offers(),
                "dispositions", desk.dispositions(),
                "callbacksLeft", desk.callbacksLeft());
    }
}
