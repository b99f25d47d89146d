package releve.core.common;

/** Assertions that are always on: a broken invariant stops the node, and the standby takes over, before it can dial. */
public final class Invariants {
    private Invariants() {}

    /**
     * Checks what must always hold.
     *
     * @throws IllegalStateException when it does not, with the formatted message
     */
    public static void check(boolean holds, String message, Object... details) {
        if (!holds) {
            throw new IllegalStateException(message.formatted(details));
        }
    }
}
