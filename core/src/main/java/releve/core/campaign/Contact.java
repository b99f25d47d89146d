package releve.core.campaign;

import java.util.List;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.Invariants;

/**
 * A contact as a dialer holds it after claiming it.
 *
 * @param phones one to ten numbers in E.164, best first
 * @param attempts how often it has been dialed before, over all its phones
 * @param formerStatus where it goes back to when it is returned without having been dialed
 */
public record Contact(
        ContactId id, CampaignId campaign, List<String> phones, int attempts, ContactStatus formerStatus) {
    public Contact {
        phones = List.copyOf(phones);
        Invariants.check(!phones.isEmpty() && phones.size() <= 10, "contact %s has %s phones", id, phones.size());
    }

    /** The phone to dial next: each in turn. */
    public String nextPhone() {
        return phones.get(attempts % phones.size());
    }
}
