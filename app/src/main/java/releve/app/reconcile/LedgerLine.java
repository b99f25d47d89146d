package releve.app.reconcile;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.ContactId;
import releve.core.common.EndedBy;

/**
 * One attempt of the ledger, as far as the witness can confirm it.
 *
 * @param callId of the leg to the customer
 * @param agentCallId of the leg to the agent or the IVR, once connected
 * @param result null while it is under way
 */
public record LedgerLine(
        AttemptId attempt,
        ContactId contact,
        String phone,
        String callId,
        Instant startedAt,
        @Nullable Instant answeredAt,
        @Nullable Instant connectedAt,
        @Nullable Instant endedAt,
        @Nullable String agentCallId,
        @Nullable CallResult result,
        @Nullable EndedBy endedBy,
        @Nullable String reason) {

    boolean connected() {
        return connectedAt != null;
    }
}
