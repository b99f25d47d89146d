package releve.core.common;

/** An agent's login name. */
public record AgentId(String value) {
    @Override
    public String toString() {
        return value;
    }
}
