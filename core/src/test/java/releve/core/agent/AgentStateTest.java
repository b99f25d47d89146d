package releve.core.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static releve.core.agent.AgentState.DIALING;
import static releve.core.agent.AgentState.HOLD;
import static releve.core.agent.AgentState.LOGGED_OUT;
import static releve.core.agent.AgentState.NOT_READY;
import static releve.core.agent.AgentState.PREVIEW;
import static releve.core.agent.AgentState.READY;
import static releve.core.agent.AgentState.RESERVED;
import static releve.core.agent.AgentState.TALKING;
import static releve.core.agent.AgentState.WRAP_UP;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AgentStateTest {
    /** The table of the Javadoc, row by row. */
    private static final Map<AgentState, Set<AgentState>> TABLE = Map.of(
            LOGGED_OUT, Set.of(NOT_READY),
            NOT_READY, Set.of(READY, LOGGED_OUT),
            READY, Set.of(NOT_READY, RESERVED, TALKING, LOGGED_OUT),
            RESERVED, Set.of(READY, NOT_READY, TALKING, PREVIEW, DIALING),
            PREVIEW, Set.of(RESERVED, READY, NOT_READY),
            DIALING, Set.of(TALKING, READY, NOT_READY),
            TALKING, Set.of(HOLD, WRAP_UP),
            HOLD, Set.of(TALKING, WRAP_UP),
            WRAP_UP, Set.of(READY, NOT_READY, LOGGED_OUT));

    @ParameterizedTest
    @EnumSource
    void shouldAllowExactlyTheTransitionsOfTheTable(AgentState from) {
        for (AgentState to : AgentState.values()) {
            assertThat(from.mayBecome(to))
                    .as("%s → %s", from, to)
                    .isEqualTo(TABLE.get(from).contains(to));
        }
    }
}
