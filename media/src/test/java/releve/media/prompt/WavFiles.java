package releve.media.prompt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** WAV files for tests. */
final class WavFiles {
    private WavFiles() {}

    static byte[] linear(short... samples) {
        ByteBuffer data = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        for (short sample : samples) {
            data.putShort(sample);
        }
        return file(1, 1, 8_000, 16, data.array());
    }

    static byte[] file(int coding, int channels, int rate, int bits, byte[] data) {
        ByteBuffer format = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        format.putShort((short) coding).putShort((short) channels).putInt(rate);
        format.putInt(rate * channels * bits / 8)
                .putShort((short) (channels * bits / 8))
                .putShort((short) bits);
        return riff(chunk("fmt ", format.array()), chunk("LIST", new byte[] {1, 2, 3}), chunk("data", data));
    }

    static byte[] riff(byte[]... chunks) {
        ByteBuffer file = ByteBuffer.allocate(1_100_000).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(0)
                .put("WAVE".getBytes(StandardCharsets.ISO_8859_1));
        for (byte[] chunk : chunks) {
            file.put(chunk);
        }
        byte[] bytes = new byte[file.position()];
        file.putInt(4, bytes.length - 8).flip().get(bytes);
        return bytes;
    }

    static byte[] chunk(String name, byte[] content) {
        ByteBuffer chunk =
                ByteBuffer.allocate(8 + content.length + content.length % 2).order(ByteOrder.LITTLE_ENDIAN);
        chunk.put(name.getBytes(StandardCharsets.ISO_8859_1))
                .putInt(content.length)
                .put(content);
        return chunk.array();
    }
}
