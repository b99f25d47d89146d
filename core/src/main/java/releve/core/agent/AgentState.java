package releve.core.agent;

/**
 * The states of an agent. Who may move whom:
 *
 * <pre>
 * logged out → not ready          the agent logs in
 * not ready  → ready              the agent
 * ready      → not ready          the agent
 * ready      → reserved           the routing gateway, for one reservation request
 * ready      → talking            his dialer seemed dead, which freed him, before it could write that his leg was bridged
 * reserved   → ready              the dialer that asked no longer needs him, or failed
 * reserved   → not ready          his phone did not take the call
 * reserved   → talking            his leg is bridged with a customer
 * reserved   → preview            the dialer offers him a contact
 * preview    → reserved           he accepts, or skips, or rejects: the dialer goes on from there
 * preview    → ready              the offer is withdrawn, or its dialer failed
 * preview    → not ready          he did not answer the offer in time
 * reserved   → dialing            direct preview: the call is placed from his phone
 * dialing    → talking            the customer answered
 * dialing    → ready              the call came to nothing and he is released, or the dialer failed
 * dialing    → not ready          his phone did not take the call
 * talking    → hold               the agent
 * hold       → talking            the agent
 * talking, hold → wrap-up         the call ended, or the dialer that followed it failed
 * wrap-up    → ready              the agent, or the deadline
 * wrap-up    → not ready          the agent
 * not ready, ready, wrap-up → logged out   the agent
 * </pre>
 *
 * While he is held for a call or has one, a wish for not ready or log-out is kept as pending and comes into force after the call.
 */
public enum AgentState {
    LOGGED_OUT,
    NOT_READY,
    READY,
    RESERVED,
    /** A contact is offered to him, until the deadline. */
    PREVIEW,
    /** Direct preview: the call is being placed from his phone's leg. */
    DIALING,
    TALKING,
    HOLD,
    WRAP_UP;

    /** Whether the table above has this transition. */
    public boolean mayBecome(AgentState next) {
        return switch (this) {
            case LOGGED_OUT -> next == NOT_READY;
            case NOT_READY -> next == READY || next == LOGGED_OUT;
            case READY -> next == NOT_READY || next == RESERVED || next == TALKING || next == LOGGED_OUT;
            case RESERVED ->
                next == READY || next == NOT_READY || next == TALKING || next == PREVIEW || next == DIALING;
            case PREVIEW -> next == RESERVED || next == READY || next == NOT_READY;
            case DIALING -> next == TALKING || next == READY || next == NOT_READY;
            case TALKING -> next == HOLD || next == WRAP_UP;
            case HOLD -> next == TALKING || next == WRAP_UP;
            case WRAP_UP -> next == READY || next == NOT_READY || next == LOGGED_OUT;
        };
    }

    /** Whether a dialer holds him for a call, or he has one: a wish of his waits until it is over. */
    public boolean held() {
        return switch (this) {
            case RESERVED, PREVIEW, DIALING, TALKING, HOLD -> true;
            case LOGGED_OUT, NOT_READY, READY, WRAP_UP -> false;
        };
    }
}
