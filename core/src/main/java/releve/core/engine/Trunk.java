package releve.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import releve.core.pacing.CallRate;

/** When the trunk takes the next call: whether it answers, what pause it needs, how many calls a second. */
final class Trunk {
    /** Whoever asked for a pause may never take it back. */
    private static final Duration PAUSE_MAX = Duration.ofHours(1);

    private final CallRate rate;
    private @Nullable String down = "the trunk has not been probed yet";
    private String pauseReason = "";
    private Instant pausedUntil = Instant.MIN;
    private @Nullable Instant rateFreeAt;

    Trunk(double callsPerSecond, Instant now) {
        this.rate = new CallRate(callsPerSecond, now);
    }

    void up() {
        down = null;
        pausedUntil = Instant.MIN;
    }

    void down(String reason) {
        down = reason;
    }

    /** Why nothing can be dialed before the next probe; empty when the trunk answers. */
    String downReason() {
        return down == null ? "" : down;
    }

    /** Nothing starts for a while; who is reserved stays reserved. */
    void pause(Duration pause, String reason, Instant now) {
        down = null;
        pauseReason = reason;
        pausedUntil = now.plus(pause.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause);
    }

    boolean paused(Instant now) {
        return now.isBefore(pausedUntil);
    }

    String pauseReason() {
        return pauseReason;
    }

    /** Only so much of the rate is this side's, 0 to 1. */
    void share(double share, Instant now) {
        rate.share(share, now);
    }

    /** Others may have used the rate until then. */
    void spent(Instant until) {
        rate.spent(until);
    }

    /** Takes leave to start one call, if there is. */
    boolean take(Instant now) {
        boolean taken = rate.take(now);
        rateFreeAt = taken ? null : rate.nextAt(now);
        return taken;
    }

    /** Nothing waits for the rate any more. */
    void nobodyWaits() {
        rateFreeAt = null;
    }

    /** When something that it holds back may go on. */
    Optional<Instant> nextDeadline(Instant now) {
        return Stream.of(Optional.of(pausedUntil), Optional.ofNullable(rateFreeAt))
                .flatMap(Optional::stream)
                .filter(at -> at.isAfter(now))
                .min(Instant::compareTo);
    }
}
