package releve.media.prompt;

import java.time.Duration;
import releve.media.g711.G711;

/** A recording for customers: mono, 8000 Hz, 16-bit linear, up to {@link #LENGTH_MAX}. */
public final class Prompt {
    /** Longer ones are refused: nobody listens to more, and each one that is being played holds a port. */
    public static final Duration LENGTH_MAX = Duration.ofSeconds(60);

    /** The most bytes that a file of such a recording can have, its header included. */
    public static final int FILE_BYTES_MAX = 2 * G711.SAMPLES_PER_SECOND * 60 + 65_536;

    private static final int TONE_AMPLITUDE = Short.MAX_VALUE / 4;

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

    /**
     * A tone in bursts, at a quarter of full scale.
     *
     * @param hertz 1 to 4000
     * @param on of each burst
     * @param off between bursts
     * @param length of the whole
     */
    public static Prompt tone(int hertz, Duration on, Duration off, Duration length) {
        int cycle = samplesIn(on.plus(off));
        int burst = samplesIn(on);
        short[] samples = new short[samplesIn(length)];
        for (int i = 0; i < samples.length; i++) {
            double phase = 2 * Math.PI * hertz * i / G711.SAMPLES_PER_SECOND;
            samples[i] = i % cycle < burst ? (short) Math.round(TONE_AMPLITUDE * Math.sin(phase)) : 0;
        }
        return new Prompt(samples);
    }

    private static int samplesIn(Duration time) {
        return Math.toIntExact(time.toMillis() * G711.SAMPLES_PER_SECOND / 1_000);
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
