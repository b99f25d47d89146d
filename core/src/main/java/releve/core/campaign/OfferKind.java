package releve.core.campaign;

/** Why a contact is offered to an agent before it is dialed. */
public enum OfferKind {
    /** The campaign previews every contact; the dialer dials. */
    PREVIEW,
    /** The campaign previews every contact; the call is placed from the agent's phone. */
    DIRECT_PREVIEW,
    /** This agent, or one in his place, promised to call back; the dialer dials. */
    PERSONAL_CALLBACK
}
