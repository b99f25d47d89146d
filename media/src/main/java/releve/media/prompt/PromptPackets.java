package releve.media.prompt;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import releve.media.g711.G711;

/**
 * A prompt as RTP packets (RFC 3550 section 5.1) of 20 ms each. Pure: whoever sends them does so every
 * {@link #INTERVAL}.
 */
public final class PromptPackets {
    /** Between two packets (RFC 3551 section 4.2). */
    public static final Duration INTERVAL = Duration.ofMillis(20);

    private static final int SAMPLES = G711.SAMPLES_PER_SECOND / 50;
    private static final int HEADER_BYTES = 12;
    private static final int VERSION_2 = 0x80;
    private static final int MARKER = 0x80;

    private final Prompt prompt;
    private final G711 law;
    private final Start start;

    /**
     * Where a stream begins; RFC 3550 wants all three at random.
     *
     * @param source the SSRC
     * @param sequence of the first packet; its lower 16 bits count
     * @param timestamp of the first packet
     */
    public record Start(int source, int sequence, int timestamp) {}

    public PromptPackets(Prompt prompt, G711 law, Start start) {
        this.prompt = prompt;
        this.law = law;
        this.start = start;
    }

    /** How many packets there are. */
    public int count() {
        return Math.ceilDiv(prompt.samples(), SAMPLES);
    }

    /**
     * One packet; the first has the marker of a talk spurt's beginning (RFC 3551 section 4.1).
     *
     * @param index from 0
     * @throws IndexOutOfBoundsException when there is none of that index
     */
    public byte[] packet(int index) {
        Objects.checkIndex(index, count());
        ByteBuffer packet = ByteBuffer.allocate(HEADER_BYTES + SAMPLES);
        packet.put((byte) VERSION_2);
        packet.put((byte) (law.payloadType() | (index == 0 ? MARKER : 0)));
        packet.putShort((short) (start.sequence() + index));
        packet.putInt(start.timestamp() + index * SAMPLES);
        packet.putInt(start.source());
        for (int i = 0; i < SAMPLES; i++) {
            packet.put(law.encode(prompt.sample(index * SAMPLES + i)));
        }
        return packet.array();
    }
}
