package releve.media.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import releve.media.g711.G711;

class PromptTest {
    private static final PromptPackets.Start START = new PromptPackets.Start(0x12345678, 0xFFFF, -160);

    @Test
    void shouldCarryEverySampleOfARecordingInPacketsOfTwentyMilliseconds() throws Exception {
        short[] samples = new short[400];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (i * 37);
        }
        PromptPackets packets = new PromptPackets(Prompt.read(WavFiles.linear(samples)), G711.PCMA, START);

        assertThat(packets.count()).isEqualTo(3);
        for (int p = 0; p < 3; p++) {
            ByteBuffer packet = ByteBuffer.wrap(packets.packet(p));
            assertThat(packet.remaining()).isEqualTo(172);
            assertThat(packet.get()).isEqualTo((byte) 0x80);
            assertThat(packet.get()).isEqualTo((byte) (p == 0 ? 0x88 : 0x08));
            assertThat(packet.getShort()).isEqualTo((short) (0xFFFF + p));
            assertThat(packet.getInt()).isEqualTo(160 * (p - 1));
            assertThat(packet.getInt()).isEqualTo(0x12345678);
            for (int i = 0; i < 160; i++) {
                int at = 160 * p + i;
                short expected = at < samples.length ? samples[at] : 0;
                assertThat(packet.get()).as("sample %d", at).isEqualTo(G711.PCMA.encode(expected));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(G711.class)
    void shouldPassCodedRecordingsThroughUnchanged(G711 law) throws Exception {
        byte[] codes = new byte[160];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = law.encode((short) (i * 150 - 12_000));
        }
        Prompt prompt = Prompt.read(WavFiles.file(law == G711.PCMU ? 7 : 6, 1, 8_000, 8, codes));

        byte[] packet = new PromptPackets(prompt, law, START).packet(0);

        assertThat(Arrays.copyOfRange(packet, 12, packet.length)).isEqualTo(codes);
        assertThat(prompt.length()).isEqualTo(Duration.ofMillis(20));
    }

    @Test
    void shouldSayWhatIsWrongWithAFileInOneSentence() {
        assertRefused("nonsense".getBytes(StandardCharsets.US_ASCII), "does not begin as WAV files do");
        assertRefused(WavFiles.file(1, 2, 8_000, 16, new byte[64]), "has 2 channels");
        assertRefused(WavFiles.file(1, 1, 44_100, 16, new byte[64]), "has 44100 samples a second");
        assertRefused(WavFiles.file(85, 1, 8_000, 0, new byte[64]), "has coding 85");
        assertRefused(WavFiles.file(1, 1, 8_000, 16, new byte[0]), "has no sound in it");
        assertRefused(WavFiles.riff(), "has no sound in it");
        assertRefused(WavFiles.riff(WavFiles.chunk("data", new byte[64])), "does not say how its sound is coded");
        assertRefused(WavFiles.linear(new short[60 * 8_000 + 1]), "takes 61 s; up to 60 s can be played.");
    }

    @Test
    void shouldRefuseOrReadWhateverIsInAFile() {
        long seed = 20_261_125;
        SplittableRandom random = new SplittableRandom(seed);
        byte[] sound = WavFiles.linear(new short[300]);
        for (int round = 0; round < 5_000; round++) {
            byte[] file = Arrays.copyOf(sound, random.nextInt(sound.length + 1));
            for (int i = 0; i < 3 && file.length > 0; i++) {
                file[random.nextInt(Math.min(64, file.length))] = (byte) random.nextInt();
            }
            try {
                assertThat(Prompt.read(file).length())
                        .as("seed %d, round %d", seed, round)
                        .isPositive();
            } catch (UnreadablePrompt e) {
                assertThat(e.getMessage()).as("seed %d, round %d", seed, round).endsWith(".");
            }
        }
    }

    private static void assertRefused(byte[] file, String why) {
        assertThatThrownBy(() -> Prompt.read(file))
                .isInstanceOf(UnreadablePrompt.class)
                .hasMessageContaining(why);
    }
}
