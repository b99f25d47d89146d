package releve.sip.trunk;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import releve.sip.limit.TokenBucket;
import releve.sip.transaction.Hop;

/**
 * A trunk at work: which of its gateways takes the next call, if any. Outcomes and the time go in; choices, and the searches
 * and probes that are due, come out. Not thread-safe.
 *
 * <p>Priorities are strict: a gateway gets calls only while none of a lower number can take one. Among gateways of one
 * priority each call is drawn in proportion to the weights.
 */
public final class Trunk {
    /** How often a gateway's place is searched anew, ms; what the DNS said before holds for its TTL all the same. */
    static final long LOCATE_EVERY_MS = 30_000;

    private final TrunkConfig config;
    private final RandomGenerator random;
    private final Map<String, Gateway> gateways = new LinkedHashMap<>();
    private final TokenBucket rate;
    private final ArrayDeque<TrunkTask> tasks = new ArrayDeque<>();
    private long locateAtMs;
    private long probeAtMs;
    private int calls;

    /** @param random draws among gateways of one priority */
    public Trunk(TrunkConfig config, RandomGenerator random, long nowMs) {
        this.config = config;
        this.random = random;
        this.rate = TokenBucket.smooth(config.callsPerSecond(), nowMs);
        for (GatewayConfig gateway : config.gateways()) {
            gateways.put(gateway.name(), new Gateway(gateway, config.probing(), nowMs));
        }
        this.locateAtMs = nowMs;
        this.probeAtMs = config.probing().everyMs() == 0 ? Long.MAX_VALUE : nowMs;
    }

    public TrunkConfig config() {
        return config;
    }

    // The clock

    /** Makes the searches and probes that are due; they come by {@link #nextTask()}. */
    public void advance(long nowMs) {
        if (nowMs >= locateAtMs) {
            locateAtMs = nowMs + LOCATE_EVERY_MS;
            for (Gateway gateway : gateways.values()) {
                String uri = config.outboundProxy().orElse(gateway.config.uri());
                tasks.add(new TrunkTask.Locate(gateway.config.name(), uri));
            }
        }
        if (nowMs >= probeAtMs) {
            probeAtMs = nowMs + config.probing().everyMs();
            for (Gateway gateway : gateways.values()) {
                probe(gateway, nowMs);
            }
        }
    }

    private void probe(Gateway gateway, long nowMs) {
        if (!gateway.hops().isEmpty()) {
            gateway.probing(nowMs);
            tasks.add(new TrunkTask.Probe(gateway.config.name(), gateway.config.uri(), gateway.hops()));
        }
    }

    /** When {@link #advance} has to be called next. */
    public long nextDeadlineMs() {
        return Math.min(locateAtMs, probeAtMs);
    }

