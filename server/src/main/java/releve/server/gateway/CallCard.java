package releve.server.gateway;

import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.Disposition;

/**
 * A call as its agent's desktop shows it.
 *
 * @param campaign its name
 * @param contact the contact's name, maybe empty
 * @param phone the one that was dialed
 * @param phones all of the contact's
 * @param attempts how often the contact was dialed before this call
 * @param personalCallbacks whether its agent may promise to call back himself
 * @param disposition what the agent has made of it; null until he says
 */
public record CallCard(
        String campaign,
        String contact,
        String phone,
        List<String> phones,
        int attempts,
        boolean personalCallbacks,
        @Nullable Disposition disposition) {
    public CallCard {
        phones = List.copyOf(phones);
    }
}
