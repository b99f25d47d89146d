package releve.core.pair;

import java.util.Optional;
import java.util.stream.Stream;

/** What comes in pairs: each of them is active on one side at most, and has a lease of its own. */
public enum Role {
    /** Dials. */
    DIALER("dialer", "the right to dial"),
    /** Holds agents' sessions and states. */
    AGENT_GATEWAY("agent-gateway", "the agent gateway's role"),
    /** Chooses and reserves agents for dialers. */
    ROUTING_GATEWAY("routing-gateway", "the routing gateway's role");

    private final String written;
    private final String right;

    Role(String written, String right) {
        this.written = written;
        this.right = right;
    }

    /** As store, commands and pages write it. */
    public String written() {
        return written;
    }

    /** What its holder holds, in words. */
    public String right() {
        return right;
    }

    /** The role that is written so. */
    public static Optional<Role> of(String written) {
        return Stream.of(values()).filter(role -> role.written.equals(written)).findFirst();
    }
}
