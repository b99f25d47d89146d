package releve.sip.agent;

import java.util.HexFormat;
import java.util.random.RandomGenerator;
import releve.sip.message.Via;

/** Tags, branches and Call-IDs out of the generator that the caller seeded (RFC 3261 section 19.3: 32 bits at least). */
final class Ids {
    private static final HexFormat HEX = HexFormat.of();

    private final RandomGenerator random;

    Ids(RandomGenerator random) {
        this.random = random;
    }

    String tag() {
        return HEX.toHexDigits(random.nextLong());
    }

    String branch() {
        return Via.MAGIC_COOKIE + HEX.toHexDigits(random.nextLong());
    }

    String callId() {
        return HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextLong());
    }

    /** The wait after 491 (RFC 3261 section 14.1), in units of 10 ms. */
    long glareWaitMs(boolean callIdOurs) {
        return callIdOurs ? 2_100 + 10L * random.nextInt(191) : 10L * random.nextInt(201);
    }

    /** One below the first RSeq of an INVITE: 1 to 2^31-1 is free to choose (RFC 3262 section 3). */
    long firstRSeq() {
        return random.nextInt(1 << 30);
    }

    /** Retry-After of a re-INVITE that comes while another is open (section 14.2): 0 to 10 s. */
    int overlapSeconds() {
        return random.nextInt(11);
    }

    /** A number from 0 to below the bound, for waits that must not be everybody's. */
    long below(long bound) {
        return random.nextLong(bound);
    }
}
