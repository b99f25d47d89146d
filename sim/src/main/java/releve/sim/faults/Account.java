package releve.sim.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import releve.core.campaign.AbandonSettings;
import releve.core.common.AttemptId;
import releve.core.common.CallResult;
import releve.core.common.EndedBy;
import releve.core.common.Termination;
import releve.core.memory.MemoryDesks.AttemptRow;

/** The carrier's account beside the ledger: attempt by attempt, and interval by interval. */
final class Account {
    private static final Duration INTERVAL = Duration.ofMinutes(5);
    /** After so long nobody waits for an agent any more. */
    private static final long WAIT_MS = AbandonSettings.DEFAULT.after().toMillis();

    private final PairWorld world;

    Account(PairWorld world) {
        this.world = world;
    }

    void compare() {
        Map<AttemptId, SimulatedCarrier.Leg> unseen = new HashMap<>();
        world.carrier().legs().forEach(leg -> unseen.put(leg.attempt, leg));
        Map<Instant, long[]> intervals = new TreeMap<>();
        for (AttemptRow row : world.desks().attempts()) {
            SimulatedCarrier.Leg leg = unseen.remove(row.attempt());
            Termination end = row.termination().orElse(null);
            if (end == null) {
                continue;
            }
            String wrong = wrong(row, end, leg);
            if (wrong != null) {
                throw new Violation(
                        Rule.LEDGER_IS_TRUE, "%s of %s is %s: %s".formatted(row.attempt(), row.node(), end, wrong));
            }
            count(intervals, row, end, leg);
        }
        if (!unseen.isEmpty()) {
            throw new Violation(
                    Rule.LEDGER_IS_TRUE,
                    "the carrier saw %s, which is not in the ledger"
                            .formatted(unseen.keySet().stream().sorted().findFirst()));
        }
        intervals.forEach((from, counts) -> {
            if (counts[0] != counts[1] || counts[2] != counts[3]) {
                throw new Violation(
                        Rule.ABANDONMENT_ADDS_UP,
                        "from %s the ledger has %d talks and %d abandoned, the carrier %d and %d"
                                .formatted(from, counts[0], counts[2], counts[1], counts[3]));
            }
        });
    }

    /** Why the ledger's row cannot be true; null when it can. */
    private static @Nullable String wrong(AttemptRow row, Termination end, SimulatedCarrier.@Nullable Leg leg) {
        CallResult result = end.result();
        if (result == CallResult.UNKNOWN_DIALER_FAILED && end.endedBy() == EndedBy.UNKNOWN) {
            return null;
        }
        if (result == CallResult.STORE_LOST) {
            return leg == null ? null : "but its INVITE was sent";
        }
        if (leg == null) {
            return result == CallResult.CANCELLED_BY_DIALER || result == CallResult.DIAL_ERROR
                    ? null
                    : "but no INVITE was sent";
        }
        boolean talked = leg.bridgedAtMs >= 0;
        boolean answered = leg.answeredAtMs >= 0;
        return switch (result) {
            case VOICE -> talked ? null : "but nobody talked to the customer";
            case DIALER_ABANDON, ABANDONED_TO_IVR ->
                !answered ? "but nobody answered" : talked && row.agent() != null ? "but an agent talked to him" : null;
            case NO_ANSWER -> answered && !leg.cancelled ? "but it was answered" : null;
            case BUSY -> answered ? "but it was answered" : null;
            default -> null;
        };
    }

    /** Nobody was free within the limit, and he hung up before the message could begin: the carrier cannot know which came first. */
    private static boolean hungUpBeforeTheMessage(Termination end, SimulatedCarrier.Leg leg) {
        return end.result().isAbandoned()
                && end.endedBy() == EndedBy.CUSTOMER
                && leg.ended
                && !leg.treated
                && leg.overAtMs - leg.answeredAtMs >= WAIT_MS;
    }

    /** Ledger's talks, carrier's talks, ledger's abandoned, carrier's abandoned; for attempts that no failure closed. */
    private static void count(
            Map<Instant, long[]> intervals, AttemptRow row, Termination end, SimulatedCarrier.@Nullable Leg leg) {
        if (leg == null || end.result() == CallResult.UNKNOWN_DIALER_FAILED || leg.orphan || leg.dialer.everFroze()) {
            return;
        }
        if (hungUpBeforeTheMessage(end, leg)) {
            return;
        }
        long seconds = INTERVAL.toSeconds();
        Instant from = Instant.ofEpochSecond(row.startedAt().getEpochSecond() / seconds * seconds);
        long[] counts = intervals.computeIfAbsent(from, unused -> new long[4]);
        boolean talked = leg.bridgedAtMs >= 0 && !leg.treated;
        boolean abandoned = leg.answeredAtMs >= 0 && !talked && !leg.machine && (leg.treated || !leg.ended);
        counts[0] += row.connectedAt() != null && !leg.treated ? 1 : 0;
        counts[1] += talked ? 1 : 0;
        counts[2] += end.result().isAbandoned() ? 1 : 0;
        counts[3] += abandoned ? 1 : 0;
    }
}
