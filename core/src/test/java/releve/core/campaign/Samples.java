package releve.core.campaign;

import java.time.Duration;
import java.util.List;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;

/** Campaigns and contacts with the field's defaults, for tests to vary. */
public final class Samples {
    private Samples() {}

    /** A running progressive campaign: 1.5 lines per agent, 32 s of ringing, 3 attempts. */
    public static Campaign agentCampaign(long id) {
        return Campaign.named("spring", DialingMode.PROGRESSIVE_AGENT, "+12025550100")
                .withId(new CampaignId(id))
                .withRunning(true)
                .withStaffing(Staffing.by("sales").withWrapUp(Duration.ofSeconds(10)));
    }

    /** The same with so many IVR ports in place of agents, and one line for each. */
    public static Campaign ivrCampaign(long id, int ports) {
        return agentCampaign(id)
                .withName("survey")
                .withMode(DialingMode.PROGRESSIVE_IVR)
                .withStaffing(Staffing.NOBODY.withWrapUp(Duration.ofSeconds(10)))
                .withPacing(PacingSettings.DEFAULT.withLines(1))
                .withIvr(new IvrSettings(ports, "sip:ivr@192.0.2.9"));
    }

    /** The same with every contact offered to an agent first: 60 s to answer, half an hour after a skip. */
    public static Campaign previewCampaign(long id) {
        return agentCampaign(id).withName("accounts").withMode(DialingMode.PREVIEW);
    }

    /** The same from the agent's own phone. */
    public static Campaign directPreviewCampaign(long id) {
        return previewCampaign(id).withMode(DialingMode.DIRECT_PREVIEW);
    }

    public static Campaign withLines(Campaign c, double linesPerAgent) {
        return c.withPacing(c.pacing().withLines(linesPerAgent));
    }

    public static Campaign withRunning(Campaign c, boolean running) {
        return c.withRunning(running);
    }

    /** A pending contact that has been dialed so often, with one phone of a range reserved for fiction. */
    public static Contact contact(long id, long campaign, int attempts) {
        return new Contact(
                new ContactId(id),
                new CampaignId(campaign),
                List.of("+1202555%04d".formatted(id)),
                attempts,
                attempts == 0 ? ContactStatus.PENDING : ContactStatus.RETRY);
    }
}
