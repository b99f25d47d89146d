package releve.core.engine;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import releve.core.call.Call;
import releve.core.call.Target;
import releve.core.campaign.Contact;
import releve.core.campaign.OfferKind;
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

    /** The agent who is reserved for this very call, until it is his or he is not needed; null when anybody may take it. */
    Target.@Nullable Agent kept;

    /** It was offered, and its agent wants it dialed; an agent may also be kept for a call that nobody was asked about. */
    final boolean accepted;

    /** The call is placed from his phone. */
    final boolean fromAgent;

    /** Its INVITE has been let out. */
    boolean left;

    /** His phone did not take the call that was to be placed from it. */
    boolean phoneRefused;

    Attempt(
            AttemptId id,
            CampaignRun run,
            Contact contact,
            String callId,
            Call call,
            Target.@Nullable Agent kept,
            @Nullable OfferKind accepted) {
        this.id = id;
        this.run = run;
        this.contact = contact;
        this.callId = callId;
        this.call = call;
        this.kept = kept;
        this.accepted = accepted != null;
        this.fromAgent = accepted == OfferKind.DIRECT_PREVIEW;
    }

    /** Each leg to a target has a Call-ID of its own. */
    String targetCallId() {
        return callId + "-t" + call.targetsTried();
    }
}
