package releve.app.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import releve.app.demo.Ensemble;
import releve.core.campaign.Campaign;
import releve.core.campaign.DialingMode;
import releve.core.campaign.RetryDelays;
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
        CampaignStore campaigns = new CampaignStore(ensemble.pool());
        String ivr = "sip:ivr@" + ensemble.phones().getAddress().getHostAddress() + ":"
                + ensemble.phones().getPort();
        CampaignId id = campaigns.create(new Campaign(
                new CampaignId(0),
                NAME,
                mode,
                false,
                "demo",
                1,
                Duration.ofSeconds(30),
                1,
                Duration.ZERO,
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                ivrPorts,
                ivr,
                "+12025550199",
                RetryDelays.DEFAULT));
        try (ContactImportStore.Import rows = new ContactImportStore(ensemble.address()).begin(id)) {
            long line = 1;
            for (FictionalContact contact : contacts()) {
                rows.add(line++, contact.id(), contact.name(), List.of(contact.phone()));
            }
            rows.finish();
        }
        campaigns.setRunning(NAME, true);
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

    private static List<FictionalContact> contacts() {
        return ContactLists.generate(1, CONTACTS);
    }
}
