package releve.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import releve.core.agent.AgentRules.Outcome;

class AgentRulesTest {
    private static final List<AgentCommand> COMMANDS =
            List.of(new AgentCommand.Ready(), new AgentCommand.NotReady("break"), new AgentCommand.LogOut("home"));

    @Test
    void shouldOnlyMoveAlongTheTableOfStates() {
        for (AgentState state : AgentState.values()) {
            for (AgentCommand command : COMMANDS) {
                Outcome outcome = AgentRules.decide(state, Optional.empty(), "", command);
                if (outcome instanceof Outcome.Move move) {
                    assertThat(state == move.to() || state.mayBecome(move.to()))
                            .as("%s by %s", state, command)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void shouldNeverTakeAnAgentOutOfACall() {
        for (AgentState state : List.of(AgentState.RESERVED, AgentState.TALKING)) {
            for (AgentCommand command : COMMANDS) {
                assertThat(AgentRules.decide(state, Optional.empty(), "", command))
                        .isNotInstanceOf(Outcome.Move.class);
            }
        }
    }

    @Test
    void shouldDoNothingWhenItIsSoAlready() {
        assertThat(AgentRules.decide(AgentState.READY, Optional.empty(), "", new AgentCommand.Ready()))
                .isInstanceOf(Outcome.Nothing.class);
        assertThat(AgentRules.decide(AgentState.NOT_READY, Optional.empty(), "break", COMMANDS.get(1)))
                .isInstanceOf(Outcome.Nothing.class);
    }
}
