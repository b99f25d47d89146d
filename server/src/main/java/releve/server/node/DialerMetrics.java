package releve.server.node;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import releve.core.common.CallResult;
import releve.core.engine.Counts;
import releve.core.engine.DialerStatus;
import releve.core.engine.Event;
import releve.core.node.Batch;
import releve.core.pair.Role;
import releve.core.pair.RoleTransition;
import releve.core.store.Change;
import releve.core.store.DialerStore.CommitResult;

/**
 * A node's dialer as meters. What happened is counted once it is durable: attempts by their result, transitions of the role. What
 * is, is a gauge: the epoch, calls by state, and what waits in the node's queues. Counted from the start of the
 * process; every series is there from then on, so that a rate misses no first event.
 */
final class DialerMetrics {
    private record Move(String from, String to) {}

    private final LongAdder started = new LongAdder();
    private final LongAdder notStarted = new LongAdder();
    private final Map<CallResult, LongAdder> ended = new EnumMap<>(CallResult.class);
    private final Map<Move, LongAdder> moves = new ConcurrentHashMap<>();
    private @Nullable MeterRegistry registry;

    /**
     * What waits in a node.
     *
     * @param inbox events that the engine has not seen
     * @param changes that are decided and not yet durable
     * @param storeAnswers 1 while the store takes changes, else 0
     */
    record Queues(Supplier<Number> inbox, Supplier<Number> changes, Supplier<Number> storeAnswers) {}

    DialerMetrics() {
        for (CallResult result : CallResult.values()) {
            ended.put(result, new LongAdder());
        }
    }

    synchronized void register(MeterRegistry meters, Supplier<DialerStatus> status, Queues queues) {
        registry = meters;
        counter(meters, "releve.attempts.started", Tags.empty(), started, "Attempts whose start the store took");
        counter(meters, "releve.attempts.refused", Tags.empty(), notStarted, "Attempts whose start the store refused");
        ended.forEach((result, count) -> counter(
                meters,
                "releve.attempts.ended",
                Tags.of("result", result.name().toLowerCase(Locale.ROOT), "code", Integer.toString(result.code())),
                count,
                "Attempts that ended, by call result"));
        moves.forEach((move, count) -> counter(meters, move, count));
        gauge(meters, "releve.dialer.epoch", Tags.empty(), status, DialerStatus::epoch);
        calls(meters, status, "dialing", Counts::dialing);
        calls(meters, status, "ringing", Counts::ringing);
        calls(meters, status, "cancelling", Counts::cancelling);
        calls(meters, status, "analysing", Counts::analysing);
        calls(meters, status, "transferring", Counts::transferring);
        calls(meters, status, "connected", Counts::connected);
        gauge(
                meters,
                "releve.dialer.offers",
                Tags.empty(),
                status,
                now -> now.counts().offered());
        gauge(
                meters,
                "releve.dialer.agents.reserved",
                Tags.empty(),
                status,
                now -> now.counts().reserved());
        gauge(
                meters,
                "releve.dialer.contacts.cached",
                Tags.empty(),
                status,
                now -> now.counts().cached());
        Gauge.builder("releve.node.inbox", queues.inbox()).register(meters);
        Gauge.builder("releve.node.changes.waiting", queues.changes()).register(meters);
        Gauge.builder("releve.node.store.answers", queues.storeAnswers()).register(meters);
    }

    /** The same outcome, counted. */
    StoreWriter.Outcome counting(StoreWriter.Outcome outcome) {
        return new StoreWriter.Outcome() {
            @Override
            public void committed(Batch batch, CommitResult result) {
                count(batch, result);
                outcome.committed(batch, result);
            }

            @Override
            public void happened(Event event) {
                outcome.happened(event);
            }
        };
    }

    private void count(Batch batch, CommitResult result) {
        for (Change change : batch.changes()) {
            if (change instanceof Change.AttemptStarted start) {
                (result.refused().containsKey(start.attempt()) ? notStarted : started).increment();
            } else if (change instanceof Change.AttemptEnded end) {
                ended.getOrDefault(end.termination().result(), new LongAdder()).increment();
            }
        }
    }

    /** The role has moved. */
    synchronized void moved(RoleTransition transition) {
        Move move = new Move(transition.from(), transition.to());
        LongAdder count = moves.get(move);
        if (count == null) {
            count = new LongAdder();
            moves.put(move, count);
            if (registry != null) {
                counter(registry, move, count);
            }
        }
        count.increment();
    }

    private static void counter(MeterRegistry meters, Move move, LongAdder count) {
        counter(
                meters,
                "releve.role.transitions",
                Tags.of("role", Role.DIALER.written(), "from", move.from(), "to", move.to()),
                count,
                "Transitions of a role");
    }

    private static void counter(MeterRegistry meters, String name, Tags tags, LongAdder count, String what) {
        FunctionCounter.builder(name, count, LongAdder::sum)
                .tags(tags)
                .description(what)
                .register(meters);
    }

    private static void calls(
            MeterRegistry meters, Supplier<DialerStatus> status, String state, ToDoubleFunction<Counts> figure) {
        gauge(
                meters,
                "releve.dialer.calls",
                Tags.of("state", state),
                status,
                now -> figure.applyAsDouble(now.counts()));
    }

    private static void gauge(
            MeterRegistry meters,
            String name,
            Tags tags,
            Supplier<DialerStatus> status,
            ToDoubleFunction<DialerStatus> figure) {
        Gauge.builder(name, () -> figure.applyAsDouble(status.get())).tags(tags).register(meters);
    }
}
