package releve.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static releve.core.common.CallResult.UNKNOWN_DIALER_FAILED;
import static releve.core.common.CallResult.VOICE;

import java.util.List;
import org.junit.jupiter.api.Test;
import releve.core.agent.AgentState;
import releve.core.campaign.ContactStatus;
import releve.core.common.AgentId;
import releve.core.common.ReservationId;
import releve.core.common.Side;
import releve.core.store.Change;
import releve.core.store.Change.AttemptStarted;
import releve.core.store.DialerStore.NodeId;

/** Which processes run, and what becomes of the calls of one that died when it no longer had the right to dial. */
public abstract class ProcessContract extends StoreScene {
    private NodeId next() {
        return new NodeId(pair, Side.A, "next-" + NUMBERS.incrementAndGet());
    }

    @Test
    void shouldLetOneProcessOfASideRun() {
        assertThat(world().register(a, LONG)).isTrue();
        assertThat(world().register(b, LONG)).isTrue();
        NodeId second = next();
        assertThat(world().register(second, LONG)).isFalse();
        assertThat(world().beat(a)).isTrue();
    }

    @Test
    void shouldLetTheNextProcessOfASideRunOnceTheLastHasStopped() {
        world().register(a, LONG);
        world().stopped(a);
        assertThat(world().register(next(), LONG)).isTrue();
        assertThat(world().beat(a)).isFalse();
    }

    @Test
    void shouldTellAProcessThatAnotherHasTakenItsSide() {
        world().register(a, LONG);
        NodeId second = next();
        assertThat(world().register(second, NONE)).isTrue();
        assertThat(world().beat(a)).isFalse();
        assertThat(world().beat(second)).isTrue();
    }

    @Test
    void shouldCloseTheCallsOfAProcessThatDiedAfterItsHandover() {
        contacts(2);
        world().register(a, LONG);
        world().register(b, LONG);
        long epoch = take(a, LONG);
        AttemptStarted monitored = started(a, epoch);
        AgentId talking = readyAgent();
        ReservationId reservation = request(a, epoch);
        world().route();
        store.commit(
                a,
                epoch,
                List.of(new Change.AttemptConnected(
                        monitored.attempt(), talking, reservation, "leg", AT.plusSeconds(3))));
        handOver(epoch, LONG);
        AttemptStarted holders = started(b, epoch + 1);

        assertThat(world().closeAbandoned(pair, LONG)).as("both are heard of").isZero();
        assertThat(world().closeAbandoned(pair, NONE))
                .as("the holder is left alone")
                .isEqualTo(1);
        assertThat(world().closeAbandoned(pair, NONE)).isZero();

        assertThat(attempt(monitored).result()).isEqualTo(UNKNOWN_DIALER_FAILED.code());
        assertThat(status(monitored.contact())).isEqualTo(ContactStatus.CLOSED);
        assertThat(world().agent(talking).state()).isEqualTo(AgentState.WRAP_UP);
        assertThat(attempt(holders).result()).isNull();

        store.commit(a, epoch, List.of(voice(monitored)));
        assertThat(attempt(monitored).result()).as("it turned out to live").isEqualTo(VOICE.code());
    }

    @Test
    void shouldCloseWhatAProcessLeftThatStoppedWithCallsUnderWay() {
        contact();
        world().register(a, LONG);
        long epoch = take(a, LONG);
        AttemptStarted left = started(a, epoch);
        store.release(a, epoch);
        assertThat(world().closeAbandoned(pair, LONG)).isZero();
        world().stopped(a);
        assertThat(world().closeAbandoned(pair, LONG)).isEqualTo(1);
        assertThat(attempt(left).result()).isEqualTo(UNKNOWN_DIALER_FAILED.code());
    }
}
