package releve.sip.trunk;

import java.util.List;
import releve.sip.limit.TokenBucket;
import releve.sip.transaction.Hop;

/** One gateway's life: its state, its limits, and the rest it has asked for. */
final class Gateway {
    /** The first rest for 503 without Retry-After, ms; doubled for each further one in a row. */
    static final long REST_FIRST_MS = 1_000;

    /** The longest rest without Retry-After, ms. */
    static final long REST_MAX_MS = 60_000;

    /** The longest Retry-After that is honoured, s: a mistyped one must not take a gateway away for good. */
    static final int RETRY_AFTER_MAX_SECONDS = 3_600;

    /**
     * What a 503 without Retry-After counts, and what it takes off it to serve a call. RFC 3261 section 21.5.4 has such a 503
     * mean no more than 500: that this one call failed. Only a gateway that refuses far more than one call in six is too busy.
     */
    static final int CONGESTION_STEP = 6;

    /** Beyond this congestion the gateway rests: with the third 503 of a gateway that serves well. */
    static final int CONGESTION_MAX = 2 * CONGESTION_STEP;

    /** So many 403 in a row from a gateway that had served calls mean us, not the numbers. */
    static final int DENIALS_MAX = 3;

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
    private int congestion;
    private long restSinceMs;
    private String restReason = "";
    /** Whether it has served a call since it last denied us. */
    private boolean proven;

    private int denials;
    private int calls;
    private long second = Long.MIN_VALUE;
    private int startedThisSecond;
    private int startedLastSecond;
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
        failures++;
        if (probing.everyMs() == 0) {
            rest(0, why, nowMs);
        } else if (failures >= probing.downAfter()) {
            down(why, nowMs);
        }
    }

    /** The network says that nobody is there. */
    void unreachable(long nowMs) {
        probeOpen = false;
        successes = 0;
        if (probing.everyMs() == 0) {
            // Nothing would tell that it is back.
            rest(0, "it cannot be reached", nowMs);
        } else {
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

    /** It is there but wants no more calls for now. @param retryAfterSeconds 0 for none */
    void overloaded(int retryAfterSeconds, long nowMs) {
        rest(retryAfterSeconds, "it answered 503 and is left in peace", nowMs);
    }

    /**
     * It answered a call 503. Without Retry-After that is the call's misfortune, unless it does so too often or has never served.
     *
     * @param retryAfterSeconds 0 for none
     */
    void refused(int retryAfterSeconds, long nowMs) {
        boolean wantsRest = retryAfterSeconds > 0;
        if (!wantsRest) {
            congestion = Math.min(congestion + CONGESTION_STEP, CONGESTION_MAX + CONGESTION_STEP);
        }
        if (wantsRest || !proven || congestion > CONGESTION_MAX) {
            overloaded(retryAfterSeconds, nowMs);
        }
    }

    private void rest(int retryAfterSeconds, String why, long nowMs) {
        refusals++;
        long restMs = retryAfterSeconds > 0
                ? 1_000L * Math.min(retryAfterSeconds, RETRY_AFTER_MAX_SECONDS)
                : Math.min(REST_MAX_MS, REST_FIRST_MS << Math.min(refusals - 1, 16));
        if (nowMs >= restUntilMs) {
            restSinceMs = nowMs;
        }
        restReason = why;
        restUntilMs = Math.max(restUntilMs, nowMs + restMs);
    }

    /** It does not take calls from us. A single 403 of a gateway that serves is the number's; see {@link #DENIALS_MAX}. */
    void denied(boolean surely, String why, long nowMs) {
        denials++;
        if (surely || denials >= DENIALS_MAX) {
            proven = false;
        }
        if (isDenying()) {
            rest(0, "it refuses our calls: " + why, nowMs);
        }
    }

    /** Whether its refusals are about us: then it gets one call at a time, to see whether it still refuses. */
    boolean isDenying() {
        return denials > 0 && !proven;
    }

    /** It took a call, so it is rested. */
    void served() {
        refusals = 0;
        congestion = Math.max(0, congestion - 1);
        denials = 0;
        proven = true;
    }

    /** Why it takes no call at this moment, or {@link Refusal#NONE}. */
    Refusal refusal(long nowMs) {
        if (state != GatewayState.UP || hops.isEmpty()) {
            return Refusal.NOT_UP;
        }
        if (nowMs < restUntilMs || (isDenying() && calls > 0)) {
            return Refusal.RESTING;
        }
        if (calls >= config.ports()) {
            return Refusal.PORTS;
        }
        return rate.has(nowMs) ? Refusal.NONE : Refusal.RATE;
    }

    /** Whether calls may be planned for it, as far as its answers go: ports and rate do not matter. */
    TrunkStanding standing(long nowMs) {
        if (state != GatewayState.UP) {
            return new TrunkStanding.Down(reason);
        }
        if (hops.isEmpty()) {
            return new TrunkStanding.Down("it has not been found yet");
        }
        boolean resting = nowMs < restUntilMs;
        if (isDenying() && (resting || calls > 0)) {
            return new TrunkStanding.Down(restReason);
        }
        return resting ? new TrunkStanding.Resting(restUntilMs, restReason) : new TrunkStanding.Usable();
    }

    /** When what {@link #refusal} says may be over by the passing of time; {@link Long#MAX_VALUE} when time alone won't do. */
    long retryAtMs(long nowMs) {
        return switch (refusal(nowMs)) {
            case NONE -> nowMs;
            case RESTING -> nowMs < restUntilMs ? restUntilMs : Long.MAX_VALUE;
            case RATE -> rate.nextMs(nowMs);
            case NOT_UP, PORTS -> Long.MAX_VALUE;
        };
    }

    /** When its rest ends, or {@link Long#MAX_VALUE} while it has none. */
    long restEndsMs(long nowMs) {
        return nowMs < restUntilMs ? restUntilMs : Long.MAX_VALUE;
    }

    void take(long nowMs) {
        rate.take(nowMs);
        calls++;
        turnSecond(nowMs);
        startedThisSecond++;
    }

    private void turnSecond(long nowMs) {
        long now = Math.floorDiv(nowMs, 1_000L);
        if (now != second) {
            startedLastSecond = now == second + 1 ? startedThisSecond : 0;
            startedThisSecond = 0;
            second = now;
        }
    }

    void release() {
        if (calls > 0) {
            calls--;
        }
    }

    TrunkView.GatewayView view(long nowMs) {
        turnSecond(nowMs);
        boolean resting = nowMs < restUntilMs || isDenying();
        boolean tellsRest = state == GatewayState.UP && resting;
        return new TrunkView.GatewayView(
                config.name(),
                config.uri(),
                state,
                standing(nowMs) instanceof TrunkStanding.Usable,
                tellsRest ? restReason : reason,
                tellsRest ? restSinceMs : sinceMs,
                calls,
                config.ports(),
                startedLastSecond,
                config.callsPerSecond(),
                nowMs < restUntilMs ? restUntilMs - nowMs : 0,
                hops.stream().map(Hop::toString).toList());
    }
}
