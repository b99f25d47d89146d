package releve.media.g711;

/**
 * The two laws of ITU-T G.711, between 16-bit linear samples and 8-bit codes at 8000 Hz.
 *
 * <p>Each code has a sign, a segment of 3 bits (the magnitude's power of two) and a step of 4 bits within it. On the wire
 * µ-law is inverted and A-law has every other bit inverted, so that silence carries transitions.
 */
public enum G711 {
    /** µ-law, RTP payload type 0 (RFC 3551, table 4). */
    PCMU(0) {
        @Override
        public byte encode(short sample) {
            int magnitude = Math.min(Math.abs((int) sample), MU_CLIP) + MU_BIAS;
            int segment = segment(magnitude);
            int step = (magnitude >> (segment + 3)) & STEP_MASK;
            int sign = sample < 0 ? SIGN : 0;
            return (byte) ~(sign | (segment << 4) | step);
        }

        @Override
        public short decode(byte code) {
            int bits = ~code;
            int magnitude = ((((bits & STEP_MASK) << 3) + MU_BIAS) << ((bits >> 4) & 7)) - MU_BIAS;
            return (short) ((bits & SIGN) != 0 ? -magnitude : magnitude);
        }
    },

    /** A-law, RTP payload type 8. */
    PCMA(8) {
        @Override
        public byte encode(short sample) {
            int magnitude = sample < 0 ? ~sample : sample;
            int segment = magnitude < FIRST_SEGMENT ? 0 : segment(magnitude);
            int step = (magnitude >> (Math.max(segment, 1) + 3)) & STEP_MASK;
            int sign = sample < 0 ? 0 : SIGN;
            return (byte) ((sign | (segment << 4) | step) ^ A_ALTERNATION);
        }

        @Override
        public short decode(byte code) {
            int bits = code ^ A_ALTERNATION;
            int segment = (bits >> 4) & 7;
            int step = ((bits & STEP_MASK) << 4) + HALF_STEP;
            int magnitude = segment == 0 ? step : (step + FIRST_SEGMENT) << (segment - 1);
            return (short) ((bits & SIGN) != 0 ? magnitude : -magnitude);
        }
    };

    /** Samples in a second, of either law. */
    public static final int SAMPLES_PER_SECOND = 8_000;

    private static final int SIGN = 0x80;
    private static final int STEP_MASK = 0x0F;
    private static final int MU_BIAS = 132;
    private static final int MU_CLIP = 32_635;
    private static final int A_ALTERNATION = 0x55;
    private static final int FIRST_SEGMENT = 256;
    private static final int HALF_STEP = 8;

    private final int payloadType;

    G711(int payloadType) {
        this.payloadType = payloadType;
    }

    /** Its static RTP payload type. */
    public int payloadType() {
        return payloadType;
    }

    /** The code of a 16-bit linear sample. */
    public abstract byte encode(short sample);

    /** The 16-bit linear sample of a code. */
    public abstract short decode(byte code);

    /** The power of two, counted from the first segment's. */
    private static int segment(int magnitude) {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(magnitude) - 7;
    }
}
