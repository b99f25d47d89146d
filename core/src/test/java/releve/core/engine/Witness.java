package releve.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import releve.core.common.AttemptId;
import releve.core.common.ReservationId;
import releve.core.pair.RoleState;
import releve.core.store.Change;

/** Watches every step of a dialer and holds it to what must always be true. */
final class Witness {
    private enum Reservation {
        REQUESTED,
        HELD,
        CONNECTED,
        OVER
    }

    private final DialerConfig config;
    private final Set<AttemptId> live = new HashSet<>();
    private final Set<AttemptId> heard = new HashSet<>();
    private final Set<AttemptId> ended = new HashSet<>();
    private final Map<ReservationId, Reservation> reservations = new LinkedHashMap<>();
    int stopped;

    Witness(DialerConfig config) {
        this.config = config;
    }

    void saw(Event event, Decision decision, Dialer dialer, Instant now) {
        before(event);
        decision.changes().forEach(this::change);
        for (Command command : decision.commands()) {
            if (command instanceof Command.Dial) {
                assertThat(dialer.role())
                        .as("whoever dials is active, and before its deadline")
                        .isInstanceOfSatisfying(
                                RoleState.Active.class,
                                a -> assertThat(a.until()).isAfter(now));
            }
            if (command instanceof Command.StopProcess) {
                stopped++;
            }
        }
        assertThat(live.size()).as("calls under way").isLessThanOrEqualTo(config.ports());
        assertThat(stopped).as("times the process was stopped").isLessThanOrEqualTo(1);
        assertThat(dialer.status(now).counts().calls())
                .as("calls that status shows")
                .isEqualTo(live.size());
        dialer.audit();
    }

    private void before(Event event) {
        switch (event) {
            case Event.ReservationGranted granted ->
                reservations.computeIfPresent(
                        granted.reservation(), (id, was) -> was == Reservation.REQUESTED ? Reservation.HELD : was);
            case Event.StartRefused refused -> {
                // Who has been heard of was not refused, whatever is said.
                if (!heard.contains(refused.attempt()) && live.remove(refused.attempt())) {
                    ended.add(refused.attempt());
                }
            }
            default -> {}
        }
    }

    private void change(Change change) {
        switch (change) {
            case Change.AttemptStarted started -> {
                assertThat(live.add(started.attempt())).isTrue();
                assertThat(ended).doesNotContain(started.attempt());
            }
            case Change.AttemptEnded end -> {
                assertThat(live.remove(end.attempt()))
                        .as("%s was under way", end)
                        .isTrue();
                assertThat(ended.add(end.attempt())).as("%s ends once", end).isTrue();
            }
            case Change.ReservationRequested requested ->
                assertThat(reservations.put(requested.reservation(), Reservation.REQUESTED))
                        .isNull();
            case Change.AttemptConnected connected -> {
                if (connected.reservation() != null) {
                    become(connected.reservation(), Set.of(Reservation.HELD), Reservation.CONNECTED);
                }
            }
            case Change.AgentWrapUp wrapUp ->
                become(wrapUp.reservation(), Set.of(Reservation.CONNECTED), Reservation.OVER);
            case Change.AgentUnreachable unreachable ->
                become(unreachable.reservation(), Set.of(Reservation.HELD), Reservation.OVER);
            case Change.ReservationWithdrawn withdrawn -> {
                // A grant that crossed the withdrawal, or was never asked for, is answered by withdrawing again.
                if (reservations.getOrDefault(withdrawn.reservation(), Reservation.OVER) != Reservation.OVER) {
                    become(withdrawn.reservation(), Set.of(Reservation.REQUESTED, Reservation.HELD), Reservation.OVER);
                }
            }
            case Change.AttemptRang r -> heard(r.attempt());
            case Change.AttemptAnswered a -> heard(a.attempt());
            case Change.ContactReturned returned -> {}
            case Change.ContactOffered offered -> {}
            case Change.OfferEnded over -> {}
            case Change.AgentDialing dialing -> {}
            case Change.AgentKept kept -> {}
            case Change.CallbackMissed missed -> {}
        }
    }

    private void heard(AttemptId attempt) {
        assertThat(live).contains(attempt);
        heard.add(attempt);
    }

    private void become(ReservationId id, Set<Reservation> from, Reservation to) {
        assertThat(reservations.get(id))
                .as("reservation %s before it is %s", id, to)
                .isIn(from);
        reservations.put(id, to);
    }

    Set<AttemptId> live() {
        return live;
    }

    /** At the end of a world: nothing is left under way, nobody is left reserved. */
    void nothingLeft() {
        assertThat(live).as("attempts that never ended").isEmpty();
        assertThat(reservations.values()).as("reservations").allMatch(state -> state == Reservation.OVER);
    }
}
