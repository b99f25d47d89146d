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
    /** The deadline that has been put in store for it last. */
    Optional<Instant> scheduled = Optional.empty();

    Optional<Instant> connectedAt = Optional.empty();

    Attempt(AttemptId id, CampaignRun run, Contact contact, String callId, Call call) {
        this.id = id;
        this.run = run;
        this.contact = contact;
        this.callId = callId;
        this.call = call;
    }

    /** Each leg to a target has a Call-ID of its own. */
    String targetCallId() {
        return callId + "-t" + call.targetsTried();
    }
}
