package releve.core.campaign;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The ranges of campaign fields. */
final class CampaignRules {
    private CampaignRules() {}

    static List<String> violations(Campaign campaign) {
        List<String> found = new ArrayList<>();
        if (campaign.name().isBlank() || campaign.name().length() > 64) {
            found.add("the name has 1 to 64 characters");
        }
        double tenths = campaign.linesPerAgent() * 10;
        if (!(tenths >= 10 && tenths <= 1000) || Math.abs(tenths - Math.rint(tenths)) > 1e-9) {
            found.add("lines per agent are 1 to 100 in steps of 0.1, not " + campaign.linesPerAgent());
        }
        range(found, "the no-answer ring limit", campaign.noAnswerRingLimit(), 10, 90);
        if (campaign.maximumAttempts() < 1 || campaign.maximumAttempts() > 100) {
            found.add("maximum attempts are 1 to 100, not " + campaign.maximumAttempts());
        }
        range(found, "the minimum call duration", campaign.minimumCallDuration(), 0, 10);
        range(found, "wrap-up", campaign.wrapUp(), 0, 600);
        range(found, "the wait for an agent", campaign.abandonAfter(), 0, 10);
        switch (campaign.mode()) {
            case PROGRESSIVE_AGENT -> {
                if (campaign.skillGroup().isBlank()) {
                    found.add("a campaign with agents needs a skill group");
                }
            }
            case PROGRESSIVE_IVR -> {
                if (campaign.ivrPorts() < 1 || campaign.ivrPorts() > 10_000) {
                    found.add("IVR ports are 1 to 10000, not " + campaign.ivrPorts());
                }
                if (campaign.ivrUri() == null) {
                    found.add("a campaign that transfers to an IVR needs the IVR's SIP address");
                }
            }
        }
        return List.copyOf(found);
    }

    private static void range(List<String> found, String field, Duration value, int fromSeconds, int toSeconds) {
        if (value.compareTo(Duration.ofSeconds(fromSeconds)) < 0
                || value.compareTo(Duration.ofSeconds(toSeconds)) > 0) {
            found.add("%s is %d to %d s, not %s s".formatted(field, fromSeconds, toSeconds, value.toMillis() / 1000.0));
        }
    }
}
