package releve.core.memory;

import releve.core.common.AgentId;
import releve.core.store.DialerStore.NodeId;

/** A wake-up, as the store sends it: a hint that may be lost. */
public sealed interface Notice {
    /** The lease of this pair has moved, or something else of it changed. */
    record OfPair(int pair) implements Notice {}

    /** Agents have been reserved for this node. */
    record Granted(NodeId node) implements Notice {}

    /** An offer of this pair has been answered. */
    record Answered(int pair) implements Notice {}

    /** Somebody asks for an agent, or an agent has become ready. */
    record Routing() implements Notice {}

    /** This agent has changed. */
    record OfAgent(AgentId agent) implements Notice {}
}
