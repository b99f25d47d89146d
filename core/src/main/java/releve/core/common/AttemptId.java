package releve.core.common;

import java.util.Optional;

/**
 * Names one attempt for ever, and says which pair dialed it under which right: ten bits of pair, 22 of epoch, 31 of
 * sequence. The engine makes these without asking anyone, because an epoch belongs to one holder only.
 *
 * @param value the packed identifier, positive
 */
public record AttemptId(long value) implements Comparable<AttemptId> {
    private static final int PAIR_MAX = (1 << 10) - 1;
    private static final long EPOCH_MAX = (1L << 22) - 1;
    private static final long SEQUENCE_MAX = (1L << 31) - 1;

    public static AttemptId of(int pair, long epoch, long sequence) {
        Invariants.check(pair >= 0 && pair <= PAIR_MAX, "pair %s is beyond 0..%s", pair, PAIR_MAX);
        Invariants.check(epoch >= 0 && epoch <= EPOCH_MAX, "epoch %s is beyond 0..%s", epoch, EPOCH_MAX);
        Invariants.check(
                sequence >= 0 && sequence <= SEQUENCE_MAX, "sequence %s is beyond the epoch's share", sequence);
        return new AttemptId(((long) pair << 53) | (epoch << 31) | sequence);
    }

    /** Reads what {@link #toString()} writes; empty when it is something else. */
    public static Optional<AttemptId> parse(String text) {
        if (!text.matches("\\d{1,4}-\\d{1,7}-\\d{1,10}")) {
            return Optional.empty();
        }
        String[] parts = text.split("-", -1);
        long sequence = Long.parseLong(parts[2]);
        long epoch = Long.parseLong(parts[1]);
        int pair = Integer.parseInt(parts[0]);
        return pair <= PAIR_MAX && epoch <= EPOCH_MAX && sequence <= SEQUENCE_MAX
                ? Optional.of(of(pair, epoch, sequence))
                : Optional.empty();
    }

    public int pair() {
        return (int) (value >>> 53);
    }

    public long epoch() {
        return (value >>> 31) & EPOCH_MAX;
    }

    public long sequence() {
        return value & SEQUENCE_MAX;
    }

    @Override
    public int compareTo(AttemptId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return pair() + "-" + epoch() + "-" + sequence();
    }
}
