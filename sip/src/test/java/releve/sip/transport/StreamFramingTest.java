package releve.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** RFC 3261 section 18.3 and RFC 5626 section 4.4.1 on bytes alone. */
class StreamFramingTest {
    private static final String OPTIONS = "OPTIONS sip:b@x SIP/2.0\r\nVia: SIP/2.0/TCP x;branch=z9hG4bK1\r\n";

    private final Found found = new Found();
    private final StreamFraming framing = new StreamFraming();

    /** What a framing found. */
    static final class Found implements Framing.Sink {
        final List<String> messages = new ArrayList<>();
        final List<byte[]> replies = new ArrayList<>();
        boolean awaitsPong;
        int pongs;
        int pings;

        @Override
        public void message(byte[] bytes, int offset, int length) {
            messages.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
        }

        @Override
        public void reply(byte[] bytes) {
            replies.add(bytes);
        }

        @Override
        public boolean awaitsPong() {
            return awaitsPong;
        }

        @Override
        public void pong() {
            awaitsPong = false;
            pongs++;
        }

        @Override
        public void pinged() {
            pings++;
        }
    }

    private void feed(String text) throws FramingException {
        framing.arrived(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), found);
    }

    private static String message(String lengthField, String body) {
        return OPTIONS + lengthField + "\r\n\r\n" + body;
    }

    @Test
    void shouldCutMessagesWhereverTheStreamIsSplit() throws Exception {
        String one = message("Content-Length: 5", "a\r\n\r\nb".substring(0, 5));
        String two = message("l:0", "");
        String three = message("cOnTeNt-LeNgTh \t: 3 ", "xyz");
        String all = one + "\r\n" + two + three;
        for (int at = 0; at <= all.length(); at++) {
            StreamFraming fresh = new StreamFraming();
            Found here = new Found();
            fresh.arrived(ByteBuffer.wrap(all.substring(0, at).getBytes(StandardCharsets.UTF_8)), here);
            fresh.arrived(ByteBuffer.wrap(all.substring(at).getBytes(StandardCharsets.UTF_8)), here);
            assertThat(here.messages).as("split at %s", at).containsExactly(one, two, three);
            assertThat(fresh.isIncomplete()).isFalse();
        }
        for (byte b : all.getBytes(StandardCharsets.UTF_8)) {
            framing.arrived(ByteBuffer.wrap(new byte[] {b}), found);
        }
        assertThat(found.messages).containsExactly(one, two, three);
    }

    @Test
    void shouldAnswerTwoLineEndsWithOneEvenWhenTheyComeApart() throws Exception {
        feed("\r\n\r\n");
        assertThat(found.replies).containsExactly(new byte[] {'\r', '\n'});
        feed("\r\n");
        assertThat(found.replies).hasSize(1);
        feed("\r\n");
        assertThat(found.replies).hasSize(2);
        assertThat(found.pings).isEqualTo(2);
        feed("\r\n" + message("l: 0", "") + "\r\n");
        assertThat(found.replies).hasSize(2);
    }

    @Test
    void shouldTakeOneLineEndForThePongWhenOneIsAwaited() throws Exception {
        found.awaitsPong = true;
        feed("\r\n");
        assertThat(found.pongs).isEqualTo(1);
        assertThat(found.replies).isEmpty();
        feed("\r\n\r\n");
        assertThat(found.replies).hasSize(1);
    }

    @Test
    void shouldSayThatMessageIsIncompleteWhileItIs() throws Exception {
        feed("OPT");
        assertThat(framing.isIncomplete()).isTrue();
        feed(message("l: 2", "").substring(3));
        assertThat(framing.isIncomplete()).isTrue();
        feed("ab");
        assertThat(framing.isIncomplete()).isFalse();
    }

    @Test
    void shouldRefuseStreamWhenLengthIsMissingDoubleWrongOrTooLarge() {
        assertThatThrownBy(() -> feed(message("Subject: x", ""))).hasMessageContaining("missing");
        for (String field :
                List.of("l: 1\r\nContent-Length: 1", "l: -1", "l: x", "l:", "l: 1 1", "l: 16385", "l: 99999999999"))
            assertThatThrownBy(() -> new StreamFraming()
                            .arrived(ByteBuffer.wrap(message(field, "").getBytes(StandardCharsets.UTF_8)), new Found()))
                    .as(field)
                    .isInstanceOf(FramingException.class);
    }

    @Test
    void shouldRefuseStreamWhenHeaderSectionDoesNotEnd() {
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        feed("X".repeat(1_000));
                    }
                })
                .isInstanceOf(FramingException.class)
                .hasMessageContaining("too long");
    }

    /** Whatever comes: a message, a refusal, or waiting for more, with memory bounded. */
    @Test
    void shouldNeverFailOtherwiseThanByRefusalWhenStreamIsMutated() {
        long seed = 18_003;
        SplittableRandom random = new SplittableRandom(seed);
        String valid = message("Content-Length: 3", "abc") + "\r\n\r\n" + message("l: 0", "");
        int refused = 0;
        int taken = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = valid.repeat(1 + random.nextInt(3)).getBytes(StandardCharsets.UTF_8);
            for (int k = random.nextInt(4); k > 0; k--) {
                bytes[random.nextInt(bytes.length)] = random.nextBoolean()
                        ? (byte) random.nextInt(256)
                        : (byte) "\r\n: 0l9".charAt(random.nextInt(7));
            }
            StreamFraming fresh = new StreamFraming();
            Found here = new Found();
            try {
                for (int at = 0; at < bytes.length; ) {
                    int length = Math.min(1 + random.nextInt(200), bytes.length - at);
                    fresh.arrived(ByteBuffer.wrap(bytes, at, length), here);
                    at += length;
                }
                taken += here.messages.size();
            } catch (FramingException _) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + " round " + round, e);
            }
        }
        assertThat(refused).as("seed %s", seed).isPositive();
        assertThat(taken).as("seed %s", seed).isPositive();
    }
}
