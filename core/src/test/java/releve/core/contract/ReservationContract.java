package releve.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import releve.core.agent.AgentCommand;
import releve.core.agent.AgentState;
import releve.core.common.AgentId;
import releve.core.common.ReservationId;
import releve.core.contract.StoreWorld.AgentView;
import releve.core.store.Change;
import releve.core.store.Change.AttemptStarted;
import releve.core.store.DialerStore.Granted;

/** Reservations, and the agents behind them. */
public abstract class ReservationContract extends StoreScene {
    @Test
    void shouldShowAGrantAndFollowTheAgentThroughTheCall() {
        contact();
        long epoch = take(a, LONG);
        AttemptStarted call = started(a, epoch);
        AgentId agent = readyAgent();
        ReservationId reservation = request(a, epoch);
        assertThat(store.granted(a)).isEmpty();
        assertThat(world().route()).isEqualTo(1);

        assertThat(store.granted(a))
                .containsExactly(java.util.Map.entry(
                        reservation, new Granted(agent, "sip:" + agent + "@127.0.0.1:5090", Set.of(group))));
        assertThat(store.granted(b)).isEmpty();
        assertThat(world().agent(agent).state()).isEqualTo(AgentState.RESERVED);

        Change connected = new Change.AttemptConnected(call.attempt(), agent, reservation, "leg", AT.plusSeconds(3));
        store.commit(a, epoch, List.of(connected));
        store.commit(a, epoch, List.of(connected));
        assertThat(world().agent(agent).state()).isEqualTo(AgentState.TALKING);
        assertThat(attempt(call).agent()).isEqualTo(agent.value());

        Instant deadline = world().now().plusSeconds(30).truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
        List<Change> end = List.of(voice(call), new Change.AgentWrapUp(agent, reservation, deadline));
        store.commit(a, epoch, end);
        store.commit(a, epoch, end);
        assertThat(world().agent(agent)).isEqualTo(new AgentView(AgentState.WRAP_UP, null, deadline));
    }

    @Test
    void shouldAskForAnAgentOnceWhenRepeated() {
        long epoch = take(a, LONG);
        readyAgent();
        readyAgent();
        ReservationId id = ReservationId.of(pair, epoch, NUMBERS.incrementAndGet());
        Change request = new Change.ReservationRequested(id, campaign, group, 1, AT);
        store.commit(a, epoch, List.of(request));
        assertThat(world().route()).isEqualTo(1);
        store.commit(a, epoch, List.of(request));
        assertThat(world().route()).isZero();
    }

    @Test
    void shouldReleaseTheAgentWhenAGrantedRequestIsWithdrawn() {
        long epoch = take(a, LONG);
        AgentId agent = readyAgent();
        ReservationId reservation = request(a, epoch);
        world().route();
        Change withdrawn = new Change.ReservationWithdrawn(reservation, "no contacts left");
        store.commit(a, epoch, List.of(withdrawn));
        store.commit(a, epoch, List.of(withdrawn));
        assertThat(world().agent(agent)).isEqualTo(new AgentView(AgentState.READY, null, null));
        assertThat(store.granted(a)).isEmpty();
    }

    @Test
    void shouldNotGrantAWithdrawnRequest() {
        long epoch = take(a, LONG);
        readyAgent();
        ReservationId reservation = request(a, epoch);
        store.commit(a, epoch, List.of(new Change.ReservationWithdrawn(reservation, "maintenance")));
        assertThat(world().route()).isZero();
    }

    @Test
    void shouldLetAPendingWishComeIntoForceWhenTheReservationEnds() {
        long epoch = take(a, LONG);
        AgentId pausing = readyAgent();
        AgentId leaving = readyAgent();
        ReservationId first = request(a, epoch);
        ReservationId second = request(a, epoch);
        assertThat(world().route()).isEqualTo(2);
        world().ask(pausing, new AgentCommand.NotReady("lunch"));
        world().ask(leaving, new AgentCommand.LogOut("going home"));
        store.commit(
                a,
                epoch,
                List.of(
                        new Change.ReservationWithdrawn(first, "no contacts left"),
                        new Change.ReservationWithdrawn(second, "no contacts left")));
        assertThat(world().agent(pausing).state()).isEqualTo(AgentState.NOT_READY);
        assertThat(world().agent(leaving).state()).isEqualTo(AgentState.LOGGED_OUT);
    }

    @Test
    void shouldMakeAnAgentNotReadyWhosePhoneDidNotTakeTheCall() {
        long epoch = take(a, LONG);
        AgentId agent = readyAgent();
        ReservationId reservation = request(a, epoch);
        world().route();
        store.commit(a, epoch, List.of(new Change.AgentUnreachable(agent, reservation, "your phone: 480")));
        assertThat(world().agent(agent).state()).isEqualTo(AgentState.NOT_READY);
    }

    @Test
    void shouldNotMoveAnAgentForAReservationThatIsOver() {
        long epoch = take(a, LONG);
        AgentId agent = readyAgent();
        ReservationId old = request(a, epoch);
        world().route();
        store.commit(a, epoch, List.of(new Change.ReservationWithdrawn(old, "not needed")));
        ReservationId current = request(a, epoch);
        world().route();
        store.commit(
                a,
                epoch,
                List.of(
                        new Change.AgentUnreachable(agent, old, "late"),
                        new Change.AgentWrapUp(agent, old, world().now()),
                        new Change.ReservationWithdrawn(old, "late")));
        assertThat(world().agent(agent)).isEqualTo(new AgentView(AgentState.RESERVED, current.value(), null));
    }

    @Test
    void shouldNeverGrantAnAgentTwiceNorLeaveOneBehindWhenWithdrawalsRaceGrants() throws Exception {
        long epoch = take(a, LONG);
        List<AgentId> agents = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            agents.add(readyAgent());
        }
        for (int round = 0; round < 20; round++) {
            List<Change> withdrawals = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                withdrawals.add(new Change.ReservationWithdrawn(request(a, epoch), "race"));
            }
            together(List.of(() -> store.commit(a, epoch, withdrawals), () -> world().route(), () -> world().route()));
            assertThat(agents).allMatch(agent -> world().agent(agent).state() == AgentState.READY);
        }
    }

    @Test
    void shouldListCampaigns() {
        assertThat(store.campaigns())
                .filteredOn(found -> found.id().equals(campaign))
                .singleElement()
                .satisfies(found -> assertThat(found.staffing().skillGroup()).isEqualTo(group));
    }
}
