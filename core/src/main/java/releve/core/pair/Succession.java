package releve.core.pair;

/** Whether somebody else has the role that a side in maintenance does not have any more. */
public enum Succession {
    /** Nobody has been seen to use the right yet: the process stays, so that it can take it again if nobody does. */
    AWAITED,
    /** The other side has been seen to use it; should it fail while calls are still followed here, this side is back. */
    SEEN,
    /** An operator has decided that it goes without one. */
    FORGONE
}
