package releve.sip.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import releve.sip.message.HeaderName;
import releve.sip.message.Headers;
import releve.sip.message.SipMessage;
import releve.sip.message.SipParser;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;

/** Each machine against the timers of RFC 3261 section 17, appendix A and RFC 6026, on virtual time. */
class TransactionTimersTest {
    private static final Hop PEER = Hop.udp(new InetSocketAddress("127.0.0.2", 5060));
    private static final Hop STREAM = Hop.of(Transport.TCP, PEER.address());

    private final List<String> sent = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private long nowMs;
    private final DeadlineHeap deadlines = new DeadlineHeap();
    private final TransactionLayer layer = new TransactionLayer(Timers.DEFAULT, deadlines, (bytes, _, _, _) -> {
        String text = new String(bytes, StandardCharsets.UTF_8);
        String start = text.startsWith("SIP/2.0") ? text.substring(8, 11) : text.substring(0, text.indexOf(' '));
        sent.add(nowMs + " " + start);
    });
    private final ClientUser user = new ClientUser() {
        @Override
        public void onResponse(SipResponse response, long atMs) {
            told.add(atMs + " " + response.status());
        }

        @Override
        public void onTimeout(long atMs) {
            told.add(atMs + " time-out");
        }

        @Override
        public void onTransportFailure(long atMs) {
            told.add(atMs + " failure");
        }
    };

    private void runTo(long untilMs) {
        while (deadlines.nextMs() <= untilMs) {
            nowMs = deadlines.nextMs();
            deadlines.expire(nowMs, 100);
        }
        nowMs = untilMs;
    }

