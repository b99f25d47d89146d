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
        return new Campaign(
                new CampaignId(id),
                "spring",
                DialingMode.PROGRESSIVE_AGENT,
                true,
                "sales",
                1.5,
                Duration.ofSeconds(32),
                3,
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                0,
                null,
                "+12025550100",
                RetryDelays.DEFAULT);
    }

    /** The same with so many IVR ports in place of agents, and one line for each. */
    public static Campaign ivrCampaign(long id, int ports) {
        Campaign c = agentCampaign(id);
        return new Campaign(
                c.id(),
                "survey",
                DialingMode.PROGRESSIVE_IVR,
                true,
                "",
                1.0,
                c.noAnswerRingLimit(),
                c.maximumAttempts(),
                c.minimumCallDuration(),
                c.wrapUp(),
                c.abandonAfter(),
                ports,
                "sip:ivr@192.0.2.9",
                c.callerId(),
                c.retry());
    }

    public static Campaign withLines(Campaign c, double linesPerAgent) {
        return new Campaign(
                c.id(),
                c.name(),
                c.mode(),
                c.running(),
                c.skillGroup(),
                linesPerAgent,
                c.noAnswerRingLimit(),
                c.maximumAttempts(),
                c.minimumCallDuration(),
                c.wrapUp(),
                c.abandonAfter(),
                c.ivrPorts(),
                c.ivrUri(),
                c.callerId(),
                c.retry());
    }

    public static Campaign withRunning(Campaign c, boolean running) {
        return new Campaign(
                c.id(),
                c.name(),
                c.mode(),
                running,
                c.skillGroup(),
                c.linesPerAgent(),
                c.noAnswerRingLimit(),
                c.maximumAttempts(),
                c.minimumCallDuration(),
                c.wrapUp(),
                c.abandonAfter(),
                c.ivrPorts(),
                c.ivrUri(),
                c.callerId(),
                c.retry());
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
