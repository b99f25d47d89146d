package releve.core.pair;

import java.time.Duration;
import java.util.Optional;
import releve.core.common.Side;

/** Judges from its heartbeat whether the other side could take over now; an unknown peer counts as unable. */
public final class PeerHealth {
    /** A heartbeat comes every 500 ms; after this long without one the side counts as gone. */
    public static final Duration SILENT_MAX = Duration.ofSeconds(2);

    private PeerHealth() {}

    /** The other side's heartbeat as read. */
    public record Heartbeat(
            String instance, String version, String phase, boolean ready, String notReadyReason, Duration age) {}

    public static Peer judge(Side side, Optional<Heartbeat> heartbeat, String ownVersion) {
        return judge("side " + side, heartbeat, ownVersion);
    }

    /** @param who whose heartbeat it is, as sentences about it begin */
    public static Peer judge(String who, Optional<Heartbeat> heartbeat, String ownVersion) {
        return heartbeat
                .<Peer>map(beat -> judge(who, beat, ownVersion))
                .orElseGet(() -> new Peer.Unfit(who + " is not running"));
    }

    private static Peer judge(String who, Heartbeat beat, String ownVersion) {
        if (beat.age().compareTo(SILENT_MAX) > 0) {
            return new Peer.Unfit("%s has not been heard of for %d s"
                    .formatted(who, beat.age().toSeconds()));
        }
        if (!compatible(beat.version(), ownVersion)) {
            return new Peer.Unfit(
                    "%s runs version %s, which cannot take over from %s".formatted(who, beat.version(), ownVersion));
        }
        return switch (beat.phase()) {
            case "standby" ->
                beat.ready()
                        ? new Peer.Healthy(beat.instance())
                        : new Peer.Unfit(who + " is not ready: " + beat.notReadyReason());
            case "active" -> new Peer.Unfit(who + " says that it is active itself");
            default -> new Peer.Unfit(who + " is in maintenance itself (" + beat.phase() + ")");
        };
    }

    /** Versions of one major number, or of 0.x one minor number, and their neighbours work side by side. */
    public static boolean compatible(String one, String other) {
        int[] a = numbers(one);
        int[] b = numbers(other);
        return a[0] == b[0] && Math.abs(a[1] - b[1]) <= 1;
    }

    private static int[] numbers(String version) {
        String[] parts = version.split("[.-]", -1);
        try {
            return new int[] {Integer.parseInt(parts[0]), parts.length > 1 ? Integer.parseInt(parts[1]) : 0};
        } catch (NumberFormatException e) {
            return new int[] {-1, 0};
        }
    }
}
