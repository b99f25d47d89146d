package releve.sip.agent;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import releve.sip.message.Via;

/** Tags, branches and Call-IDs out of the generator that the caller seeded (RFC 3261 section 19.3: 32 bits at least). */
final class Ids {
    /** Five bits each; lower case only, for tags and branches compare without regard to case (RFC 3261 section 7.3.1). */
    private static final byte[] ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789".getBytes(StandardCharsets.ISO_8859_1);

    private static final int BITS = 5;
    /** Sixty of the generator's bits. */
    private static final int DIGITS = 12;

    private final RandomGenerator random;
    private final StringBuilder addressed = new StringBuilder();
    /** Where texts are put together: each call needs several. */
    private final byte[] draft = new byte[Via.MAGIC_COOKIE.length() + 2 * DIGITS];

    Ids(RandomGenerator random) {
        this.random = random;
    }

    String tag() {
        return text(digits(0));
    }

    /** A tag parameter added to an address. */
    String tagged(String address) {
        addressed.setLength(0);
        addressed.append(address).append(";tag=");
        int length = digits(0);
        for (int i = 0; i < length; i++) {
            addressed.append((char) draft[i]);
        }
        return addressed.toString();
    }

    String branch() {
        int length = Via.MAGIC_COOKIE.length();
        for (int i = 0; i < length; i++) {
            draft[i] = (byte) Via.MAGIC_COOKIE.charAt(i);
        }
        return text(digits(length));
    }

    String callId() {
        return text(digits(digits(0)));
    }

    /** Random digits at that place. @return the place after them */
    private int digits(int at) {
        long bits = random.nextLong();
        for (int i = 0; i < DIGITS; i++) {
            draft[at + i] = ALPHABET[(int) (bits >>> (Long.SIZE - BITS))];
            bits <<= BITS;
        }
        return at + DIGITS;
    }

    private String text(int length) {
        return new String(draft, 0, length, StandardCharsets.ISO_8859_1);
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
