package releve.core.campaign;

import releve.core.common.CallResult;

/**
 * How an offer of a contact to an agent ends.
 *
 * <pre>
 *                    the contact                           the agent                the offer's result
 * accept             is dialed                             is bound to the call     the attempt has it
 * skip               back to the list after the delay      gets another             25 returned unattempted
 * reject             back to the list after the delay      is released              25 returned unattempted
 * skip and close     closed (C)                            gets another             19 agent closed
 * reject and close   closed (J)                            is released              18 agent rejected
 * timed out          back to the list after the delay      is not ready             33 agent timed out
 * withdrawn          back to its former status             is ready                 13 cancelled by dialer
 * </pre>
 *
 * The last two are not an agent's to give.
 */
public enum OfferAnswer {
    ACCEPT(CallResult.NOT_ATTEMPTED),
    SKIP(CallResult.RETURNED_UNATTEMPTED),
    REJECT(CallResult.RETURNED_UNATTEMPTED),
    SKIP_AND_CLOSE(CallResult.AGENT_CLOSED),
    REJECT_AND_CLOSE(CallResult.AGENT_REJECTED),
    TIMED_OUT(CallResult.AGENT_TIMED_OUT),
    WITHDRAWN(CallResult.CANCELLED_BY_DIALER);

    private final CallResult result;

    OfferAnswer(CallResult result) {
        this.result = result;
    }

    /** The call result that reports show for the offer. */
    public CallResult result() {
        return result;
    }

    /** Whether an agent may answer so. */
    public boolean byAgent() {
        return switch (this) {
            case ACCEPT, SKIP, REJECT, SKIP_AND_CLOSE, REJECT_AND_CLOSE -> true;
            case TIMED_OUT, WITHDRAWN -> false;
        };
    }

    /** Whether the agent stays reserved for the dialer that offered. */
    public boolean keepsAgent() {
        return switch (this) {
            case ACCEPT, SKIP, SKIP_AND_CLOSE -> true;
            case REJECT, REJECT_AND_CLOSE, TIMED_OUT, WITHDRAWN -> false;
        };
    }
}
