package releve.core.engine;

import java.time.Instant;
import releve.core.campaign.OfferAnswer;

/** Where an offer stands; the transitions are {@link Offer}'s. */
sealed interface OfferState {

    /** The agent sees the contact. */
    record Offered(Instant deadline) implements OfferState {}

    /**
     * The store is asked to close the offer, unless the agent has answered it meanwhile.
     *
     * @param until when the dialer goes on without the store's word
     */
    record Closing(Instant until) implements OfferState {}

    /**
     * The agent wants the contact dialed, and there was no leave yet.
     *
     * @param until when it is dialed at the latest
     */
    record Accepted(Instant until) implements OfferState {}

    record Over(OfferAnswer answer) implements OfferState {}

    /** The name that failures show. */
    default String phase() {
        return switch (this) {
            case Offered o -> "offered";
            case Closing c -> "closing";
            case Accepted a -> "accepted";
            case Over o -> "over";
        };
    }
}
