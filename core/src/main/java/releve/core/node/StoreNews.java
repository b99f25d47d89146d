package releve.core.node;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.Campaign;
import releve.core.campaign.OfferAnswer;
import releve.core.common.AttemptId;
import releve.core.common.ReservationId;
import releve.core.engine.Event;
import releve.core.store.DialerStore.Elsewhere;
import releve.core.store.DialerStore.Granted;

/** Makes events of what the store shows each time it is looked at: a grant and an answer once, campaigns when they change. */
public final class StoreNews {
    /** The window is long and the count costs, so it is asked for seldom. */
    public static final Duration ABANDONMENT_EVERY = Duration.ofSeconds(5);

    private final Set<ReservationId> granted = new HashSet<>();
    private final Set<AttemptId> answered = new HashSet<>();
    private @Nullable List<Campaign> campaigns;
    private @Nullable Elsewhere elsewhere;
    private Instant abandonmentNotBefore = Instant.MIN;

    /** All reservations of this node that have been granted. */
    public List<Event> granted(Map<ReservationId, Granted> all) {
        granted.retainAll(all.keySet());
        return all.entrySet().stream()
                .filter(grant -> granted.add(grant.getKey()))
                .<Event>map(grant -> new Event.ReservationGranted(
                        grant.getKey(),
                        grant.getValue().agent(),
                        grant.getValue().phoneUri()))
                .toList();
    }

    /** All offers of this node that are open and answered. */
    public List<Event> answered(Map<AttemptId, OfferAnswer> all) {
        answered.retainAll(all.keySet());
        return all.entrySet().stream()
                .filter(answer -> answered.add(answer.getKey()))
                .<Event>map(answer -> new Event.OfferAnswered(answer.getKey(), answer.getValue()))
                .toList();
    }

    /** What others of the pair have under way now. */
    public Optional<Event> elsewhere(Elsewhere now) {
        if (now.equals(elsewhere)) {
            return Optional.empty();
        }
        elsewhere = now;
        return Optional.of(new Event.ElsewhereCounted(now));
    }

    /** The campaigns as they are now. */
    public Optional<Event> campaigns(List<Campaign> now) {
        if (now.equals(campaigns)) {
            return Optional.empty();
        }
        campaigns = now;
        return Optional.of(new Event.CampaignsRead(now));
    }

    /** Whether it is time to have live answers and abandoned calls counted; told once each time. */
    public boolean abandonmentDue(Instant now) {
        if (now.isBefore(abandonmentNotBefore)) {
            return false;
        }
        abandonmentNotBefore = now.plus(ABANDONMENT_EVERY);
        return true;
    }
}
