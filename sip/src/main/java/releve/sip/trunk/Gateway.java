package releve.sip.trunk;

import java.util.List;
import releve.sip.limit.TokenBucket;
import releve.sip.transaction.Hop;

/** One gateway's life: its state, its limits, and the rest it has asked for. */
final class Gateway {
    /** The first rest after a 503 that gives no Retry-After, ms; doubled for each further one in a row. */
    static final long REST_FIRST_MS = 1_000;

    /** The longest rest without Retry-After, ms. */
    static final long REST_MAX_MS = 60_000;

    /** The longest Retry-After that is honoured, s: a mistyped one must not take a gateway away for good. */
    static final int RETRY_AFTER_MAX_SECONDS = 3_600;

    final GatewayConfig config;
    private final Probing probing;
    private final TokenBucket rate;
    private GatewayState state = GatewayState.UNKNOWN;
    private String reason;
    private long sinceMs;
    private int successes;
    private int failures;
    private boolean probeOpen;
    private long restUntilMs = Long.MIN_VALUE;
    private int refusals;
    private int calls;
    private List<Hop> hops = List.of();

    Gateway(GatewayConfig config, Probing probing, long nowMs) {
        this.config = config;
        this.probing = probing;
        this.rate = TokenBucket.smooth(config.callsPerSecond(), nowMs);
        this.reason = "not asked yet";
        this.sinceMs = nowMs;
        if (probing.everyMs() == 0) {
            become(GatewayState.UP, "it is not probed", nowMs);
        }
    }

    /** Where it is. Former hops are kept when a search finds none: the DNS may be what fails. */
    void located(List<Hop> found) {
        if (!found.isEmpty()) {
            hops = List.copyOf(found);
        }
    }

    List<Hop> hops() {
        return hops;
    }

    void nowhere(String why, long nowMs) {
        if (hops.isEmpty()) {
            down(why, nowMs);
        }
    }

    /** The next probe leaves: the former one has failed if it is still open. */
    void probing(long nowMs) {
        if (probeOpen) {
            failed("it does not answer", nowMs);
        }
        probeOpen = true;
    }

    /** A probe or a call has been answered, whatever the status: somebody is there. */
    void answered(long nowMs) {
        probeOpen = false;
        failures = 0;
        successes++;
        switch (state) {
            case UNKNOWN -> become(GatewayState.UP, "it answers", nowMs);
            case DOWN -> {
                if (successes >= probing.upAfter() || probing.everyMs() == 0) {
                    become(GatewayState.UP, "it answers again", nowMs);
                }
            }
            case UP -> {}
        }
    }

    /** A probe or a call got no answer. */
    void failed(String why, long nowMs) {
        successes = 0;
        if (++failures >= probing.downAfter() && probing.everyMs() > 0) {
            down(why, nowMs);
        }
    }

    /** The network says that nobody is there. */
    void unreachable(long nowMs) {
        probeOpen = false;
        successes = 0;
        if (probing.everyMs() > 0) {
            down("it cannot be reached", nowMs);
        }
    }

    private void down(String why, long nowMs) {
        if (state != GatewayState.DOWN) {
            become(GatewayState.DOWN, why, nowMs);
        }
    }

    private void become(GatewayState next, String why, long nowMs) {
        state = next;
        reason = why;
        sinceMs = nowMs;
    }

    /** It is there but wants no more calls for now: 503 (RFC 3261 section 21.5.4). @param retryAfterSeconds 0 for none */
    void rest(int retryAfterSeconds, long nowMs) {
        refusals++;
        long restMs = retryAfterSeconds > 0
                ? 1_000L * Math.min(retryAfterSeconds, RETRY_AFTER_MAX_SECONDS)
                : Math.min(REST_MAX_MS, REST_FIRST_MS << Math.min(refusals - 1, 16));
        restUntilMs = Math.max(restUntilMs, nowMs + restMs);
    }

    /** It took a call, so it is rested. */
    void served() {
        refusals = 0;
    }

    /** Why it takes no call at this moment, or {@link Refusal#NONE}. */
    Refusal refusal(long nowMs) {
        if (state != GatewayState.UP || hops.isEmpty()) {
            return Refusal.NOT_UP;
        }
        if (nowMs < restUntilMs) {
            return Refusal.RESTING;
        }
        if (calls >= config.ports()) {
            return Refusal.PORTS;
        }
        return rate.has(nowMs) ? Refusal.NONE : Refusal.RATE;
    }

    /** When what {@link #refusal} says may be over by the passing of time; {@link Long#MAX_VALUE} when time alone won't do. */
    long retryAtMs(long nowMs) {
        return switch (refusal(nowMs)) {
            case NONE -> nowMs;
            case RESTING -> restUntilMs;
            case RATE -> rate.nextMs(nowMs);
            case NOT_UP, PORTS -> Long.MAX_VALUE;
        };
    }

    void take(long nowMs) {
        rate.take(nowMs);
        calls++;
    }

    void release() {
        if (calls > 0) {
            calls--;
        }
    }

    GatewayState state() {
        return state;
    }

    String reason() {
        return reason;
    }

    TrunkView.GatewayView view(long nowMs) {
        return new TrunkView.GatewayView(
                config.name(),
                config.uri(),
                state,
                reason,
                sinceMs,
                calls,
                config.ports(),
                Math.max(0, restUntilMs == Long.MIN_VALUE ? 0 : restUntilMs - nowMs),
                hops.stream().map(Hop::toString).toList());
    }
}
