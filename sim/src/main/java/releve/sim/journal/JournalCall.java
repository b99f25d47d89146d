package releve.sim.journal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a journal says of one call.
 *
 * @param to the number or name called
 * @param from the URI of the caller
 * @param source address and port that sent the INVITE
 * @param ringingAt of the first 180 or 183, or null
 * @param answeredAt or null
 * @param reinvites how many re-INVITEs were answered
 * @param end or null when the journal ends before the call
 */
public record JournalCall(
        String callId,
        String to,
        String from,
        String source,
        Instant invitedAt,
        @Nullable Instant ringingAt,
        @Nullable Instant answeredAt,
        int reinvites,
        @Nullable End end) {

    /**
     * How it ended.
     *
     * @param status the final status of the INVITE
     * @param talkMs from the answer to the end, ms
     */
    public record End(Instant at, Outcome outcome, int status, Party endedBy, long talkMs) {}

    /** Whether the journal ends before the call. */
    public boolean isOpen() {
        return end == null;
    }
}
