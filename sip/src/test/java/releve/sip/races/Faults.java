package releve.sip.races;

import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a network does wrong, drawn from the seed.
 *
 * @param loss share of datagrams lost, 0 to 0.06: so few that a message whose every copy is lost shows a fault of its
 *     sender, not of the network (eleven copies: once in two thousand million)
 * @param doubling share of datagrams that come twice
 * @param delaySpreadMs how much later than the minimum a datagram may come; what was sent later may overtake it
 * @param deaf a host that is cut off for a while, or null
 */
record Faults(
        double loss,
        double doubling,
        int delayMinMs,
        int delaySpreadMs,
        @Nullable InetSocketAddress deaf,
        long deafFromMs,
        long deafUntilMs) {

    /** @param cut whether a host is cut off, for 5 to 45 s: longer than any transaction lives, or shorter */
    static Faults draw(SplittableRandom random, boolean cut) {
        long from = random.nextInt(5_000);
        return new Faults(
                0.06 * random.nextDouble(),
                0.15 * random.nextDouble(),
                1 + random.nextInt(40),
                random.nextInt(4) == 0 ? 0 : random.nextInt(300),
                cut ? Network.address(1 + random.nextInt(Party.COUNT)) : null,
                from,
                from + 5_000 + random.nextInt(40_000));
    }

    /** Whether a host is cut off at all, so that time-outs are nobody's fault. */
    boolean cut() {
        return deaf != null;
    }

    boolean blackout(InetSocketAddress host, long nowMs) {
        return host.equals(deaf) && nowMs >= deafFromMs && nowMs < deafUntilMs;
    }
}
