package releve.core.campaign;

/**
 * How a campaign dials. With agents, a live answer goes to a reserved agent; with an IVR, to a free port.
 *
 * <pre>
 *                   calls started for            analysis   overdials
 * predictive        agents (ports) free soon     yes        yes, under the abandon limit
 * progressive       reserved agents (ports)      yes        by the fixed lines per agent
 * preview           the agent who accepted       yes        no
 * direct preview    the agent who accepted       no         no; the call is placed from his own phone's leg
 * </pre>
 *
 * Predictive dialing makes sense for an IVR too: its ports are held for a time that is well known, and a list that seldom
 * answers would leave them idle at one line for each. A preview without an agent makes no sense.
 */
public enum DialingMode {
    /** Paces itself to keep agents busy under the abandon limit. */
    PREDICTIVE_AGENT,
    /** Paces itself to keep the IVR's ports busy under the abandon limit. */
    PREDICTIVE_IVR,
    /** A fixed number of lines for each reserved agent. */
    PROGRESSIVE_AGENT,
    /** Live answers go to an IVR; a fixed number of lines for each free port. */
    PROGRESSIVE_IVR,
    /** The agent sees the contact first, and accepts, skips, rejects or closes it; then the dialer dials. */
    PREVIEW,
    /** As preview, but the call is placed from the agent's own phone leg: no analysis, no transfer. */
    DIRECT_PREVIEW;

    /** Whether live answers go to an IVR in place of agents. */
    public boolean toIvr() {
        return switch (this) {
            case PREDICTIVE_IVR, PROGRESSIVE_IVR -> true;
            case PREDICTIVE_AGENT, PROGRESSIVE_AGENT, PREVIEW, DIRECT_PREVIEW -> false;
        };
    }

    /** Whether it may start more calls than there are agents or ports for them now, as its pacing says. */
    public boolean predictive() {
        return switch (this) {
            case PREDICTIVE_AGENT, PREDICTIVE_IVR -> true;
            case PROGRESSIVE_AGENT, PROGRESSIVE_IVR, PREVIEW, DIRECT_PREVIEW -> false;
        };
    }

    /** Whether every contact is offered to an agent before it is dialed. */
    public boolean offersContacts() {
        return switch (this) {
            case PREVIEW, DIRECT_PREVIEW -> true;
            case PREDICTIVE_AGENT, PREDICTIVE_IVR, PROGRESSIVE_AGENT, PROGRESSIVE_IVR -> false;
        };
    }
}
