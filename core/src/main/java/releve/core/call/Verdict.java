package releve.core.call;

/** What call progress analysis makes of whoever answered. */
public enum Verdict {
    HUMAN,
    MACHINE,
    /** The network's own mailbox. */
    NETWORK_MACHINE,
    FAX,
    /** Nobody and nothing is to be heard. */
    DEAD_AIR
}
