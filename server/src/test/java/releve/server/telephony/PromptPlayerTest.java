package releve.server.telephony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import releve.media.g711.G711;
import releve.media.prompt.Prompt;
import releve.media.prompt.UnreadablePrompt;
import releve.sip.sdp.Sdp;

class PromptPlayerTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    private Path directory;

    private RtpSink sink;
    private PromptPlayer player;
    private DatagramSocket customer;

    @BeforeEach
    void open() throws Exception {
        sink = RtpSink.open(LOOPBACK);
        player = new PromptPlayer(sink, new SplittableRandom(1));
        customer = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
        customer.setSoTimeout(20_000);
    }

    @AfterEach
    void close() {
        player.close();
        sink.close();
        customer.close();
    }

    @Test
    void shouldSendAWholeRecordingToWhereTheCustomerWantsIt() throws Exception {
        CountDownLatch played = new CountDownLatch(1);
        Prompt prompt = new Prompts(recording("sorry.wav", 800)).prompt("sorry.wav");

        assertThat(player.play(prompt, sdp(customer.getLocalPort()), played::countDown))
                .isPresent();

        short sequence = 0;
        for (int p = 0; p < 5; p++) {
            DatagramPacket packet = new DatagramPacket(new byte[500], 500);
            customer.receive(packet);
            ByteBuffer rtp = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
            assertThat(packet.getPort()).isEqualTo(sink.port());
            assertThat(rtp.remaining()).isEqualTo(172);
            assertThat(rtp.get(1) & 0x7F).isEqualTo(G711.PCMU.payloadType());
            sequence = p == 0 ? rtp.getShort(2) : sequence;
            assertThat(rtp.getShort(2)).isEqualTo((short) (sequence + p));
            assertThat(G711.PCMU.decode(rtp.get(12))).isCloseTo((short) 1_000, within((short) 40));
        }
        assertThat(played.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldPlayNothingToWhoTakesNoAudioOfOurs() throws Exception {
        Prompt prompt = new Prompts(recording("sorry.wav", 800)).prompt("sorry.wav");
        assertThat(player.play(prompt, "nonsense", () -> {})).isEmpty();
        assertThat(player.play(prompt, sdp(0), () -> {})).isEmpty();
        assertThat(player.play(prompt, sdp(4_000).replace("RTP/AVP 0 8 101", "RTP/AVP 18 101"), () -> {}))
                .isEmpty();
    }

    @Test
    void shouldPlayNoMoreThanItsLimitAtOnce() throws Exception {
        Prompt prompt = new Prompts(recording("long.wav", 80_000)).prompt("long.wav");
        String nowhere = sdp(customer.getLocalPort());
        for (int i = 0; i < PromptPlayer.PLAYS_MAX; i++) {
            assertThat(player.play(prompt, nowhere, () -> {})).isPresent();
        }
        assertThat(player.play(prompt, nowhere, () -> {})).isEmpty();
    }

    @Test
    void shouldNameTheFileThatCannotBePlayed() throws Exception {
        Files.writeString(directory.resolve("text.wav"), "no sound");
        Prompts prompts = new Prompts(directory);
        assertThatThrownBy(() -> prompts.prompt("text.wav"))
                .isInstanceOf(UnreadablePrompt.class)
                .hasMessageContaining("text.wav cannot be used: The file does not begin as WAV files do");
        assertThatThrownBy(() -> prompts.prompt("absent.wav")).hasMessageContaining("There is no recording");
        assertThatThrownBy(() -> prompts.prompt("../secret.wav")).hasMessageContaining("is no name of a recording");
    }

    private Path recording(String name, int samples) throws Exception {
        Files.write(directory.resolve(name), WavSamples.constant(samples, (short) 1_000));
        return directory;
    }

    private static String sdp(int port) {
        return Sdp.audio(LOOPBACK.getHostAddress(), port, 1).toString();
    }
}
