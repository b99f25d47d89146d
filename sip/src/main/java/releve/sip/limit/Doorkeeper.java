package releve.sip.limit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who is listened to: known peers always, strangers within {@link StrangerLimit}. An IPv6 source is its /64, since whoever
 * has one address has them all.
 *
 * <p>Memory is bounded. A source whose bucket has filled up again is forgotten without loss; when so many sources are active
 * that none can be forgotten, new ones share one bucket, so that a flood of forged addresses does not push others out.
 */
public final class Doorkeeper {
    private static final int IPV6_SOURCE_BYTES = 8;

    private final Predicate<InetAddress> known;
    private final StrangerLimit limit;
    private final Map<Source, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true);
    private @Nullable TokenBucket shared;

    /** What becomes of a message, by its source. */
    public enum Verdict {
        ADMITTED,
        /** From a stranger, and strangers are not listened to. */
        UNKNOWN,
        /** From a stranger that sends too much. */
        TOO_MANY
    }

    private record Source(long high, int low) {
        static Source of(InetAddress address) {
            byte[] bytes = address.getAddress();
            if (address instanceof Inet6Address) {
                bytes = Arrays.copyOf(bytes, IPV6_SOURCE_BYTES);
            }
            long value = 0;
            for (byte b : bytes) {
                value = value << 8 | b & 0xff;
            }
            return new Source(value, bytes.length);
        }
    }

    public Doorkeeper(Predicate<InetAddress> known, StrangerLimit limit) {
        this.known = known;
        this.limit = limit;
    }

    /** Judges one message. */
    public Verdict admit(InetAddress source, long nowMs) {
        if (known.test(source)) {
            return Verdict.ADMITTED;
        }
        if (limit.perSecond() == 0) {
            return Verdict.UNKNOWN;
        }
        return bucket(Source.of(source), nowMs).take(nowMs) ? Verdict.ADMITTED : Verdict.TOO_MANY;
    }

    private TokenBucket bucket(Source source, long nowMs) {
        TokenBucket bucket = buckets.get(source);
        if (bucket != null) {
            return bucket;
        }
        if (buckets.size() >= limit.sourcesMax() && !forgetOldest(nowMs)) {
            if (shared == null) {
                shared = fresh(nowMs);
            }
            return shared;
        }
        TokenBucket made = fresh(nowMs);
        buckets.put(source, made);
        return made;
    }

    private TokenBucket fresh(long nowMs) {
        return new TokenBucket(limit.perSecond(), limit.burst(), nowMs);
    }

    private boolean forgetOldest(long nowMs) {
        var oldest = buckets.values().iterator();
        if (!oldest.next().isFull(nowMs)) {
            return false;
        }
        oldest.remove();
        return true;
    }

    /** Strangers told apart at present. */
    public int sources() {
        return buckets.size();
    }
}
