package releve.sip.auth;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Nonces that expire and cannot be replayed. A nonce carries the time it was made at and a seal only we can make, so that
 * handing one out takes no memory: asking for nonces by the million fills nothing. What is remembered is the nonce count of
 * those with which somebody has proved to know a secret. When there is no more room the oldest is forgotten, and every nonce
 * made up to then is stale.
 */
final class Nonces {
    private static final HexFormat HEX = HexFormat.of();
    private static final int RANDOM_BYTES = 8;
    private static final int SEAL_BYTES = 16;
    private static final int BYTES = Long.BYTES + RANDOM_BYTES + SEAL_BYTES;

    private final RandomGenerator random;
    private final SecretKeySpec key;
    private final long lifeMs;
    private final int usedMax;
    /** Nonces in use with their last count, in the order in which they were first used. */
    private final Map<String, Used> used = new LinkedHashMap<>();

    private long staleUpToMs = Long.MIN_VALUE;

    private record Used(long madeAtMs, long count) {}

    /** What a nonce is worth. */
    enum Verdict {
        FRESH,
        /** Ours, but too old or its count used before. */
        STALE,
        /** Not made here. */
        FOREIGN
    }

    Nonces(RandomGenerator random, long lifeMs, int usedMax) {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        this.key = new SecretKeySpec(secret, "HmacSHA256");
        this.random = random;
        this.lifeMs = lifeMs;
        this.usedMax = usedMax;
    }

    String make(long nowMs) {
        byte[] unique = new byte[RANDOM_BYTES];
        random.nextBytes(unique);
        ByteBuffer nonce = ByteBuffer.allocate(BYTES).putLong(nowMs).put(unique);
        nonce.put(seal(nonce.array()));
        return HEX.formatHex(nonce.array());
    }

    private byte[] seal(byte[] nonce) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(nonce, 0, Long.BYTES + RANDOM_BYTES);
            return Arrays.copyOf(mac.doFinal(), SEAL_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks HMAC with SHA-256", e);
        }
    }

    /** @param count the nonce count, 1 or more */
    Verdict check(String nonce, long count, long nowMs) {
        if (nonce.length() != 2 * BYTES) {
            return Verdict.FOREIGN;
        }
        byte[] bytes;
        try {
            bytes = HEX.parseHex(nonce);
        } catch (IllegalArgumentException _) {
            return Verdict.FOREIGN;
        }
        if (!MessageDigest.isEqual(seal(bytes), Arrays.copyOfRange(bytes, BYTES - SEAL_BYTES, BYTES))) {
            return Verdict.FOREIGN;
        }
        long madeAtMs = ByteBuffer.wrap(bytes).getLong();
        Used before = used.get(nonce);
        boolean repeated = before != null && count <= before.count();
        // A forgotten nonce might be replayed, so that none of its age is taken any more.
        boolean old = nowMs - madeAtMs > lifeMs || (before == null && madeAtMs <= staleUpToMs);
        return repeated || old ? Verdict.STALE : Verdict.FRESH;
    }

    /** Remembers that a fresh nonce was used with this count. */
    void use(String nonce, long count, long nowMs) {
        long madeAtMs = ByteBuffer.wrap(HEX.parseHex(nonce)).getLong();
        var oldest = used.entrySet().iterator();
        while (oldest.hasNext()) {
            Used entry = oldest.next().getValue();
            boolean expired = nowMs - entry.madeAtMs() > lifeMs;
            if (!expired && used.size() < usedMax) {
                break;
            }
            if (!expired) {
                staleUpToMs = Math.max(staleUpToMs, entry.madeAtMs());
            }
            oldest.remove();
        }
        used.put(nonce, new Used(madeAtMs, count));
    }

    int used() {
        return used.size();
    }
}
