package releve.server.gateway;

import java.util.List;
import releve.core.campaign.OfferKind;

/**
 * A contact as it is offered to an agent before it is dialed.
 *
 * @param campaign its name
 * @param contact the contact's name, maybe empty
 * @param phone the one that would be dialed
 * @param phones all of the contact's
 * @param attempts how often the contact has been dialed
 */
public record OfferCard(
        OfferKind kind, String campaign, String contact, String phone, List<String> phones, int attempts) {
    public OfferCard {
        phones = List.copyOf(phones);
    }
}
