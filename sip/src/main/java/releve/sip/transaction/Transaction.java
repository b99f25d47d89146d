package releve.sip.transaction;

/** What the four machines share: a destination, a retransmission time and an end, of which the earlier is the deadline. */
public abstract sealed class Transaction extends Deadline permits ClientTransaction, ServerTransaction {
    final TransactionLayer layer;
    /** Changes only when a client transaction takes another transport. */
    Hop destination;

    private long retransmitAtMs = NONE;
    private long endAtMs = NONE;
    private long intervalMs;

    Transaction(TransactionLayer layer, Hop destination) {
        this.layer = layer;
        this.destination = destination;
    }

    /** Where this transaction's messages go. */
    public final Hop destination() {
        return destination;
    }

    final Timers timers() {
        return layer.timers();
    }

    /** Whether nothing has to be repeated and no repetition awaited: timers A, D, E, G, I, J and K do not run. */
    final boolean isReliable() {
        return destination.isReliable();
    }

    /** Starts the retransmission timer (A, E or G) with this interval. */
    final void retransmitEvery(long firstMs, long nowMs) {
        intervalMs = firstMs;
        retransmitAtMs = nowMs + firstMs;
        arm();
    }

    /** Doubles the interval up to a limit and waits again. */
    final void retransmitLater(long mostMs, long nowMs) {
        retransmitEvery(Math.min(2 * intervalMs, mostMs), nowMs);
    }

    final void stopRetransmitting() {
        retransmitAtMs = NONE;
        arm();
    }

    /** Starts the timer that ends the present state (B, D, F, H, I, J, K, L or M). */
    final void endAt(long endMs) {
        endAtMs = endMs;
        arm();
    }

    private void arm() {
        layer.deadlines().set(this, Math.min(retransmitAtMs, endAtMs));
    }

    @Override
    protected final void expire(long nowMs) {
        boolean ends = endAtMs <= nowMs;
        if (ends) {
            endAtMs = NONE;
            retransmitAtMs = NONE;
        } else {
            retransmitAtMs = NONE;
            arm();
        }
        onTimer(ends, nowMs);
    }

    /** @param ends whether the state's end has come; otherwise it is time to retransmit */
    abstract void onTimer(boolean ends, long nowMs);

    /** Ends the transaction at once and forgets it. */
    abstract void terminate();

    /** Whether the transaction has ended. */
    public abstract boolean isTerminated();
}
