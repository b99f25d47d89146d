package releve.core.campaign;

/** How a campaign dials. */
public enum DialingMode {
    /** A fixed number of lines for each reserved agent. */
    PROGRESSIVE_AGENT,
    /** Live answers go to an IVR; as many calls as it has ports. */
    PROGRESSIVE_IVR
}
