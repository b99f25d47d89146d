package releve.core.agent;

/**
 * The states of an agent. Who may move whom:
 *
 * <pre>
 * logged out → not ready          the agent logs in
 * not ready  → ready              the agent
 * ready      → not ready          the agent
 * ready      → reserved           the routing gateway, for one reservation request
 * reserved   → ready              the dialer that asked no longer needs him, or failed
 * reserved   → not ready          his phone did not take the call
 * reserved   → talking            his leg is bridged with a customer
 * talking    → wrap-up            the call ended, or the dialer that followed it failed
 * wrap-up    → ready              the agent, or the deadline
 * wrap-up    → not ready          the agent
 * not ready, ready, wrap-up → logged out   the agent
 * </pre>
 *
 * While reserved or talking, a wish for not ready or log-out is kept as pending and comes into force after the call.
 */
public enum AgentState {
    LOGGED_OUT,
    NOT_READY,
    READY,
    RESERVED,
    TALKING,
    WRAP_UP;

    /** Whether the table above has this transition. */
    public boolean mayBecome(AgentState next) {
        return switch (this) {
            case LOGGED_OUT -> next == NOT_READY;
            case NOT_READY -> next == READY || next == LOGGED_OUT;
            case READY -> next == NOT_READY || next == RESERVED || next == LOGGED_OUT;
            case RESERVED -> next == READY || next == NOT_READY || next == TALKING;
            case TALKING -> next == WRAP_UP;
            case WRAP_UP -> next == READY || next == NOT_READY || next == LOGGED_OUT;
        };
    }
}
