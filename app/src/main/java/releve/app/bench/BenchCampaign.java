package releve.app.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import releve.app.demo.Ensemble;
import releve.core.campaign.CallSettings;
import releve.core.campaign.Campaign;
import releve.core.campaign.DialingMode;
import releve.core.campaign.IvrSettings;
import releve.core.campaign.PacingSettings;
import releve.core.campaign.RetrySettings;
import releve.core.campaign.Staffing;
import releve.core.common.CampaignId;
import releve.server.store.CampaignStore;
import releve.server.store.ContactImportStore;
import releve.sim.list.ContactLists;
import releve.sim.list.FictionalContact;

/** The campaign that a measurement dials. */
final class BenchCampaign {
    static final String NAME = "bench";
    private static final int CONTACTS = 18_000;

    private BenchCampaign() {}

    static void start(Ensemble ensemble, DialingMode mode, int ivrPorts) {
        Campaign campaign = Campaign.named(NAME, mode, "+12025550199")
                .withStaffing(Staffing.by("demo").withWrapUp(Duration.ofSeconds(5)))
                .withIvr(new IvrSettings(ivrPorts, ensemble.ivr()))
                .withPacing(PacingSettings.DEFAULT.withLines(1))
                .withCalls(CallSettings.from("+12025550199")
                        .withRingLimit(Duration.ofSeconds(30))
                        .withMinimumCallDuration(Duration.ZERO))
                .withRetry(RetrySettings.DEFAULT.withMaximumAttempts(1));
        start(ensemble, campaign, 1);
    }

    /** Makes the campaign, gives it the list of that seed, and starts it. */
    static void start(Ensemble ensemble, Campaign campaign, long seed) {
        CampaignStore campaigns = new CampaignStore(ensemble.pool());
        CampaignId id = campaigns.create(campaign);
        try (ContactImportStore.Import rows = new ContactImportStore(ensemble.address()).begin(id)) {
            long line = 1;
            for (FictionalContact contact : ContactLists.generate(seed, CONTACTS)) {
                rows.add(line++, contact.id(), contact.name(), List.of(contact.phone()));
            }
            rows.finish();
        }
        campaigns.setRunning(campaign.name(), true);
    }

    /** Options of a carrier where everybody answers, and these further ones. */
    static List<String> everybodyAnswers(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--answer-rate",
                "1",
                "--busy-rate",
                "0",
                "--invalid-rate",
                "0",
                "--congestion-rate",
                "0",
                "--refused-rate",
                "0",
                "--unavailable-rate",
                "0",
                "--slow-ringing",
                "0",
                "--early-media",
                "0"));
        options.addAll(List.of(more));
        return options;
    }
}
