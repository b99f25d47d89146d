package releve.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import releve.core.call.CallEvent;
import releve.core.pacing.CallRate;

/** When the trunk takes the next call: whether it answers, what pause it asked for, how many calls a second. */
final class Trunk {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(60);

    private final CallRate rate;
    private @Nullable String down = "the trunk has not been probed yet";
    private Instant pausedUntil = Instant.MIN;
    private @Nullable Instant rateFreeAt;

    Trunk(double callsPerSecond, Instant now) {
        this.rate = new CallRate(callsPerSecond, now);
    }

    void up() {
        down = null;
    }

    void down(String reason) {
        down = reason;
    }

    /** Why nothing can be dialed before the next probe; empty when the trunk answers. */
    String downReason() {
        return down == null ? "" : down;
    }

    boolean paused(Instant now) {
        return now.isBefore(pausedUntil);
    }

    /** RFC 3261 21.5.4: a 503 asks for a pause, of as long as Retry-After says. A later one never shortens it. */
    void heard(CallEvent.Failed failed, Instant now) {
        if (failed.status() != 503 || !failed.heard()) {
            return;
        }
        Duration asked = failed.retryAfterSeconds() > 0 ? Duration.ofSeconds(failed.retryAfterSeconds()) : PAUSE;
        Instant until = now.plus(asked.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : asked);
        if (until.isAfter(pausedUntil)) {
            pausedUntil = until;
        }
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
