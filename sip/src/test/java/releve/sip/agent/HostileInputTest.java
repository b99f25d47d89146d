package releve.sip.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import releve.sip.message.Torture;
import releve.sip.transaction.Hop;

/** Mutated messages into a live user agent: nothing escapes, nothing grows beyond the limits. */
class HostileInputTest {
    private static final InetSocketAddress SELF = new InetSocketAddress("127.0.0.1", 5060);
    private static final InetSocketAddress PEER = new InetSocketAddress("127.0.0.2", 5060);
    private static final int ROUNDS = Integer.getInteger("releve.sip.fuzz.rounds", 1_000_000);

    @Test
    void shouldThrowNothingAndStayWithinLimitsWhenInputIsMutated() {
        SplittableRandom random = new SplittableRandom(4475);
        UserAgent agent = new UserAgent(UserAgentConfig.at(SELF).withLimits(100, 500, 5_000), random.split());
        List<byte[]> corpus = new ArrayList<>(Torture.rfc4475().values());
        corpus.addAll(Torture.rfc5118().values());
        String sdp = "v=0\r\no=- 1 1 IN IP4 x\r\ns=-\r\n";
        long nowMs = 0;
        for (int i = 0; i < ROUNDS; i++) {
            nowMs += random.nextInt(20);
            byte[] bytes = mutate(corpus.get(random.nextInt(corpus.size())).clone(), random);
            agent.receive(bytes, bytes.length, Hop.udp(PEER), nowMs);
            agent.advance(nowMs);
            if (random.nextInt(50) == 0) {
                agent.invite(
                        InviteRequest.of("sip:x@127.0.0.2", PEER, "sip:a@x", "sip:x@x")
                                .withSdp(sdp),
                        nowMs);
            }
            for (SipEvent e = agent.nextEvent(); e != null; e = agent.nextEvent()) {
                if (e instanceof SipEvent.IncomingCall in) {
                    act(agent, in.call(), random.nextInt(4), sdp, nowMs);
                }
            }
            for (Transmit t = agent.nextTransmit(); t != null; t = agent.nextTransmit()) {
                // Our own messages, and answers made from them, are the way deep into the machines.
                if (corpus.size() < 400) {
                    corpus.add(t.bytes());
                } else if (random.nextInt(10) == 0) {
                    corpus.set(60 + random.nextInt(300), asAnswer(t.bytes(), random));
                }
            }
            assertThat(agent.calls()).isLessThanOrEqualTo(100);
            assertThat(agent.transactions()).isLessThanOrEqualTo(1_000);
        }
        assertThat(agent.count(Counter.DROPPED_MALFORMED)).isPositive();
        assertThat(agent.count(Counter.CALLS_IN)).isPositive();
    }

    private static void act(UserAgent agent, long call, int what, String sdp, long nowMs) {
        switch (what) {
            case 0 -> agent.answer(call, sdp, nowMs);
            case 1 -> agent.reject(call, 486, List.of(), nowMs);
            case 2 -> agent.ring(call, 180, null, nowMs);
            default -> {}
        }
    }

    private static byte[] asAnswer(byte[] bytes, SplittableRandom random) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (text.startsWith("SIP/")) {
            return bytes;
        }
        int status = random.nextBoolean() ? 200 : 100 + random.nextInt(600);
        String answer = "SIP/2.0 " + status + " X" + text.substring(text.indexOf("\r\n"));
        return answer.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] mutate(byte[] bytes, SplittableRandom random) {
        if (bytes.length == 0) {
            return bytes;
        }
        for (int k = random.nextInt(4); k > 0; k--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = (byte) ";,:<>\"@ \r\n\t=?/[]%\\9".charAt(random.nextInt(19));
                case 2 -> bytes = java.util.Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
                default -> {
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(random.nextInt(40), bytes.length - Math.max(at, from));
                    System.arraycopy(bytes, from, bytes, at, length);
                }
            }
        }
        return bytes;
    }
}