    private static SipMessage message(String start, String method) {
        // A CANCEL has its INVITE's branch, and tests acknowledge with it, too; others have one of their own.
        String branch = List.of("INVITE", "ACK", "CANCEL").contains(method) ? "x" : method;
        String text = start + "\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK" + branch + "\r\nFrom: <sip:a@x>;tag=1\r\n"
                + "To: <sip:b@x>;tag=2\r\nCall-ID: c\r\nCSeq: 1 " + method + "\r\nMax-Forwards: 70\r\n\r\n";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            return SipParser.parse(bytes, 0, bytes.length);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static SipRequest request(String method) {
        return (SipRequest) message(method + " sip:b@x SIP/2.0", method.equals("ACK") ? "ACK" : method);
    }

    private static SipResponse response(int status, String method) {
        return (SipResponse) message("SIP/2.0 " + status + " X", method);
    }

    private void assertNothingLeft() {
        assertThat(layer.size()).isZero();
        assertThat(deadlines.size()).isZero();
    }

    @Test
    void shouldRepeatInviteByTimerAUntilTimerB() {
        layer.invite(request("INVITE"), PEER, user, 0);
        runTo(60_000);
        assertThat(sent)
                .containsExactly(
                        "0 INVITE",
                        "500 INVITE",
                        "1500 INVITE",
                        "3500 INVITE",
                        "7500 INVITE",
                        "15500 INVITE",
                        "31500 INVITE");
        assertThat(told).containsExactly("32000 time-out");
        assertNothingLeft();
    }

    @Test
    void shouldStopRepeatingInviteAndWaitWithoutTimerWhenProvisionalCame() {
        InviteClientTransaction tx = layer.invite(request("INVITE"), PEER, user, 0);
        runTo(600);
        layer.onResponse(response(180, "INVITE"), nowMs);
        runTo(1_000_000);
        assertThat(sent).containsExactly("0 INVITE", "500 INVITE");
        assertThat(tx.state()).isEqualTo(InviteClientTransaction.State.PROCEEDING);
        layer.onResponse(response(486, "INVITE"), nowMs);
        assertThat(told).containsExactly("600 180", "1000000 486");
        tx.abandon();
        assertNothingLeft();
    }

    @Test
    void shouldAcknowledgeFailureEachTimeItComesForTimerD() {
        layer.invite(request("INVITE"), PEER, user, 0);
        layer.onResponse(response(486, "INVITE"), 10);
        nowMs = 31_000;
        layer.onResponse(response(486, "INVITE"), nowMs);
        assertThat(sent).containsExactly("0 INVITE", "0 ACK", "31000 ACK");
        assertThat(told).containsExactly("10 486");
        runTo(32_009);
        assertThat(layer.size()).isEqualTo(1);
        runTo(32_010);
        assertNothingLeft();
    }

    @Test
    void shouldGiveEachSuccessToUserUntilTimerM() {
        layer.invite(request("INVITE"), PEER, user, 0);
        layer.onResponse(response(200, "INVITE"), 10);
        layer.onResponse(response(200, "INVITE"), 20);
        layer.onResponse(response(486, "INVITE"), 30);
        assertThat(told).containsExactly("10 200", "20 200");
        assertThat(sent).containsExactly("0 INVITE");
        runTo(32_010);
        assertThat(layer.onResponse(response(200, "INVITE"), nowMs)).isFalse();
        assertNothingLeft();
    }

    @Test
    void shouldRepeatByeByTimerEUpToT2UntilTimerF() {
        layer.request(request("BYE"), PEER, user, 0);
        runTo(60_000);
        assertThat(sent)
                .containsExactly(
                        "0 BYE",
                        "500 BYE",
                        "1500 BYE",
                        "3500 BYE",
                        "7500 BYE",
                        "11500 BYE",
                        "15500 BYE",
                        "19500 BYE",
                        "23500 BYE",
                        "27500 BYE",
                        "31500 BYE");
        assertThat(told).containsExactly("32000 time-out");
        assertNothingLeft();
    }

    @Test
    void shouldRepeatByeEveryT2WhenProvisionalCame() {
        layer.request(request("BYE"), PEER, user, 0);
        layer.onResponse(response(100, "BYE"), 10);
        runTo(9_000);
        assertThat(sent).containsExactly("0 BYE", "500 BYE", "4500 BYE", "8500 BYE");
        layer.onResponse(response(200, "BYE"), 9_000);
        layer.onResponse(response(200, "BYE"), 9_100);
        assertThat(told).containsExactly("10 100", "9000 200");
        runTo(13_999);
        assertThat(layer.size()).isEqualTo(1);
        runTo(14_000);
        assertNothingLeft();
    }

    @Test
    void shouldRepeatFailureByTimerGUntilTimerHWhenAckIsMissing() {
        InviteServerTransaction tx = layer.openInvite(request("INVITE"), PEER);
        tx.respond(response(486, "INVITE"), 0);
        runTo(60_000);
        assertThat(sent)
                .containsExactly(
                        "0 486",
                        "500 486",
                        "1500 486",
                        "3500 486",
                        "7500 486",
                        "11500 486",
                        "15500 486",
                        "19500 486",
                        "23500 486",
                        "27500 486",
                        "31500 486");
        assertNothingLeft();
    }

    @Test
    void shouldAbsorbForTimerIWhenAckCame() {
        InviteServerTransaction tx = layer.openInvite(request("INVITE"), PEER);
        tx.respond(response(486, "INVITE"), 0);
        runTo(600);
        assertThat(layer.absorb(request("ACK"), nowMs)).isTrue();
        assertThat(layer.absorb(request("ACK"), nowMs)).isTrue();
        assertThat(layer.absorb(request("INVITE"), nowMs)).isTrue();
        runTo(5_599);
        assertThat(tx.state()).isEqualTo(InviteServerTransaction.State.CONFIRMED);
        runTo(5_600);
        assertThat(sent).containsExactly("0 486", "500 486");
        assertNothingLeft();
    }

    @Test
    void shouldRepeatLastProvisionalWhenInviteComesAgain() {
        InviteServerTransaction tx = layer.openInvite(request("INVITE"), PEER);
        tx.respond(response(100, "INVITE"), 0);
        tx.respond(response(180, "INVITE"), 0);
        assertThat(layer.absorb(request("INVITE"), 10)).isTrue();
        assertThat(sent).containsExactly("0 100", "0 180", "0 180");
        assertThat(layer.cancelled(request("CANCEL"))).isSameAs(tx);
        tx.terminate();
        assertNothingLeft();
    }

    @Test
    void shouldAbsorbInviteButLetAckPassInAcceptedUntilTimerL() {
        InviteServerTransaction tx = layer.openInvite(request("INVITE"), PEER);
        tx.respond(response(200, "INVITE"), 0);
        assertThat(layer.absorb(request("INVITE"), 10)).isTrue();
        assertThat(layer.absorb(request("ACK"), 10)).isFalse();
        tx.respond(response(200, "INVITE"), 500);
        tx.respond(response(486, "INVITE"), 600);
        assertThat(sent).containsExactly("0 200", "0 200");
        runTo(31_999);
        assertThat(layer.size()).isEqualTo(1);
        runTo(32_000);
        assertNothingLeft();
    }

    @Test
    void shouldAnswerRepeatedByeAlikeUntilTimerJ() {
        NonInviteServerTransaction tx = layer.open(request("BYE"), PEER);
        assertThat(layer.absorb(request("BYE"), 0)).isTrue();
        assertThat(sent).isEmpty();
        tx.respond(response(200, "BYE"), 0);
        assertThat(layer.absorb(request("BYE"), 0)).isTrue();
        assertThat(sent).containsExactly("0 200", "0 200");
        runTo(31_999);
        assertThat(layer.size()).isEqualTo(1);
        runTo(32_000);
        assertThat(layer.absorb(request("BYE"), nowMs)).isFalse();
        assertNothingLeft();
    }

    @Test
    void shouldTellUserOnceWhenNetworkRefusesBeforeAnyAnswer() {
        InviteClientTransaction tx = layer.invite(request("INVITE"), PEER, user, 0);
        tx.onTransportFailure(5);
        tx.onTransportFailure(6);
        assertThat(told).containsExactly("5 failure");
        assertNothingLeft();
    }

    @Test
    void shouldRepeatNothingButTimeOutAlikeWhenTransportIsReliable() {
        layer.invite(request("INVITE"), STREAM, user, 0);
        layer.request(request("BYE"), STREAM, user, 0);
        runTo(60_000);
        assertThat(sent).containsExactly("0 INVITE", "0 BYE");
        assertThat(told).containsExactlyInAnyOrder("32000 time-out", "32000 time-out");
        assertNothingLeft();
    }

    @Test
    void shouldEndWithTheFinalResponseWhenTransportIsReliable() {
        layer.invite(request("INVITE"), STREAM, user, 0);
        layer.onResponse(response(486, "INVITE"), 10);
        assertThat(layer.size()).isZero();
        layer.request(request("BYE"), STREAM, user, 20);
        layer.onResponse(response(200, "BYE"), 30);
        assertThat(layer.size()).isZero();
        layer.open(request("BYE"), STREAM).respond(response(200, "BYE"), 40);
        assertThat(sent).containsExactly("0 INVITE", "0 ACK", "0 BYE", "0 200");
        assertThat(told).containsExactly("10 486", "30 200");
        assertNothingLeft();
    }

    @Test
    void shouldSendFailureOnceAndEndWithItsAckWhenTransportIsReliable() {
        layer.openInvite(request("INVITE"), STREAM).respond(response(486, "INVITE"), 0);
        runTo(31_000);
        assertThat(sent).containsExactly("0 486");
        assertThat(layer.absorb(request("ACK"), nowMs)).isTrue();
        assertNothingLeft();
    }

    @Test
    void shouldWaitForMoreSuccessesUntilTimerMWhenTransportIsReliable() {
        layer.invite(request("INVITE"), STREAM, user, 0);
        layer.onResponse(response(200, "INVITE"), 10);
        layer.onResponse(response(200, "INVITE"), 20);
        assertThat(told).containsExactly("10 200", "20 200");
        runTo(32_010);
        assertNothingLeft();
    }

    @Test
    void shouldKeepOrderWhenDeadlinesMoveAndClear() {
        List<Integer> fired = new ArrayList<>();
        List<Deadline> all = new ArrayList<>();
        var random = new java.util.SplittableRandom(3);
        DeadlineHeap heap = new DeadlineHeap();
        for (int i = 0; i < 2_000; i++) {
            all.add(new Deadline() {
                @Override
                protected void expire(long atMs) {
                    fired.add((int) atMs);
                }
            });
        }
        for (int round = 0; round < 20_000; round++) {
            Deadline d = all.get(random.nextInt(all.size()));
            heap.set(d, random.nextInt(4) == 0 ? Deadline.NONE : random.nextInt(100_000));
        }
        long set = all.stream().filter(d -> d.deadlineMs() != Deadline.NONE).count();
        List<Long> due = all.stream()
                .map(Deadline::deadlineMs)
                .filter(ms -> ms != Deadline.NONE)
                .sorted()
                .toList();
        List<Long> order = new ArrayList<>();
        while (heap.size() > 0) {
            order.add(heap.nextMs());
            heap.expire(heap.nextMs(), 1);
        }
        assertThat(order).isEqualTo(due);
        assertThat(fired).hasSize((int) set);
    }

    /** The same request before there is a dialog. */
    private static SipRequest first(String method) {
        SipRequest request = request(method);
        Headers.Builder headers = new Headers.Builder();
        for (int i = 0; i < request.headers().size(); i++) {
            String name = request.headers().name(i);
            headers.add(
                    name,
                    name.equals(HeaderName.TO) ? "<sip:b@x>" : request.headers().value(i));
        }
        return SipRequest.of(request.method(), request.uri(), headers.build());
    }

    @Test
    void shouldFailWhatBeginsSomethingWhenNobodyIsThere() {
        layer.invite(first("INVITE"), PEER, user, 0);
        layer.request(first("OPTIONS"), PEER, user, 0);
        layer.unreachable(PEER.address(), 3);
        assertThat(told).containsExactlyInAnyOrder("3 failure", "3 failure");
        assertNothingLeft();
    }

    @Test
    void shouldLeaveWhatBelongsToADialogOrIsACancelToItsTimersWhenNobodyIsSaidToBeThere() {
        layer.invite(request("INVITE"), PEER, user, 0);
        layer.request(request("BYE"), PEER, user, 0);
        layer.request(first("CANCEL"), PEER, user, 0);
        layer.unreachable(PEER.address(), 3);
        assertThat(told).isEmpty();
        runTo(60_000);
        assertThat(told).containsOnly("32000 time-out").hasSize(3);
    }

    @Test
    void shouldBelieveAnAnswerMoreThanTheNetworkThatDeniesIt() {
        layer.invite(first("INVITE"), PEER, user, 0);
        layer.onResponse(response(180, "INVITE"), 2);
        layer.unreachable(PEER.address(), 3);
        assertThat(told).containsExactly("2 180");
        layer.onResponse(response(200, "INVITE"), 4);
        layer.unreachable(PEER.address(), 5);
        runTo(60_000);
        assertThat(told).containsExactly("2 180", "4 200");
    }

    @Test
    void shouldFailNothingOfOtherPeersNorOfOtherTransports() {
        layer.invite(first("INVITE"), STREAM, user, 0);
        layer.unreachable(PEER.address(), 3);
        layer.unreachable(new InetSocketAddress("127.0.0.2", 5062), 3);
        assertThat(told).isEmpty();
    }
}
