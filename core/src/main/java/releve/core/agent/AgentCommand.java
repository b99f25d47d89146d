package releve.core.agent;

/** What an agent may ask for. */
public sealed interface AgentCommand {

    /** Takes calls from now on; during a call, takes back a wish for not ready or log-out. */
    record Ready() implements AgentCommand {}

    /** Takes no calls; during a call it comes into force after it. */
    record NotReady(String reason) implements AgentCommand {}

    /** Ends the session; during a call it comes into force after it. */
    record LogOut(String reason) implements AgentCommand {}
}
