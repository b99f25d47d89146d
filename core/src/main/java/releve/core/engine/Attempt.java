package releve.core.engine;

import java.time.Instant;
import java.util.Optional;
import releve.core.call.Call;
import releve.core.campaign.Contact;
import releve.core.common.AttemptId;

/** One attempt under way: whom it calls, for which campaign, and its call. */
final class Attempt {
    final AttemptId id;
    final CampaignRun run;
    final Contact contact;
    final String callId;
    final Call call;
    /** How many targets have been called for it, to give each leg a Call-ID of its own. */
    int targetsTried;

    Optional<Instant> connectedAt = Optional.empty();

    Attempt(AttemptId id, CampaignRun run, Contact contact, String callId, Call call) {
        this.id = id;
        this.run = run;
        this.contact = contact;
        this.callId = callId;
        this.call = call;
    }

    String targetCallId() {
        return callId + "-t" + targetsTried;
    }
}
