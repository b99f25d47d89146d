package releve.core.agent;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an agent's command means in each state. Pure; the agent gateway applies the outcome as compare-and-set.
 *
 * <pre>
 *              ready            not ready            log out
 * not ready    ready            new reason           logged out
 * ready        –                not ready            logged out
 * reserved     wish withdrawn*  after the call       after the call
 * preview      wish withdrawn*  after the call       after the call
 * dialing      wish withdrawn*  after the call       after the call
 * talking      wish withdrawn*  after the call       after the call
 * hold         wish withdrawn*  after the call       after the call
 * wrap-up      ready            not ready            logged out
 * </pre>
 *
 * A dash: nothing to do. *: refused when there is no wish to withdraw.
 */
public final class AgentRules {
    private AgentRules() {}

    /** What to do. */
    public sealed interface Outcome {
        /** The agent moves at once. */
        record Move(AgentState to, String reason) implements Outcome {}

        /** A wish to keep until after the call; null withdraws the one there is. */
        record Wish(@Nullable AgentState pending, String reason) implements Outcome {}

        /** It is so already. */
        record Nothing() implements Outcome {}

        /** Not possible now; one sentence. */
        record Refuse(String sentence) implements Outcome {}
    }

    public static Outcome decide(AgentState state, Optional<AgentState> pending, String reason, AgentCommand command) {
        return switch (state) {
            case LOGGED_OUT -> new Outcome.Refuse("You are logged out; log in first.");
            case RESERVED, PREVIEW, DIALING, TALKING, HOLD -> duringCall(state, pending, command);
            case NOT_READY, READY, WRAP_UP -> atOnce(state, reason, command);
        };
    }

    private static Outcome atOnce(AgentState state, String reason, AgentCommand command) {
        return switch (command) {
            case AgentCommand.Ready ready ->
                state == AgentState.READY ? new Outcome.Nothing() : new Outcome.Move(AgentState.READY, "");
            case AgentCommand.NotReady notReady ->
                state == AgentState.NOT_READY && reason.equals(notReady.reason())
                        ? new Outcome.Nothing()
                        : new Outcome.Move(AgentState.NOT_READY, notReady.reason());
            case AgentCommand.LogOut logOut -> new Outcome.Move(AgentState.LOGGED_OUT, logOut.reason());
        };
    }

    private static Outcome duringCall(AgentState state, Optional<AgentState> pending, AgentCommand command) {
        return switch (command) {
            case AgentCommand.Ready ready ->
                pending.isPresent()
                        ? new Outcome.Wish(null, "")
                        : new Outcome.Refuse(
                                state == AgentState.RESERVED
                                        ? "You are reserved for a call that is being dialed; wait for it."
                                        : "You are on a call; it ends before you can be ready.");
            case AgentCommand.NotReady notReady -> new Outcome.Wish(AgentState.NOT_READY, notReady.reason());
            case AgentCommand.LogOut logOut -> new Outcome.Wish(AgentState.LOGGED_OUT, logOut.reason());
        };
    }
}
