package releve.server.store;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import releve.core.store.Change;
import releve.core.store.Change.AgentDialing;
import releve.core.store.Change.AgentUnreachable;
import releve.core.store.Change.AgentWrapUp;
import releve.core.store.Change.AttemptAnswered;
import releve.core.store.Change.AttemptConnected;
import releve.core.store.Change.AttemptDecided;
import releve.core.store.Change.AttemptEnded;
import releve.core.store.Change.AttemptRang;
import releve.core.store.Change.AttemptStarted;
import releve.core.store.Change.CallbackMissed;
import releve.core.store.Change.ContactOffered;
import releve.core.store.Change.ContactReturned;
import releve.core.store.Change.OfferClosing;
import releve.core.store.Change.OfferEnded;
import releve.core.store.Change.ReservationRequested;
import releve.core.store.Change.ReservationWithdrawn;

/**
 * Lays a batch of changes out so that each kind takes one statement. Within a wave the kinds are applied in the order of
 * {@link Kind}; a change that would so overtake an earlier one of the same attempt, contact, agent or reservation begins
 * the next wave. Ends come before starts, so a phone that one call leaves is free for the next.
 */
final class Waves {

    /** The kinds of changes, in the order in which a wave applies them. */
    enum Kind {
        ENDED,
        OFFER_ENDED,
        MISSED,
        RETURNED,
        STARTED,
        RANG,
        ANSWERED,
        AGENT_DIALING,
        CONNECTED,
        DECIDED,
        REQUESTED,
        OFFERED,
        OFFER_CLOSING,
        WRAP_UP,
        UNREACHABLE,
        WITHDRAWN
    }

    private Waves() {}

    /** The waves in order; in each, the changes by kind. */
    static List<Map<Kind, List<Change>>> of(List<Change> changes) {
        List<Map<Kind, List<Change>>> waves = new ArrayList<>();
        Map<Object, Kind> latest = new HashMap<>();
        Map<Kind, List<Change>> wave = new EnumMap<>(Kind.class);
        for (Change change : changes) {
            Kind kind = kind(change);
            List<Object> keys = keys(change);
            if (keys.stream().anyMatch(key -> overtakes(latest.get(key), kind))) {
                waves.add(wave);
                wave = new EnumMap<>(Kind.class);
                latest.clear();
            }
            wave.computeIfAbsent(kind, unused -> new ArrayList<>()).add(change);
            keys.forEach(key -> latest.put(key, kind));
        }
        if (!wave.isEmpty()) {
            waves.add(wave);
        }
        return waves;
    }

    private static boolean overtakes(@org.jspecify.annotations.Nullable Kind earlier, Kind kind) {
        return earlier != null && earlier.compareTo(kind) >= 0;
    }

    private static Kind kind(Change change) {
        return switch (change) {
            case AttemptEnded ended -> Kind.ENDED;
            case OfferEnded ended -> Kind.OFFER_ENDED;
            case OfferClosing closing -> Kind.OFFER_CLOSING;
            case CallbackMissed missed -> Kind.MISSED;
            case AttemptDecided decided -> Kind.DECIDED;
            case ContactOffered offered -> Kind.OFFERED;
            case AgentDialing dialing -> Kind.AGENT_DIALING;
            case ContactReturned returned -> Kind.RETURNED;
            case AttemptStarted started -> Kind.STARTED;
            case AttemptRang rang -> Kind.RANG;
            case AttemptAnswered answered -> Kind.ANSWERED;
            case AttemptConnected connected -> Kind.CONNECTED;
            case ReservationRequested requested -> Kind.REQUESTED;
            case AgentWrapUp wrapUp -> Kind.WRAP_UP;
            case AgentUnreachable unreachable -> Kind.UNREACHABLE;
            case ReservationWithdrawn withdrawn -> Kind.WITHDRAWN;
        };
    }

    private static List<Object> keys(Change change) {
        return switch (change) {
            case AttemptEnded ended -> List.of(ended.attempt(), ended.contact());
            case OfferEnded ended -> List.of(ended.offer(), ended.contact(), ended.agent());
            case OfferClosing closing -> List.of(closing.offer());
            case CallbackMissed missed -> List.of(missed.contact());
            case AttemptDecided decided -> List.of(decided.attempt());
            case ContactOffered offered ->
                List.of(offered.offer(), offered.contact(), offered.agent(), offered.reservation());
            case AgentDialing dialing -> List.of(dialing.agent(), dialing.reservation(), dialing.attempt());
            case ContactReturned returned -> List.of(returned.contact());
            case AttemptStarted started -> List.of(started.attempt(), started.contact());
            case AttemptRang rang -> List.of(rang.attempt());
            case AttemptAnswered answered -> List.of(answered.attempt());
            case AttemptConnected connected -> {
                List<Object> keys = new ArrayList<>(List.of(connected.attempt()));
                if (connected.agent() != null) {
                    keys.add(connected.agent());
                }
                if (connected.reservation() != null) {
                    keys.add(connected.reservation());
                }
                yield keys;
            }
            case ReservationRequested requested -> List.of(requested.reservation());
            case AgentWrapUp wrapUp -> List.of(wrapUp.agent(), wrapUp.reservation());
            case AgentUnreachable unreachable -> List.of(unreachable.agent(), unreachable.reservation());
            case ReservationWithdrawn withdrawn -> List.of(withdrawn.reservation());
        };
    }
}
