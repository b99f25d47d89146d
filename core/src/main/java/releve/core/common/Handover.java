package releve.core.common;

/** When a role in maintenance is passed on. */
public enum Handover {
    /** Once everything that it had started is settled; meanwhile nobody starts anything. */
    SEQUENTIAL,
    /** At once; what it had started is settled while the other side works already. */
    OVERLAP
}
