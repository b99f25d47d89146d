package releve.media.prompt;

import java.time.Duration;
import releve.media.g711.G711;

/** A recording for customers: mono, 8000 Hz, 16-bit linear, up to {@link #LENGTH_MAX}. */
public final class Prompt {
    /** Longer ones are refused: nobody listens to more, and each one that is being played holds a port. */
    public static final Duration LENGTH_MAX = Duration.ofSeconds(60);

    /** The most bytes that a file of such a recording can have, its header included. */
    public static final int FILE_BYTES_MAX = 2 * G711.SAMPLES_PER_SECOND * 60 + 65_536;

    private final short[] samples;

    Prompt(short[] samples) {
        this.samples = samples;
    }

    /**
     * Reads a WAV file of one channel at 8000 Hz, 16-bit linear, A-law or µ-law.
     *
     * @throws UnreadablePrompt with one sentence when it is anything else, empty, or too long
     */
    public static Prompt read(byte[] wav) throws UnreadablePrompt {
        return new Prompt(WavReader.samples(wav));
    }

    public Duration length() {
        return Duration.ofMillis(samples.length * 1_000L / G711.SAMPLES_PER_SECOND);
    }

    int samples() {
        return samples.length;
    }

    /** The sample at that place; silence behind the end, so that the last packet is as long as the others. */
    short sample(int index) {
        return index < samples.length ? samples[index] : 0;
    }
}
