package releve.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import releve.sip.transport.StreamFramingTest.Found;

/** RFC 6455 and RFC 7118 on bytes alone. */
class WebSocketFramingTest {
    private final Found found = new Found();
    private final WebSocketFraming server = new WebSocketFraming(null);
    private final WebSocketFraming client = new WebSocketFraming(new SplittableRandom(6455));

    private static byte[] masked(int first, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        if (payload.length < 126) {
            out.write(0x80 | payload.length);
        } else {
            out.write(0x80 | 126);
            out.write(payload.length >> 8);
            out.write(payload.length);
        }
        byte[] mask = {1, 2, 3, 4};
        out.writeBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            out.write(payload[i] ^ mask[i & 3]);
        }
        return out.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void toServer(byte[] bytes) throws FramingException {
        server.arrived(ByteBuffer.wrap(bytes), found);
    }

    @Test
    void shouldCarryMessagesOfEachLengthBothWays() throws Exception {
        for (int length : new int[] {1, 125, 126, 127, 1_000, 65_000, 65_535, 65_536}) {
            String text = "ä".repeat(length / 2) + "x".repeat(length % 2);
            toServer(client.wrap(utf8(text)));
            assertThat(found.messages.removeLast()).isEqualTo(text);
            client.arrived(ByteBuffer.wrap(server.wrap(utf8(text))), found);
            assertThat(found.messages.removeLast()).isEqualTo(text);
        }
        assertThat(server.isIncomplete()).isFalse();
    }

    @Test
    void shouldJoinFragmentsWithControlFramesBetweenThem() throws Exception {
        toServer(masked(0x01, utf8("OPT")));
        assertThat(server.isIncomplete()).isTrue();
        toServer(masked(0x89, utf8("hello")));
        toServer(masked(0x00, utf8("IO")));
        toServer(masked(0x80, utf8("NS")));
        assertThat(found.messages).containsExactly("OPTIONS");
        assertThat(found.replies).containsExactly(new byte[] {(byte) 0x8a, 5, 'h', 'e', 'l', 'l', 'o'});
        assertThat(server.isIncomplete()).isFalse();
    }

    @Test
    void shouldTakePongAndAnswerLineEndsOfSip() throws Exception {
        toServer(masked(0x8a, new byte[0]));
        assertThat(found.pongs).isEqualTo(1);
        toServer(masked(0x81, utf8("\r\n\r\n")));
        assertThat(found.replies).hasSize(1);
        assertThat(found.messages).isEmpty();
    }

    @Test
    void shouldSendTextWhenItIsAndBinaryWhenNot() {
        assertThat(server.wrap(utf8("ä"))[0]).isEqualTo((byte) 0x81);
        assertThat(server.wrap(new byte[] {(byte) 0xff})[0]).isEqualTo((byte) 0x82);
    }

    private void assertRefused(int closeCode, byte[]... frames) {
        assertThatThrownBy(() -> {
                    WebSocketFraming fresh = new WebSocketFraming(null);
                    for (byte[] frame : frames) {
                        fresh.arrived(ByteBuffer.wrap(frame), found);
                    }
                })
                .isInstanceOfSatisfying(
                        FramingException.class, e -> assertThat(e.closeCode()).isEqualTo(closeCode));
    }

    @Test
    void shouldRefuseWhatBreaksTheRules() {
        byte[] text = utf8("x");
        assertRefused(1002, server.wrap(text)); // a client that does not mask
        assertRefused(1002, masked(0xc1, text)); // a reserved bit
        assertRefused(1002, masked(0x83, text)); // an unknown opcode
        assertRefused(1002, masked(0x80, text)); // nothing to continue
        assertRefused(1002, masked(0x01, text), masked(0x81, text)); // a message within another
        assertRefused(1002, masked(0x09, text)); // a fragmented ping
        assertRefused(1002, masked(0x89, new byte[126])); // a long ping
        assertRefused(1009, new byte[] {(byte) 0x82, (byte) 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0});
        assertRefused(1009, masked(0x01, new byte[40_000]), masked(0x80, new byte[40_000]));
        assertRefused(1000, masked(0x88, new byte[] {3, (byte) 0xe8}));
        assertThatThrownBy(() -> client.arrived(ByteBuffer.wrap(masked(0x81, text)), found))
                .hasMessageContaining("server masks");
    }

