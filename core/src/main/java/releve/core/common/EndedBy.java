package releve.core.common;

/** Who ended a call. */
public enum EndedBy {
    /** The customer hung up, or never took the call. */
    CUSTOMER,
    /** The agent, or the IVR, hung up. */
    AGENT,
    /** The network or the trunk refused or dropped it. */
    NETWORK,
    /** The dialer gave it up, by a rule that the reason names. */
    DIALER,
    /** Nobody knows: the dialer that followed the call failed. */
    UNKNOWN
}
