package releve.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import releve.core.common.Handover;
import releve.core.pair.Peer;
import releve.core.pair.RoleState;
import releve.core.pair.Succession;

/** What operators are told of a dialer: its status, and what a maintenance would do. */
final class StatusView {
    private StatusView() {}

    static MaintenancePlan plan(
            Handover how,
            RoleState state,
            Peer peer,
            Attempts attempts,
            Offers offers,
            Counts counts,
            Duration monitoringLimit,
            Instant now) {
        String blockedBy = state instanceof RoleState.Active && peer instanceof Peer.Unfit unfit
                ? unfit.reason()
                : state.inMaintenance() ? "maintenance is under way already" : "";
        Duration settled = settledBy(attempts, offers)
                .map(at -> Duration.between(now, at))
                .filter(left -> !left.isNegative())
                .orElse(Duration.ZERO);
        return new MaintenancePlan(
                blockedBy.isEmpty(),
                blockedBy,
                counts,
                switch (how) {
                    case SEQUENTIAL -> settled;
                    case OVERLAP -> Duration.ZERO;
                },
                settled,
                monitoringLimit);
    }

    static DialerStatus status(
            RoleState state,
            String reason,
            String dialing,
            Attempts attempts,
            Offers offers,
            Counts counts,
            Instant now) {
        return new DialerStatus(
                state.phase(),
                state.since(),
                reason,
                state.epochHeld(),
                dialing,
                waitsFor(state, counts),
                expected(state, attempts, offers, now).orElse(null),
                limit(state, attempts, offers, now).orElse(null),
                counts);
    }

    private static Optional<Instant> expected(RoleState state, Attempts attempts, Offers offers, Instant now) {
        return switch (state) {
            case RoleState.Quiescing q -> expectedSettled(attempts, offers, now);
            case RoleState.Settling s -> expectedSettled(attempts, offers, now);
            case RoleState.Monitoring m -> {
                Instant ended = now.plus(attempts.expectedToFollow());
                yield Optional.of(ended.isBefore(m.limitAt()) ? ended : m.limitAt());
            }
            case RoleState other -> Optional.empty();
        };
    }

    private static Optional<Instant> expectedSettled(Attempts attempts, Offers offers, Instant now) {
        return Optional.of(
                later(attempts.expectedSettled(), offers.expectedAnswered()).orElse(now));
    }

    private static Optional<Instant> settledBy(Attempts attempts, Offers offers) {
        return later(attempts.settledBy(), offers.settledBy(attempts::longest));
    }

    private static Optional<Instant> later(Optional<Instant> one, Optional<Instant> other) {
        return Stream.of(one, other).flatMap(Optional::stream).max(Comparator.naturalOrder());
    }

    private static Optional<Instant> limit(RoleState state, Attempts attempts, Offers offers, Instant now) {
        return switch (state) {
            case RoleState.Quiescing q ->
                Optional.of(settledBy(attempts, offers).orElse(now));
            case RoleState.Settling s -> Optional.of(settledBy(attempts, offers).orElse(now));
            case RoleState.Monitoring m -> Optional.of(m.limitAt());
            case RoleState other -> Optional.empty();
        };
    }

    private static String unsettled(Counts c) {
        Map<String, Integer> named = new LinkedHashMap<>();
        named.put("dialing", c.dialing());
        named.put("ringing", c.ringing());
        named.put("being cancelled", c.cancelling());
        named.put("analysing", c.analysing());
        named.put("transferring", c.transferring());
        named.put("offered", c.offered());
        named.put(c.reserved() == 1 ? "reserved agent" : "reserved agents", c.reserved());
        return named.entrySet().stream()
                .filter(each -> each.getValue() > 0)
                .map(each -> each.getValue() + " " + each.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String connected(Counts c) {
        int calls = c.connected() + c.cancelling();
        return calls == 1 ? "1 connected call" : calls + " connected calls";
    }

    private static String waitsFor(RoleState state, Counts c) {
        return switch (state) {
            case RoleState.Quiescing q -> unsettled(c);
            case RoleState.Settling s -> unsettled(c);
            case RoleState.HandingOver h -> "the store to pass the right on";
            case RoleState.Monitoring m
            when m.succession() == Succession.AWAITED -> "the other side to use the right to dial, " + connected(c);
            case RoleState.Monitoring m -> connected(c);
            case RoleState other -> "";
        };
    }
}
