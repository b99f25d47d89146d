package releve.core.campaign;

import releve.core.common.Invariants;

/**
 * Which contacts of a list come first: the letters of callbacks (B), retries (R) and pending contacts (P), each once, first
 * to last. Personal callbacks stand beside this order: theirs is the very agent, not the next free one.
 */
public record SelectionOrder(String letters) {
    /** What was promised first, then what was begun, then the rest of the list. */
    public static final SelectionOrder DEFAULT = new SelectionOrder("BRP");

    public SelectionOrder {
        Invariants.check(isOrder(letters), "the order of selection is B, R and P, each once, not %s", letters);
    }

    /** Whether these letters make an order. */
    public static boolean isOrder(String letters) {
        return letters.length() == 3
                && letters.indexOf('B') >= 0
                && letters.indexOf('R') >= 0
                && letters.indexOf('P') >= 0;
    }

    @Override
    public String toString() {
        return letters;
    }
}
