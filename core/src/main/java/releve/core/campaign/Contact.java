package releve.core.campaign;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.core.common.AgentId;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.Invariants;

/**
 * A contact as a dialer holds it after claiming it.
 *
 * @param phones one to ten numbers in E.164, best first
 * @param attempts how often it has been dialed before, over all its phones
 * @param formerStatus where it goes back to when it is returned without having been dialed; it says what kind of contact
 *     this is: pending, retry, callback or personal callback
 * @param promise for a personal callback: who promised it for when; else null
 * @param agentOwed whether he was abandoned so few hours ago that he is dialed only with an agent kept for him, see
 *     {@link AbandonSettings#guarantee}
 */
public record Contact(
        ContactId id,
        CampaignId campaign,
        List<String> phones,
        int attempts,
        ContactStatus formerStatus,
        @Nullable Promise promise,
        boolean agentOwed) {

    /** Who promised to call back, and for when. */
    public record Promise(AgentId agent, Instant due) {}

    public Contact {
        phones = List.copyOf(phones);
        Invariants.check(!phones.isEmpty() && phones.size() <= 10, "contact %s has %s phones", id, phones.size());
        Invariants.check(
                (formerStatus == ContactStatus.PERSONAL_CALLBACK) == (promise != null),
                "contact %s was %s, which does not go with its promise",
                id,
                formerStatus);
    }

    /** One that is owed no agent. */
    public Contact(
            ContactId id,
            CampaignId campaign,
            List<String> phones,
            int attempts,
            ContactStatus formerStatus,
            @Nullable Promise promise) {
        this(id, campaign, phones, attempts, formerStatus, promise, false);
    }

    /** One that nobody promised anything. */
    public Contact(ContactId id, CampaignId campaign, List<String> phones, int attempts, ContactStatus formerStatus) {
        this(id, campaign, phones, attempts, formerStatus, null, false);
    }

    /** The phone to dial next: each in turn. */
    public String nextPhone() {
        return phones.get(attempts % phones.size());
    }

    /** Whether a call was promised for it, to any agent or to one. */
    public boolean isCallback() {
        return formerStatus == ContactStatus.CALLBACK || formerStatus == ContactStatus.PERSONAL_CALLBACK;
    }
}
