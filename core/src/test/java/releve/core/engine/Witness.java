package releve.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import releve.core.campaign.OfferAnswer;
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
    private final Map<AttemptId, ReservationId> offers = new HashMap<>();
    private final Set<AttemptId> accepted = new HashSet<>();
    int stopped;

    Witness(DialerConfig config) {
        this.config = config;
    }

    void saw(Event event, Decision decision, Dialer dialer, Instant now) {
        before(event);
        decision.changes().forEach(this::change);
        for (Command command : decision.commands()) {
            switch (command) {
                case Command.Dial dial -> dials(dial.attempt(), dialer.role(), now);
                case Command.DialFromAgent dial -> dials(dial.attempt(), dialer.role(), now);
                default -> {}
            }
            if (command instanceof Command.StopProcess) {
                stopped++;
            }
        }
        assertThat(dialer.status(now).counts().offered())
                .as("offers that status shows")
                .isEqualTo(offers.size());
        assertThat(live.size()).as("calls under way").isLessThanOrEqualTo(config.ports());
        assertThat(stopped).as("times the process was stopped").isLessThanOrEqualTo(1);
        assertThat(dialer.status(now).counts().calls())
                .as("calls that status shows")
                .isEqualTo(live.size());
        dialer.audit();
    }

    private void dials(AttemptId attempt, RoleState role, Instant now) {
        Instant until = switch (role) {
            case RoleState.Active a -> a.until();
            case RoleState.Quiescing q when accepted.contains(attempt) -> q.until();
            case RoleState.Settling s when accepted.contains(attempt) -> s.until();
            case RoleState other -> Instant.MIN;
        };
        assertThat(until)
                .as("the deadline of whoever dials: active, or quiescing or settling for an agent who accepted")
                .isAfter(now);
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
            case Change.AttemptDecided d -> heard(d.attempt());
            case Change.ContactReturned returned -> {}
            case Change.ContactOffered offered -> {
                assertThat(reservations.get(offered.reservation()))
                        .as("%s: its agent is reserved", offered)
                        .isEqualTo(Reservation.HELD);
                assertThat(offers.put(offered.offer(), offered.reservation())).isNull();
                assertThat(offers.values())
                        .as("no agent sees two contacts at once")
                        .doesNotHaveDuplicates();
            }
            case Change.OfferClosing closing ->
                assertThat(offers).as("%s is open", closing).containsKey(closing.offer());
            case Change.OfferEnded over -> {
                assertThat(offers.remove(over.offer())).as("%s was open", over).isNotNull();
                if (over.answer() == OfferAnswer.ACCEPT) {
                    accepted.add(over.offer());
                }
            }
            case Change.AgentDialing dialing ->
                assertThat(reservations.get(dialing.reservation())).isEqualTo(Reservation.HELD);
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
        assertThat(offers).as("offers that never ended").isEmpty();
        assertThat(reservations.values()).as("reservations").allMatch(state -> state == Reservation.OVER);
    }
}
