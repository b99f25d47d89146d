package releve.core.node;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.Campaign;
import releve.core.campaign.OfferAnswer;
import releve.core.common.AttemptId;
import releve.core.common.ReservationId;
import releve.core.engine.Event;
import releve.core.store.DialerStore.Granted;

/**
 * Makes events of what the store shows each time it is looked at: a grant and an answer once, campaigns when they change; the rest
 * each time, because the engine has it from elsewhere too, and what it knows may be the older. An agent's answer comes after his wish
 * to leave, so that he who skips a contact to take his break is offered no other.
 */
public final class StoreNews {
    /** The window is long and the count costs, so it is asked for seldom. */
    public static final Duration ABANDONMENT_EVERY = Duration.ofSeconds(5);

    private final Set<ReservationId> granted = new HashSet<>();
    private final Set<AttemptId> answered = new HashSet<>();
    private @Nullable List<Campaign> campaigns;
    private Instant abandonmentNotBefore = Instant.MIN;

    /** What a look shows that the engine has not been told. */
    public List<Event> of(StoreLook look) {
        List<Event> events = new ArrayList<>();
        granted(look.granted(), events);
        look.rest().ifPresent(rest -> {
            if (!rest.campaigns().equals(campaigns)) {
                campaigns = rest.campaigns();
                events.add(new Event.CampaignsRead(rest.campaigns()));
            }
            rest.abandonment().ifPresent(counted -> events.add(new Event.AbandonmentCounted(counted)));
            events.add(new Event.ElsewhereCounted(rest.elsewhere()));
        });
        look.leaving().ifPresent(agents -> events.add(new Event.AgentsLeaving(agents)));
        answered(look.answered(), events);
        return events;
    }

    private void granted(Map<ReservationId, Granted> all, List<Event> events) {
        granted.retainAll(all.keySet());
        all.forEach((reservation, agent) -> {
            if (granted.add(reservation)) {
                events.add(new Event.ReservationGranted(
                        reservation, agent.agent(), agent.phoneUri(), agent.skillGroups()));
            }
        });
    }

    private void answered(Map<AttemptId, OfferAnswer> all, List<Event> events) {
        answered.retainAll(all.keySet());
        all.forEach((attempt, answer) -> {
            if (answered.add(attempt)) {
                events.add(new Event.OfferAnswered(attempt, answer));
            }
        });
    }

    /** Whether it is time to have live answers and abandoned calls counted; said once each time. */
    public boolean abandonmentDue(Instant now) {
        if (now.isBefore(abandonmentNotBefore)) {
            return false;
        }
        abandonmentNotBefore = now.plus(ABANDONMENT_EVERY);
        return true;
    }
}