    /** When the next gateway's rest ends, or {@link Long#MAX_VALUE} while none rests. */
    public long nextRestEndMs(long nowMs) {
        return gateways.values().stream()
                .mapToLong(gateway -> gateway.restEndsMs(nowMs))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** The next search or probe to carry out, or null. */
    public @Nullable TrunkTask nextTask() {
        return tasks.poll();
    }

    // What is learnt

    /** A gateway was found; when it had not been before, it is probed at once. */
    public void located(String gateway, List<Hop> hops, long nowMs) {
        Gateway g = gateway(gateway);
        boolean first = g.hops().isEmpty();
        g.located(hops);
        if (first && config.probing().everyMs() > 0) {
            probe(g, nowMs);
        }
    }

    /** A gateway's place was not found. @param reason in one clause */
    public void nowhere(String gateway, String reason, long nowMs) {
        gateway(gateway).nowhere(reason, nowMs);
    }

    /** A gateway answered OPTIONS. Any status says that it is there; 503 also that it wants no calls for now. */
    public void probeAnswered(String gateway, int status, int retryAfterSeconds, long nowMs) {
        Gateway g = gateway(gateway);
        g.answered(nowMs);
        if (status == 503) {
            g.overloaded(retryAfterSeconds, nowMs);
        }
    }

    /**
     * A gateway did not answer OPTIONS on any hop.
     *
     * @param refused whether the network refused; a mere time-out was counted when the following probe left
     */
    public void probeFailed(String gateway, boolean refused, long nowMs) {
        if (refused) {
            gateway(gateway).unreachable(nowMs);
        }
    }

    /** A call given to a gateway makes progress, or had its final answer, or none. */
    public void outcome(String gateway, CallOutcome outcome, long nowMs) {
        Gateway g = gateway(gateway);
        switch (outcome) {
            case CallOutcome.Served _ -> {
                g.answered(nowMs);
                g.served();
            }
            case CallOutcome.Overloaded overloaded -> {
                g.answered(nowMs);
                g.refused(overloaded.retryAfterSeconds(), nowMs);
            }
            case CallOutcome.Denied denied -> {
                g.answered(nowMs);
                g.denied(denied.surely(), denied.why(), nowMs);
            }
            case CallOutcome.Silent _ -> g.failed("it did not answer a call", nowMs);
            case CallOutcome.Unreachable _ -> g.unreachable(nowMs);
        }
    }

    /** Whether a gateway's refusals of calls are about us, not about the numbers that were called. */
    public boolean isDenying(String gateway) {
        return gateway(gateway).isDenying();
    }

    /** A call given to a gateway is over: its port is free. */
    public void ended(String gateway) {
        gateway(gateway).release();
        calls = Math.max(0, calls - 1);
    }

    private Gateway gateway(String name) {
        Gateway gateway = gateways.get(name);
        if (gateway == null) {
            throw new IllegalArgumentException("the trunk " + config.name() + " has no gateway " + name);
        }
        return gateway;
    }

    // The choice

    /** The gateway for a call that starts now. */
    public Choice choose(long nowMs) {
        return choose(Set.of(), nowMs);
    }

    /**
     * The gateway for a call that starts now or goes on to the next one.
     *
     * @param tried names of gateways that have failed this very call
     */
    public Choice choose(Set<String> tried, long nowMs) {
        Refusal own = ownRefusal(nowMs);
        if (own != Refusal.NONE) {
            return new Choice.Refused(own, own == Refusal.RATE ? rate.nextMs(nowMs) : Long.MAX_VALUE);
        }
        List<Gateway> best = candidates(tried, nowMs);
        if (best.isEmpty()) {
            return refused(tried, nowMs);
        }
        Gateway chosen = draw(best);
        chosen.take(nowMs);
        rate.take(nowMs);
        calls++;
        return new Choice.Chosen(config.name(), chosen.config.name(), chosen.hops());
    }

    private Refusal ownRefusal(long nowMs) {
        if (calls >= config.ports()) {
            return Refusal.PORTS;
        }
        return rate.has(nowMs) ? Refusal.NONE : Refusal.RATE;
    }

    /** The gateways of the lowest priority number of which one at least takes a call. */
    private List<Gateway> candidates(Set<String> tried, long nowMs) {
        List<Gateway> best = new ArrayList<>();
        for (Gateway gateway : gateways.values()) {
            if (tried.contains(gateway.config.name()) || gateway.refusal(nowMs) != Refusal.NONE) {
                continue;
            }
            int order = best.isEmpty()
                    ? 0
                    : Integer.compare(
                            gateway.config.priority(), best.getFirst().config.priority());
            if (order < 0) {
                best.clear();
            }
            if (order <= 0) {
                best.add(gateway);
            }
        }
        return best;
    }

    private Gateway draw(List<Gateway> candidates) {
        int sum = candidates.stream().mapToInt(g -> g.config.weight()).sum();
        int drawn = random.nextInt(sum);
        for (Gateway gateway : candidates) {
            drawn -= gateway.config.weight();
            if (drawn < 0) {
                return gateway;
            }
        }
        return candidates.getLast();
    }

    private Choice.Refused refused(Set<String> tried, long nowMs) {
        Refusal least = Refusal.NOT_UP;
        long retryAtMs = Long.MAX_VALUE;
        for (Gateway gateway : gateways.values()) {
            if (tried.contains(gateway.config.name())) {
                continue;
            }
            Refusal refusal = gateway.refusal(nowMs);
            least = refusal.compareTo(least) > 0 ? refusal : least;
            retryAtMs = Math.min(retryAtMs, gateway.retryAtMs(nowMs));
        }
        return new Choice.Refused(least, retryAtMs);
    }

    /** Whether calls may be planned: by one usable gateway, else by the one that rests the shortest. */
    public TrunkStanding standing(long nowMs) {
        TrunkStanding.Resting first = null;
        List<String> down = new ArrayList<>();
        for (Gateway gateway : gateways.values()) {
            switch (gateway.standing(nowMs)) {
                case TrunkStanding.Usable usable -> {
                    return usable;
                }
                case TrunkStanding.Resting resting ->
                    first = first == null || resting.untilMs() < first.untilMs() ? resting : first;
                case TrunkStanding.Down gone ->
                    down.add(gateways.size() == 1 ? gone.reason() : gateway.config.name() + ": " + gone.reason());
            }
        }
        return first != null ? first : new TrunkStanding.Down(String.join(", ", down));
    }

    // For people

    /** The trunk as it is now. */
    public TrunkView view(long nowMs) {
        Refusal own = ownRefusal(nowMs);
        Refusal refusal = own != Refusal.NONE || !candidates(Set.of(), nowMs).isEmpty()
                ? own
                : refused(Set.of(), nowMs).refusal();
        return new TrunkView(
                config.name(),
                calls,
                config.ports(),
                refusal == Refusal.NONE,
                refusal.text(),
                gateways.values().stream().map(gateway -> gateway.view(nowMs)).toList());
    }
}