    @Test
    void shouldNeverFailOtherwiseThanByRefusalWhenFramesAreMutated() {
        long seed = 7_118;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 20_000; round++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int i = 0; i < 4; i++) {
                out.writeBytes(
                        masked(random.nextInt(3) == 0 ? random.nextInt(256) : 0x81, new byte[random.nextInt(200)]));
            }
            byte[] bytes = out.toByteArray();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            WebSocketFraming fresh = new WebSocketFraming(null);
            try {
                for (int at = 0; at < bytes.length; ) {
                    int length = Math.min(1 + random.nextInt(100), bytes.length - at);
                    fresh.arrived(ByteBuffer.wrap(bytes, at, length), found);
                    at += length;
                }
            } catch (FramingException _) {
                // refused, which is one of the two ways out
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + " round " + round, e);
            }
        }
        assertThat(found.messages).isNotEmpty();
    }

    // The handshake

    private static final String REQUEST = "GET /sip HTTP/1.1\r\nHost: x\r\nUpgrade: WebSocket\r\n"
            + "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Sec-WebSocket-Protocol: chat, sip\r\nSec-WebSocket-Version: 13\r\nOrigin: https://a\r\n\r\n";

    private static WebSocketHandshake.Step serve(String request) {
        return WebSocketHandshake.server("https://a"::equals).arrived(utf8(request));
    }

    @Test
    void shouldAgreeOnSipAsTheExampleOfTheRfcHasIt() {
        WebSocketHandshake handshake = WebSocketHandshake.server(_ -> true);
        assertThat(handshake.arrived(utf8(REQUEST.substring(0, 50)))).isInstanceOf(WebSocketHandshake.Step.More.class);
        assertThat(handshake.arrived(utf8(REQUEST.substring(50) + "rest")))
                .isInstanceOfSatisfying(WebSocketHandshake.Step.Done.class, done -> {
                    assertThat(new String(done.answer(), StandardCharsets.US_ASCII))
                            .startsWith("HTTP/1.1 101 ")
                            .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
                            .contains("Sec-WebSocket-Protocol: sip\r\n");
                    assertThat(done.rest()).isEqualTo(utf8("rest"));
                });
    }

    @Test
    void shouldRefuseHandshakeThatIsNoneForSip() {
        for (String[] change : new String[][] {
            {"GET", "POST"},
            {"HTTP/1.1", "HTTP/1.0"},
            {"Upgrade: WebSocket", "Upgrade: h2c"},
            {", Upgrade", ""},
            {"13", "8"},
            {"dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ="},
            {"dGhlIHNhbXBsZSBub25jZQ==", "?"},
            {"chat, sip", "chat"},
            {"https://a", "https://b"},
        }) {
            assertThat(serve(REQUEST.replace(change[0], change[1])))
                    .as(change[0] + " → " + change[1])
                    .isInstanceOf(WebSocketHandshake.Step.Refused.class);
        }
        assertThat(serve("GET / HTTP/1.1\r\n" + "X: y\r\n".repeat(2_000)))
                .isInstanceOf(WebSocketHandshake.Step.Refused.class);
        assertThat(serve(REQUEST)).isInstanceOf(WebSocketHandshake.Step.Done.class);
    }

    @Test
    void shouldRefuseServerThatDoesNotProveToHaveReadTheKey() {
        WebSocketHandshake handshake = WebSocketHandshake.client(new SplittableRandom(1));
        String request = new String(handshake.request("x"), StandardCharsets.US_ASCII);
        WebSocketHandshake.Step.Done done = (WebSocketHandshake.Step.Done)
                WebSocketHandshake.server(_ -> true).arrived(utf8(request));
        String answer = new String(done.answer(), StandardCharsets.US_ASCII);
        assertThat(handshake.arrived(utf8(answer))).isInstanceOf(WebSocketHandshake.Step.Done.class);
        for (String wrong : new String[] {
            answer.replaceFirst("Accept: .", "Accept: !"), answer.replace("101", "200"), answer.replace(": sip", ": x")
        }) {
            WebSocketHandshake again = WebSocketHandshake.client(new SplittableRandom(1));
            assertThat(again.request("x")).isEqualTo(utf8(request));
            assertThat(again.arrived(utf8(wrong))).isInstanceOf(WebSocketHandshake.Step.Refused.class);
        }
    }
}
