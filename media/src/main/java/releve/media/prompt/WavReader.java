package releve.media.prompt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import releve.media.g711.G711;

/** Reads the RIFF form of WAV files: chunks of a four-letter name, a length in 32 bits, and content padded to even length. */
final class WavReader {
    private static final int LINEAR = 1;
    private static final int A_LAW = 6;
    private static final int MU_LAW = 7;
    private static final String WANTED =
            "; a prompt is a WAV file of one channel at 8000 Hz, 16-bit linear, A-law or µ-law.";

    private WavReader() {}

    /** What a file's {@code fmt} chunk says. */
    private record Format(int coding, int channels, int rate, int bits) {
        void check() throws UnreadablePrompt {
            if (channels != 1) {
                throw new UnreadablePrompt("The file has " + channels + " channels" + WANTED);
            }
            if (rate != G711.SAMPLES_PER_SECOND) {
                throw new UnreadablePrompt("The file has " + rate + " samples a second" + WANTED);
            }
            boolean known = switch (coding) {
                case LINEAR -> bits == 16;
                case A_LAW, MU_LAW -> bits == 8;
                default -> false;
            };
            if (!known) {
                throw new UnreadablePrompt(
                        "The file has coding %d with %d bits a sample".formatted(coding, bits) + WANTED);
            }
        }
    }

    static short[] samples(byte[] wav) throws UnreadablePrompt {
        ByteBuffer in = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
        if (wav.length < 12 || !name(in).equals("RIFF") || in.getInt() == 0 || !name(in).equals("WAVE")) {
            throw new UnreadablePrompt("The file does not begin as WAV files do" + WANTED);
        }
        Format format = null;
        while (in.remaining() >= 8) {
            String name = name(in);
            long length = Integer.toUnsignedLong(in.getInt());
            if (length > in.remaining()) {
                throw new UnreadablePrompt("The file is cut off in its part '" + name.strip() + "'; copy it again.");
            }
            ByteBuffer content = in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
            in.position((int) Math.min(in.limit(), in.position() + length + (length & 1)));
            if (name.equals("fmt ")) {
                format = format(content);
                format.check();
            } else if (name.equals("data")) {
                if (format == null) {
                    throw new UnreadablePrompt("The file does not say how its sound is coded" + WANTED);
                }
                return decoded(format, content);
            }
        }
        throw new UnreadablePrompt("The file has no sound in it" + WANTED);
    }

    private static Format format(ByteBuffer content) throws UnreadablePrompt {
        if (content.remaining() < 16) {
            throw new UnreadablePrompt("The file does not say how its sound is coded" + WANTED);
        }
        return new Format(
                Short.toUnsignedInt(content.getShort(0)),
                Short.toUnsignedInt(content.getShort(2)),
                content.getInt(4),
                Short.toUnsignedInt(content.getShort(14)));
    }

    private static short[] decoded(Format format, ByteBuffer content) throws UnreadablePrompt {
        int count = content.remaining() / (format.bits() / 8);
        if (count == 0) {
            throw new UnreadablePrompt("The file has no sound in it" + WANTED);
        }
        if (count > Prompt.LENGTH_MAX.toSeconds() * G711.SAMPLES_PER_SECOND) {
            throw new UnreadablePrompt("The recording takes %d s; up to %d s can be played."
                    .formatted(Math.ceilDiv(count, G711.SAMPLES_PER_SECOND), Prompt.LENGTH_MAX.toSeconds()));
        }
        short[] samples = new short[count];
        for (int i = 0; i < count; i++) {
            samples[i] = switch (format.coding()) {
                case A_LAW -> G711.PCMA.decode(content.get(i));
                case MU_LAW -> G711.PCMU.decode(content.get(i));
                default -> content.getShort(2 * i);
            };
        }
        return samples;
    }

    private static String name(ByteBuffer in) {
        byte[] letters = new byte[4];
        in.get(letters);
        return new String(letters, StandardCharsets.ISO_8859_1);
    }
}
