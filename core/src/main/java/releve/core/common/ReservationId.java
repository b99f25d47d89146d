package releve.core.common;

/** One reservation request of a dialer, idempotent by this id; built as {@link AttemptId} is. */
public record ReservationId(long value) {
    public static ReservationId of(int pair, long epoch, long sequence) {
        return new ReservationId(AttemptId.of(pair, epoch, sequence).value());
    }

    @Override
    public String toString() {
        return new AttemptId(value).toString();
    }
}
