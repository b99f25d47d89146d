package releve.core.node;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import releve.core.campaign.Abandonment;
import releve.core.campaign.Campaign;
import releve.core.campaign.OfferAnswer;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.ReservationId;
import releve.core.store.DialerStore;
import releve.core.store.DialerStore.Elsewhere;
import releve.core.store.DialerStore.Granted;
import releve.core.store.DialerStore.NodeId;
import releve.core.store.DialerStore.StoreUnavailable;

/**
 * What the store shows a node at one look; {@link StoreNews} makes events of it.
 *
 * @param granted all reservations of this node that have been granted
 * @param answered all offers of this node that are open and answered
 * @param leaving agents nobody need count on; looked at after the answers, so that whoever wished to leave before he answered is
 *     among them
 * @param rest what is looked at less often
 */
public record StoreLook(
        Map<ReservationId, Granted> granted,
        Map<AttemptId, OfferAnswer> answered,
        Optional<Set<AgentId>> leaving,
        Optional<Rest> rest) {
    /**
     * @param campaigns as they are now
     * @param abandonment live answers and abandoned calls of each, when they were to be counted
     * @param elsewhere what others of the pair have under way
     */
    public record Rest(List<Campaign> campaigns, Optional<List<Abandonment>> abandonment, Elsewhere elsewhere) {}

    /**
     * What agents wait for.
     *
     * @throws StoreUnavailable if the store cannot be read
     */
    public static StoreLook atAgents(DialerStore store, NodeId node) {
        Map<ReservationId, Granted> granted = store.granted(node);
        Map<AttemptId, OfferAnswer> answered = store.answered(node);
        return new StoreLook(
                granted,
                answered,
                answered.isEmpty() ? Optional.empty() : Optional.of(store.leaving()),
                Optional.empty());
    }

    /**
     * All there is.
     *
     * @param abandonment whether live answers and abandoned calls are to be counted too, see {@link StoreNews#abandonmentDue}
     * @throws StoreUnavailable if the store cannot be read
     */
    public static StoreLook atAll(DialerStore store, NodeId node, boolean abandonment) {
        return new StoreLook(
                store.granted(node),
                store.answered(node),
                Optional.of(store.leaving()),
                Optional.of(new Rest(
                        store.campaigns(),
                        abandonment ? Optional.of(store.abandonment()) : Optional.empty(),
                        store.elsewhere(node))));
    }
}
