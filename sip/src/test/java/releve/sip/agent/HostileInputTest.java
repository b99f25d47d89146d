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
    private static final String SUBSCRIBE = "SUBSCRIBE sip:x@127.0.0.1 SIP/2.0\r\n"
            + "Via: SIP/2.0/UDP 127.0.0.2;branch=z9hG4bKs\r\nFrom: <sip:y@127.0.0.2>;tag=1\r\nTo: <sip:x@127.0.0.1>\r\n"
            + "Call-ID: s\r\nCSeq: 1 SUBSCRIBE\r\nContact: <sip:y@127.0.0.2>\r\nEvent: dialog;call-id=\"s\";to-tag=2\r\n"
            + "Accept: application/dialog-info+xml\r\nTarget-Dialog: s;local-tag=1;remote-tag=2\r\nExpires: 600\r\n\r\n";
    private static final int ROUNDS = Integer.getInteger("releve.sip.fuzz.rounds", 1_000_000);

    /** About one byte for each message of the second half; calls that are forgotten but for their dialog come to more. */
    private static final long HEAP_GROWTH_BYTES_MAX = 512 * 1024;

    private static final String SDP = "v=0\r\no=- 1 1 IN IP4 x\r\ns=-\r\n";

    private final SplittableRandom random = new SplittableRandom(4475);
    private final UserAgent agent = new UserAgent(UserAgentConfig.at(SELF).withLimits(100, 500, 5_000), random.split());
    private final List<byte[]> corpus = new ArrayList<>();
    private long nowMs;
    private long lastNumber;
    private int watchersMost;
    private int subscribed;

    @Test
    void shouldThrowNothingStayWithinLimitsAndKeepNothingWhenInputIsMutated() {
        corpus.addAll(Torture.rfc4475().values());
        corpus.addAll(Torture.rfc5118().values());
        corpus.add(SUBSCRIBE.getBytes(StandardCharsets.ISO_8859_1));
        agent.serve(new WatcherPolicy(_ -> true, 5, 64, 60, 3_600, 10_000, null));
        mutations(ROUNDS / 2);
        endEverything();
        long halfway = heapBytes();
        mutations(ROUNDS - ROUNDS / 2);
        endEverything();
        long grown = heapBytes() - halfway;
        System.out.printf("%,d mutations; the second half left %,d bytes more on the heap%n", ROUNDS, grown);
        assertThat(grown).as("bytes that the second half left on the heap").isLessThan(HEAP_GROWTH_BYTES_MAX);
        assertThat(watchersMost).isEqualTo(5);
        assertThat(subscribed).as("subscriptions that were notified").isPositive();
        assertThat(agent.count(Counter.DROPPED_MALFORMED)).isPositive();
        assertThat(agent.count(Counter.CALLS_IN)).isPositive();
    }

    private void mutations(int rounds) {
        for (int i = 0; i < rounds; i++) {
            nowMs += random.nextInt(20);
            byte[] bytes = mutate(corpus.get(random.nextInt(corpus.size())).clone(), random);
            agent.receive(bytes, bytes.length, Hop.udp(PEER), nowMs);
            agent.advance(nowMs);
            if (random.nextInt(50) == 0) {
                lastNumber = agent.invite(
                        InviteRequest.of("sip:x@127.0.0.2", PEER, "sip:a@x", "sip:x@x")
                                .withSdp(SDP),
                        nowMs);
            }
            if (agent.subscriptions() < 20 && random.nextInt(50) == 0) {
                lastNumber = agent.subscribe(
                        SubscribeRequest.toDialogsOf("sip:x@127.0.0.2", Hop.udp(PEER), "sip:a@x"), nowMs);
            }
            events();
            transmits();
            assertThat(agent.calls()).isLessThanOrEqualTo(100);
            assertThat(agent.transactions()).isLessThanOrEqualTo(1_000);
            assertThat(agent.subscriptions()).isLessThanOrEqualTo(20);
            watchersMost = Math.max(watchersMost, agent.watchers());
        }
    }

    private void events() {
        for (SipEvent e = agent.nextEvent(); e != null; e = agent.nextEvent()) {
            subscribed += e instanceof SipEvent.Subscribed ? 1 : 0;
            if (e instanceof SipEvent.IncomingCall in) {
                lastNumber = in.call();
                act(agent, in.call(), random.nextInt(4), SDP, nowMs);
            }
        }
    }

    private void transmits() {
        for (Transmit t = agent.nextTransmit(); t != null; t = agent.nextTransmit()) {
            if (t.bytes()[0] == 'S' && t.bytes()[1] == 'U' && random.nextInt(20) == 0) {
                corpus.set(40 + random.nextInt(20), asNotify(t.bytes()));
            }
            // Our own messages, and answers made from them, are the way deep into the machines.
            if (corpus.size() < 400) {
                corpus.add(t.bytes());
            } else if (random.nextInt(10) == 0) {
                corpus.set(60 + random.nextInt(300), asAnswer(t.bytes(), random));
            }
        }
    }

    /** Everything that is still going on is ended by us, and by the time that passes. */
    private void endEverything() {
        for (long number = 1; number <= lastNumber; number++) {
            if (!agent.hangUp(number, null, nowMs)) {
                agent.unsubscribe(number, nowMs);
            }
        }
        while (agent.nextDeadlineMs() != Long.MAX_VALUE) {
            nowMs = Math.max(nowMs, agent.nextDeadlineMs());
            agent.advance(nowMs);
            events();
            transmits();
        }
        assertThat(List.of(
                        agent.calls(),
                        agent.transactions(),
                        agent.subscriptions(),
                        agent.watchers(),
                        agent.deadlines()))
                .as("calls, transactions, subscriptions, watchers and deadlines in the end")
                .containsOnly(0);
    }

    private static long heapBytes() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** A NOTIFY for a subscription of ours, which nobody else could make. */
    private static byte[] asNotify(byte[] subscribe) {
        String text = new String(subscribe, StandardCharsets.ISO_8859_1)
                .replaceFirst("SUBSCRIBE", "NOTIFY")
                .replace("1 SUBSCRIBE", "1 NOTIFY")
                .replace("\r\nFrom:", "\r\nOther:")
                .replace("\r\nTo:", "\r\nFrom:")
                .replace("\r\nOther:", "\r\nTo:")
                .replace("\r\nFrom: <sip:x@127.0.0.2>\r\n", "\r\nFrom: <sip:x@127.0.0.2>;tag=x\r\n")
                .replace("\r\nExpires:", "\r\nSubscription-State: active;expires=600\r\nExpires:");
        return text.getBytes(StandardCharsets.ISO_8859_1);
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
